"""Bound the tent by the layerwise multi-neuron relaxations."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.networks.gallery import tent
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate


def derive() -> Iterator[tuple[str, object]]:
    domain = Polytope.box([-1], [1])
    for name in ("exact", "m:1", "m:2", "p:1"):
        yield name, propagate(tent(), domain, relaxation(name)).output
