r"""A compiled exact screen for P_1 on networks of shape 1-2-m-1, in integers.

Let :math:`a` be the first hidden layer on an interval :math:`X`, so that :math:`a(X)` is a
path in the plane with vertices :math:`p_0, \dots, p_k`, and let :math:`t` be the rest of the
network.  The exact bound is :math:`\max t(a(X))`, that of P_1 is
:math:`\max t(\operatorname{conv} a(X))` [mao2024, v4].  As :math:`t` is linear on the cells
of the arrangement of the lines :math:`z_r = 0` of the second layer, it is greatest at

* a point :math:`p_i`,
* the point where a segment :math:`[p_i, p_j]` crosses a line, or
* for the hull, the point where two lines meet strictly inside a triangle of the
  :math:`p_i`,

and on the path only where :math:`|i - j| \le 1`.  A point is kept as integers
:math:`(\alpha, \beta, \delta)`, :math:`\delta > 0`, for :math:`(\alpha, \beta) / \delta`;
values are compared by products.  :func:`largest_integer` bounds every number that occurs, so
the kernel cannot overflow where the bound is below :math:`2^{63}`.  Nothing is rounded: the
screen is exact for the networks that it passes over, and each that it reports is proved again
by other code, in :mod:`polyrelax.search.incompleteness`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np

from polyrelax.arithmetic.interval import Interval
from polyrelax.networks.symmetry import Rows
from polyrelax.search.candidates import Space
from polyrelax.search.kernel import MOST_POINTS, SCREEN, Integers, find_hits, listed

_LARGEST = 2**63 - 1
_WIDEST = 32  # the kernel keeps the values of a layer on the stack of a thread


@dataclass(frozen=True, eq=False)  # arrays have no equality of their own
class Screen:
    """The arrays of a space, and the sides and least gap to look for.

    ``points[f, i]`` is vertex i of the path of first layer f, of which there are
    ``counts[f]``; 0 stands for a path that is a segment, on which P_1 is exact.
    """

    points: Integers
    counts: Integers
    rows: Integers
    patterns: Integers
    sides: tuple[bool, bool]
    least: Fraction

    def listed(self, start: int, stop: int) -> Integers:
        """Return a row for each of them: its number, and its gaps above and below as ratios."""
        arrays = (self.points, self.counts, self.rows, self.patterns)
        return listed(find_hits, arrays, (start, stop, *self.sides), self.least)


def screen_of(space: Space, *, upper: bool, lower: bool, least: Fraction) -> Screen | None:
    """Return the screen for P_1 against the exact bounds, if it is proved not to overflow.

    Without a C compiler there is none.
    """
    if SCREEN.functions is None or space.shape[:2] != (1, 2) or space.hidden_layers != 2:
        return None
    if space.shape[2] > _WIDEST:
        return None
    numbers = (*space.values, *space.outputs)
    if any(value.denominator != 1 for value in numbers):
        return None
    paths = [_path(rows, space.box[0]) for rows in space.first_layers]
    if largest_integer(space, paths, least) > _LARGEST:
        return None
    points = np.zeros((len(paths), MOST_POINTS, 3), np.int64)
    for f, path in enumerate(paths):
        points[f, : len(path)] = path
    counts = np.array([0 if _is_segment(path) else len(path) for path in paths], np.int64)
    rows = np.array([[int(a) for a in row] for row in space.rows(1)], np.int64)
    patterns = np.array([[int(c) for c in pattern] for pattern in space.patterns], np.int64)
    return Screen(
        points, counts, rows, patterns.reshape(-1, space.shape[2]), (upper, lower), least
    )


def largest_integer(
    space: Space, paths: Sequence[Sequence[Sequence[int]]], least: Fraction
) -> int:
    """Return a bound of the absolute value of every integer in the screen.

    Let P, r, c be the largest coordinate of the paths, of the rows and of the output weights.
    A row is at most 3rP at a vertex; a crossing of a segment has coordinates up to 6rP^2, one
    of two lines up to 2r^2, which makes determinants up to 12 P^2 r^2.  With Q the largest
    coordinate, outputs are V = 3mcrQ at most and compared as quotients by products up to VQ;
    gaps are 2VQ / Q^2 at most and compared by products with the numbers of the least gap.
    """
    p = max(abs(entry) for path in paths for point in path for entry in point)
    r = max(int(abs(value)) for value in space.values)
    c = max(int(abs(value)) for value in space.outputs)
    q = max(p, 6 * r * p**2, 2 * r**2)
    v = 3 * space.shape[2] * c * r * q
    numerator, denominator = least.as_integer_ratio()
    products = (12 * p**2 * r**2, 2 * v * q * denominator, q**2 * numerator)
    return max(space.size, *products)


def _path(rows: Rows, interval: Interval) -> list[tuple[int, int, int]]:
    """Return the homogeneous images of the ends of an interval and the breaks inside."""
    breaks = {-row[1] / row[0] for row in rows}
    inside = sorted(x for x in breaks if interval.lower < x < interval.upper)
    ends = (interval.lower, *inside, interval.upper)
    return [_image(rows, *x.as_integer_ratio()) for x in ends]


def _image(rows: Rows, x: int, denominator: int) -> tuple[int, int, int]:
    first, second = (max(int(w) * x + int(b) * denominator, 0) for w, b in rows)
    return first, second, denominator


def _is_segment(path: Sequence[Sequence[int]]) -> bool:
    """Whether all points lie on one line: then the path is convex."""
    exact = [(Fraction(a, d), Fraction(b, d)) for a, b, d in path]
    steps = [(q[0] - p[0], q[1] - p[1]) for p, q in pairwise(exact)]
    return all(s[0] * t[1] == s[1] * t[0] for s in steps for t in steps)
