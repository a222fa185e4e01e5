"""The integer kernels of the two screens, and what becomes of the rows that they write.

:mod:`polyrelax.search.screen` and :mod:`polyrelax.search.triangle_screen` say what is computed
and why.  The kernels are in C, in the folder ``kernels``; here is how they are called.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from ctypes import c_int64, c_void_p
from fractions import Fraction
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from polyrelax.arithmetic.libraries import Library

Integers: TypeAlias = NDArray[np.int64]
Arrays: TypeAlias = tuple[Integers, Integers, Integers, Integers]

_KERNELS: Final = Path(__file__).parent / "kernels"
SCREEN: Final = Library(_KERNELS / "screen.c")
TRIANGLE_SCREEN: Final = Library(_KERNELS / "triangle_screen.c")

MOST_POINTS = 4
"""A path of two neurons bends twice at most."""

_T = TypeVar("_T")


def listed(
    find: Callable[[_T, Integers, Integers], int],
    arrays: _T,
    asked: tuple[int, int, bool, bool],
    least: Fraction,
) -> Integers:
    """Return the rows that a kernel writes: a number, and the gaps above and below as ratios.

    ``asked`` are the first network, the one behind the last, and whether each side counts.

    >>> def every(arrays: None, numbers: Integers, found: Integers) -> int:
    ...     found[:] = [[number, 1, 2, 0, 1] for number in range(*numbers[:2])]
    ...     return len(found)
    >>> listed(every, None, (4, 6, True, True), Fraction(0)).tolist()
    [[4, 1, 2, 0, 1], [5, 1, 2, 0, 1]]
    """
    found = np.empty((asked[1] - asked[0], 5), np.int64)
    if not len(found):
        return found
    return found[: find(arrays, np.array([*asked, *least.as_integer_ratio()], np.int64), found)]


def gaps(rows: Integers) -> Iterator[tuple[int, Fraction]]:
    """Yield the number and the larger gap of each row.

    >>> list(gaps(np.array([[4, 1, 2, 0, 1]])))
    [(4, Fraction(1, 2))]
    """
    for number, *ratios in rows.tolist():
        yield number, max(Fraction(*ratios[:2]), Fraction(*ratios[2:]))


def find_hits(arrays: Arrays, numbers: Integers, found: Integers) -> int:
    """Write (number, upper gap, lower gap) of each imprecise network; return how many.

    ``arrays`` are those of a screen: points, counts, rows and patterns; ``numbers`` are the
    range of networks, whether the upper and the lower side count, and the least gap.
    """
    points, counts, rows, patterns = arrays
    count = _functions(SCREEN).find_hits(
        *map(_pointer, (points, counts, rows)),
        c_int64(len(rows)),
        _pointer(patterns),
        *map(c_int64, patterns.shape),
        *map(_pointer, (numbers, found)),
    )
    return int(count)


def find_triangle_hits(
    problem: tuple[Integers, Integers, Integers], numbers: Integers, found: Integers
) -> int:
    """Write (number, upper gap, lower gap) of each imprecise network; return how many.

    ``problem`` holds the layers, the corners of the box in cyclic order, and the patterns;
    ``numbers`` are those of :func:`find_hits`.
    """
    count = _functions(TRIANGLE_SCREEN).find_triangle_hits(
        *map(_pointer, problem),
        *map(c_int64, problem[-1].shape),
        *map(_pointer, (numbers, found)),
    )
    return int(count)


def _functions(library: Library) -> ctypes.CDLL:
    functions = library.functions
    assert functions is not None, "whoever asks knows that there is a compiler"
    return functions


def _pointer(array: Integers) -> c_void_p:
    assert array.flags.c_contiguous, "arrays are made whole"
    return c_void_p(array.ctypes.data)
