r"""Products of intervals, whose questions have closed-form answers in any dimension.

A box :math:`[l_1, u_1] \times \dots \times [l_n, u_n]` is kept as its pairs of ends; a
single point and a flat box are boxes, the empty set is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import TypeAlias

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ZERO, Vector, shown
from polyrelax.errors import ShapeError, TooLargeError
from polyrelax.polytopes.constraint import Constraint

Ends: TypeAlias = tuple[Interval, ...]

MOST_FREE_COORDINATES = 20


def corner(ends: Ends, direction: Vector) -> Vector:
    """Return the corner that is extreme in ``direction``, lower ends where it is zero.

    >>> ends = (Interval(Fraction(0), Fraction(1)), Interval(Fraction(2), Fraction(3)))
    >>> corner(ends, (Fraction(1), Fraction(-1)))
    (Fraction(1, 1), Fraction(2, 1))
    """
    return tuple(end[s > 0] for end, s in zip(ends, direction, strict=True))


def clamped(ends: Ends, point: Vector) -> Vector:
    """Return the point of a box that is nearest to one, in every coordinate.

    >>> clamped((Interval(Fraction(0), Fraction(1)),), (Fraction(3),))
    (Fraction(1, 1),)
    """
    return tuple(min(max(x, low), up) for x, (low, up) in zip(point, ends, strict=True))


def corners(ends: Ends) -> tuple[Vector, ...]:
    """Return the vertices of a box, sorted.

    >>> corners((Interval(Fraction(0), Fraction(1)), Interval(Fraction(2), Fraction(2))))
    ((Fraction(0, 1), Fraction(2, 1)), (Fraction(1, 1), Fraction(2, 1)))
    """
    free = sum(lower < upper for lower, upper in ends)
    if free > MOST_FREE_COORDINATES:
        raise TooLargeError(
            f"found a box with 2**{free} vertices, expected at most 2**{MOST_FREE_COORDINATES}"
        )
    return tuple(product(*(sorted({lower, upper}) for lower, upper in ends)))


def ball(center: Vector, radius: Fraction) -> Ends:
    """Return the points that differ from a center by at most a radius in each coordinate.

    >>> print(*ball((ZERO,), Fraction(1)))
    [-1, 1]
    """
    if radius < 0:
        raise ShapeError(f"found the radius {shown(radius)}, expected at least 0")
    return tuple(Interval(x - radius, x + radius) for x in center)


def scaled(ends: Ends, factor: Fraction) -> Ends:
    """Return the multiple of a box, reflected where the factor is negative.

    >>> print(*scaled((Interval(ZERO, Fraction(2)),), Fraction(-1)))
    [-2, 0]
    """
    return tuple(Interval(*sorted((factor * end.lower, factor * end.upper))) for end in ends)


def box_sum(first: Ends, second: Ends) -> Ends:
    """Return the Minkowski sum of two boxes of one dimension.

    >>> unit = Interval(Fraction(0), Fraction(1))
    >>> print(*box_sum((unit,), (unit,)))
    [0, 2]
    """
    pairs = zip(first, second, strict=True)
    return tuple(Interval(p.lower + q.lower, p.upper + q.upper) for p, q in pairs)


def box_meet(first: Ends, second: Ends) -> Ends:
    """Return the ends of the intersection, crossed in some coordinate if it is empty.

    >>> print(*box_meet((Interval(ZERO, Fraction(2)),), (Interval(Fraction(1), Fraction(3)),)))
    [1, 2]
    """
    pairs = zip(first, second, strict=True)
    return tuple(Interval(max(p.lower, q.lower), min(p.upper, q.upper)) for p, q in pairs)


def is_within(first: Ends, second: Ends) -> bool:
    """Whether the first box is a subset of the second.

    >>> is_within((Interval(ZERO, ZERO),), (Interval(ZERO, Fraction(1)),))
    True
    """
    return all(q.contains(p) for p, q in zip(first, second, strict=True))


def box_constraints(ends: Ends) -> tuple[Constraint, ...]:
    """Return the canonical constraints of a box.

    >>> [str(c) for c in box_constraints((Interval(ZERO, Fraction("1/2")),))]
    ['-x0 <= 0', '2 x0 <= 1']
    """
    dim = len(ends)
    flat = [_bound(j, end, 1, dim) for j, (low, end) in enumerate(ends) if low == end]
    sides = [(j, end, sign) for j, end in enumerate(ends) for sign in (-1, 1) if end.width]
    facets = [_bound(j, end[sign > 0], sign, dim) for j, end, sign in sides]
    equations = (Constraint(c.normal, c.offset, is_equation=True) for c in flat)
    return (*equations, *sorted(facets))


def recognised_box(constraints: Sequence[Constraint], dim: int) -> Ends | None:
    """Return the ends that constraints of one variable each give, or ``None``.

    ``None`` says that some constraint has not exactly one variable or some variable lacks
    a bound.  If the bounds contradict each other, some lower end exceeds the upper one.

    >>> print(*recognised_box([Constraint.at_most([2], 3), Constraint.at_least([1], 0)], 1))
    [0, 3/2]
    """
    lowers: list[list[Fraction]] = [[] for _ in range(dim)]
    uppers: list[list[Fraction]] = [[] for _ in range(dim)]
    for constraint in constraints:
        support = [j for j, s in enumerate(constraint.normal) if s]
        if len(support) != 1:
            return None
        (j,) = support
        bound = constraint.offset / constraint.normal[j]
        if constraint.is_equation or constraint.normal[j] < 0:
            lowers[j].append(bound)
        if constraint.is_equation or constraint.normal[j] > 0:
            uppers[j].append(bound)
    if not all(lowers) or not all(uppers):
        return None
    return tuple(Interval(max(low), min(up)) for low, up in zip(lowers, uppers, strict=True))


def _bound(j: int, end: Fraction, sign: int, dim: int) -> Constraint:
    """Return ``sign * x[j] <= sign * end`` in coprime integers."""
    entry = Fraction(sign * end.denominator)
    normal = tuple(entry if i == j else ZERO for i in range(dim))
    return Constraint(normal, Fraction(sign * end.numerator))
