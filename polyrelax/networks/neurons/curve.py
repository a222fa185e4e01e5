r"""Curves: continuous piecewise linear functions of one number, by their kinks.

A curve is linear with slope ``left`` before its first kink, ``right`` after its last, and
between kinks the chord.  Over :math:`[l, u]` the hull of its graph is that of the points at
:math:`l`, at the kinks within and at :math:`u`: a polygon between a convex chain below and a
concave one above.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias, final

from polyrelax.arithmetic.arguments import exact, numbered, require
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, SparseVector, Vector, dot
from polyrelax.arithmetic.readable import readable
from polyrelax.networks.affine import Affine
from polyrelax.networks.dimensions import point_of
from polyrelax.networks.neurons.neuron import Piece
from polyrelax.polytopes.constraint import Constraint

Point: TypeAlias = tuple[Fraction, Fraction]


@final
@readable
@dataclass(frozen=True)
class Curve:
    """A curve by its kinks, one or more from left to right, and the slopes outside of them.

    >>> bend = Curve(((ZERO, ZERO),), -ONE, ONE)
    >>> str(bend.at(Fraction(-3))), str(bend.range(Interval(-ONE, Fraction(2))))
    ('3', '[0, 2]')
    """

    kinks: tuple[Point, ...]
    left: Fraction
    right: Fraction

    @property
    def count(self) -> int:
        """The number of pieces."""
        return len(self.kinks) + 1

    def slope(self, index: int) -> Fraction:
        """Return the slope of a piece."""
        index = numbered(index, self.count, "piece")
        if index == 0:
            return self.left
        if index == len(self.kinks):
            return self.right
        return _slope(self.kinks[index - 1], self.kinks[index])

    def piece(self, index: int) -> Piece:
        """Return a piece, counted from the left."""
        index = numbered(index, self.count, "piece")
        where = []
        if index > 0:
            where.append(Constraint((-ONE,), -self.kinks[index - 1][0]))
        if index < len(self.kinks):
            where.append(Constraint((ONE,), self.kinks[index][0]))
        slope, (x, y) = self.slope(index), self.kinks[max(index - 1, 0)]
        row: SparseVector = ((0, slope),) if slope else ()
        return Piece(tuple(where), Affine((row,), (y - slope * x,), 1))

    def piece_at(self, z: Fraction) -> int:
        """Return the number of the first piece whose cell has ``z``."""
        z = exact(z)
        return sum(x < z for x, _ in self.kinks)

    def live(self, ends: Interval) -> Iterator[int]:
        """Yield the numbers of the pieces that an interval meets in more than its ends."""
        require(ends, Interval)
        first = self.piece_at(ends.lower)
        if first < len(self.kinks) and self.kinks[first][0] == ends.lower < ends.upper:
            first += 1
        yield from range(first, max(first, self.piece_at(ends.upper)) + 1)

    def at(self, z: Fraction) -> Fraction:
        """Return the value at ``z``."""
        z = exact(z)
        index = self.piece_at(z)
        x, y = self.kinks[max(index - 1, 0)]
        return y + self.slope(index) * (z - x)

    def points(self, ends: Interval) -> list[Point]:
        """Return the points of the graph at the ends of an interval and its kinks."""
        require(ends, Interval)
        inner = [kink for kink in self.kinks if ends.lower < kink[0] < ends.upper]
        outer = [(z, self.at(z)) for z in dict.fromkeys(ends)]
        return [outer[0], *inner, *outer[1:]]

    def range(self, ends: Interval) -> Interval:
        """Return the range on an interval."""
        require(ends, Interval)
        values = [y for _, y in self.points(ends)]
        return Interval(min(values), max(values))

    def least(self, form: Vector, ends: Interval) -> Fraction:
        """Return the least value of ``<form, (z, y)>`` over an interval."""
        form = point_of(form, 2)
        require(ends, Interval)
        return min(dot(form, point) for point in self.points(ends))

    def rows(self, ends: Interval) -> tuple[Constraint, ...]:
        """Return the sides of the hull of the graph below it, then those above it.

        Each from left to right; a segment is the halves of an equation.
        """
        require(ends, Interval)
        points = self.points(ends)
        below, above = _chain(points, 1), _chain(points, -1)
        return (
            *(_side(start, end, 1) for start, end in below),
            *(_side(start, end, -1) for start, end in above),
        )


def _slope(first: Point, second: Point) -> Fraction:
    width = second[0] - first[0]
    return (second[1] - first[1]) / width if width else ZERO


def _chain(points: Sequence[Point], sign: int) -> list[tuple[Point, Point]]:
    """Return the segments of the convex chain below points, or of the concave one above."""
    kept: list[Point] = []
    for point in points:
        while len(kept) > 1 and not _turns(kept[-2], kept[-1], point, sign=sign):
            kept.pop()
        kept.append(point)
    return list(pairwise(kept)) or [(kept[0], kept[0])]


def _turns(first: Point, second: Point, third: Point, *, sign: int) -> bool:
    return sign * _slope(first, second) < sign * _slope(second, third)


def _side(first: Point, second: Point, sign: int) -> Constraint:
    slope = _slope(first, second)
    offset = slope * first[0] - first[1]
    return Constraint((sign * slope, Fraction(-sign)), sign * offset).primitive()
