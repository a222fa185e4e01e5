"""Sets of rows as words of 64 bits: how many elements, and which is the first."""

from __future__ import annotations

import numpy as np

from polyrelax.polytopes.engines.fast.compiled import compiled

_ONE = np.uint64(1)


@compiled
def popcount(word: np.uint64) -> np.int64:
    """Return the number of ones, in a form that compilers recognise."""
    word = word - ((word >> _ONE) & np.uint64(0x5555555555555555))
    low = np.uint64(0x3333333333333333)
    word = (word & low) + ((word >> np.uint64(2)) & low)
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled
def trailing_zeros(word: np.uint64) -> np.int64:
    """Return the number of zeros below the lowest one of a word that is not zero."""
    return popcount((word & (~word + _ONE)) - _ONE)
