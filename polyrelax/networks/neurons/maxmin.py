r"""MaxMin :math:`y = (\max(z_0, z_1), \min(z_0, z_1))`, a sort of two :cite:p:`anil2019`.

As :math:`y_0 + y_1 = z_0 + z_1`, the hull of its graph is that of the maximum's with this
equation.  It keeps every norm, for which it was made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from polyrelax.arithmetic.arguments import numbered
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, Vector
from polyrelax.networks.affine import Affine
from polyrelax.networks.dimensions import box_of, point_of
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.minimum import Minimum
from polyrelax.networks.neurons.neuron import Box, Neuron, Piece
from polyrelax.polytopes.constraint import Constraint

_SUMS = Constraint((ONE, ONE, -ONE, -ONE), ZERO, is_equation=True)


@final
@dataclass(frozen=True)
class MaxMin:
    """The greater and the lesser of two numbers.

    >>> unit = Interval(ZERO, ONE)
    >>> print(*MaxMin().rows((unit, unit))[:4], sep="; ")
    x0 + x1 - x2 - x3 <= 0; -x0 - x1 + x2 + x3 <= 0; x0 - x2 <= 0; x1 - x2 <= 0
    """

    @property
    def name(self) -> str:
        """The name."""
        return "maxmin"

    @property
    def in_dim(self) -> int:
        """2."""
        return 2

    @property
    def out_dim(self) -> int:
        """2."""
        return 2

    @property
    def count(self) -> int:
        """2."""
        return 2

    def piece(self, index: int) -> Piece:
        """Return the piece where input ``index`` is the greater."""
        index = numbered(index, self.count, "piece")
        where = Maximum(2).piece(index).where
        return Piece(where, Affine.select((index, 1 - index), 2))

    def live(self, box: Box) -> Iterator[int]:
        """Yield the inputs that may be the greater on a box."""
        return Maximum(2).live(box)

    def __call__(self, z: Vector) -> Vector:
        """Return the value at ``z``."""
        z = point_of(z, self.in_dim)
        return (max(z), min(z))

    def range(self, box: Box) -> tuple[Interval, ...]:
        """Return the least box of the values on a box."""
        return (*Maximum(2).range(box), *Minimum(2).range(box))

    def rows(self, box: Box) -> tuple[Constraint, ...]:
        """Return the halves of the equation of sums, then the rows of the maximum."""
        box = box_of(box, self.in_dim)
        tops = (row.embed((0, 1, 2), 4) for row in Maximum(2).rows(box))
        return (*_SUMS.halves(), *tops)

    def least(self, form: Vector, box: Box) -> Fraction:
        """Return the least value of a form on the graph over a box, as that of the maximum."""
        form = point_of(form, self.in_dim + self.out_dim)
        box = box_of(box, self.in_dim)
        first, second, top, bottom = form
        return Maximum(2).least((first + bottom, second + bottom, top - bottom), box)

    def component(self, output: int) -> Neuron:
        """Return the maximum or the minimum."""
        return Minimum(2) if numbered(output, 2, "output") else Maximum(2)
