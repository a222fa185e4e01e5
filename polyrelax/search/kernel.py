"""The integer kernel of :mod:`polyrelax.search.screen`, which says what it computes and why.

A point of the plane is (alpha, beta, delta) with delta > 0; a *sample* is a row that holds the
outputs of the second layer at a point, times delta, then delta, then whether the point is on
the path.  Extremes of the output are quotients, kept as (numerator, denominator).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import ParamSpec, TypeAlias, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from polyrelax.polytopes.engines.fast.compiled import keeping

Integers: TypeAlias = NDArray[np.int64]
Arrays: TypeAlias = tuple[Integers, Integers, Integers, Integers]

MOST_POINTS = 4
"""A path of two neurons bends twice at most."""

_FILES = tuple(sorted(Path(__file__).parent.glob("*kernel.py")))
_P = ParamSpec("_P")
_T = TypeVar("_T")


def compiled(kernel: Callable[_P, _T]) -> Callable[_P, _T]:
    """Return ``kernel`` as machine code, compiled when first called and kept on disk."""
    with keeping(_FILES) as kept:
        return cast(Callable[_P, _T], njit(cache=kept, nogil=True)(kernel))


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
    return found[: find(arrays, np.array([*asked, *least.as_integer_ratio()], np.int64), found)]


def gaps(rows: Integers) -> Iterator[tuple[int, Fraction]]:
    """Yield the number and the larger gap of each row.

    >>> list(gaps(np.array([[4, 1, 2, 0, 1]])))
    [(4, Fraction(1, 2))]
    """
    for number, *ratios in rows.tolist():
        yield number, max(Fraction(*ratios[:2]), Fraction(*ratios[2:]))


@compiled
def _at(row: Integers, a: int, b: int, d: int) -> int:
    return int(row[0] * a + row[1] * b + row[2] * d)


@compiled
def _add(
    point: tuple[int, int, int], on_path: int, chosen: Integers, sample: Integers, size: int
) -> int:
    """Write the sample of a point behind the others; return how many there are."""
    width = chosen.shape[0]
    for m in range(width):
        sample[size, m] = max(_at(chosen[m], point[0], point[1], point[2]), 0)
    sample[size, width] = point[2]
    sample[size, width + 1] = on_path
    return size + 1


@compiled
def _add_crossings(
    points: Integers, ends: tuple[int, int], chosen: Integers, sample: Integers, size: int
) -> int:
    """Write the samples where the segment between two vertices crosses a line."""
    i, j = ends
    for m in range(chosen.shape[0]):
        s = _at(chosen[m], points[i, 0], points[i, 1], points[i, 2])
        t = _at(chosen[m], points[j, 0], points[j, 1], points[j, 2])
        if (s > 0 and t < 0) or (s < 0 and t > 0):
            a, b = abs(t), abs(s)
            point = (
                a * points[i, 0] + b * points[j, 0],
                a * points[i, 1] + b * points[j, 1],
                a * points[i, 2] + b * points[j, 2],
            )
            size = _add(point, int(j == i + 1), chosen, sample, size)
    return size


@compiled
def _orientation(p: Integers, q: Integers, point: tuple[int, int, int]) -> int:
    determinant = (
        point[0] * (p[1] * q[2] - p[2] * q[1])
        - point[1] * (p[0] * q[2] - p[2] * q[0])
        + point[2] * (p[0] * q[1] - p[1] * q[0])
    )
    return int(determinant > 0) - int(determinant < 0)


@compiled
def _in_a_triangle(points: Integers, count: int, point: tuple[int, int, int]) -> bool:
    """Whether a point is strictly inside a triangle of vertices of the path.

    Points on a segment between vertices need no test: there, a line crosses the segment.
    """
    for i in range(count):
        for j in range(i + 1, count):
            for k in range(j + 1, count):
                side = _orientation(points[i], points[j], point)
                if (
                    side != 0
                    and side == _orientation(points[j], points[k], point)
                    and side == _orientation(points[k], points[i], point)
                ):
                    return True
    return False


@compiled
def _add_meeting(
    points: Integers, pair: tuple[int, int, int], chosen: Integers, sample: Integers, size: int
) -> int:
    """Write the sample where lines m and n meet, if it is inside; pair is (count, m, n)."""
    r, s = chosen[pair[1]], chosen[pair[2]]
    d = r[0] * s[1] - r[1] * s[0]
    if d == 0:
        return size
    sign = 1 if d > 0 else -1
    x = sign * (r[1] * s[2] - r[2] * s[1])
    y = sign * (r[2] * s[0] - r[0] * s[2])
    if _in_a_triangle(points, pair[0], (x, y, sign * d)):
        return _add((x, y, sign * d), 0, chosen, sample, size)
    return size


@compiled
def _fill(points: Integers, count: int, chosen: Integers, sample: Integers) -> int:
    """Write the samples of all points that matter; return how many there are."""
    size = 0
    for i in range(count):
        point = (points[i, 0], points[i, 1], points[i, 2])
        size = _add(point, 1, chosen, sample, size)
        for j in range(i + 1, count):
            size = _add_crossings(points, (i, j), chosen, sample, size)
    for m in range(chosen.shape[0]):
        for n in range(m + 1, chosen.shape[0]):
            size = _add_meeting(points, (count, m, n), chosen, sample, size)
    return size


@compiled
def _excess(sample: Integers, size: int, pattern: Integers, sign: int) -> tuple[int, int]:
    """Return the greatest output of all samples less that of those on the path.

    With ``sign`` -1 it is that of the negated output.
    """
    width = pattern.shape[0]
    every, path = (0, 0), (0, 0)
    for i in range(size):
        value, d = 0, sample[i, width]
        for m in range(width):
            value += sign * pattern[m] * sample[i, m]
        if every[1] == 0 or value * every[1] > every[0] * d:
            every = (value, d)
        if sample[i, width + 1] and (path[1] == 0 or value * path[1] > path[0] * d):
            path = (value, d)
    return every[0] * path[1] - path[0] * every[1], every[1] * path[1]


@compiled
def _choose(rows: Integers, block: int, chosen: Integers) -> int:
    """Write the second layer of a block; return the number of its first layer."""
    for m in range(chosen.shape[0] - 1, -1, -1):
        chosen[m] = rows[block % rows.shape[0]]
        block //= rows.shape[0]
    return block


@compiled
def find_hits(arrays: Arrays, numbers: Integers, found: Integers) -> int:
    """Write (number, upper gap, lower gap) of each imprecise network; return how many.

    ``arrays`` are those of a screen: points, counts, rows and patterns; ``numbers`` are the
    range of networks, whether the upper and the lower side count, and the least gap.
    """
    points, counts, rows, patterns = arrays
    start, stop, many, width = numbers[0], numbers[1], patterns.shape[0], patterns.shape[1]
    sample = np.empty(
        (MOST_POINTS * MOST_POINTS * (width + 1) + width * width, width + 2), np.int64
    )
    chosen = np.empty((width, 3), np.int64)
    total = 0
    for block in range(start // many, (stop + many - 1) // many):
        first = _choose(rows, block, chosen)
        if counts[first] == 0:
            continue
        size = _fill(points[first], counts[first], chosen, sample)
        for k in range(max(start - block * many, 0), min(stop - block * many, many)):
            found[total] = (block * many + k, 0, 1, 0, 1)
            hit = False
            for side in range(2):
                if numbers[2 + side]:
                    gap, d = _excess(sample, size, patterns[k], 1 - 2 * side)
                    found[total, 1 + 2 * side] = gap
                    found[total, 2 + 2 * side] = d
                    hit = hit or (gap > 0 and gap * numbers[5] >= numbers[4] * d)
            total += int(hit)
    return total
