"""Copies of arrays by plain loops.

The assignment of an array to part of another is prepared for shapes that differ, messages of
errors included, and takes numba as long to compile as a kernel of the method.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from polyrelax.polytopes.engines.fast.compiled import compiled
from polyrelax.polytopes.engines.fast.problem import Shorts

_Number = TypeVar("_Number", bound=np.generic)


@compiled
def copy(target: NDArray[_Number], source: NDArray[_Number]) -> None:
    """Set the start of one array to another."""
    for i in range(len(source)):
        target[i] = source[i]


@compiled
def copy_rows(target: NDArray[_Number], source: NDArray[_Number]) -> None:
    """Set the first rows of one array to those of another, which are as long."""
    for i in range(len(source)):
        for j in range(source.shape[1]):
            target[i, j] = source[i, j]


@compiled
def negatives(count: int) -> Shorts:
    """Return so many numbers that are no index: -1."""
    found = np.empty(count, np.int32)
    for i in range(count):
        found[i] = -1
    return found
