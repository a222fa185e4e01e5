"""Bound the network of Theorem 3.3, whose lower bound under P_1 is off by T."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.arithmetic.rational import Vector, vector
from polyrelax.networks.gallery import unbounded_gap
from polyrelax.networks.rewrite import negate
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate

SEGMENT = Polytope.box([-1], [1])
POINT = Polytope.box([0], [0])
TRIANGLE = Polytope.hull([[0, 0], [1, 0], ["1/2", 1]], 2)


def derive() -> Iterator[tuple[str, object]]:
    network = unbounded_gap((-1, 1), 1)
    for name in ("exact", "p:1", "triangle", "ibp"):
        bounds = propagate(network, SEGMENT, relaxation(name)).output
        yield f"f on [-1, 1], T = 1, {name}", bounds
    for name in ("exact", "p:1", "ibp"):
        bounds = propagate(negate(network), SEGMENT, relaxation(name)).output
        yield f"-f on [-1, 1], T = 1, {name}", bounds
    yield from other_instances()
    trace = propagate(network, SEGMENT, LayerHull())
    spurious = vector([1, "1/2"])
    yield "P_1 set behind the first ReLU", [shown(v) for v in trace.polytope(2).vertices]
    yield "spurious point (1, 1/2) in the P_1 set", spurious in trace.polytope(2)
    yield "value of f behind the spurious point", network.suffix(2)(spurious)
    for name in ("exact", "p:1"):
        bounds = propagate(network, POINT, relaxation(name)).output
        yield f"f on the single point 0, {name}", bounds


def other_instances() -> Iterator[tuple[str, object]]:
    instances = (
        ("[-1, 1], T = 10", unbounded_gap((-1, 1), 10), SEGMENT),
        ("[-1, 1], T = 1000", unbounded_gap((-1, 1), 1000), SEGMENT),
        (
            "[1/3, 5/2], T = 1",
            unbounded_gap(("1/3", "5/2"), 1),
            Polytope.box(["1/3"], ["5/2"]),
        ),
        ("a triangle over [0, 1], T = 1", unbounded_gap((0, 1), 1, in_dim=2), TRIANGLE),
    )
    for name, network, domain in instances:
        for method in ("exact", "p:1"):
            bounds = propagate(network, domain, relaxation(method)).output
            yield f"f on {name}, {method}", bounds


def shown(point: Vector) -> str:
    return f"({', '.join(map(str, point))})"
