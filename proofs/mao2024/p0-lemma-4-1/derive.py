"""Pump one identity layer into three networks and bound them by P_3 and P_4."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.networks.gallery import section_three_example, tent, unbounded_gap
from polyrelax.networks.layers import Identity
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.cross_layer import CrossLayer
from polyrelax.relaxations.exact import Exact
from polyrelax.relaxations.trace import propagate

SEGMENT = Polytope.box([-1], [1])
SQUARE = Polytope.box([-1, -1], [1, 1])
FIRST_RELU = 2
INSTANCES = (
    ("tent on [-1, 1]", tent(), SEGMENT),
    ("broken line on [-1, 1]", unbounded_gap((-1, 1), 1), SEGMENT),
    ("section 3 example on [-1, 1]^2", section_three_example(), SQUARE),
)


def derive() -> Iterator[tuple[str, object]]:
    for name, network, domain in INSTANCES:
        hull = propagate(network, domain, Exact()).polytope(FIRST_RELU)
        suffix = propagate(network.suffix(FIRST_RELU), hull, Exact())
        yield f"{name}, f_2 on conv f_1(X)", suffix.output
        for radius in (3, 4):
            trace = propagate(pumped(network, 1), domain, CrossLayer(radius))
            yield f"{name}, m = 1, r = {radius}", trace.output


def pumped(network: Network, count: int) -> Network:
    identities = (Identity(network.layers[FIRST_RELU].in_dim),) * count
    return Network((*network.layers[:FIRST_RELU], *identities, *network.layers[FIRST_RELU:]))
