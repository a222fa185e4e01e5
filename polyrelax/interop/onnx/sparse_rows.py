r"""Affine maps :math:`x \mapsto (\langle a_i, x \rangle + b_i)_i`, sparse and in arrays.

Row :math:`i` has the factors and columns from ``starts[i]`` to ``starts[i + 1]``, its factors
not zero; once it is *merged*, its columns increase.  How many values are read is said by
whoever makes a layer of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Final

import numpy as np
import numpy.typing as npt

from polyrelax.arithmetic.patterns import ranges
from polyrelax.arithmetic.rational import ZERO
from polyrelax.errors import TooLargeError
from polyrelax.interop.onnx.reals import (
    Reals,
    fractions,
    joined,
    plus,
    reals,
    scattered,
    times,
    times_in_doubles,
)
from polyrelax.networks.affine import Affine
from polyrelax.networks.double_rows import DoubleRows

Indices = npt.NDArray[np.int64]

ABSENT: Final = -1
"""The column of a term that is not there."""
MOST_TERMS: Final = 50_000_000
"""How many terms the rows of a network may have, those that are zero included."""
MOST_FRACTIONS: Final = 2_000_000
"""How many terms the rows of a node may have that doubles do not hold."""
_FEW: Final = 20_000
_SAMPLE: Final = 200


@dataclass(frozen=True, eq=False)
class SparseRows:
    """The rows of an affine map."""

    starts: Indices
    columns: Indices
    factors: Reals
    bias: Reals

    @property
    def count(self) -> int:
        """The number of rows."""
        return len(self.bias)

    @property
    def lengths(self) -> Indices:
        """The number of terms of each row."""
        return np.diff(self.starts)

    @property
    def is_light(self) -> bool:
        """Whether no row has more than one term."""
        return bool(np.all(self.lengths <= 1))

    @property
    def is_selection(self) -> bool:
        """Whether each row is one coordinate."""
        ones = bool(np.all(self.lengths == 1)) and bool(np.all(self.factors == 1))
        return ones and not np.any(self.bias)


def selection(columns: Indices) -> SparseRows:
    """Return the rows that give these coordinates.

    >>> affine(selection(np.array([1, 1])), 2).rows
    (((1, Fraction(1, 1)),), ((1, Fraction(1, 1)),))
    """
    size = columns.size
    return SparseRows(
        np.arange(size + 1), columns.ravel().astype(np.int64), np.ones(size), np.zeros(size)
    )


def rows_of(columns: Indices, factors: Reals, bias: Reals) -> SparseRows:
    """Return the rows whose terms lie along the last axis, absent where a column is ``ABSENT``.

    Columns and factors are broadcast against each other, and the bias against what is left of
    their shape without the last axis, in row-major order.

    >>> rows = rows_of(np.array([[2, -1], [0, 2]]), np.array([3.0, 4.0]), np.array(1.0))
    >>> [[(j, str(a)) for j, a in row] for row in affine(rows, 3).rows]
    [[(2, '3')], [(0, '3'), (2, '4')]]
    """
    shape = np.broadcast_shapes(columns.shape, factors.shape)
    require_terms(prod(shape))
    if factors.dtype == np.object_ and prod(shape) > MOST_FRACTIONS:
        found = f"makes {prod(shape)} terms that are no doubles"
        raise TooLargeError(f"{found}, of at most {MOST_FRACTIONS} that are read")
    there = np.broadcast_to((columns != ABSENT) & (factors != 0), shape)
    lengths = np.count_nonzero(there.reshape(-1, shape[-1]), axis=1)
    return SparseRows(
        _starts(lengths),
        np.broadcast_to(columns, shape)[there],
        np.broadcast_to(factors, shape)[there],
        np.broadcast_to(bias, shape[:-1]).ravel(),
    )


def merged(rows: SparseRows) -> SparseRows:
    """Return the rows with increasing columns, terms of one column added up.

    >>> twice = rows_of(np.array([[2, 0, 2]]), np.array([1.0, 1.0, 0.5]), np.array(0.0))
    >>> merged(twice).columns, merged(twice).factors
    (array([0, 2]), array([1. , 1.5]))
    """
    starts, columns, factors, bias = rows.starts, rows.columns, rows.factors, rows.bias
    increases = columns[1:] > columns[:-1]
    ends = starts[1:-1]
    increases[ends[(ends > 0) & (ends < len(columns))] - 1] = True
    if np.all(increases):
        return rows
    lengths = np.diff(starts)
    row = np.repeat(np.arange(len(lengths)), lengths)
    order = np.lexsort((columns, row))
    row, columns, factors = row[order], columns[order], factors[order]
    is_new = np.append(True, (np.diff(columns) != 0) | (np.diff(row) != 0))
    if not np.all(is_new):
        sums = _row_sums(factors, np.cumsum(is_new) - 1, int(np.count_nonzero(is_new)))
        kept = np.asarray(sums != 0, dtype=np.bool_)
        row, columns, factors = row[is_new][kept], columns[is_new][kept], sums[kept]
    return SparseRows(_starts(np.bincount(row, minlength=len(lengths))), columns, factors, bias)


def stacked(upper: SparseRows, lower: SparseRows) -> SparseRows:
    """Return the rows of both maps.

    >>> stacked(selection(np.array([1])), selection(np.array([0]))).columns.tolist()
    [1, 0]
    """
    if not upper.count:
        return lower
    return SparseRows(
        np.concatenate([upper.starts, upper.starts[-1] + lower.starts[1:]]),
        np.concatenate([upper.columns, lower.columns]),
        joined([upper.factors, lower.factors]),
        joined([upper.bias, lower.bias]),
    )


def folded(outer: SparseRows, inner: SparseRows) -> SparseRows | None:
    """Return the rows of one after the other, if that is as good as both.

    So it is where one of them is light and there are few terms, or else where the terms are not
    more than before and doubles that stay doubles.

    >>> half = rows_of(np.array([[0]]), np.array([0.5]), np.array(1.0))
    >>> both = folded(half, half)
    >>> both.factors, both.bias
    (array([0.25]), array([1.5]))
    """
    if outer.is_light:
        return _light_after(outer, inner)
    return _after_light(outer, inner) if inner.is_light else None


def affine(rows: SparseRows, in_dim: int) -> Affine:
    """Return the layer of the rows, reading ``in_dim`` values.

    >>> affine(selection(np.array([1])), 2) == Affine.select([1], 2)
    True
    """
    bias = tuple(fractions(rows.bias))
    if rows.factors.dtype == np.float64:
        values = np.asarray(rows.factors, dtype=np.float64)
        stored = DoubleRows(rows.starts, rows.columns, values, in_dim)
        return Affine.of_rows(stored, bias)
    terms = list(zip(rows.columns.tolist(), fractions(rows.factors), strict=True))
    exact = tuple(tuple(terms[a:b]) for a, b in pairwise(rows.starts.tolist()))
    return Affine(exact, bias, in_dim)


def require_terms(count: int) -> None:
    """Raise :class:`TooLargeError` for more than ``MOST_TERMS`` terms.

    >>> require_terms(10**8)
    Traceback (most recent call last):
    polyrelax.errors.TooLargeError: makes 100000000 terms, of at most 50000000 that are read
    """
    if count > MOST_TERMS:
        raise TooLargeError(f"makes {count} terms, of at most {MOST_TERMS} that are read")


def _light_after(outer: SparseRows, inner: SparseRows) -> SparseRows | None:
    """Return the rows of ``outer`` after ``inner``, where each row of ``outer`` names one."""
    there = outer.lengths > 0
    lengths = np.zeros(outer.count, dtype=np.int64)
    lengths[there] = inner.lengths[outer.columns]
    starts = _starts(lengths)
    if starts[-1] > max(_FEW, len(outer.columns) + len(inner.columns)):
        return None
    first = np.zeros(outer.count, dtype=np.int64)
    first[there] = inner.starts[outer.columns]
    scale = scattered(outer.factors, there, outer.count)
    some = slice(None, None, max(1, outer.count // _SAMPLE))
    if starts[-1] > _FEW and not _stay_doubles(inner, first[some], lengths[some], scale[some]):
        return None
    places = ranges(first, lengths)
    factors = _scaled(inner.factors[places], np.repeat(scale, lengths))
    if factors is None:
        return None
    columns = inner.columns[places]
    carried = times(scale, scattered(inner.bias[outer.columns], there, outer.count))
    return SparseRows(starts, columns, factors, plus(carried, outer.bias))


def _stay_doubles(inner: SparseRows, first: Indices, lengths: Indices, scale: Reals) -> bool:
    """Whether rows that start at these places stay doubles when they are scaled."""
    values = inner.factors[ranges(first, lengths)]
    return times_in_doubles(values, np.repeat(scale, lengths)) is not None


def _after_light(outer: SparseRows, inner: SparseRows) -> SparseRows | None:
    """Return the rows of ``outer`` after ``inner``, whose rows have at most one term each."""
    place = np.full(inner.count, ABSENT, dtype=np.int64)
    there = inner.lengths > 0
    place[there] = inner.columns
    scale = scattered(inner.factors, there, inner.count)[outer.columns]
    columns = place[outer.columns]
    kept = columns != ABSENT
    factors = _scaled(outer.factors[kept], scale[kept])
    if factors is None:
        return None
    row = np.repeat(np.arange(outer.count), outer.lengths)
    lengths = np.bincount(row[kept], minlength=outer.count)
    bias = plus(_products(outer, inner.bias), outer.bias)
    return merged(SparseRows(_starts(lengths), columns[kept], factors, bias))


def _products(rows: SparseRows, x: Reals) -> Reals:
    """Return the products of the rows and a vector, without the bias of the rows."""
    if not np.any(x):
        return np.zeros(rows.count)
    linear = SparseRows(rows.starts, rows.columns, rows.factors, np.zeros(rows.count))
    return reals(affine(linear, len(x))(tuple(fractions(x))))


def _scaled(values: Reals, scale: Reals) -> Reals | None:
    """Return the products, none if they are many and not doubles."""
    if bool(np.all(scale == 1)):
        return values
    if len(values) <= _FEW:
        return times(values, scale)
    return times_in_doubles(values, scale)


def _row_sums(values: Reals, row: Indices, count: int) -> Reals:
    """Return the sum of the values of each row, exactly."""
    sums: Reals = np.zeros(count)
    there = values != 0
    values, row = values[there], row[there]
    rank = np.arange(len(row)) - np.searchsorted(row, row)
    if not len(row):
        return sums
    if rank.max() > 64 or values.dtype == np.object_:
        return _fraction_sums(values, row, count)
    for k in range(int(rank.max()) + 1):
        at = rank == k
        sums = plus(sums, scattered(values[at], row[at], count))
    return sums


def _fraction_sums(values: Reals, row: Indices, count: int) -> Reals:
    sums = [ZERO] * count
    for i, value in zip(row.tolist(), fractions(values), strict=True):
        sums[i] += value
    return reals(sums)


def _starts(lengths: Indices) -> Indices:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
