"""Bound networks on each of their linear regions."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.networks.gallery import hat, maximum, tent, unbounded_gap
from polyrelax.networks.network import Network
from polyrelax.networks.regions import linear_regions
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate

SEGMENT = Polytope.box([-1], [1])
METHODS = ("p:1", "m:1", "triangle")
INSTANCES = (
    ("tent on [-1, 1]", tent(), SEGMENT),
    ("hat on [-1, 1]", hat(), SEGMENT),
    ("maximum of 3 on [0, 1]^3", maximum(3), Polytope.box([0] * 3, [1] * 3)),
    ("broken line on [-1, 1]", unbounded_gap((-1, 1), 1), SEGMENT),
)


def derive() -> Iterator[tuple[str, object]]:
    for name, network, domain in INSTANCES:
        cells = [region.cell for region in linear_regions(network, domain)]
        yield f"{name}: A", len(cells)
        verdicts = [all(is_exact(network, cell, m) for cell in cells) for m in METHODS]
        yield f"{name}: exact on every region, {', '.join(METHODS)}", verdicts


def is_exact(network: Network, cell: Polytope, name: str) -> bool:
    exact, relaxed = (propagate(network, cell, relaxation(n)).output for n in ("exact", name))
    return exact == relaxed
