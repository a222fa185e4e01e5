r"""Why P_1 cannot bound a network better: a mixture of values that no input takes.

Let :math:`f = t \circ a` with the first hidden layer :math:`a`.  For inputs :math:`x_i` and
weights :math:`\lambda_i \ge 0` of sum 1, the upper bound of P_1 is at least

.. math:: t\Bigl(\sum_i \lambda_i\, a(x_i)\Bigr),

for its set behind :math:`a` contains :math:`\operatorname{conv} a(X)` ([mao2024, v4],
Lemma 3.2).  Whoever evaluates the network can check that by hand.  With two hidden layers the
bound is attained by such a mixture.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from polyrelax.arithmetic.arguments import require, whole
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, dot
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import ShapeError
from polyrelax.lp import LinearProgram, Row, feasible_point
from polyrelax.networks.layers import bending
from polyrelax.networks.network import Network
from polyrelax.networks.regions import trace_vertices
from polyrelax.polytopes.polytope import Polytope


@readable
@dataclass(frozen=True)
class Mixture:
    """Inputs and weights, and the value behind the mixture of their first hidden layers."""

    inputs: tuple[Vector, ...]
    weights: Vector
    value: Fraction


def mixture(network: Network, domain: Polytope, *, sign: int = 1) -> Mixture:
    """Return the mixture with the greatest value of output 0, or the least for ``sign`` -1.

    >>> from polyrelax.networks.gallery import tent
    >>> found = mixture(tent(), Polytope.box([-1], [1]), sign=-1)
    >>> [str(w) for w in found.weights], [str(x[0]) for x in found.inputs], str(found.value)
    (['1/2', '1/2'], ['-1', '1'], '0')
    """
    require(network, Network)
    sign = whole(sign, "a whole number")
    depth = next((i for i, z in enumerate(network.layers, 1) if bending(z)), None)
    if depth is None:
        raise ShapeError("found a network without neurons, expected a hidden layer")
    tail = network.suffix(depth)
    runs = {run[-1]: run[0] for run in trace_vertices(network.prefix(depth), domain)}
    hull = Polytope.hull(runs, tail.in_dim)
    best = max(trace_vertices(tail, hull), key=lambda run: sign * run[-1][0])
    corners = list(hull.vertices)
    weights = _weights(corners, best[0])
    used = [(runs[p], w) for p, w in zip(corners, weights, strict=True) if w]
    return Mixture(tuple(x for x, _ in used), tuple(w for _, w in used), best[-1][0])


def value_of(network: Network, found: Mixture) -> Fraction:
    """Return the value that a mixture leads to, by evaluation alone.

    >>> from polyrelax.networks.gallery import tent
    >>> ends = ((Fraction(-1),), (Fraction(1),))
    >>> str(value_of(tent(), Mixture(ends, (Fraction(1, 2),) * 2, ZERO)))
    '0'
    """
    require(network, Network)
    require(found, Mixture)
    depth = next(i for i, z in enumerate(network.layers, 1) if bending(z))
    values = [network.prefix(depth)(x) for x in found.inputs]
    mixed = tuple(dot(column, found.weights) for column in zip(*values, strict=True))
    return network.suffix(depth)(mixed)[0]


def _weights(corners: list[Vector], point: Vector) -> Vector:
    """Return non-negative weights of sum 1 that make a point of the hull from its vertices."""
    columns = (*zip(*corners, strict=True), (ONE,) * len(corners))
    rows = tuple(
        Row(tuple((i, a) for i, a in enumerate(column) if a), value, is_equation=True)
        for column, value in zip(columns, (*point, ONE), strict=True)
    )
    size = len(corners)
    weights = feasible_point(LinearProgram((ZERO,) * size, (ONE,) * size, rows))
    assert weights is not None, "a point of a hull is a mixture of its vertices (Minkowski)"
    return weights
