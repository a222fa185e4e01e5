"""Compare the projections of the glued constraints of P_1 with its sets, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.networks.gallery import section_three_example, tent, unbounded_gap
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.cross_layer import CrossLayer
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.trace import propagate

SEGMENT = Polytope.box([-1], [1])
SQUARE = Polytope.box([-1, -1], [1, 1])


def derive() -> Iterator[tuple[str, object]]:
    yield "tent on [-1, 1], every layer", projections_agree(tent(), SEGMENT)
    broken_line = unbounded_gap((-1, 1), 1)
    yield "broken line on [-1, 1], every layer", projections_agree(broken_line, SEGMENT)
    example = section_three_example()
    yield "section 3 example on [-1, 1]^2, every layer", projections_agree(example, SQUARE)


def projections_agree(network: Network, domain: Polytope) -> bool:
    glued = propagate(network, domain, CrossLayer(1))
    forward = propagate(network, domain, LayerHull())
    depths = range(len(network.layers) + 1)
    return all(glued.polytope(i) == forward.polytope(i) for i in depths)
