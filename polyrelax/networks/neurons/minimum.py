r"""The minimum :math:`y = \min(z_0, \dots, z_{k-1}) = -\max(-z_0, \dots, -z_{k-1})`.

Its pieces, rows and least values are those of the maximum (:mod:`.maximum`), turned around.
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
from polyrelax.networks.dimensions import box_of, point_of
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.neuron import Box, Neuron, Piece
from polyrelax.polytopes.constraint import Constraint


@final
@dataclass(frozen=True)
class Minimum:
    """The minimum of ``size`` numbers.

    >>> unit = Interval(Fraction(0), Fraction(1))
    >>> [str(row) for row in Minimum(2).rows((unit, unit))]
    ['x0 + x1 - x2 <= 1', '-x2 <= 0', '-x0 + x2 <= 0', '-x1 + x2 <= 0']
    """

    size: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", whole(self.size, "a number of inputs"))
        if self.size < 1:
            raise ShapeError(
                f"found a minimum of {amount(self.size, 'number')}, expected at least 1"
            )

    @property
    def name(self) -> str:
        """The name, with the number of inputs."""
        return f"minimum of {self.size}"

    @property
    def in_dim(self) -> int:
        """The number of values that it reads."""
        return self.size

    @property
    def out_dim(self) -> int:
        """1."""
        return 1

    @property
    def count(self) -> int:
        """One piece for each input."""
        return self.size

    def piece(self, index: int) -> Piece:
        """Return the piece where input ``index`` is least."""
        index = numbered(index, self.count, "piece")
        piece = Maximum(self.size).piece(index)
        return Piece(tuple(map(_turned, piece.where)), piece.image)

    def live(self, box: Box) -> Iterator[int]:
        """Yield the inputs that may be least on a box."""
        box = box_of(box, self.in_dim)
        return Maximum(self.size).live(_negated(box))

    def __call__(self, z: Vector) -> Vector:
        """Return the value at ``z``."""
        z = point_of(z, self.in_dim)
        return (min(z),)

    def range(self, box: Box) -> tuple[Interval, ...]:
        """Return the range on a box: the map is monotone."""
        box = box_of(box, self.in_dim)
        return (Interval(min(end.lower for end in box), min(end.upper for end in box)),)

    def rows(self, box: Box) -> tuple[Constraint, ...]:
        """Return the rows below, then those above, one for each live input."""
        box = box_of(box, self.in_dim)
        turned = [_turned(row) for row in Maximum(self.size).rows(_negated(box))]
        return tuple(sorted(turned, key=lambda row: row.normal[-1] > 0))

    def least(self, form: Vector, box: Box) -> Fraction:
        """Return the least value of a form on the graph over a box."""
        form = point_of(form, self.in_dim + self.out_dim)
        box = box_of(box, self.in_dim)
        return Maximum(self.size).least(tuple(-c for c in form), _negated(box))

    def component(self, output: int) -> Neuron:
        """Return the neuron itself."""
        return self


def _turned(row: Constraint) -> Constraint:
    """Return a constraint on the negatives of the values."""
    return Constraint(tuple(-c for c in row.normal), row.offset)


def _negated(box: Box) -> Box:
    return tuple(Interval(-end.upper, -end.lower) for end in box)
