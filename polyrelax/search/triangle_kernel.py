"""The integer kernel of :mod:`polyrelax.search.triangle_screen`, which says what it computes.

A point of the plane is (x, y, d) with d > 0, for (x, y) / d.  A *sample* is a row that holds,
for a point, max(z, 0) of each neuron, then the chord of each, then d; the first two are
scaled by d and by a factor g that the layer's samples have in common.
"""

from __future__ import annotations

import numpy as np

from polyrelax.search.kernel import Integers, compiled

Point = tuple[int, int, int]
Problem = tuple[Integers, Integers, Integers]


@compiled
def _at(row: Integers, point: Point) -> int:
    return int(row[0] * point[0] + row[1] * point[1] + row[2] * point[2])


@compiled
def _corner(corners: Integers, k: int) -> Point:
    return corners[k % 4, 0], corners[k % 4, 1], corners[k % 4, 2]


@compiled
def _write_ranges(rows: Integers, corners: Integers, ranges: Integers) -> int:
    """Write the least and greatest z of each neuron, times the common denominator q.

    Return g: q times the widths of the ranges of all unstable neurons.
    """
    g = corners[0, 2]
    for m in range(rows.shape[0]):
        low = _at(rows[m], _corner(corners, 0))
        high = low
        for k in range(1, 4):
            z = _at(rows[m], _corner(corners, k))
            low, high = min(low, z), max(high, z)
        ranges[m, 0], ranges[m, 1] = low, high
        if low < 0 < high:
            g *= high - low
    return int(g)


@compiled
def _add(
    point: Point, rows: Integers, ranges: Integers, scales: tuple[int, int], sample: Integers
) -> None:
    """Write the sample of a point; ``scales`` are q and g."""
    q, g = scales
    width = rows.shape[0]
    for m in range(width):
        z = _at(rows[m], point)
        low, high = ranges[m, 0], ranges[m, 1]
        value = max(z, 0) * g
        sample[m] = value
        if low < 0 < high:
            value = high * (z * q - low * point[2]) * (g // q // (high - low))
        sample[width + m] = value
    sample[2 * width] = point[2]


@compiled
def _crossing(row: Integers, p: Point, r: Point) -> Point:
    """Return where a line crosses a segment; (0, 0, 0) if it does not."""
    s, t = _at(row, p), _at(row, r)
    if (s > 0 and t < 0) or (s < 0 and t > 0):
        a, b = abs(t), abs(s)
        return a * p[0] + b * r[0], a * p[1] + b * r[1], a * p[2] + b * r[2]
    return 0, 0, 0


@compiled
def _meeting(r: Integers, s: Integers, corners: Integers) -> Point:
    """Return where two lines meet; (0, 0, 0) if they do not, or outside the box."""
    d = r[0] * s[1] - r[1] * s[0]
    if d == 0:
        return 0, 0, 0
    sign, q = (1 if d > 0 else -1), corners[0, 2]
    x = sign * (r[1] * s[2] - r[2] * s[1])
    y = sign * (r[2] * s[0] - r[0] * s[2])
    d = abs(d)
    wide = corners[0, 0] * d <= x * q <= corners[2, 0] * d
    high = corners[0, 1] * d <= y * q <= corners[2, 1] * d
    return (x, y, d) if wide and high else (0, 0, 0)


@compiled
def _fill(
    rows: Integers, corners: Integers, ranges: Integers, sample: Integers
) -> tuple[int, int]:
    """Write the samples of all vertices of the arrangement; return how many, and g."""
    scales = (corners[0, 2], _write_ranges(rows, corners, ranges))
    size = 0
    for k in range(4):
        _add(_corner(corners, k), rows, ranges, scales, sample[size])
        size += 1
        for m in range(rows.shape[0]):
            point = _crossing(rows[m], _corner(corners, k), _corner(corners, k + 1))
            if point[2] > 0:
                _add(point, rows, ranges, scales, sample[size])
                size += 1
    for m in range(rows.shape[0]):
        for n in range(m + 1, rows.shape[0]):
            point = _meeting(rows[m], rows[n], corners)
            if point[2] > 0:
                _add(point, rows, ranges, scales, sample[size])
                size += 1
    return size, scales[1]


@compiled
def _excess(sample: Integers, size: int, pattern: Integers, sign: int) -> tuple[int, int]:
    """Return the greatest relaxed output less the greatest output, of samples without g.

    With ``sign`` -1 it is that of the negated output.
    """
    width = pattern.shape[0]
    loose, tight = (0, 0), (0, 0)
    for i in range(size):
        relaxed, value, d = 0, 0, sample[i, 2 * width]
        for m in range(width):
            c = sign * pattern[m]
            value += c * sample[i, m]
            relaxed += c * sample[i, width + m if c > 0 else m]
        if loose[1] == 0 or relaxed * loose[1] > loose[0] * d:
            loose = (relaxed, d)
        if tight[1] == 0 or value * tight[1] > tight[0] * d:
            tight = (value, d)
    return loose[0] * tight[1] - tight[0] * loose[1], loose[1] * tight[1]


@compiled
def find_triangle_hits(problem: Problem, numbers: Integers, found: Integers) -> int:
    """Write (number, upper gap, lower gap) of each imprecise network; return how many.

    ``problem`` holds the layers, the corners of the box in cyclic order, and the patterns;
    ``numbers`` are those of :func:`polyrelax.search.kernel.find_hits`.
    """
    layers, corners, patterns = problem
    start, stop, many, width = numbers[0], numbers[1], patterns.shape[0], patterns.shape[1]
    sample = np.empty((4 + 4 * width + width * width, 2 * width + 1), np.int64)
    ranges = np.empty((width, 2), np.int64)
    total = 0
    for layer in range(start // many, (stop + many - 1) // many):
        size, g = _fill(layers[layer], corners, ranges, sample)
        for k in range(max(start - layer * many, 0), min(stop - layer * many, many)):
            found[total] = (layer * many + k, 0, 1, 0, 1)
            hit = False
            for side in range(2):
                if numbers[2 + side]:
                    gap, d = _excess(sample, size, patterns[k], 1 - 2 * side)
                    found[total, 1 + 2 * side] = gap
                    found[total, 2 + 2 * side] = d * g
                    hit = hit or (gap > 0 and gap * numbers[5] >= numbers[4] * d * g)
            total += int(hit)
    return total
