r"""Constraints of the hull of a ReLU's graph, by structure of the polytope where it has any.

Let :math:`G(P) = \operatorname{conv}\{(x, \max(x, 0)) : x \in P\}`.

* *Products.* :math:`G(P_1 \times P_2) = G(P_1) \times G(P_2)`, up to the order of coordinates.
* *Intervals.* :math:`G([l, u])` is the triangle :math:`y \ge 0`, :math:`y \ge x`,
  :math:`(u - l)\,y \le u\,(x - l)` if :math:`l < 0 < u`, else a segment.  So the hull over a
  box is a product of triangles.
* *Unconditional polytopes.* If :math:`P` has an interior and is symmetric under the change of
  each coordinate's sign, :math:`P = \{x : \lvert x\rvert \in Q\}`, then

  .. math:: G(P) = \{(x, y) : y \ge 0,\ y \ge x,\ 2y - x \in Q\} .

  Proof: of :math:`(x, y)` on the right, let :math:`t = 2y - x = y + (y - x) \ge 0`, which is in
  :math:`Q`.  Choose each coordinate's sign at random, independently, plus with probability
  :math:`y_i / t_i`.  The mean of the signed :math:`t` is :math:`x`, that of its positive part
  :math:`y`.

What has none of these is left to the double description method.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import networkx as nx

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, primitive
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.conversion import canonical_constraints, contradiction
from polyrelax.polytopes.engines.engine import echelon
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.relu_graph import relu_graph_hull


def graph_constraints(polytope: Polytope) -> tuple[Constraint, ...]:
    """Return the canonical constraints of the convex hull of ``(x, relu(x))``.

    >>> [str(c) for c in graph_constraints(Polytope.box([-1], [1]))]
    ['-x0 + 2 x1 <= 1', '-x1 <= 0', 'x0 - x1 <= 0']
    """
    if polytope.is_empty:
        return (contradiction(2 * polytope.dim),)
    found: list[Constraint] = []
    for group in independent_groups(polytope):
        part = _part(polytope, group)
        places = (*group, *(polytope.dim + j for j in group))
        found += (c.embed(places, 2 * polytope.dim) for c in _of_group(part))
    return _canonical(found, 2 * polytope.dim)


def independent_groups(polytope: Polytope) -> tuple[tuple[int, ...], ...]:
    """Return the finest grouping of coordinates that its constraints show to be a product.

    >>> independent_groups(Polytope.box([0, 0], [1, 1]) * Polytope.hull([[0, 0], [1, 1]], 2))
    ((0,), (1,), (2, 3))
    """
    graph: nx.Graph[int] = nx.empty_graph(polytope.dim)
    for constraint in polytope.constraints:
        support = [j for j, s in enumerate(constraint.normal) if s]
        nx.add_path(graph, support)
    return tuple(sorted(tuple(sorted(group)) for group in nx.connected_components(graph)))


def _part(polytope: Polytope, group: Sequence[int]) -> Polytope:
    """Return the factor of a product in the given coordinates."""
    if len(group) == polytope.dim:
        return polytope
    constraints = [
        Constraint(tuple(c.normal[j] for j in group), c.offset, c.is_equation)
        for c in polytope.constraints
        if any(c.normal[j] for j in group)
    ]
    return Polytope.intersection(constraints, len(group), engine=polytope.engine)


def _of_group(polytope: Polytope) -> Sequence[Constraint]:
    if polytope.dim == 1:
        return tuple(interval_constraints(Interval(*polytope.bounds[0])))
    if is_unconditional(polytope):
        return tuple(unconditional_constraints(polytope))
    return relu_graph_hull(polytope).constraints


def interval_constraints(interval: Interval) -> Iterator[Constraint]:
    """Yield constraints that cut out the hull of the graph over an interval.

    >>> [str(c) for c in interval_constraints(Interval(ONE, ONE))]
    ['x0 == 1', 'x1 == 1']
    """
    lower, upper = interval
    if lower == upper:
        yield Constraint((ONE, ZERO), lower, is_equation=True)
        yield Constraint((ZERO, ONE), max(lower, ZERO), is_equation=True)
    elif lower < 0 < upper:
        yield Constraint((ZERO, -ONE), ZERO)
        yield Constraint((ONE, -ONE), ZERO)
        yield Constraint((-upper, interval.width), -upper * lower)
    else:
        yield Constraint((-ONE if lower >= 0 else ZERO, ONE), ZERO, is_equation=True)
        yield Constraint((ONE, ZERO), upper)
        yield Constraint((-ONE, ZERO), -lower)


def is_unconditional(polytope: Polytope) -> bool:
    """Whether a polytope with an interior is symmetric in each coordinate's sign.

    >>> cross = Polytope.hull([[1, 0], [-1, 0], [0, 2], [0, -2]], 2)
    >>> is_unconditional(cross), is_unconditional(Polytope.box([0], [1]))
    (True, False)
    """
    if polytope.equations:
        return False
    facets = {(c.normal, c.offset) for c in polytope.facets}
    return all(
        (_flipped(normal, i), offset) in facets
        for normal, offset in facets
        for i in range(polytope.dim)
    )


def unconditional_constraints(polytope: Polytope) -> Iterator[Constraint]:
    """Yield the facets of the hull of the graph over an unconditional polytope.

    >>> cross = Polytope.hull([[1, 0], [-1, 0], [0, 1], [0, -1]], 2)
    >>> str(list(unconditional_constraints(cross))[-1])
    '-x0 - x1 + 2 x2 + 2 x3 <= 1'
    """
    for i in range(polytope.dim):
        unit = tuple(ONE if i == j else ZERO for j in range(polytope.dim))
        y_only = (ZERO,) * polytope.dim + _negative(unit)
        yield Constraint(y_only, ZERO)
        yield Constraint(unit + _negative(unit), ZERO)
    for facet in polytope.facets:
        if all(s >= 0 for s in facet.normal):
            normal = _negative(facet.normal) + tuple(2 * s for s in facet.normal)
            yield Constraint(normal, facet.offset)


def _canonical(constraints: Sequence[Constraint], dim: int) -> tuple[Constraint, ...]:
    """Return irredundant constraints in canonical form."""
    rows = [(c.is_equation, primitive((*c.normal, c.offset))) for c in constraints]
    equations = echelon((row for is_equation, row in rows if is_equation), dim + 1)
    return canonical_constraints(equations, (row for is_eq, row in rows if not is_eq))


def _flipped(normal: Vector, i: int) -> Vector:
    return (*normal[:i], -normal[i], *normal[i + 1 :])


def _negative(vector: Vector) -> Vector:
    return tuple(-s for s in vector)
