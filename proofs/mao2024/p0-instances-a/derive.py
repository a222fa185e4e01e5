"""Bound three networks with two hidden neurons."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.networks.gallery import cancelling, clipped_ramp, maximum
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate

SEGMENT = Polytope.box([-1], [1])
SQUARE = Polytope.box([0, 0], [1, 1])


def derive() -> Iterator[tuple[str, object]]:
    instances = (
        ("maximum on [0, 1]^2", maximum(2), SQUARE, "exact p:1 triangle ibp"),
        (
            "relu(x) - relu(x) on [-1, 1]",
            cancelling(),
            SEGMENT,
            "exact p:1 m:1 triangle",
        ),
        (
            "relu(x) - relu(x - 1/2) on [-1, 1]",
            clipped_ramp(),
            SEGMENT,
            "exact p:1 m:2 m:1 triangle ibp",
        ),
    )
    for name, network, domain, methods in instances:
        for method in methods.split():
            bounds = propagate(network, domain, relaxation(method)).output
            yield f"{name}: {method}", bounds
