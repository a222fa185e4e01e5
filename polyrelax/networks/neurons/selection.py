r"""The step of a sort that puts the greatest of some numbers first, in exchange for the first.

Piece :math:`i` is where :math:`z_i` is greatest, and exchanges :math:`z_0` and :math:`z_i`.
Of :math:`k` numbers, then of all but the first, and so on, these steps are the sort: together
they have :math:`2 + \dots + k` pieces, where that has :math:`k!`.

*Not claimed:* that it is continuous.  Where the greatest number occurs twice the others have
one order or another behind it; the sort does not see which.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from polyrelax.arithmetic.arguments import numbered, whole
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Vector
from polyrelax.arithmetic.words import amount
from polyrelax.errors import ShapeError
from polyrelax.networks.affine import Affine
from polyrelax.networks.dimensions import box_of
from polyrelax.networks.neurons import neuron as general
from polyrelax.networks.neurons.component import Component
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.neuron import Box, Neuron, Piece
from polyrelax.polytopes.constraint import Constraint


@final
@dataclass(frozen=True)
class Selection:
    """The step for ``size`` numbers.

    >>> [str(y) for y in Selection(3)((Fraction(1), Fraction(2), Fraction(5)))]
    ['5', '2', '1']
    """

    size: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", whole(self.size, "a number of inputs"))
        if self.size < 1:
            raise ShapeError(
                f"found a selection of {amount(self.size, 'number')}, expected at least 1"
            )

    @property
    def name(self) -> str:
        """The name, with the number of inputs."""
        return f"selection of {self.size}"

    @property
    def in_dim(self) -> int:
        """The number of values that it reads."""
        return self.size

    @property
    def out_dim(self) -> int:
        """The number of values that it gives."""
        return self.size

    @property
    def count(self) -> int:
        """One piece for each input."""
        return self.size

    def piece(self, index: int) -> Piece:
        """Return the piece where input ``index`` is greatest."""
        index = numbered(index, self.count, "piece")
        order = list(range(self.size))
        order[0], order[index] = index, 0
        where = Maximum(self.size).piece(index).where
        return Piece(where, Affine.select(order, self.size))

    def live(self, box: Box) -> Iterator[int]:
        """Yield the inputs that may be greatest on a box."""
        return Maximum(self.size).live(box)

    def __call__(self, z: Vector) -> Vector:
        """Return the value at ``z``, of the first of the greatest inputs."""
        return general.value(self, z)

    def range(self, box: Box) -> tuple[Interval, ...]:
        """Return a box of the values on a box: each other input may be the first one."""
        box = box_of(box, self.in_dim)
        first = Maximum(self.size).range(box)
        return first + tuple(_hull(box[0], end) for end in box[1:])

    def rows(self, box: Box) -> tuple[Constraint, ...]:
        """Return the constraints of the hull of the graph over a box that read a value."""
        return general.rows(self, box)

    def least(self, form: Vector, box: Box) -> Fraction:
        """Return the least value of a form on the graph over a box."""
        return general.least(self, form, box)

    def component(self, output: int) -> Neuron:
        """Return the neuron of one output alone."""
        return Component(self, numbered(output, self.size, "output"))


def _hull(one: Interval, two: Interval) -> Interval:
    return Interval(min(one.lower, two.lower), max(one.upper, two.upper))
