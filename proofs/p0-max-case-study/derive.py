"""Bound the nested maximum of two and three numbers."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.networks.gallery import maximum
from polyrelax.networks.regions import count_patterns
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate

METHODS = ("exact", "p:1", "m:1", "triangle", "dp0", "dp1", "ibp")


def derive() -> Iterator[tuple[str, object]]:
    for d in (2, 3):
        network, cube = maximum(d), Polytope.box([0] * d, [1] * d)
        for name in METHODS:
            yield f"d = {d}, {name}", propagate(network, cube, relaxation(name)).output
        yield f"d = {d}, activation patterns", count_patterns(network, cube)
