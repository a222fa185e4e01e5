"""M_1 on max(x1, x2), and the hull that it uses."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.arithmetic.rational import text
from polyrelax.networks.gallery import maximum, maximum_encodings
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.relu_graph import graph_hull
from polyrelax.relaxations.multi_neuron import LayerNeurons
from polyrelax.relaxations.trace import propagate
from polyrelax.relaxations.triangle import Triangle


def derive() -> Iterator[tuple[str, object]]:
    network, square = maximum_encodings()[0], Polytope.box([0, 0], [1, 1])
    for relaxation in (Triangle(), LayerNeurons(1)):
        name = f"relu(x1-x2) + x2, {relaxation.name}"
        yield name, propagate(network, square, relaxation).output
    carried = propagate(maximum(2), square, LayerNeurons(1)).output
    yield "relu(x1-x2) + relu(x2), m:1", carried
    inputs = Polytope.hull([(a - b, b) for a, b in square.vertices], 2)
    hull = graph_hull(inputs, [0])
    yield "hull of (a, b, c): vertices", [f"({', '.join(map(text, v))})" for v in hull.vertices]
    yield "hull of (a, b, c): facets", sorted(map(str, hull.facets))
    small = Polytope.box(["1/4", "1/4"], ["3/4", "3/4"])
    name = "square of (eps = 1/4) around (1/2, 1/2), m:1"
    yield name, propagate(network, small, LayerNeurons(1)).output
