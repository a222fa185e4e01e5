r"""Cases of properties decided on the linear regions of a network, for neurons of all kinds.

On a region the network is affine, so that a case is a system of linear inequalities there.
All of them, the strict ones with their boundaries, cut a polytope :math:`Q` out of the region.
For each strict one, :math:`\langle a, x\rangle < b`, take a point of :math:`Q` where
:math:`\langle a, x\rangle` is least: if it is not below :math:`b`, the case does not occur, and
otherwise the mean of these points satisfies all of them.  There may be exponentially many
regions.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from polyrelax.arithmetic.arguments import all_of, require
from polyrelax.arithmetic.rational import ONE, ZERO, Vector
from polyrelax.networks.affine import Affine
from polyrelax.networks.network import Network
from polyrelax.networks.properties import Case, Row
from polyrelax.networks.regions import linear_regions
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope


def occurrences(network: Network, case: Case) -> Iterator[Vector | None]:
    """Yield for each region an input at which the case occurs, or ``None``.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> case = Case(Polytope.box([-1], [1]), (Row((), ((0, -1),), -1),))
    >>> [x and str(x[0]) for x in occurrences(absolute_value(), case)]
    ['-1', '1']
    """
    require(case, Case)
    for region in linear_regions(network, case.inputs):
        yield point_of_rows(region.cell, region.linear, case.rows)


def point_of_rows(cell: Polytope, linear: Affine, rows: tuple[Row, ...]) -> Vector | None:
    """Return a point of a polytope that satisfies rows, the outputs being affine.

    >>> half = Row(((0, ONE),), (), Fraction(1, 2), is_strict=True)
    >>> point_of_rows(Polytope.box([0], [1]), Affine.dense([[1]]), (half,))
    (Fraction(0, 1),)
    """
    require(cell, Polytope)
    require(linear, Affine)
    strict: list[tuple[Vector, Fraction]] = []
    inner, rows = cell, all_of(rows, Row, "rows")
    for row in rows:
        normal, offset = _over_inputs(row, linear)
        if any(normal):
            inner = inner.cut(Constraint.at_most(normal, offset))
        elif offset < 0:
            return None
        if row.is_strict:
            strict.append((normal, offset))
    if inner.is_empty:
        return None
    return _strictly(inner, strict)


def _strictly(inner: Polytope, strict: list[tuple[Vector, Fraction]]) -> Vector | None:
    """Return a point of a polytope at which some forms are below their offsets."""
    if not strict:
        return inner.support([ZERO] * inner.dim).point
    points = []
    for normal, offset in strict:
        least = inner.support([-a for a in normal])
        if not -least.value < offset:
            return None
        points.append(least.point)
    share = ONE / len(points)
    return tuple(sum(column, ZERO) * share for column in zip(*points, strict=True))


def _over_inputs(row: Row, linear: Affine) -> tuple[Vector, Fraction]:
    """Return a row as one of inputs alone."""
    normal, offset = [ZERO] * linear.in_dim, row.offset
    for j, c in row.inputs:
        normal[j] += c
    for i, c in row.outputs:
        offset -= c * linear.bias[i]
        for j, a in linear.rows[i]:
            normal[j] += c * a
    return tuple(normal), offset
