r"""Which points, and which constraints, are superfluous: by linear programs.

A point is in the hull of others iff it is a convex combination of them, and a vertex of the
hull of all iff it is in no hull of the others.  A constraint follows from others iff its
maximum over them is at most its offset.  Each of these questions is a linear program; none
needs the other description of the polytope, which may be longer than any memory.

*Vertices.*  Those found so far separate, or contain, each further point :cite:p:`clarkson1994`:
a functional that is greater at a point than at all of them is greatest at a vertex that is not
among them, so that each program decides a point or finds a vertex.

*Implicit equations.*  The greatest :math:`t \le 1` with
:math:`\langle a_i, x\rangle + t \le b_i` for all inequalities is positive iff some point
satisfies all of them strictly.  If it is 0, the inequalities with positive multipliers are
equations on the whole set, by complementary slackness, and there is at least one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import count
from typing import Final

from polyrelax.arithmetic.rational import ONE, ZERO, Vector, dot, primitive, sparse
from polyrelax.lp import (
    Infeasible,
    LinearProgram,
    Optimizer,
    Optimum,
    Row,
    feasible_point,
    maximize,
)
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.conversion import canonical_constraints, contradiction
from polyrelax.polytopes.engines.choice import cddlib_seconds
from polyrelax.polytopes.engines.engine import IntRow, coprime, echelon, reduced

_SECONDS: Final = 0.01
"""About what a linear program takes, of some tens of rows and columns."""
_SPACE: Final = 3


def programs_pay(size: int, dim: int) -> bool:
    """Whether a program for each of ``size`` points or constraints is cheaper than to convert.

    ``dim`` is the dimension of the polytope's affine hull, as far as it is known.  Hulls in
    space are converted, however many points there are: it is the dimension that makes the
    other description long.

    >>> [programs_pay(60, dim) for dim in (3, 20)]
    [False, True]
    """
    return dim > _SPACE and cddlib_seconds(size, dim + 1) > _SECONDS * size


def is_in_hull(points: Sequence[Vector], point: Vector) -> bool:
    """Whether a point is a convex combination of points.

    >>> is_in_hull([(ZERO,), (ONE,)], (ONE / 2,)), is_in_hull([(ZERO,)], (ONE,))
    (True, False)
    """
    return bool(points) and feasible_point(_combinations(points, point)) is not None


def extreme_points(points: Sequence[Vector]) -> tuple[Vector, ...]:
    """Return the vertices of the hull of distinct points, sorted.

    >>> extreme_points([(ZERO,), (ONE,), (ONE / 2,)]) == ((ZERO,), (ONE,))
    True
    """
    found: dict[Vector, None] = {}
    for point in points:
        while point not in found:
            functional = _separating(list(found), point)
            if functional is None:
                break
            found[_greatest(points, functional)] = None
    return tuple(sorted(found))


def irredundant(constraints: Sequence[Constraint], dim: int) -> tuple[Constraint, ...]:
    """Return the canonical constraints of the set that constraints cut out, bounded or not.

    >>> given = [Constraint.at_most([s], b) for s, b in [(2, 1), (1, 1), (-1, 0)]]
    >>> [str(c) for c in irredundant(given, 1)]
    ['-x0 <= 0', '2 x0 <= 1']
    """
    equations = implicit_equations(constraints, dim)
    if equations is None:
        return (contradiction(dim),)
    rows = {reduced(_entries(c), equations) for c in constraints if not c.is_equation}
    return canonical_constraints(equations, _facets(_tightest(rows), dim))


def implicit_equations(
    constraints: Sequence[Constraint], dim: int
) -> tuple[IntRow, ...] | None:
    """Return the equations ``(a, b)`` of the affine hull, ``None`` if there is no point.

    They are the reduced echelon basis, in coprime integers.

    >>> implicit_equations([Constraint.at_most([1], 1), Constraint.at_least([1], 1)], 1)
    ((1, 1),)
    """
    equations = [c for c in constraints if c.is_equation]
    others = [c for c in constraints if not c.is_equation]
    for _ in count():
        best = maximize(_interior(equations, others, dim), ((dim, ONE),))
        if not isinstance(best, Optimum) or best.value < 0:
            return None
        if best.value > 0:
            break
        tight = {k - len(equations) for k, _ in best.multipliers}
        equations += [c for k, c in enumerate(others) if k in tight]
        others = [c for k, c in enumerate(others) if k not in tight]
    return echelon(map(_entries, equations), dim + 1)


def _combinations(points: Sequence[Vector], point: Vector) -> LinearProgram:
    """Return the program of the weights that make a point of points: not negative, of sum 1."""
    size = len(points)
    columns = (*zip(*points, strict=True), (ONE,) * size)
    rows = (
        Row(sparse(values), wanted, is_equation=True)
        for values, wanted in zip(columns, (*point, ONE), strict=True)
    )
    return LinearProgram((ZERO,) * size, (None,) * size, tuple(rows))


def _separating(points: Sequence[Vector], point: Vector) -> Vector | None:
    """Return a functional that is greater at a point than at points, ``None`` if none is."""
    if not points:
        return (ZERO,) * len(point)
    outcome = maximize(_combinations(points, point), ())
    if not isinstance(outcome, Infeasible):
        return None
    multipliers = dict(outcome.multipliers)
    return tuple(-multipliers.get(j, ZERO) for j in range(len(point)))


def _greatest(points: Sequence[Vector], functional: Vector) -> Vector:
    """Return the last in order of the points at which it is greatest, which is a vertex."""
    return max((dot(functional, x), x) for x in points)[1]


def _interior(
    equations: Sequence[Constraint], others: Sequence[Constraint], dim: int
) -> LinearProgram:
    """Return the program of the points and of the slack that all inequalities leave them."""
    rows = (
        *(Row(sparse(c.normal), c.offset, is_equation=True) for c in equations),
        *(Row((*sparse(c.normal), (dim, ONE)), c.offset) for c in others),
    )
    return LinearProgram((None,) * (dim + 1), (*(None,) * dim, ONE), rows)


def _entries(constraint: Constraint) -> IntRow:
    return primitive((*constraint.normal, constraint.offset))


def _tightest(rows: set[IntRow]) -> list[IntRow]:
    """Return the rows ``(a, b)`` that no other row with the same direction implies, sorted."""
    best: dict[IntRow, IntRow] = {}
    for row in sorted(rows):
        direction = coprime(row[:-1])
        known = best.get(direction, row)
        if any(direction) and _offset(row) <= _offset(known):
            best[direction] = row
    return sorted(best.values())


def _offset(row: IntRow) -> Fraction:
    """Return the offset where the normal vector is divided by its greatest common divisor."""
    return Fraction(row[-1], math.gcd(*row[:-1]) or 1)


def _facets(rows: Sequence[IntRow], dim: int) -> list[IntRow]:
    """Return the rows that do not follow from the others; they cut out an interior."""
    kept = [_row(row) for row in rows]
    facets = []
    for entries, row in zip(rows, list(kept), strict=True):
        others = [other for other in kept if other is not row]
        if _follows(row, others, dim):
            kept = others
        else:
            facets.append(entries)
    return facets


def _row(entries: IntRow) -> Row:
    *normal, offset = map(Fraction, entries)
    return Row(sparse(tuple(normal)), offset)


def _follows(row: Row, others: Sequence[Row], dim: int) -> bool:
    free: tuple[None, ...] = (None,) * dim
    limit = Row(row.coefficients, row.offset + 1)
    best = Optimizer(LinearProgram(free, free, (*others, limit))).maximum(row.coefficients)
    return best.value <= row.offset
