r"""The rectifier :math:`y = \max(z, 0)`.

Over :math:`[l, u]` with :math:`l < 0 < u` the hull of its graph is the triangle

.. math:: y \ge 0, \qquad y \ge z, \qquad (u - l)\, y \le u\, (z - l),

and the graph itself where :math:`l \ge 0` or :math:`u \le 0` :cite:p:`ehlers2017`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, Vector
from polyrelax.networks.neurons.curve import Curve
from polyrelax.networks.neurons.neuron import Box, Neuron, Piece
from polyrelax.polytopes.constraint import Constraint

_CURVE = Curve(((ZERO, ZERO),), ZERO, ONE)


@final
@dataclass(frozen=True)
class Rectifier:
    """The map ``max(z, 0)``.

    >>> [str(row) for row in Rectifier().rows((Interval(Fraction(-1), Fraction(1)),))]
    ['-x1 <= 0', 'x0 - x1 <= 0', '-x0 + 2 x1 <= 1']
    """

    @property
    def name(self) -> str:
        """The name."""
        return "relu"

    @property
    def curve(self) -> Curve:
        """The curve."""
        return _CURVE

    @property
    def in_dim(self) -> int:
        """1."""
        return 1

    @property
    def out_dim(self) -> int:
        """1."""
        return 1

    @property
    def count(self) -> int:
        """The number of pieces."""
        return self.curve.count

    def piece(self, index: int) -> Piece:
        """Return a piece, counted from the left."""
        return self.curve.piece(index)

    def live(self, box: Box) -> Iterator[int]:
        """Yield the numbers of the pieces that are live on an interval."""
        return self.curve.live(box[0])

    def __call__(self, z: Vector) -> Vector:
        """Return the value at ``z``."""
        return (self.curve.at(z[0]),)

    def range(self, box: Box) -> tuple[Interval, ...]:
        """Return the range on an interval."""
        return (self.curve.range(box[0]),)

    def rows(self, box: Box) -> tuple[Constraint, ...]:
        """Return the sides of the hull of the graph, those below first."""
        return self.curve.rows(box[0])

    def least(self, form: Vector, box: Box) -> Fraction:
        """Return the least value of a form on the graph over an interval."""
        return self.curve.least(form, box[0])

    def component(self, output: int) -> Neuron:
        """Return the neuron itself."""
        return self
