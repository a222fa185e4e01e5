"""The blocks of a sparse matrix: rows that read almost the same columns.

A dense layer is one block; a convolution has one for each neighbourhood of its image, whose
rows are the channels.  A block is multiplied as a dense matrix, so that a sparse matrix costs
what its entries cost, at the speed of a dense one.  Rows of single entries in columns of their
own form a *diagonal* block, which scales coordinates one by one.

Each block knows how arrays of floats are multiplied by its entries; see
:mod:`polyrelax.arithmetic.integer_matrix` for when that is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Protocol

import numpy as np

from polyrelax.arithmetic.limbs import Doubles, Integers

_SMALL: Final = 1 << 12
_WASTE: Final = 2


class Block(Protocol):
    """Some rows of a matrix: all that read some columns."""

    @property
    def rows(self) -> Integers:
        """The rows, ascending."""

    @property
    def columns(self) -> Integers:
        """The columns that they read, each once."""

    def fill(self, values: Doubles) -> Doubles:
        """Return this block's entries of an array of all entries of the matrix."""

    def read_by(self, rows: Integers) -> Integers:
        """Return the columns that some of the rows, by their places, read."""

    def product(self, forms: Doubles, entries: Doubles, rows: Integers) -> Doubles:
        """Return forms of some of the rows as forms of the columns that these read."""

    def image(self, points: Doubles, entries: Doubles) -> Doubles:
        """Return the values of all rows at points of the columns."""

    def sums(self, entries: Doubles, *, axis: int) -> Doubles:
        """Return the sums of each column (axis 0) or row (axis 1)."""


@dataclass(frozen=True, eq=False)
class DenseBlock:
    """Rows multiplied as a dense matrix; the places are those of the entries in it."""

    rows: Integers
    columns: Integers
    entries: Integers
    row_places: Integers
    column_places: Integers

    def fill(self, values: Doubles) -> Doubles:
        """Return this block's entries of an array of all entries of the matrix."""
        dense = np.zeros((len(self.rows), len(self.columns)))
        dense[self.row_places, self.column_places] = values[self.entries]
        return dense

    def read_by(self, _rows: Integers) -> Integers:
        """Return the columns that some of the rows, by their places, read."""
        return self.columns

    def product(self, forms: Doubles, entries: Doubles, rows: Integers) -> Doubles:
        """Return forms of some of the rows as forms of the columns that these read."""
        return forms @ (entries if len(rows) == len(entries) else entries[rows])

    def image(self, points: Doubles, entries: Doubles) -> Doubles:
        """Return the values of all rows at points of the columns."""
        return points @ entries.T

    def sums(self, entries: Doubles, *, axis: int) -> Doubles:
        """Return the sums of each column (axis 0) or row (axis 1)."""
        found: Doubles = entries.sum(axis=axis)
        return found


@dataclass(frozen=True, eq=False)
class DiagonalBlock:
    """Rows of one entry each, no two in one column; ``columns`` are in the order of rows."""

    rows: Integers
    columns: Integers
    entries: Integers

    def fill(self, values: Doubles) -> Doubles:
        """Return this block's entries of an array of all entries of the matrix."""
        return values[self.entries]

    def read_by(self, rows: Integers) -> Integers:
        """Return the columns that some of the rows, by their places, read."""
        return self.columns[rows]

    def product(self, forms: Doubles, entries: Doubles, rows: Integers) -> Doubles:
        """Return forms of some of the rows as forms of the columns that these read."""
        return forms * entries[rows]

    def image(self, points: Doubles, entries: Doubles) -> Doubles:
        """Return the values of all rows at points of the columns."""
        return points * entries

    def sums(self, entries: Doubles, *, axis: int) -> Doubles:
        """Return the sums of each column (axis 0) or row (axis 1), which are the entries."""
        return entries


def ranges(starts: Integers, counts: Integers) -> Integers:
    """Return ``starts[i], ..., starts[i] + counts[i] - 1`` for all ``i`` in turn.

    >>> ranges(np.array([5, 0]), np.array([2, 3]))
    array([5, 6, 0, 1, 2])
    """
    before = np.cumsum(counts) - counts
    return np.repeat(starts - before, counts) + np.arange(counts.sum())


def blocks_of(starts: Integers, columns: Integers) -> tuple[Block, ...]:
    """Return the blocks of a matrix of compressed rows that have an entry.

    >>> starts, columns = np.array([0, 2, 4, 4]), np.array([0, 1, 0, 1])
    >>> [block.rows.tolist() for block in blocks_of(starts, columns)]
    [[0, 1]]
    """
    counts = np.diff(starts)
    if counts.max(initial=0) <= 1 and len(np.unique(columns)) == len(columns):
        return (DiagonalBlock(np.flatnonzero(counts), columns, np.arange(len(columns))),)
    return tuple(_block(rows, starts, columns) for rows in similar_rows(starts, columns))


def similar_rows(starts: Integers, columns: Integers, waste: float = _WASTE) -> list[Integers]:
    """Return the rows that are not zero, those that read almost the same columns together.

    Dense matrices of the groups have at most ``waste`` times the entries, or few.

    >>> starts, columns = np.array([0, 2, 4, 4]), np.array([0, 1, 0, 1])
    >>> similar_rows(starts, columns)
    [array([0, 1])]
    """
    groups = _merged(_equal_rows(starts, columns), columns, starts, waste)
    return [np.array(sorted(rows)) for rows in groups]


def _equal_rows(starts: Integers, columns: Integers) -> list[list[int]]:
    """Return the rows that are not zero, by their columns, groups in the order of these."""
    counts = np.diff(starts)
    full, longest = np.flatnonzero(counts), counts.max(initial=0)
    if (counts[full] == longest).all() and _are_equal(columns, int(longest)):
        return [full.tolist()] if len(full) else []
    groups: dict[bytes, list[int]] = {}
    for i, (start, end) in enumerate(pairwise(starts.tolist())):
        if start < end:
            groups.setdefault(columns[start:end].tobytes(), []).append(i)
    return sorted(groups.values(), key=lambda rows: (int(columns[starts[rows[0]]]), rows[0]))


def _are_equal(columns: Integers, length: int) -> bool:
    """Whether rows of one length all have the columns of the first."""
    table = columns.reshape(-1, max(length, 1))
    return bool((table == table[:1]).all())


def _merged(
    groups: Iterable[list[int]], columns: Integers, starts: Integers, waste: float
) -> Iterator[list[int]]:
    """Yield unions of neighbours as long as few zeros are multiplied with the entries."""
    rows: list[int] = []
    read: set[int] = set()
    entries = 0
    for group in groups:
        more = set(columns[starts[group[0]] : starts[group[0] + 1]].tolist())
        count = len(group) * len(more)
        size = (len(rows) + len(group)) * len(read | more)
        if rows and size > max(_SMALL, waste * (entries + count)):
            yield rows
            rows, read, entries = [], set(), 0
        rows, read, entries = rows + group, read | more, entries + count
    if rows:
        yield rows


def _block(rows: Integers, starts: Integers, columns: Integers) -> DenseBlock:
    counts = starts[rows + 1] - starts[rows]
    entries = ranges(starts[rows], counts)
    read, places = np.unique(columns[entries], return_inverse=True)
    row_places = np.repeat(np.arange(len(rows)), counts)
    return DenseBlock(rows, read, entries, row_places, places)
