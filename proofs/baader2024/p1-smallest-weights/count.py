"""Count imprecise 1-2-2-1 networks in another way, with Python alone: no import of polyrelax.

    python count.py -1..2 both      prints enumerated, imprecise, up to symmetry, largest gap,
                                    largest gap with the output weights scaled until the largest
                                    is that of the range, largest ratio of widths (not of
                                    constants; for both sides), and the imprecise ones by how
                                    many of their parameters are not zero

In the plane of the second layer's inputs (u, v) the output c u^+ + d v^+ bends on the axes
alone.  The path of the first layer becomes points w_0, ..., w_k there.  Candidates for the
greatest output are the w_i, the points where a segment [w_i, w_j] crosses an axis (on the path
for j = i + 1), and for the convex hull the origin, if it is inside.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, pairwise, product
from math import gcd

Row = tuple[int, ...]
Point = tuple[Fraction, Fraction]


def rows(values: range, inputs: int) -> list[Row]:
    return [row for row in product(values, repeat=inputs + 1) if any(row[:-1])]


def path(first: tuple[Row, Row]) -> list[Point]:
    """The first layer's values at the ends of [-1, 1] and where a neuron bends inside."""
    bends = {Fraction(-b, w) for w, b in first}
    xs = sorted({Fraction(-1), Fraction(1)} | {x for x in bends if -1 < x < 1})
    return [tuple(max(w * x + b, Fraction(0)) for w, b in first) for x in xs]


def crossings(p: Point, q: Point) -> Iterator[Point]:
    """Where the segment crosses the axes."""
    for axis in (0, 1):
        if p[axis] * q[axis] < 0:
            s, t = abs(p[axis]), abs(q[axis])
            other = (p[1 - axis] * t + q[1 - axis] * s) / (s + t)
            yield (Fraction(0), other) if axis == 0 else (other, Fraction(0))


def holds_origin(points: list[Point]) -> bool:
    """Whether no open half-plane through the origin's boundary holds all the points."""
    if any(p == (0, 0) for p in points):
        return True
    for x, y in points:
        for normal in ((-y, x), (y, -x), (x, y)):
            sides = [normal[0] * a + normal[1] * b for a, b in points]
            if min(sides) > 0:
                return False
            if min(sides) == 0:  # all on one side: the origin is on the border or outside
                along = [p for p, side in zip(points, sides, strict=True) if side == 0]
                return any(a * c + b * d < 0 for (a, b), (c, d) in combinations(along, 2))
    return True


def best(points: list[Point], outputs: Row) -> Fraction:
    return max(outputs[0] * max(u, 0) + outputs[1] * max(v, 0) for u, v in points)


def symmetric(first: Row, second: Row, outputs: Row, flip: bool) -> Row:
    """Return the least network that this one is, with neurons or the input's sign exchanged."""
    scale = gcd(*outputs)
    found = []
    for sign in (1, -1) if flip else (1,):
        a = [(sign * w, b) for w, b in first]
        for i, j in product((0, 1), repeat=2):
            columns = (i, 1 - i)
            layer = [
                (second[k][columns[0]], second[k][columns[1]], second[k][2]) for k in (0, 1)
            ]
            neurons = [(*layer[k], outputs[k] // scale) for k in (j, 1 - j)]
            found.append((a[i], a[1 - i], *neurons))
    return min(found)


def count(values: range, sides: tuple[int, ...]) -> tuple[int | Fraction | dict[int, int], ...]:
    flip = set(values) == {-v for v in values}
    lows = [
        pair
        for pair in combinations_with_replacement(rows(values, 1), 2)
        if not flip or pair <= tuple(sorted((-w, b) for w, b in pair))
    ]
    outputs = {
        (c // gcd(c, d), d // gcd(c, d)) for c in values for d in values if c and d and c <= d
    }
    outputs = sorted(o for o in outputs if len(sides) == 2 or min(sides[0] * c for c in o) < 0)
    total, hits, orbits, largest = 0, 0, set(), Fraction(0)
    scaled, ratio, sizes = Fraction(0), Fraction(1), Counter()
    for first in lows:
        corners = path(first)
        for second in product(rows(values, 2), repeat=2):
            total += len(outputs)
            w = [tuple(r[0] * a + r[1] * b + r[2] for r in second) for a, b in corners]
            on_path = w + [z for p, q in pairwise(w) for z in crossings(p, q)]
            hull = on_path + [z for p, q in combinations(w, 2) for z in crossings(p, q)]
            if holds_origin(w):
                hull.append((Fraction(0), Fraction(0)))
            extra = [z for z in dict.fromkeys(hull) if z not in on_path]
            if not extra:
                continue
            for pattern in outputs:
                ends = [
                    (best(hull, signed), best(on_path, signed))
                    for signed in (tuple(side * c for c in pattern) for side in sides)
                ]
                gaps = [loose - tight for loose, tight in ends]
                if max(gaps) > 0:
                    hits += 1
                    used = (*first, *second, pattern)
                    sizes[sum(1 for row in used for value in row if value)] += 1
                    largest = max(largest, *gaps)
                    factor = Fraction(max(map(abs, values)), max(map(abs, pattern)))
                    scaled = max(scaled, *(gap * factor for gap in gaps))
                    width, exact = (sum(end) for end in zip(*ends, strict=True))
                    if len(sides) == 2 and exact:
                        ratio = max(ratio, width / exact)
                    orbits.add(symmetric(first, second, pattern, flip))
    return total, hits, len(orbits), largest, scaled, ratio, dict(sorted(sizes.items()))


if __name__ == "__main__":
    low, _, high = sys.argv[1].partition("..")
    chosen = {"upper": (1,), "lower": (-1,), "both": (1, -1)}[sys.argv[2]]
    print(*count(range(int(low), int(high) + 1), chosen))
