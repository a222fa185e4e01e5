r"""A matrix of exact doubles: rows in three arrays, and nothing is rounded.

A finite float64 *is* the dyadic rational :math:`m\,2^e`, so an array of them is an exact
matrix.  Row :math:`i` has the entries ``values[k]`` in the columns ``columns[k]`` for
``starts[i] <= k < starts[i + 1]``, columns ascending, values not zero.  Fractions are made
when asked for.  What the methods compute in floats are products by powers of two that stay
normal numbers, which are exact; other products are those of integers or of fractions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final, final

import numpy as np
import numpy.typing as npt

from polyrelax.arithmetic.arguments import dimension, require
from polyrelax.arithmetic.integer_matrix import IntegerMatrix
from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.arithmetic.patterns import ranges
from polyrelax.arithmetic.rational import SparseVector, Vector
from polyrelax.arithmetic.words import amount
from polyrelax.arithmetic.working_form import working_form
from polyrelax.errors import DimensionError, InexactInputError, NotANumberError
from polyrelax.networks.rows import Pick, RationalRows, Rows

_HASHED: Final = 64
_ITEMSIZE: Final = 8
_PRECISION: Final = 53
_LEAST, _GREATEST = -1000, 1000
_LARGEST_FACTOR: Final = 1 << 900


@final
@dataclass(frozen=True, eq=False)
class DoubleRows:
    """A sparse matrix of doubles; the arrays are its own and cannot be written to.

    >>> matrix = DoubleRows.of_dense(np.array([[0.5, 0.0], [0.0, 0.0]]))
    >>> matrix.rows, matrix.times((Fraction(3), Fraction(1)))
    ((((0, Fraction(1, 2)),), ()), (Fraction(3, 2), Fraction(0, 1)))
    """

    starts: Integers
    columns: Integers
    values: Doubles
    in_dim: int

    def __post_init__(self) -> None:
        for array in (self.starts, self.columns, self.values):
            array.setflags(write=False)

    @classmethod
    def of_dense(cls, weight: npt.NDArray[np.floating]) -> DoubleRows:
        """Return the matrix with these entries.

        Raises :class:`NotANumberError` for an entry that is not finite and
        :class:`InexactInputError` for an array that doubles do not hold.
        """
        require(weight, np.ndarray, "an array")
        if weight.ndim != 2:
            raise DimensionError(f"found an array of shape {weight.shape}, expected a matrix")
        exact = doubles(weight)
        row_of, columns = np.nonzero(exact)
        starts = _starts(row_of, len(exact))
        return cls(starts, columns.astype(np.int64), exact[row_of, columns], weight.shape[1])

    @classmethod
    def of_arrays(
        cls, starts: Integers, columns: Integers, values: npt.NDArray[np.floating], in_dim: int
    ) -> DoubleRows:
        """Return the matrix of compressed rows, put in order and without zeros."""
        in_dim = dimension(in_dim, "a number of inputs")
        for array in (starts, columns, values):
            require(array, np.ndarray, "an array")
        exact, row_of = doubles(values), _entry_rows(starts, columns, values)
        within = (columns >= 0) & (columns < in_dim)
        if not within.all():
            i = row_of[np.argmin(within)]
            raise DimensionError(f"row {i} leaves the {amount(in_dim, 'coordinate')} it reads")
        order = _order(row_of, columns)
        row_of, columns, exact = row_of[order], columns[order], exact[order]
        twice = (np.diff(row_of) == 0) & (np.diff(columns) == 0)
        if twice.any():
            i = row_of[np.argmax(twice)]
            raise DimensionError(f"row {i} names a coordinate twice, expected distinct ones")
        kept = exact != 0
        ends = _starts(row_of[kept], len(starts) - 1)
        return cls(ends, columns[kept].astype(np.int64), exact[kept], in_dim)

    @property
    def out_dim(self) -> int:
        """The number of rows."""
        return len(self.starts) - 1

    @property
    def entry_count(self) -> int:
        """The number of entries that are not zero."""
        return len(self.values)

    @working_form
    def _row_of(self) -> Integers:
        """The row of each entry."""
        return np.repeat(np.arange(self.out_dim), np.diff(self.starts))

    @working_form
    def rows(self) -> tuple[SparseVector, ...]:
        """The rows as pairs of column and fraction."""
        pairs = list(zip(self.columns.tolist(), fractions(self.values), strict=True))
        ends = self.starts.tolist()
        return tuple(tuple(pairs[i:j]) for i, j in pairwise(ends))

    @working_form
    def picks(self) -> tuple[Pick, ...] | None:
        """What each row picks, or ``None`` if some row has more entries than one."""
        if np.diff(self.starts).max(initial=0) > 1:
            return None
        return tuple(row[0] if row else None for row in self.rows)

    def head(self, count: int) -> tuple[object, ...]:
        """Return the first ``count`` entries, numbers that are equal if the entries are."""
        pairs = zip(self.columns[:count].tolist(), self.values[:count].tolist(), strict=True)
        return tuple(a for pair in pairs for a in pair)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DoubleRows):
            return NotImplemented
        mine = (self.starts, self.columns, self.values)
        theirs = (other.starts, other.columns, other.values)
        return self.in_dim == other.in_dim and all(map(np.array_equal, mine, theirs))

    def __hash__(self) -> int:
        return hash((self.in_dim, self.out_dim, self.head(_HASHED)))

    @working_form
    def _scaled(self) -> tuple[npt.NDArray[np.object_], int]:
        """The values as integers, and the power of two that they are multiplied by."""
        mantissas, exponents = _mantissas(self.values)
        least = int(exponents.min(initial=0))
        shifts = (exponents - least).astype(object)
        return mantissas.astype(object) << shifts, -least

    def times(self, x: Vector) -> Vector:
        """Return the product, summed in integers: a fraction per row, not per term."""
        common = math.lcm(*(value.denominator for value in x))
        scaled = np.array([v.numerator * (common // v.denominator) for v in x], dtype=object)
        integers, shift = self._scaled
        full = np.flatnonzero(np.diff(self.starts))
        sums = np.zeros(self.out_dim, dtype=object)
        if len(full):
            terms = integers * scaled[self.columns]
            sums[full] = np.add.reduceat(terms, self.starts[full])
        return tuple(Fraction(total, common << shift) for total in sums.tolist())

    def keep(self, kept: frozenset[int]) -> DoubleRows:
        """Return the matrix with the rows that are not in ``kept`` replaced by zero."""
        wanted = np.isin(np.arange(self.out_dim), sorted(kept))
        chosen = wanted[self._row_of]
        starts = _starts(self._row_of[chosen], self.out_dim)
        return DoubleRows(starts, self.columns[chosen], self.values[chosen], self.in_dim)

    def picked(self, picks: Sequence[Pick]) -> Rows:
        """Return the matrix of the rows that are picked, times their factors."""
        factors = _factors(picks)
        if factors is None or not self._stays_normal(factors):
            return RationalRows(self.rows, self.in_dim).picked(picks)
        full = np.flatnonzero(factors)
        chosen = np.array([pick[0] for pick in picks if pick is not None], dtype=np.int64)
        counts = np.diff(self.starts)[chosen]
        entries = ranges(self.starts[chosen], counts)
        row_of = np.repeat(full, counts)
        values = self.values[entries] * factors[row_of]
        starts = _starts(row_of, len(picks))
        return DoubleRows(starts, self.columns[entries], values, self.in_dim)

    def reading(self, picks: Sequence[Pick], in_dim: int) -> Rows:
        """Return the matrix of ``x -> self * (the picks of x)``."""
        factors = _factors(picks)
        read = [pick[0] for pick in picks if pick is not None]
        distinct = len(set(read)) == len(read)
        if factors is None or not distinct or not self._stays_normal(factors):
            return RationalRows(self.rows, self.in_dim).reading(picks, in_dim)
        column_of = np.zeros(len(picks), dtype=np.int64)
        column_of[factors != 0] = read
        alive = factors[self.columns] != 0
        columns, values = self.columns[alive], self.values[alive]
        starts = _starts(self._row_of[alive], self.out_dim)
        scaled = values * factors[columns]
        return DoubleRows.of_arrays(starts, column_of[columns], scaled, in_dim)

    def integers(self) -> IntegerMatrix:
        """Return the matrix as limbs, exactly."""
        return IntegerMatrix.of_doubles(self.starts, self.columns, self.values, self.in_dim)

    def _stays_normal(self, factors: Doubles) -> bool:
        """Whether products of entries and factors are normal numbers, or zero by a factor."""
        sizes = np.abs(self.values)
        scales = np.abs(factors[factors != 0])
        if not (len(sizes) and len(scales)):
            return True
        least, greatest = np.frexp(sizes.min())[1], np.frexp(sizes.max())[1]
        low, high = np.frexp(scales.min())[1], np.frexp(scales.max())[1]
        return bool(least + low > _LEAST and greatest + high < _GREATEST)


def doubles(values: npt.NDArray[np.floating]) -> Doubles:
    """Return the same numbers as doubles.

    >>> doubles(np.array([1.5], dtype=np.float32))
    array([1.5])
    >>> doubles(np.array([1]))
    Traceback (most recent call last):
    polyrelax.errors.InexactInputError: found numbers of type int64, expected float64 or shorter
    """
    if values.dtype.kind != "f" or values.dtype.itemsize > _ITEMSIZE:
        found = f"found numbers of type {values.dtype}"
        raise InexactInputError(f"{found}, expected float64 or shorter")
    exact = values.astype(np.float64)
    if not np.isfinite(exact).all():
        found = exact[~np.isfinite(exact)][0]
        raise NotANumberError(f"found {found}, expected a finite number")
    return exact


def fractions(values: Doubles) -> list[Fraction]:
    """Return the same numbers as fractions, one object for equal ones.

    >>> fractions(np.array([0.5, 0.5, 2.0]))
    [Fraction(1, 2), Fraction(1, 2), Fraction(2, 1)]
    """
    distinct, place = np.unique(values, return_inverse=True)
    exact = [Fraction(value) for value in distinct.tolist()]
    return [exact[k] for k in place.tolist()]


def _mantissas(values: Doubles) -> tuple[Integers, Integers]:
    """Return odd integers and exponents whose ``m * 2**e`` are the values, which are not 0."""
    parts, exponents = np.frexp(values)
    mantissas = np.ldexp(parts, _PRECISION).astype(np.int64)
    lowest = mantissas & -mantissas
    zeros = np.frexp(lowest.astype(np.float64))[1].astype(np.int64) - 1
    return mantissas >> zeros, exponents.astype(np.int64) - _PRECISION + zeros


def _factors(picks: Sequence[Pick]) -> Doubles | None:
    """Return the factors as doubles, 0 for no pick; ``None`` unless all are powers of two."""
    for pick in picks:
        if pick is not None and not _is_power_of_two(pick[1]):
            return None
    return np.array([0.0 if pick is None else float(pick[1]) for pick in picks])


def _is_power_of_two(factor: Fraction) -> bool:
    p, q = abs(factor.numerator), factor.denominator
    return p & (p - 1) == 0 and q & (q - 1) == 0 and max(p, q) < _LARGEST_FACTOR


def _entry_rows(
    starts: Integers, columns: Integers, values: npt.NDArray[np.floating]
) -> Integers:
    """Return the row of each entry, raising unless the three arrays fit together."""
    counts = np.diff(starts)
    sizes = (int(starts[-1]) if len(starts) else -1, len(columns), len(values))
    if len(set(sizes)) > 1 or starts[0] != 0 or (counts < 0).any():
        found = (
            f"{amount(len(columns), 'column')} and {amount(len(values), 'value')} "
            f"in rows that end at {sizes[0]}"
        )
        raise DimensionError(f"found {found}, expected the same number")
    return np.repeat(np.arange(len(counts)), counts)


def _order(row_of: Integers, columns: Integers) -> Integers | slice:
    """Return what sorts the entries by row and column; nothing is moved if they are sorted."""
    if ((np.diff(row_of) > 0) | (np.diff(columns) > 0)).all():
        return slice(None)
    return np.lexsort((columns, row_of))


def _starts(row_of: Integers, count: int) -> Integers:
    """Return where the rows of sorted entries start, and the end."""
    return np.concatenate([[0], np.cumsum(np.bincount(row_of, minlength=count))])


def vector_of(values: npt.NDArray[np.floating] | None, count: int) -> Vector:
    """Return an array of floats as exact fractions; zeros for none.

    >>> vector_of(np.array([0.5]), 1), vector_of(None, 1)
    ((Fraction(1, 2),), (Fraction(0, 1),))
    """
    require(values, np.ndarray | None, "an array, or None")
    return tuple(fractions(np.zeros(count) if values is None else doubles(values)))
