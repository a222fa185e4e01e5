"""One imprecise 1-2-2-1 network with weights in {-1, 0, 1, 2}."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.analysis.precision import exact_bounds
from polyrelax.networks.network import network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.trace import propagate

WITNESS = network(([[2], [-1]], [0, 0]), ([[-1, 0], [0, -1]], [1, 1]), ([[1, 1]], [0]))


def derive() -> Iterator[tuple[str, object]]:
    name, unit = "relu(1 - relu(2x)) + relu(1 - relu(-x)) on [-1, 1]", Polytope.box([-1], [1])
    yield f"{name}: range", exact_bounds(WITNESS, unit)
    yield f"{name}, p:1", propagate(WITNESS, unit, LayerHull()).output
