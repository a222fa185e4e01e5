"""The triangle's sets of (z, y) before and after a replacement, on [-1, 1]."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.arithmetic.rational import Vector, text
from polyrelax.networks.layers import Affine, Identity, ReLU
from polyrelax.networks.network import Network, concatenate, network
from polyrelax.networks.rewrite import fold
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.trace import propagate
from polyrelax.relaxations.triangle import Triangle


def derive() -> Iterator[tuple[str, object]]:
    two = network(([[1], [-1]], [0, 0]), ([[2, -1]], [0]))
    three = network(([[1], [-1], [3]], [0, 0, 0]), ([[2, -1, -1]], [0]))
    nested = fold([*one_neuron(1, 1).layers, ReLU(1)])
    for (name, replaced), (better, replacing) in (
        (("2 relu(z) - relu(-z)", two), ("z + relu(z)", one_neuron(1, 1))),
        (("2 relu(z) - relu(-z) - relu(3z)", three), ("z - 2 relu(z)", one_neuron(1, -2))),
        (("relu(z + relu(z))", nested), ("2 relu(z)", one_neuron(0, 2))),
    ):
        outer, inner = _relaxed_graph(replaced), _relaxed_graph(replacing)
        yield f"{name}: vertices", [_point(v) for v in outer.vertices]
        yield f"{better}: vertices", [_point(v) for v in inner.vertices]
        yield f"{better}: inside", inner <= outer
        yield f"{better}: strictly", inner != outer


def one_neuron(slope: int, weight: int) -> Network:
    """Return the network of ``slope z + weight relu(z)``, z passing the ReLU layer."""
    copies = Affine.dense([[1], [1]])
    return Network((copies, ReLU(2, (1,)), Affine.dense([[slope, weight]])))


def _relaxed_graph(function: Network) -> Polytope:
    graph = concatenate(Network((Identity(1),)), function)
    return propagate(graph, Polytope.box([-1], [1]), Triangle()).polytope(-1)


def _point(vertex: Vector) -> str:
    return f"({', '.join(map(text, vertex))})"
