"""Bound the tent by all relaxations and list the sets of P_1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Vector, vector
from polyrelax.networks.gallery import tent, tent_unit_weights
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate

SEGMENT = Polytope.box([-1], [1])
LOOSER = ("m:1", "m:2", "triangle", "dp0", "ibp", "dp1")
LAYERS = {"ReLU layer 1": 2, "affine layer 2": 3, "ReLU layer 2": 4}


def derive() -> Iterator[tuple[str, object]]:
    for height in (1, 10, 1000):
        for name in ("exact", "p:1"):
            bounds = propagate(tent(height), SEGMENT, relaxation(name)).output
            yield f"T = {height}, {name}", bounds
    yield f"T = 1: {', '.join(LOOSER)}", list(ranges(tent(), SEGMENT, LOOSER))
    wide, unit = Polytope.box([-2], [2]), tent_unit_weights()
    found = ranges(unit, wide, ("exact", "p:1"))
    yield "unit weights on [-2, 2]: exact, p:1", list(found)
    key = f"unit weights on [-2, 2]: {', '.join(LOOSER)}"
    yield key, list(ranges(unit, wide, LOOSER))
    trace = propagate(tent(), SEGMENT, LayerHull())
    for name, depth in LAYERS.items():
        yield f"P_1 set behind {name}", [shown(v) for v in trace.polytope(depth).vertices]
    spurious = vector(["1/2", "1/2"])
    yield "value behind the spurious point (1/2, 1/2)", tent().suffix(2)(spurious)


def ranges(network: Network, domain: Polytope, names: Iterable[str]) -> Iterator[Interval]:
    return (propagate(network, domain, relaxation(name)).output[0] for name in names)


def shown(point: Vector) -> str:
    return f"({', '.join(map(str, point))})"
