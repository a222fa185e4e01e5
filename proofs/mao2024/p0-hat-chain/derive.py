"""Bound the hat by the relaxations M_k and by those that see less."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.networks.gallery import hat
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate


def derive() -> Iterator[tuple[str, object]]:
    domain = Polytope.box([-1], [1])
    for name in ("exact", "p:1", "m:3", "m:2", "m:1", "triangle", "dp0", "dp1", "ibp"):
        yield name, propagate(hat(), domain, relaxation(name)).output
