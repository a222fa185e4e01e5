"""Bound rewritings of the tent, and cut its input into pieces."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from polyrelax.arithmetic.interval import Interval
from polyrelax.networks.gallery import (
    tent,
    tent_clamped,
    tent_copied,
    tent_flattened,
    tent_merged,
)
from polyrelax.networks.network import Network
from polyrelax.networks.regions import linear_regions
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate

SEGMENT = Polytope.box([-1], [1])
EIGHTHS = [Fraction(k, 8) for k in range(-8, 9)]


def derive() -> Iterator[tuple[str, object]]:
    networks = {
        "tent": (tent(), ("p:1",)),
        "copies": (tent_copied(), ("p:1",)),
        "clamp": (tent_clamped(), ("p:1", "triangle", "ibp")),
        "merged": (tent_merged(), ("p:1", "triangle", "ibp")),
        "flat": (tent_flattened(), ("p:1", "triangle")),
    }
    for name, (network, methods) in networks.items():
        for method in methods:
            yield f"{name}, {method}", bounds(network, SEGMENT, method)
    smaller = Polytope.box(["-1/4"], [1])
    yield "tent on [-1/4, 1], p:1", bounds(tent(), smaller, "p:1")
    yield "clamp on [-1/4, 1], p:1", bounds(tent_clamped(), smaller, "p:1")
    for name, (network, _) in networks.items():
        yield f"{name}, boxes where p:1 is exact", exact_boxes(network, "p:1")
    found = exact_boxes(tent_merged(), "triangle")
    yield "merged, boxes where triangle is exact", found
    yield from pieces()


def pieces() -> Iterator[tuple[str, object]]:
    halves = Polytope.box([-1], [0]), Polytope.box([0], [1])
    ranges = [bounds(tent(), half, "p:1") for half in halves]
    yield "tent on the pieces [-1, 0] and [0, 1], p:1", ranges
    cells = sorted(region.cell.bounds for region in linear_regions(tent(), SEGMENT))
    yield "activation cells", cells


def bounds(network: Network, domain: Polytope, name: str) -> Interval:
    return propagate(network, domain, relaxation(name)).output[0]


def exact_boxes(network: Network, name: str) -> str:
    """Return how many boxes with ends in the eighths are bounded exactly."""
    boxes = [Polytope.box([a], [b]) for a, b in combinations(EIGHTHS, 2)]
    exact = sum(bounds(network, box, name) == bounds(network, box, "exact") for box in boxes)
    return f"{exact} of {len(boxes)}"
