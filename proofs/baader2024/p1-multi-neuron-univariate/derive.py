"""P_1 on networks with one hidden layer."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.analysis.precision import grid, imprecise, segments
from polyrelax.networks.gallery import hat
from polyrelax.networks.network import Network, network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.trace import propagate
from polyrelax.relaxations.triangle import Triangle

ZIGZAG = network(([[1]] * 4, [1, "1/2", 0, "-1/2"]), ([[1, -3, 5, -4]], [0]))
PLATEAUS = network(([[1]] * 4, ["3/4", "1/4", "-1/4", "-3/4"]), ([[4, -4, -4, 4]], [0]))
UNIVARIATE = {
    "zigzag, slopes 1, -2, 3, -1, kinks -1/2, 0, 1/2": ZIGZAG,
    "plateaus, slopes 0, 4, 0, -4, 0, kinks -3/4, -1/4, 1/4, 3/4": PLATEAUS,
    "tent, slopes 0, 2, -2, 0, kinks -1/2, 0, 1/2": hat(),
}
PLANE = network(([[1, 1], [1, -1], [1, 0]], [0, 0, 0]), ([[1, 1, -1]], [0]))
SQUARE = Polytope.box([-1, -1], [1, 1])
SLANTED = Polytope.hull([[-1, -1], ["1/2", "-1/2"], [0, "1/2"]], 2)


def derive() -> Iterator[tuple[str, object]]:
    boxes = segments(grid(-1, 1, 8))
    for name, function in UNIVARIATE.items():
        failures = len(list(imprecise(function, boxes, LayerHull())))
        yield f"{name}: imprecise boxes of {len(boxes)}, p:1", failures
    yield from _bounds("tent on [-1, 1]", hat(), Polytope.box([-1], [1]))
    name = "relu(x + y) + relu(x - y) - relu(x) on"
    yield from _bounds(f"{name} [-1, 1]^2", PLANE, SQUARE)
    corners = "(-1,-1), (1/2,-1/2), (0,1/2)"
    found = propagate(PLANE, SLANTED, LayerHull()).output
    yield f"{name} the triangle {corners}, p:1", found


def _bounds(name: str, function: Network, domain: Polytope) -> Iterator[tuple[str, object]]:
    for relaxation in (Triangle(), LayerHull()):
        found = propagate(function, domain, relaxation).output
        yield f"{name}, {relaxation.name}", found
