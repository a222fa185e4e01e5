"""Find what `Hulls.v` checks of a hull: simplices whose cones cover space, and heights.

The simplices are those of a pulling triangulation of each facet: the first point of a face is
joined to the faces of that face that it is not on.  Heights that fall fast enough in the order
of the points make the simplices the facets of a simplicial polytope.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import count
from math import lcm
from typing import TypeAlias

from translator.limbs import many, ratio
from translator.reading import vector_stream

Vector: TypeAlias = tuple[Fraction, ...]
Row: TypeAlias = tuple[Vector, Fraction]
Basis: TypeAlias = tuple[Vector, ...]


def inner(a: Vector, b: Vector) -> Fraction:
    return sum((s * t for s, t in zip(a, b, strict=True)), Fraction(0))


def mean(vectors: Sequence[Vector]) -> Vector:
    return tuple(sum(column) / len(vectors) for column in zip(*vectors, strict=True))


def along(start: Vector, step: Fraction, end: Vector) -> Vector:
    """Return ``start + step (start - end)``."""
    return tuple(a + step * (a - b) for a, b in zip(start, end, strict=True))


def combined(weights: Sequence[Fraction], vectors: Basis) -> Vector:
    columns = zip(*vectors, strict=True)
    return tuple(inner(tuple(weights), column) for column in columns)


def dual_basis(vectors: Basis) -> Basis:
    """Return the vectors whose products with a basis are 1 and 0."""
    n = len(vectors)
    rows = [[*v, *(Fraction(i == k) for k in range(n))] for i, v in enumerate(vectors)]
    for k in range(n):
        pivot = next(i for i in range(k, n) if rows[i][k])
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [q / rows[k][k] for q in rows[k]]
        for i in range(n):
            if i != k and rows[i][k]:
                rows[i] = [a - rows[i][k] * b for a, b in zip(rows[i], rows[k], strict=True)]
    return tuple(zip(*(row[n:] for row in rows), strict=True))


@dataclass(frozen=True)
class Spread:
    """A hull by its facets and its vertices."""

    rows: tuple[Row, ...]
    points: tuple[Vector, ...]

    @cached_property
    def centre(self) -> Vector:
        return mean(self.points)

    @cached_property
    def rays(self) -> tuple[Vector, ...]:
        pairs = [zip(v, self.centre, strict=True) for v in self.points]
        return tuple(tuple(a - b for a, b in pair) for pair in pairs)

    @cached_property
    def facets(self) -> tuple[frozenset[int], ...]:
        """The points on each row."""
        return tuple(
            frozenset(i for i, v in enumerate(self.points) if inner(a, v) == b)
            for a, b in self.rows
        )

    @cached_property
    def simplices(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Each row's simplices."""
        return tuple(
            (k, simplex) for k, face in enumerate(self.facets) for simplex in self.pulled(face)
        )

    def pulled(self, face: frozenset[int]) -> Iterator[tuple[int, ...]]:
        """Yield the simplices of a face."""
        if not face:
            yield ()
            return
        first = min(face)
        parts = {face & facet for facet in self.facets} - {face}
        largest = [p for p in parts if not any(p < q for q in parts)]
        for part in sorted(largest, key=sorted):
            if first not in part:
                yield from ((first, *simplex) for simplex in self.pulled(part))

    @cached_property
    def bases(self) -> tuple[Basis, ...]:
        return tuple(dual_basis(tuple(self.rays[i] for i in s)) for _, s in self.simplices)

    @cached_property
    def heights(self) -> Vector:
        """Heights at which each simplex is a facet of its own."""
        heights: Vector = tuple(Fraction(1) for _ in self.points)
        for bits in count():
            if all(self.is_level(k, heights) for k in range(len(self.simplices))):
                return heights
            heights = tuple(1 - Fraction(1, 4 << bits * j) for j in range(len(self.points)))
        raise AssertionError  # count() has no end

    def level(self, k: int, heights: Vector) -> Vector:
        return combined([heights[i] for i in self.simplices[k][1]], self.bases[k])

    def is_level(self, k: int, heights: Vector) -> bool:
        form, simplex = self.level(k, heights), self.simplices[k][1]
        others = (i for i in range(len(self.points)) if i not in simplex)
        return all(inner(form, self.rays[i]) < heights[i] for i in others)

    def neighbours(self) -> Iterator[tuple[int, ...]]:
        """Yield for each simplex those that lack one of its corners."""
        ridges: dict[frozenset[int], set[int]] = {}
        for k, (_, simplex) in enumerate(self.simplices):
            for i in simplex:
                ridges.setdefault(frozenset(simplex) - {i}, set()).add(k)
        for k, (_, simplex) in enumerate(self.simplices):
            yield tuple(next(iter(ridges[frozenset(simplex) - {i}] - {k})) for i in simplex)

    def beyond(self, k: int) -> Vector:
        """Return a vector that violates row ``k`` and no other."""
        middle = mean([self.points[i] for i in sorted(self.facets[k])])
        others = [row for j, row in enumerate(self.rows) if j != k]
        steps = (Fraction(1, 1 << bits) for bits in count())
        vectors = (along(middle, step, self.centre) for step in steps)
        return next(v for v in vectors if all(inner(a, v) <= b for a, b in others))

    def peak(self, i: int) -> Vector:
        """Return a form that is greatest at one point: the sum of the rows through it."""
        through = [
            a for (a, _), facet in zip(self.rows, self.facets, strict=True) if i in facet
        ]
        return tuple(sum(column) for column in zip(*through, strict=True))

    @property
    def stream(self) -> list[int]:
        size = Fraction(1, len(self.points))
        return [
            *vector_stream(self.centre),
            *vector_stream((size,) * len(self.points)),
            *many([vector_stream(ray) for ray in self.rays]),
            *vector_stream(self.heights),
            *many([self.simplex_stream(k, near) for k, near in enumerate(self.neighbours())]),
            *many([vector_stream(self.beyond(k)) for k in range(len(self.rows))]),
            *many([vector_stream(self.peak(i)) for i in range(len(self.points))]),
        ]

    def simplex_stream(self, k: int, near: Sequence[int]) -> list[int]:
        row, simplex = self.simplices[k]
        corners = zip(simplex, self.bases[k], near, strict=True)
        parts = [[i, *vector_stream(dual), other] for i, dual, other in corners]
        form = self.level(k, self.heights)
        factor = Fraction(lcm(*(q.denominator for q in form)))
        whole = [q * factor for q in form]
        return [*vector_stream(whole), *ratio(factor), row, *many(parts)]
