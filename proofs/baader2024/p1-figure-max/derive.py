"""The triangle's set over the graph of max(x1, x2), and the hull of the graph."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.arithmetic.rational import text
from polyrelax.networks.gallery import maximum_encodings
from polyrelax.networks.layers import Identity
from polyrelax.networks.network import Network, concatenate
from polyrelax.networks.regions import exact_hull
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.trace import Relaxation, propagate
from polyrelax.relaxations.triangle import Triangle

SQUARE = Polytope.box([0, 0], [1, 1])


def derive() -> Iterator[tuple[str, object]]:
    first, second, mean = maximum_encodings()
    relaxed = _relaxed_graph(first, Triangle())
    yield "triangle: facets", sorted(map(str, relaxed.facets))
    yield "triangle: vertices", [f"({', '.join(map(text, v))})" for v in relaxed.vertices]
    for name, network in (("x1 + relu(x2 - x1)", second), ("mean of both", mean)):
        same = _relaxed_graph(network, Triangle()) == relaxed
        yield f"{name}, triangle: same set", same
    hull = exact_hull(first, SQUARE)
    yield "hull: facets", sorted(map(str, hull.facets))
    yield "p:1 gives the hull", _relaxed_graph(first, LayerHull()) == hull


def _relaxed_graph(network: Network, relaxation: Relaxation) -> Polytope:
    graph = concatenate(Network((Identity(2),)), network)
    return propagate(graph, SQUARE, relaxation).polytope(-1)
