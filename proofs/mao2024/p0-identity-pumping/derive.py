"""Bound the tent with identity layers and identity blocks by P_r, for all small r."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.arithmetic.interval import Interval
from polyrelax.networks.gallery import tent_with_blocks, tent_with_identities
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.cross_layer import CrossLayer
from polyrelax.relaxations.exact import Exact
from polyrelax.relaxations.trace import Relaxation, propagate

SEGMENT = Polytope.box([-1], [1])
LARGEST_RADIUS = {0: 5, 1: 6, 2: 6}


def derive() -> Iterator[tuple[str, object]]:
    exact = [output(tent_with_identities(m), Exact()) for m in LARGEST_RADIUS]
    yield "exact, any number of identities", exact
    for m, largest in LARGEST_RADIUS.items():
        network = tent_with_identities(m)
        found = [output(network, CrossLayer(r)) for r in range(1, largest + 1)]
        yield f"m = {m}, r = 1, ..., {largest}", found
    for m in range(3):
        blocks = tent_with_blocks(m)
        found = [output(blocks, CrossLayer(2 * r)) for r in range(1, m + 3)]
        yield f"m = {m} blocks, r = 1, ..., {m + 2}", found
    high = tent_with_identities(1, 1000)
    yield "T = 1000, m = 1, exact", output(high, Exact())
    yield "T = 1000, m = 1, r = 3", output(high, CrossLayer(3))


def output(network: Network, relaxation: Relaxation) -> Interval:
    return propagate(network, SEGMENT, relaxation).output[0]
