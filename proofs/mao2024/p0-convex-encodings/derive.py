"""Bound input-convex networks with seeded weights by P_1."""

from __future__ import annotations

import random
from collections.abc import Iterator

from polyrelax.networks.gallery import input_convex
from polyrelax.networks.gallery.multivariate import ConvexLayer
from polyrelax.networks.network import Network
from polyrelax.networks.rewrite import negate
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.exact import Exact
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.trace import propagate

COUNT = 12
DOMAINS = {
    "[-1, 1]^2": Polytope.box([-1, -1], [1, 1]),
    "a triangle": Polytope.hull([[-1, 0], [1, "-1/2"], ["1/3", 1]], 2),
}


def derive() -> Iterator[tuple[str, object]]:
    generator = random.Random(2024)
    networks = [seeded(generator) for _ in range(COUNT)]
    for name, domain in DOMAINS.items():
        exact = sum(is_exact(network, domain) for network in networks)
        yield f"p:1 exact on {name}", f"{exact} of {COUNT}"
        exact = sum(is_exact(negate(network), domain) for network in networks)
        yield f"p:1 exact for the negatives on {name}", f"{exact} of {COUNT}"
    small = Polytope.box(["-1/8", 0], ["1/4", "1/3"])
    key = "|x_1 - x_2| + relu(x_1 + x_2) on a small box, p:1 exact"
    yield key, is_exact(explicit(), small)


def seeded(generator: random.Random) -> Network:
    """Return a network of two hidden layers of two neurons with small integer weights."""

    def block(low: int, columns: int = 2, rows: int = 2) -> list[list[int]]:
        return [[generator.randint(low, 2) for _ in range(columns)] for _ in range(rows)]

    hidden: list[ConvexLayer] = [
        ([[], []], block(-2), block(-2, rows=1)[0]),
        (block(0), block(-2), block(-2, rows=1)[0]),
    ]
    return input_convex(hidden, (block(0, rows=1), block(-2, rows=1), [0]))


def explicit() -> Network:
    """Return 2 relu(x_1 - x_2) - x_1 + x_2 + relu(x_1 + x_2)."""
    hidden: list[ConvexLayer] = [([[], []], [[1, -1], [1, 1]], [0, 0])]
    return input_convex(hidden, ([[2, 1]], [[-1, 1]], [0]))


def is_exact(network: Network, domain: Polytope) -> bool:
    exact, relaxed = (propagate(network, domain, r).output for r in (Exact(), LayerHull()))
    return exact == relaxed
