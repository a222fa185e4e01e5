r"""The leaky rectifier :math:`y = z` for :math:`z \ge 0`, :math:`y = az` for :math:`z \le 0`.

With a slope :math:`a` that is learnt it is called parametric.  If :math:`a < 1`, it is convex:
over :math:`[l, u]` with :math:`l < 0 < u` the hull of its graph is the triangle of
:math:`y \ge az`, :math:`y \ge z` and the chord; if :math:`a > 1`, it is concave.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import final

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, rational
from polyrelax.networks.neurons.curve import Curve
from polyrelax.networks.neurons.neuron import Box, Neuron, Piece
from polyrelax.polytopes.constraint import Constraint


@final
@dataclass(frozen=True)
class LeakyReLU:
    """The map ``max(z, 0) + slope * min(z, 0)``.

    >>> neuron = LeakyReLU(Fraction(1, 2))
    >>> [str(row) for row in neuron.rows((Interval(Fraction(-2), Fraction(1)),))]
    ['x0 - 2 x1 <= 0', 'x0 - x1 <= 0', '-2 x0 + 3 x1 <= 1']
    """

    slope: Fraction

    def __post_init__(self) -> None:
        object.__setattr__(self, "slope", rational(self.slope))

    @property
    def name(self) -> str:
        """The name, with the slope."""
        return f"leaky relu {self.slope}"

    @cached_property
    def curve(self) -> Curve:
        """The curve."""
        return Curve(((ZERO, ZERO),), self.slope, ONE)

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
