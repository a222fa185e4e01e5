"""Compare M_k with the triangle and with P_1."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.networks.gallery import hat, maximum, tent
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.multi_neuron import LayerNeurons
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate

SEGMENT = Polytope.box([-1], [1])
SQUARE = Polytope.box([0, 0], [1, 1])


def derive() -> Iterator[tuple[str, object]]:
    names = ("m:1", "m:2", "p:1")
    found = [propagate(maximum(2), SQUARE, relaxation(name)).output for name in names]
    yield f"maximum on [0, 1]^2: {', '.join(names)}", found
    triangle = propagate(maximum(2), SQUARE, relaxation("triangle")).output
    yield "maximum on [0, 1]^2: triangle", triangle
    yield "tent on [-1, 1]: M_2 and P_1 agree on every layer", agree(tent(), 2)
    yield "hat on [-1, 1]: M_3 and P_1 agree on every layer", agree(hat(), 3)


def agree(network: Network, width: int) -> bool:
    groups = propagate(network, SEGMENT, LayerNeurons(width))
    hulls = propagate(network, SEGMENT, LayerHull())
    depths = range(len(network.layers) + 1)
    return all(groups.polytope(i) == hulls.polytope(i) for i in depths)
