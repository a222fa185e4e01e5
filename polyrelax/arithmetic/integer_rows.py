"""Rows of integers of any length, of which combinations are asked; FLINT inside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, final

import flint

from polyrelax.arithmetic.arguments import listed
from polyrelax.arithmetic.words import amount
from polyrelax.errors import ArgumentError, DimensionError


@final
class IntegerRows:
    """Some rows of integers, of the same length each.

    >>> IntegerRows([[1, 2, 3], [0, 1, 0]], 3).combined([2, -1])
    [2, 3, 6]
    """

    def __init__(self, rows: Iterable[Iterable[int]], width: int) -> None:
        known = [listed(row, "a row") for row in listed(rows, "rows")]
        if any(len(row) != width for row in known):
            raise DimensionError(f"found a row of another length, expected {width}")
        entries = [entry for row in known for entry in row]
        if not all(isinstance(entry, int) for entry in entries):
            raise ArgumentError("found an entry of another kind, expected integers")
        self._matrix: Final = flint.fmpz_mat(len(known), width, entries)

    def combined(self, weights: Sequence[int]) -> list[int]:
        """Return the sum of the rows, each times its weight."""
        count = self._matrix.nrows()
        if len(weights) != count:
            raise DimensionError(f"found {amount(len(weights), 'weight')}, expected {count}")
        if not count:
            return [0] * self._matrix.ncols()
        found = flint.fmpz_mat(1, count, weights) * self._matrix
        return [int(entry) for entry in found.entries()]
