"""The matrix of an affine layer: what every way to store it answers, and the rational way.

A matrix is stored by its rows, each a list of (column, entry) pairs in the order of columns
and without zeros.  A row of at most one entry *picks* a coordinate.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol, TypeAlias, final

from polyrelax.arithmetic.arguments import sparse_vector
from polyrelax.arithmetic.rational import ZERO, Scalar, SparseVector, Vector
from polyrelax.arithmetic.readable import readable
from polyrelax.arithmetic.words import amount
from polyrelax.arithmetic.working_form import working_form
from polyrelax.errors import DimensionError

if TYPE_CHECKING:  # numpy takes longer to import than most small networks to bound
    from polyrelax.arithmetic.integer_matrix import IntegerMatrix

Pick: TypeAlias = tuple[int, Fraction] | None
"""A coordinate and its factor, or ``None`` for the constant zero."""


class Rows(Protocol):
    """A matrix of exact numbers."""

    @property
    def in_dim(self) -> int:
        """The number of columns."""

    @property
    def out_dim(self) -> int:
        """The number of rows."""

    @property
    def entry_count(self) -> int:
        """The number of entries that are not zero."""

    @property
    def rows(self) -> tuple[SparseVector, ...]:
        """The rows as pairs of column and fraction."""

    @property
    def picks(self) -> tuple[Pick, ...] | None:
        """What each row picks, or ``None`` if some row has more entries than one."""

    def head(self, count: int) -> tuple[object, ...]:
        """Return the first ``count`` entries, numbers that are equal if the entries are."""

    def times(self, x: Vector) -> Vector:
        """Return the product with a vector."""

    def keep(self, kept: frozenset[int]) -> Rows:
        """Return the matrix with the rows that are not in ``kept`` replaced by zero."""

    def picked(self, picks: Sequence[Pick]) -> Rows:
        """Return the matrix of the rows that are picked, times their factors."""

    def reading(self, picks: Sequence[Pick], in_dim: int) -> Rows:
        """Return the matrix of ``x -> self * (the picks of x)``."""

    def integers(self) -> IntegerMatrix:
        """Return the matrix as limbs."""


@final
@readable
@dataclass(frozen=True)
class RationalRows:
    """A matrix of fractions.

    >>> RationalRows(((((0, Fraction(2)),)), ()), 1).times((Fraction(3),))
    (Fraction(6, 1), Fraction(0, 1))
    """

    rows: tuple[SparseVector, ...]
    in_dim: int

    @classmethod
    def of(cls, rows: Iterable[Iterable[tuple[int, Scalar]]], in_dim: int) -> RationalRows:
        """Return the matrix with these rows, put in order and without zeros.

        >>> RationalRows.of([((1, ZERO), (0, Fraction(2)))], 2).rows
        (((0, Fraction(2, 1)),),)
        """
        return cls(tuple(_canonical(i, row, in_dim) for i, row in enumerate(rows)), in_dim)

    @property
    def out_dim(self) -> int:
        """The number of rows."""
        return len(self.rows)

    @property
    def entry_count(self) -> int:
        """The number of entries that are not zero."""
        return sum(map(len, self.rows))

    @working_form
    def picks(self) -> tuple[Pick, ...] | None:
        """What each row picks, or ``None`` if some row has more entries than one."""
        if any(len(row) > 1 for row in self.rows):
            return None
        return tuple(row[0] if row else None for row in self.rows)

    @working_form
    def _scaled(self) -> tuple[tuple[int, tuple[tuple[int, int], ...]], ...]:
        """Each row as integers over one denominator."""
        return tuple(_scale_row(row) for row in self.rows)

    def head(self, count: int) -> tuple[object, ...]:
        """Return the first ``count`` entries, numbers that are equal if the entries are."""
        found: list[object] = []
        for row in self.rows:
            found += (a for pair in row for a in pair)
            if len(found) >= 2 * count:
                break
        return tuple(found[: 2 * count])

    def times(self, x: Vector) -> Vector:
        """Return the product, summed in integers: a fraction per row, not per term."""
        common = math.lcm(*(value.denominator for value in x))
        scaled = [value.numerator * (common // value.denominator) for value in x]
        return tuple(
            Fraction(sum(a * scaled[j] for j, a in row), common * denominator)
            for denominator, row in self._scaled
        )

    def keep(self, kept: frozenset[int]) -> RationalRows:
        """Return the matrix with the rows that are not in ``kept`` replaced by zero."""
        rows = tuple(row if i in kept else () for i, row in enumerate(self.rows))
        return RationalRows(rows, self.in_dim)

    def picked(self, picks: Sequence[Pick]) -> RationalRows:
        """Return the matrix of the rows that are picked, times their factors."""
        rows = (() if p is None else _scaled(self.rows[p[0]], p[1]) for p in picks)
        return RationalRows(tuple(rows), self.in_dim)

    def reading(self, picks: Sequence[Pick], in_dim: int) -> RationalRows:
        """Return the matrix of ``x -> self * (the picks of x)``."""
        inner = [() if pick is None else (pick,) for pick in picks]
        return RationalRows(tuple(_combine(row, inner) for row in self.rows), in_dim)

    def integers(self) -> IntegerMatrix:
        """Return the matrix as limbs, rounded down if they are not exact."""
        from polyrelax.arithmetic.integer_matrix import IntegerMatrix  # noqa: PLC0415

        return IntegerMatrix.of_rows(self.rows, self.in_dim)


def is_same(first: Rows, second: Rows) -> bool:
    """Whether two matrices have the same entries, whichever way they are stored.

    >>> is_same(RationalRows(((),), 1), RationalRows(((),), 2))
    False
    """
    if type(first) is type(second):
        return first == second
    return first.in_dim == second.in_dim and first.rows == second.rows


def product(outer: Rows, inner: Rows) -> Rows:
    """Return the product of two matrices, each stored as it can stay.

    >>> swap = RationalRows((((1, Fraction(1)),), ((0, Fraction(1)),)), 2)
    >>> product(swap, swap).rows
    (((0, Fraction(1, 1)),), ((1, Fraction(1, 1)),))
    """
    if outer.picks is not None:
        return inner.picked(outer.picks)
    if inner.picks is not None:
        return outer.reading(inner.picks, inner.in_dim)
    rows = inner.rows
    return RationalRows(tuple(_combine(row, rows) for row in outer.rows), inner.in_dim)


def _canonical(i: int, given: Iterable[tuple[int, Scalar]], in_dim: int) -> SparseVector:
    row = sparse_vector(given)
    last = -1
    for j, a in row:
        if j <= last or j >= in_dim or not a:
            return _put_in_order(i, row, in_dim)
        last = j
    return row


def _put_in_order(i: int, row: SparseVector, in_dim: int) -> SparseVector:
    columns = [j for j, _ in row]
    if any(not 0 <= j < in_dim for j in columns):
        raise DimensionError(f"row {i} leaves the {amount(in_dim, 'coordinate')} it reads")
    if len(set(columns)) < len(columns):
        raise DimensionError(f"row {i} names a coordinate twice, expected distinct ones")
    return tuple(sorted((j, a) for j, a in row if a))


def _scale_row(row: SparseVector) -> tuple[int, tuple[tuple[int, int], ...]]:
    common = math.lcm(*(value.denominator for _, value in row))
    return common, tuple((j, a.numerator * (common // a.denominator)) for j, a in row)


def _scaled(row: SparseVector, factor: Fraction) -> SparseVector:
    return row if factor == 1 else tuple((j, factor * a) for j, a in row)


def _combine(row: SparseVector, rows: Sequence[SparseVector]) -> SparseVector:
    """Return the sum of ``rows[j]`` times the entry ``j`` of ``row``."""
    if len(row) == 1:
        return _scaled(rows[row[0][0]], row[0][1])
    total: dict[int, Fraction] = {}
    for j, factor in row:
        for k, value in rows[j]:
            total[k] = total.get(k, ZERO) + factor * value
    return tuple((k, value) for k, value in sorted(total.items()) if value)
