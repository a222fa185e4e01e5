"""Residues propose which of many inner products are zero; exact products prove it.

An inner product that is not zero modulo a prime is not zero.  So numpy computes all of them
modulo one prime below ``2**26``, where sums of up to ``2**11`` products fit 64 bits, and the
few that vanish are computed again in exact integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

PRIME = 67_108_859  # the largest below 2**26
_MOST_TERMS = 1 << 11
_BLOCK = 1 << 22  # products held in memory at once

_Residues: TypeAlias = NDArray[np.int64]


def orthogonal_sets(
    rows: Sequence[tuple[int, ...]], columns: Sequence[tuple[int, ...]]
) -> tuple[int, ...]:
    """Return for each row the set of the columns orthogonal to it, as bits.

    >>> orthogonal_sets([(1, 0), (PRIME, PRIME)], [(0, 1), (1, 1), (1, -1)])
    (1, 4)
    """
    right = _residues(columns)
    step = max(1, _BLOCK // max(1, len(columns)))
    sets: list[int] = []
    for start in range(0, len(rows), step):
        block = rows[start : start + step]
        vanishing = _products(_residues(block), right) == 0
        sets.extend(
            _proved(row, columns, flags) for row, flags in zip(block, vanishing, strict=True)
        )
    return tuple(sets)


def _residues(rows: Sequence[tuple[int, ...]]) -> _Residues:
    return np.array([[entry % PRIME for entry in row] for row in rows], dtype=np.int64)


def _products(left: _Residues, right: _Residues) -> _Residues:
    total = np.zeros((len(left), len(right)), dtype=np.int64)
    for start in range(0, left.shape[1], _MOST_TERMS):
        terms = slice(start, start + _MOST_TERMS)
        total = (total + left[:, terms] @ right[:, terms].T % PRIME) % PRIME
    return total


def _proved(
    row: tuple[int, ...], columns: Sequence[tuple[int, ...]], flags: NDArray[np.bool_]
) -> int:
    proposed = (int(j) for j in np.flatnonzero(flags))
    return sum(1 << j for j in proposed if not sum(map(mul, row, columns[j])))
