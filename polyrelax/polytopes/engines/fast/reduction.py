r"""From any cone to one that is pointed and of full dimension, and back.

Rows that hold with equality, given or implied, are solved by a basis of their kernel. If the
remaining rows have rank :math:`r`, the cone is the sum of its lines, on which they all vanish,
and of the part in :math:`r` columns on which they have rank :math:`r`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import mul
from typing import Protocol

from polyrelax.arithmetic.linalg import kernel
from polyrelax.arithmetic.rational import primitive
from polyrelax.polytopes.engines.engine import Cone, IntRow, coprime, echelon

_PRIME = (1 << 61) - 1


class Pointed(Protocol):
    """A method for pointed cones of full row rank, whose first rows are independent."""

    def __call__(self, rows: Sequence[IntRow]) -> list[IntRow] | int:
        """Return the extreme rays, or the index of a row that is zero on the cone."""


@dataclass(frozen=True)
class Reduction:
    """Rows of full column rank, the first of them independent, and the way back.

    A ray ``z`` of the rows stands for the ray ``sum(z[i] * basis[i])``.
    """

    rows: tuple[IntRow, ...]
    origins: tuple[IntRow, ...]
    basis: tuple[IntRow, ...]
    lines: tuple[IntRow, ...]

    def lift(self, rays: Iterable[IntRow], dim: int) -> Cone:
        """Return the cone in the original coordinates.

        >>> Reduction((), (), ((0, 1),), ((1, 0),)).lift([(3,)], 2)
        Cone(rays=((0, 1),), lines=((1, 0),))
        """
        if not self.lines and self.basis == _unit_rows(range(dim), dim):
            return Cone(tuple(sorted(rays)), ())
        lifted = (_linear(ray, self.basis) for ray in rays)
        return Cone.spanned(lifted, self.lines, dim)


def solve(
    inequalities: Sequence[IntRow],
    equations: Sequence[IntRow],
    dim: int,
    *,
    pointed: Pointed,
) -> Cone:
    """Return the cone of ``z`` with ``<r, z> >= 0`` and ``<e, z> == 0`` for all rows."""
    equal = list(equations)
    while True:
        reduced = reduction(inequalities, equal, dim)
        found = pointed(reduced.rows) if reduced.rows else []
        if not isinstance(found, int):
            return reduced.lift(found, dim)
        equal.append(reduced.origins[found])  # a row that is zero on the whole cone


def reduction(rows: Sequence[IntRow], equations: Sequence[IntRow], dim: int) -> Reduction:
    """Return the reduction of ``<r, z> >= 0`` and ``<e, z> == 0`` for all rows.

    >>> found = reduction([(1, 0, 5)], [(0, 0, 1)], 3)
    >>> found.rows, found.basis, found.lines
    (((1,),), ((1, 0, 0),), ((0, 1, 0),))
    """
    solutions = _kernel(equations, dim) if equations else _unit_rows(range(dim), dim)
    origins: dict[IntRow, IntRow] = {}
    for row in rows:
        inner = coprime(row if not equations else _image(row, solutions))
        if any(inner):
            origins.setdefault(inner, row)
    distinct = list(origins)
    columns, lines = list(range(len(solutions))), tuple[IntRow, ...]()
    if len(first := _independent(distinct, len(columns))) < len(columns):
        columns, lines = _column_rank(distinct, len(solutions))
        first = _pivots(echelon(zip(*distinct, strict=True), len(distinct)))
    ordered = [*first, *sorted(set(range(len(distinct))).difference(first))]
    return Reduction(
        tuple(_in_columns(distinct[i], columns) for i in ordered),
        tuple(origins[distinct[i]] for i in ordered),
        tuple(solutions[j] for j in columns),
        tuple(_linear(line, solutions) for line in lines),
    )


def _in_columns(row: IntRow, columns: Sequence[int]) -> IntRow:
    """Return the primitive multiple of a primitive row in some columns."""
    return row if len(columns) == len(row) else coprime(tuple(row[j] for j in columns))


def _column_rank(rows: Sequence[IntRow], dim: int) -> tuple[list[int], tuple[IntRow, ...]]:
    """Return columns in which the rows have their full rank, and a basis of their kernel."""
    basis = echelon(rows, dim)
    return _pivots(basis), _kernel(basis, dim) if basis else _unit_rows(range(dim), dim)


def _pivots(basis: Iterable[IntRow]) -> list[int]:
    """Return the columns of the first nonzero entries."""
    return [next(j for j, entry in enumerate(row) if entry) for row in basis]


def rank(rows: Sequence[IntRow], dim: int) -> int:
    """Return the rank of rows modulo a prime, which is their rank or, seldom, less.

    >>> rank([(1, 0, 2), (2, 0, 4), (0, 1, 0)], 3)
    2
    """
    return len(_independent(rows, dim))


def _independent(rows: Sequence[IntRow], dim: int) -> list[int]:
    """Return the indices of the first independent rows, ``dim`` of them if possible, or fewer.

    Rows are called dependent if they are so modulo a prime: zero on all vectors of a basis of
    the kernel of those before.
    """
    basis = list(_unit_rows(range(dim), dim))
    found: list[int] = []
    for i, row in enumerate(rows):
        if not basis:
            break
        values = [sum(map(mul, row, vector)) % _PRIME for vector in basis]
        if any(values):
            basis = _kernel_in(basis, values)
            found.append(i)
    return found


def _kernel_in(basis: Sequence[IntRow], values: Sequence[int]) -> list[IntRow]:
    """Return a basis of the vectors of value zero, modulo a prime, from a basis of all."""
    pivot = next(i for i, value in enumerate(values) if value)
    inverse = pow(values[pivot], -1, _PRIME)
    rest = [(v, value * inverse) for v, value in zip(basis, values, strict=True)]
    del rest[pivot]
    return [
        tuple((s - factor * t) % _PRIME for s, t in zip(vector, basis[pivot], strict=True))
        if factor
        else vector
        for vector, factor in rest
    ]


def _kernel(rows: Sequence[IntRow], dim: int) -> tuple[IntRow, ...]:
    fractions = [tuple(Fraction(entry) for entry in row) for row in rows]
    return tuple(primitive(vector) for vector in kernel(fractions, dim))


def _image(row: IntRow, basis: Sequence[IntRow]) -> IntRow:
    return tuple(sum(map(mul, row, vector)) for vector in basis)


def _linear(factors: IntRow, basis: Sequence[IntRow]) -> IntRow:
    """Return the sum of the vectors of ``basis``, each times its factor."""
    return tuple(sum(map(mul, factors, column)) for column in zip(*basis, strict=True))


def _unit_rows(indices: Iterable[int], dim: int) -> tuple[IntRow, ...]:
    return tuple(tuple(int(i == j) for j in range(dim)) for i in indices)
