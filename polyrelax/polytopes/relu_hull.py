r"""Constraints of the hull of a ReLU's graph, by structure of the polytope where it has any.

Let :math:`G_J(P) = \operatorname{conv}\{(x, \max(x_J, 0)) : x \in P\}` for neurons :math:`J`.

* *Stable neurons.* If :math:`x_j \ge 0` on :math:`P`, the graph's hull is that of the other
  neurons with the equation :math:`y_j = x_j`, and with :math:`y_j = 0` if :math:`x_j \le 0`.
* *Products.* :math:`G(P_1 \times P_2) = G(P_1) \times G(P_2)`, up to the order of coordinates.
* *Intervals.* :math:`G([l, u])` is the triangle :math:`y \ge 0`, :math:`y \ge x`,
  :math:`(u - l)\,y \le u\,(x - l)` if :math:`l < 0 < u`.  So the hull over a box is a product
  of triangles.
* *Symmetric polytopes.* If :math:`P` has an interior and is symmetric under the change of the
  sign of each :math:`x_j` with :math:`j \in J`, then

  .. math:: G_J(P) = \{(x, y) : y \ge 0,\ y \ge x_J,\ (2y - x_J,\ x_{J^c}) \in P\} .

  Proof: of :math:`(x, y)` on the right, let :math:`t = 2y - x_J = y + (y - x_J) \ge 0`.  Choose
  the sign of each :math:`t_j` at random, independently, plus with probability
  :math:`y_j / t_j`.  The point stays in :math:`P`, by symmetry; the mean of the signed
  :math:`t` is :math:`x_J`, that of its positive part :math:`y`.  As :math:`t \ge 0`, of the
  facets of :math:`P` those with normals :math:`a_J \ge 0` are enough.  Polytopes that are
  symmetric in all coordinates are called *unconditional*.

What has none of these is left to the double description method.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from polyrelax.arithmetic.arguments import listed, require, wholes
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, primitive
from polyrelax.polytopes.checks import require_coordinates
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.conversion import (
    canonical_constraints,
    contradiction,
    enumerate_constraints,
)
from polyrelax.polytopes.engines.engine import echelon
from polyrelax.polytopes.explicit import Explicit
from polyrelax.polytopes.forms import Box
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.relu_points import graph_points, require_neurons
from polyrelax.polytopes.triangle import upper_side


def graph_constraints(
    polytope: Polytope, neurons: Sequence[int] | None = None
) -> tuple[Constraint, ...]:
    """Return the canonical constraints of the hull of ``(x, relu(x[j]) for j in neurons)``.

    By default all coordinates are neurons.

    >>> [str(c) for c in graph_constraints(Polytope.box([-1], [1]))]
    ['-x0 + 2 x1 <= 1', '-x1 <= 0', 'x0 - x1 <= 0']
    """
    require(polytope, Polytope)
    chosen = tuple(range(polytope.dim)) if neurons is None else listed(neurons, "neurons")
    require_neurons(chosen, polytope.dim)
    dim = polytope.dim + len(chosen)
    if polytope.is_empty:
        return (contradiction(dim),)
    output = {j: polytope.dim + i for i, j in enumerate(chosen)}
    found: list[Constraint] = []
    for group in independent_groups(polytope):
        inner = [i for i, j in enumerate(group) if j in output]
        places = (*group, *(output[group[i]] for i in inner))
        found += (c.embed(places, dim) for c in _of_group(_part(polytope, group), inner))
    return _canonical(found, dim)


def independent_groups(polytope: Polytope) -> tuple[tuple[int, ...], ...]:
    """Return the finest grouping of coordinates that its constraints show to be a product.

    >>> independent_groups(Polytope.box([0, 0], [1, 1]) * Polytope.hull([[0, 0], [1, 1]], 2))
    ((0,), (1,), (2, 3))
    """
    require(polytope, Polytope)
    if isinstance(polytope.form, Box):
        return tuple((j,) for j in range(polytope.dim))
    groups = [{j} for j in range(polytope.dim)]
    for constraint in polytope.constraints:
        support = {j for j, s in enumerate(constraint.normal) if s}
        joined = support.union(*(group for group in groups if group & support))
        groups = [*(group for group in groups if not group & support), joined]
    return tuple(sorted(tuple(sorted(group)) for group in groups))


def _part(polytope: Polytope, group: Sequence[int]) -> Polytope:
    """Return the factor of a product in the given coordinates."""
    if len(group) == polytope.dim:
        return polytope
    if isinstance(polytope.form, Box):
        return polytope.project(group)
    constraints = tuple(
        Constraint(tuple(c.normal[j] for j in group), c.offset, c.is_equation)
        for c in polytope.constraints
        if any(c.normal[j] for j in group)
    )
    vertices = sorted({tuple(x[j] for j in group) for x in polytope.vertices})
    return Polytope(Explicit(tuple(vertices), constraints, len(group)), polytope.engine)


def _of_group(polytope: Polytope, neurons: Sequence[int]) -> Iterator[Constraint]:
    """Yield the constraints of the hull over a factor, which is not empty."""
    dim = polytope.dim
    unstable = []
    for i, j in enumerate(neurons):
        lower, upper = polytope.bounds[j]
        if lower < 0 < upper:
            unstable.append(i)
        else:
            signs = ((j, -ONE if lower >= 0 else ZERO), (dim + i, ONE))
            yield Constraint(_vector(signs, dim + len(neurons)), ZERO, is_equation=True)
    places = (*range(dim), *(dim + i for i in unstable))
    for constraint in _of_unstable(polytope, [neurons[i] for i in unstable]):
        yield constraint.embed(places, dim + len(neurons))


def _of_unstable(polytope: Polytope, neurons: Sequence[int]) -> Sequence[Constraint]:
    if not neurons:
        return polytope.constraints
    if polytope.dim == 1:
        return tuple(triangle_constraints(polytope.bounds[0]))
    if is_symmetric(polytope, neurons):
        return tuple(symmetric_constraints(polytope, neurons))
    points = graph_points(polytope, neurons)
    return enumerate_constraints(points, polytope.dim + len(neurons), polytope.engine)


def triangle_constraints(interval: Interval) -> Iterator[Constraint]:
    """Yield the facets of the hull of the graph over an interval around zero.

    >>> [str(c) for c in triangle_constraints(Interval(-ONE, ONE))]
    ['-x1 <= 0', 'x0 - x1 <= 0', '-x0 + 2 x1 <= 1']
    """
    require(interval, Interval)
    *normal, offset = upper_side(*interval)
    yield Constraint((ZERO, -ONE), ZERO)
    yield Constraint((ONE, -ONE), ZERO)
    yield Constraint(tuple(normal), offset)


def is_symmetric(polytope: Polytope, coordinates: Sequence[int]) -> bool:
    """Whether a polytope with an interior is symmetric in the sign of each coordinate given.

    >>> cross = Polytope.hull([[1, 0], [-1, 0], [0, 2], [0, -2]], 2)
    >>> is_symmetric(cross, [0, 1]), is_symmetric(Polytope.box([-1, 0], [1, 1]), [0, 1])
    (True, False)
    """
    require(polytope, Polytope)
    require_coordinates(coordinates, polytope.dim)
    if polytope.equations:
        return False
    facets = {(c.normal, c.offset) for c in polytope.facets}
    return all(
        (_flipped(normal, j), offset) in facets
        for normal, offset in facets
        for j in coordinates
    )


def symmetric_constraints(polytope: Polytope, neurons: Sequence[int]) -> Iterator[Constraint]:
    """Yield the facets of the hull of the graph over a polytope symmetric in all neurons.

    >>> cross = Polytope.hull([[1, 0], [-1, 0], [0, 1], [0, -1]], 2)
    >>> str(list(symmetric_constraints(cross, [0, 1]))[-1])
    '-x0 - x1 + 2 x2 + 2 x3 <= 1'
    """
    require(polytope, Polytope)
    neurons = wholes(neurons, "neurons")
    dim, size = polytope.dim, polytope.dim + len(neurons)
    for i, j in enumerate(neurons):
        yield Constraint(_vector([(dim + i, -ONE)], size), ZERO)
        yield Constraint(_vector([(j, ONE), (dim + i, -ONE)], size), ZERO)
    for facet in polytope.facets:
        if all(facet.normal[j] >= 0 for j in neurons):
            inputs = [(j, -s if j in neurons else s) for j, s in enumerate(facet.normal)]
            outputs = [(dim + i, 2 * facet.normal[j]) for i, j in enumerate(neurons)]
            yield Constraint(_vector([*inputs, *outputs], size), facet.offset)


def _canonical(constraints: Sequence[Constraint], dim: int) -> tuple[Constraint, ...]:
    """Return irredundant constraints in canonical form."""
    rows = [(c.is_equation, primitive((*c.normal, c.offset))) for c in constraints]
    equations = echelon((row for is_equation, row in rows if is_equation), dim + 1)
    return canonical_constraints(equations, (row for is_eq, row in rows if not is_eq))


def _flipped(normal: Vector, i: int) -> Vector:
    return (*normal[:i], -normal[i], *normal[i + 1 :])


def _vector(entries: Sequence[tuple[int, Fraction]], size: int) -> Vector:
    values = dict(entries)
    return tuple(values.get(j, ZERO) for j in range(size))
