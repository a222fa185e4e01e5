r"""Which functions one hidden layer computes: a criterion, and its witness.

Let :math:`f` be continuous and piecewise linear on a polytope :math:`D` of full dimension.
Across a hyperplane :math:`H = \{\langle n, x\rangle = b\}` its gradient jumps by
:math:`\kappa(x)\, n` at almost every point :math:`x` of :math:`H \cap \operatorname{int} D`;
where :math:`f` has no break, :math:`\kappa = 0`.  There are weights with

.. math:: f(x) = \langle c, x\rangle + c_0
          + \sum_i a_i \max(\langle w_i, x\rangle - b_i, 0) \quad\text{on } D

iff :math:`\kappa` is constant on :math:`H \cap \operatorname{int} D` for every :math:`H`
(derived).  *Only if*: the neurons that switch on :math:`H` change the gradient by one constant,
the others by nothing at almost all points of :math:`H`.  *If*: subtract
:math:`\kappa_H \max(\langle n, x\rangle - b, 0)` for each :math:`H`; what is left has no break,
so it is affine, as :math:`D` is convex.  The number of break hyperplanes is the least
number of neurons, if an affine term is allowed.

Two points of one hyperplane with different :math:`\kappa` prove that no such network exists:
near them, second differences along :math:`n` give :math:`\kappa`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import ONE, ZERO, SparseVector, Vector, dot, sparse
from polyrelax.arithmetic.readable import readable
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError
from polyrelax.networks.adjacency import adjacency_graph
from polyrelax.networks.dimensions import point_of
from polyrelax.networks.layers import Affine, ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope


@final
@readable
@dataclass(frozen=True)
class Jump:
    """By which multiple of the normal the gradient jumps across a hyperplane at a point.

    The function is linear from the point to ``point + step normal`` and to
    ``point - step normal``.
    """

    point: Vector
    size: Fraction
    step: Fraction

    def holds(self, network: Network, normal: Vector) -> bool:
        """Whether second differences of the network at the step and half of it say so."""
        require(network, Network)
        normal = point_of(normal, len(self.point))
        return all(
            _second_difference(network, self.point, normal, step)
            == step * self.size * dot(normal, normal)
            for step in (self.step, self.step / 2)
        )


@final
@readable
@dataclass(frozen=True)
class UnequalJumps:
    """Two points of a hyperplane at which the gradient jumps differently."""

    hyperplane: Constraint
    first: Jump
    second: Jump

    def holds(self, network: Network) -> bool:
        """Whether the points are on the hyperplane and the jumps are as said, and differ."""
        require(network, Network)
        normal = self.hyperplane.normal
        return self.first.size != self.second.size and all(
            self.hyperplane.is_satisfied_by(jump.point) and jump.holds(network, normal)
            for jump in (self.first, self.second)
        )


def one_hidden_layer(network: Network, domain: Polytope) -> Network | UnequalJumps:
    """Return a network with one hidden layer that is equal on a polytope, or why there is none.

    It has the least number of neurons; a linear term passes its ReLU.

    >>> from polyrelax.networks.gallery import maximum_encodings
    >>> one_hidden_layer(maximum_encodings()[2], Polytope.box([0, 0], [1, 1])).widths
    (2, 2, 2, 1)
    """
    require(network, Network)
    require(domain, Polytope)
    if network.out_dim != 1 or domain.affine_dim < domain.dim:
        raise DimensionError(
            f"found {amount(network.out_dim, 'output')} and a domain of dimension "
            f"{domain.affine_dim}, "
            f"expected 1 and {domain.dim}"
        )
    sizes: dict[Constraint, Fraction] = {}
    for hyperplane, (first, *others) in jumps(network, domain).items():
        for other in others:
            if other.size != first.size:
                return UnequalJumps(hyperplane, first, other)
        sizes[hyperplane] = first.size
    return _assembled(network, domain, sizes)


def jumps(network: Network, domain: Polytope) -> dict[Constraint, list[Jump]]:
    """Return the jumps on all parts of the hyperplanes on which there is a break.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> found = jumps(absolute_value(), Polytope.box([-1], [1]))
    >>> [(str(hyperplane), jump.size) for hyperplane, (jump,) in found.items()]
    [('x0 == 0', Fraction(2, 1))]
    """
    graph = adjacency_graph(network, domain)
    found: dict[Constraint, list[Jump]] = defaultdict(list)
    for one, two, facet in graph.edges.data("facet"):
        (hyperplane,) = facet.equations
        sides = [graph.nodes[node] for node in (one, two)]
        found[hyperplane.primitive()].append(_jump(hyperplane.primitive(), facet, sides))
    cells = [data["polytope"] for _, data in graph.nodes.data()]
    for hyperplane, known in found.items():
        known += [_no_jump(hyperplane, cell) for cell in cells if _crosses(hyperplane, cell)]
    return {h: known for h, known in found.items() if any(jump.size for jump in known)}


def _jump(hyperplane: Constraint, facet: Polytope, sides: list[dict[str, object]]) -> Jump:
    cells, maps = [], []
    for side in sides:
        cell, linear = side["polytope"], side["linear"]
        assert isinstance(cell, Polytope)  # as adjacency_graph says
        assert isinstance(linear, Affine)
        cells.append(cell)
        maps.append(linear.weight[0])
    normal = hyperplane.normal
    pivot = next(j for j, value in enumerate(normal) if value)
    upper = _is_above(hyperplane, cells[0])
    above, below = maps if upper else maps[::-1]
    size = (above[pivot] - below[pivot]) / normal[pivot]
    point = _center(facet.vertices)
    return Jump(
        point, size, _step(point, normal, [(cells[not upper], ONE), (cells[upper], -ONE)])
    )


def _is_above(hyperplane: Constraint, cell: Polytope) -> bool:
    return min(hyperplane.slack(x) for x in cell.vertices) < 0


def _crosses(hyperplane: Constraint, cell: Polytope) -> bool:
    values = [hyperplane.slack(x) for x in cell.vertices]
    return min(values) < 0 < max(values)


def _no_jump(hyperplane: Constraint, cell: Polytope) -> Jump:
    """Return the jump 0 at a point of the hyperplane inside a cell."""
    section = Polytope.intersection((*cell.constraints, hyperplane), cell.dim)
    point = _center(section.vertices)
    return Jump(point, ZERO, _step(point, hyperplane.normal, [(cell, ONE), (cell, -ONE)]))


def _center(points: tuple[Vector, ...]) -> Vector:
    count = len(points)
    return tuple(sum(column, ZERO) / count for column in zip(*points, strict=True))


def _step(point: Vector, normal: Vector, cells: list[tuple[Polytope, Fraction]]) -> Fraction:
    """Return how far one may go along the normal, both ways, inside the given cells."""
    return min(
        (
            c.slack(point) / speed
            for cell, sign in cells
            for c in cell.facets
            if (speed := sign * dot(c.normal, normal)) > 0
        ),
        default=ONE,
    )


def _second_difference(
    network: Network, point: Vector, normal: Vector, step: Fraction
) -> Fraction:
    ahead, behind = (
        network(tuple(x + s * n for x, n in zip(point, normal, strict=True)))[0]
        for s in (step, -step)
    )
    return ahead + behind - 2 * network(point)[0]


def _assembled(
    network: Network, domain: Polytope, sizes: dict[Constraint, Fraction]
) -> Network:
    """Return the affine function and the neurons that are left of the network."""
    hinges = list(sizes.items())
    point = _center(domain.vertices)
    gradient, value = _affine_part(network, domain, hinges)
    dim, count = domain.dim, len(hinges)
    carried: tuple[SparseVector, ...] = (sparse(gradient),)
    rows = (*(sparse(h.normal) for h, _ in hinges), *carried)
    bias = (*(-h.offset for h, _ in hinges), value)
    output = (*((i, size) for i, (_, size) in enumerate(hinges)), (count, ONE))
    found = Network(
        (
            Affine(rows, bias, dim),
            ReLU(count + 1, tuple(range(count))),
            Affine((output,), (ZERO,), count + 1),
        )
    )
    assert found(point) == network(point)  # the criterion: what is left is affine
    return found


def _affine_part(
    network: Network, domain: Polytope, hinges: list[tuple[Constraint, Fraction]]
) -> tuple[Vector, Fraction]:
    """Return gradient and value at 0 of the network without its neurons, read off one cell."""
    _, data = next(iter(adjacency_graph(network, domain).nodes.data()))
    inside = _center(data["polytope"].vertices)
    linear: Affine = data["linear"]
    gradient, value = list(linear.weight[0]), linear.bias[0]
    for hyperplane, size in hinges:
        if hyperplane.slack(inside) < 0:
            gradient = [g - size * n for g, n in zip(gradient, hyperplane.normal, strict=True)]
            value += size * hyperplane.offset
    return tuple(gradient), value
