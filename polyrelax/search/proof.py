r"""The bounds of a network that a screen reports, found again by cutting polygons.

Where a function is linear on the cells of an arrangement, it is greatest at a corner of a
cell.  Lines :math:`z_r = 0` cut a polygon into two, one after the other:

.. math:: C \mapsto \{\, C \cap \{z_r \le 0\},\ C \cap \{z_r \ge 0\} \,\}.

For P_1 and shape 1-2-m-1 what is cut are the convex hull of the path :math:`a(X)` behind the
first layer and, for the exact bounds, the segments of the path; for the triangle and one
hidden layer it is the input box.  The corners of all cells, the output there and its extremes
are computed with integers of any size.

The screens find the same extremes by listing crossings, in compiled 64-bit integers.  Nothing
of theirs is used here but the numbers of the networks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import gcd, lcm
from typing import TypeAlias

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, Vector
from polyrelax.networks.symmetry import Rows
from polyrelax.polytopes.triangle import upper_slope
from polyrelax.search.candidates import Candidate, Space

Corner: TypeAlias = tuple[int, int, int]
"""The point (a / d, b / d) of the plane, as coprime integers a, b and d > 0."""
Cell: TypeAlias = tuple[Corner, ...]
"""A polygon by its corners in cyclic order; two make a segment."""
Row: TypeAlias = tuple[int, int, int]
"""The function p a + q b + r d on corners."""
Column: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class Values:
    """What each neuron of the last hidden layer takes at the corners, times ``denominator``.

    Neuron r takes anything from ``lower[r][i]`` to ``upper[r][i]`` at corner i, whatever the
    other neurons do.
    """

    denominator: int
    lower: tuple[Column, ...]
    upper: tuple[Column, ...]

    def range(self, outputs: Vector) -> Interval:
        """Return the least and the greatest output with integer weights.

        >>> str(Values(2, ((0, 1),), ((2, 1),)).range((Fraction(-1),)))
        '[-1, 0]'
        """
        weights = [int(c) for c in outputs]
        least = _sums(weights, self.lower, self.upper)
        greatest = _sums(weights, self.upper, self.lower)
        return Interval(
            Fraction(min(least), self.denominator), Fraction(max(greatest), self.denominator)
        )


Proof: TypeAlias = Callable[[Space, Candidate], tuple[Values, Values]]
"""The values of the exact and of the loose relaxation, whatever the output weights."""


def hull_values(space: Space, candidate: Candidate) -> tuple[Values, Values]:
    """Return the values on the path behind the first layer, and on its convex hull, for P_1.

    With a = (relu(x), relu(-x)), relu(a0) - relu(a0 - a1) is 0, and 1/2 at the mean of
    (0, 1) and (1, 0):

    >>> one, none, unit = Fraction(1), Fraction(0), Interval(Fraction(-1), Fraction(1))
    >>> rows = (((one, none), (-one, none)), ((one, none, none), (one, -one, none)))
    >>> zero = Candidate(rows, (one, -one))
    >>> space = Space((1, 2, 2, 1), (-one, none, one), (-one, one), (unit,))
    >>> [str(values.range(zero.outputs)) for values in hull_values(space, zero)]
    ['[0, 0]', '[0, 1/2]']
    """
    first, second = candidate.hidden
    rows = [_row(row) for row in second]
    segments, hull = _images(first, space.box[0])
    tight, loose = (_columns(_corners(cells, rows), rows) for cells in (segments, (hull,)))
    return Values(tight[0], tight[1], tight[1]), Values(loose[0], loose[1], loose[1])


def triangle_values(space: Space, candidate: Candidate) -> tuple[Values, Values]:
    """Return the values of one layer on the input box, alone and below the chords.

    relu(x) - relu(x) is 0, and the chord over [-1, 1] is 1/2 at 0:

    >>> one, unit = Fraction(1), Interval(Fraction(-1), Fraction(1))
    >>> zero = Candidate((((one, ZERO), (one, ZERO)),), (one, -one))
    >>> space = Space((1, 2, 1), (ZERO, one), (-one, one), (unit,))
    >>> [str(values.range(zero.outputs)) for values in triangle_values(space, zero)]
    ['[0, 0]', '[-1/2, 1/2]']
    """
    rows = [_row(row) for row in candidate.hidden[0]]
    box = _box(space.box)
    corners = _corners((box,), rows)
    scale, relus = _columns(corners, rows)
    chords = [_chord(row, box, corners, scale) for row in rows]
    common = lcm(*(q for q, _ in chords))
    lower = tuple(tuple(common * y for y in column) for column in relus)
    upper = tuple(
        column if chord is None else tuple(common // q * y for y in chord)
        for column, (q, chord) in zip(lower, chords, strict=True)
    )
    return Values(scale, relus, relus), Values(common * scale, lower, upper)


def halves(cell: Cell, row: Row) -> tuple[Cell, ...]:
    """Return the parts of a cell on the sides of a line that it is on, in cyclic order.

    >>> halves(((0, 0, 1), (2, 0, 1), (0, 2, 1)), (1, 0, -1))
    (((0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 2, 1)), ((1, 0, 1), (2, 0, 1), (1, 1, 1)))
    """
    values = [_at(row, corner) for corner in cell]
    if min(values) >= 0 or max(values) <= 0:
        return (cell,)
    below, above = list[Corner](), list[Corner]()
    for i, (corner, value) in enumerate(zip(cell, values, strict=True)):
        if value <= 0:
            below.append(corner)
        if value >= 0:
            above.append(corner)
        if value * values[i - len(cell) + 1] < 0:
            between = _zero(corner, value, cell[i - len(cell) + 1], values[i - len(cell) + 1])
            below.append(between)
            above.append(between)
    return tuple(dict.fromkeys(below)), tuple(dict.fromkeys(above))


def convex_hull(corners: Iterable[Corner]) -> Cell:
    """Return the corners of a convex hull, counterclockwise.

    >>> convex_hull([(0, 0, 1), (1, 1, 2), (1, 0, 1), (0, 1, 1), (1, 1, 4)])
    ((0, 0, 1), (1, 0, 1), (0, 1, 1))
    """
    ordered = sorted(set(corners), key=lambda p: (Fraction(p[0], p[2]), Fraction(p[1], p[2])))
    if len(ordered) < 3:
        return tuple(ordered)
    return (*_chain(ordered), *_chain(ordered[::-1]))


def _chain(ordered: Sequence[Corner]) -> list[Corner]:
    """Return the lower chain from the first corner to the last, without the last."""
    chain = list[Corner]()
    for corner in ordered:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], corner) <= 0:
            chain.pop()
        chain.append(corner)
    return chain[:-1]


def _turn(p: Corner, q: Corner, r: Corner) -> int:
    return (
        p[0] * (q[1] * r[2] - q[2] * r[1])
        - p[1] * (q[0] * r[2] - q[2] * r[0])
        + p[2] * (q[0] * r[1] - q[1] * r[0])
    )


def _corners(cells: Iterable[Cell], rows: Iterable[Row]) -> tuple[Corner, ...]:
    """Return the corners of the cells into which lines divide cells."""
    for row in rows:
        cells = [half for cell in cells for half in halves(cell, row)]
    return tuple(dict.fromkeys(corner for cell in cells for corner in cell))


def _columns(corners: Sequence[Corner], rows: Iterable[Row]) -> tuple[int, tuple[Column, ...]]:
    """Return a common denominator of the corners, and the ReLUs' values times it."""
    scale = lcm(*(d for _, _, d in corners))
    factors = [(corner, scale // corner[2]) for corner in corners]
    return scale, tuple(tuple(max(_at(row, p), 0) * f for p, f in factors) for row in rows)


def _chord(
    row: Row, box: Cell, corners: Iterable[Corner], scale: int
) -> tuple[int, Column | None]:
    """Return a denominator q and the chord u (z - l) / (u - l) at corners, times q scale."""
    ends = [Fraction(_at(row, p), p[2]) for p in box]
    lower, upper = min(ends), max(ends)
    if lower >= 0 or upper <= 0:
        return 1, None
    slope = upper_slope(lower, upper)
    q = lcm(slope.denominator, (slope * lower).denominator)
    m, n = int(slope * q), int(slope * lower * q)
    return q, tuple((m * _at(row, p) - n * p[2]) * (scale // p[2]) for p in corners)


@lru_cache(maxsize=4)
def _images(first: Rows, interval: Interval) -> tuple[tuple[Cell, ...], Cell]:
    """Return the segments of the path behind a first layer of two neurons, and its hull."""
    zeros = (-bias / weight for weight, bias in first)
    inside = {x for x in zeros if interval.lower < x < interval.upper}
    path = [_image(first, x) for x in sorted({*interval, *inside})]
    return tuple(pairwise(path)) or ((path[0],),), convex_hull(path)


def _image(first: Rows, x: Fraction) -> Corner:
    y, z = (max(weight * x + bias, ZERO) for weight, bias in first)
    return _homogeneous(y, z)


def _box(box: Sequence[Interval]) -> Cell:
    x, y = (*box, Interval(ZERO, ZERO))[:2]
    ends = ((x.lower, y.lower), (x.upper, y.lower), (x.upper, y.upper), (x.lower, y.upper))
    return tuple(dict.fromkeys(_homogeneous(a, b) for a, b in ends))


def _homogeneous(y: Fraction, z: Fraction) -> Corner:
    d = lcm(y.denominator, z.denominator)
    return int(y * d), int(z * d), d


def _row(row: Vector) -> Row:
    """Return the function of a row with one or two weights, all integers, and its bias."""
    assert all(entry.denominator == ONE for entry in row), "screened rows are integers"
    return int(row[0]), int(row[1]) if len(row) > 2 else 0, int(row[-1])


def _at(row: Row, corner: Corner) -> int:
    return row[0] * corner[0] + row[1] * corner[1] + row[2] * corner[2]


def _zero(p: Corner, s: int, q: Corner, t: int) -> Corner:
    """Return where a function with values s and t of opposite signs is 0 between corners."""
    a, b = abs(t), abs(s)
    x, y, d = (a * u + b * v for u, v in zip(p, q, strict=True))
    common = gcd(x, y, d)
    return x // common, y // common, d // common


def _sums(
    weights: Sequence[int], positive: Sequence[Column], negative: Sequence[Column]
) -> Iterator[int]:
    """Yield the sums of the weighted columns, each from the list for its weight's sign."""
    columns = (
        [c * y for y in (p if c > 0 else n)]
        for c, p, n in zip(weights, positive, negative, strict=True)
    )
    return map(sum, zip(*columns, strict=True))
