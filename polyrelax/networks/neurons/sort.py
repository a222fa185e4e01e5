r"""The sort of a group of numbers, greatest first (GroupSort, :cite:t:`anil2019`).

Its pieces are the orders: :math:`k!` of them, numbered lexicographically.  The pieces live on
a box are its intervals' linear extensions.  Hulls of graphs are left to double descriptions,
which stay small only for a few overlapping intervals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import factorial
from typing import TypeAlias, final

from polyrelax.arithmetic.arguments import dimension, numbered, whole
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Vector
from polyrelax.arithmetic.words import amount
from polyrelax.errors import ShapeError
from polyrelax.networks.affine import Affine
from polyrelax.networks.dimensions import box_of, point_of
from polyrelax.networks.neurons import neuron as general
from polyrelax.networks.neurons.component import Component
from polyrelax.networks.neurons.maximum import Maximum, at_most, can_exceed
from polyrelax.networks.neurons.minimum import Minimum
from polyrelax.networks.neurons.neuron import Box, Neuron, Piece
from polyrelax.polytopes.constraint import Constraint

Order: TypeAlias = tuple[int, ...]
"""The inputs, greatest first."""


@final
@dataclass(frozen=True)
class Sort:
    """The map that sorts ``size`` numbers, greatest first.

    >>> low, high = Interval(Fraction(0), Fraction(1)), Interval(Fraction(2), Fraction(3))
    >>> [Sort(3).order(k) for k in Sort(3).live((low, low, high))]
    [(2, 0, 1), (2, 1, 0)]
    """

    size: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", dimension(self.size, "a size"))
        object.__setattr__(self, "size", whole(self.size, "a number of inputs"))
        if self.size < 1:
            raise ShapeError(
                f"found a sort of {amount(self.size, 'number')}, expected at least 1"
            )

    @property
    def name(self) -> str:
        """The name, with the number of inputs."""
        return f"sort of {self.size}"

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
        """The number of orders."""
        return factorial(self.size)

    def order(self, index: int) -> Order:
        """Return the order with a number."""
        index = numbered(index, self.count, "order")
        left, order = list(range(self.size)), []
        for size in range(self.size, 0, -1):
            place, index = divmod(index, factorial(size - 1))
            order.append(left.pop(place))
        return tuple(order)

    def piece(self, index: int) -> Piece:
        """Return the piece of one order."""
        order = self.order(index)
        where = tuple(at_most(low, high, self.size) for high, low in pairwise(order))
        return Piece(where, Affine.select(order, self.size))

    def live(self, box: Box) -> Iterator[int]:
        """Yield the orders that the numbers of a box may have, found one input at a time."""
        box = box_of(box, self.in_dim)
        return _extensions(box, (), range(self.size))

    def __call__(self, z: Vector) -> Vector:
        """Return the value at ``z``."""
        z = point_of(z, self.in_dim)
        return tuple(sorted(z, reverse=True))

    def range(self, box: Box) -> tuple[Interval, ...]:
        """Return the least box of the values on a box: the map is monotone."""
        box = box_of(box, self.in_dim)
        ends = (sorted(side, reverse=True) for side in zip(*box, strict=True))
        return tuple(map(Interval, *ends))

    def rows(self, box: Box) -> tuple[Constraint, ...]:
        """Return the constraints of the hull of the graph over a box that read a value."""
        return general.rows(self, box)

    def least(self, form: Vector, box: Box) -> Fraction:
        """Return the least value of a form on the graph over a box."""
        return general.least(self, form, box)

    def component(self, output: int) -> Neuron:
        """Return the neuron of one place in the order."""
        numbered(output, self.size, "output")
        ends: dict[int, Neuron] = {self.size - 1: Minimum(self.size), 0: Maximum(self.size)}
        return ends.get(output) or Component(self, output)


def _extensions(box: Box, order: Order, left: Sequence[int]) -> Iterator[int]:
    """Yield the numbers of the orders that begin in a way, with what is left of the inputs."""
    if not left:
        yield _number(order)
    for i in _next(box, order, left):
        yield from _extensions(box, (*order, i), [j for j in left if j != i])


def _next(box: Box, order: Order, left: Sequence[int]) -> Sequence[int]:
    """Return the inputs that may come next: after a number known, one that equals it."""
    equal = [j for j in left for i in order[-1:] if box[j] == box[i] and box[i].width == 0]
    return equal[:1] or [i for i in left if all(can_exceed(box, i, j) for j in left)]


def _number(order: Order) -> int:
    """Return the place of an order among all, sorted."""
    number = 0
    for place, i in enumerate(order):
        number = number * (len(order) - place) + sum(j < i for j in order[place:])
    return number
