"""Clamp networks to their exact range and bound the result."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.networks.gallery import (
    hat,
    maximum,
    section_three_example,
    tent,
    unbounded_gap,
)
from polyrelax.networks.network import Network
from polyrelax.networks.regions import exact_range, linear_regions
from polyrelax.networks.rewrite import clamp
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate

SEGMENT = Polytope.box([-1], [1])
SQUARE = Polytope.box([-1, -1], [1, 1])
INSTANCES = (
    ("tent on [-1, 1]", tent(), SEGMENT),
    ("hat on [-1, 1]", hat(), SEGMENT),
    ("broken line on [-1, 1]", unbounded_gap((-1, 1), 1), SEGMENT),
    ("section 3 example on [-1, 1]^2", section_three_example(), SQUARE),
    ("maximum of 2 on [0, 1]^2", maximum(2), Polytope.box([0] * 2, [1] * 2)),
    ("maximum of 3 on [0, 1]^3", maximum(3), Polytope.box([0] * 3, [1] * 3)),
)
METHODS = ("exact", "p:1", "triangle", "ibp")


def derive() -> Iterator[tuple[str, object]]:
    for name, network, domain in INSTANCES:
        clamped = clamp(network, *exact_range(network, domain)[0])
        yield f"{name}: same function on X", equal_on(clamped, network, domain)
        ranges = [propagate(clamped, domain, relaxation(m)).output for m in METHODS]
        yield f"{name}: {', '.join(METHODS)}", ranges


def equal_on(longer: Network, network: Network, domain: Polytope) -> bool:
    """Whether two networks agree, if both are affine on each linear region of ``longer``."""
    vertices = (x for region in linear_regions(longer, domain) for x in region.cell.vertices)
    return all(longer(x) == network(x) for x in vertices)
