"""One function of each class in the encoding that a theorem names, on a grid of boxes."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.analysis.precision import cells, grid, imprecise, segments
from polyrelax.expressivity.constructions import precise_encoding
from polyrelax.expressivity.piecewise import Piecewise
from polyrelax.networks.gallery import (
    convex_encoding,
    maximum,
    monotone_ramps,
    monotone_sum,
    tent_flattened,
)
from polyrelax.networks.network import Network
from polyrelax.networks.rewrite import reflect
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.deeppoly import DP0, DP1
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.trace import Relaxation
from polyrelax.relaxations.triangle import Triangle

POINTS = ((0, 0), (1, 2), (2, "5/2"), (3, 4))
TENT, RAMPS = tent_flattened(), monotone_ramps(POINTS)
CONVEX = convex_encoding([-2, -1, 0, 1], [-1, 0, 1], "--+")
RISING = convex_encoding(["1/2", 1, 3], [-1, 1], "++")
WAVE = precise_encoding(Piecewise.of_slopes([1, -1, 1], ["-1/4", "1/4"]))
BOXES = {
    "CPWL": segments(grid(-1, 1, 4)),
    "M-CPWL": segments(grid(0, 3, 6)),
    "C-CPWL": segments(grid(-2, 2, 8)),
    "MC-CPWL": segments(grid(-2, 2, 8)),
}
Encodings = dict[str, Network]
THREE = {"M-CPWL": RAMPS, "C-CPWL": CONVEX, "MC-CPWL": RISING}
FOUR = {"CPWL": WAVE, **THREE}
ROWS: tuple[tuple[Relaxation, Encodings], ...] = (
    (IBP(), {"CPWL": TENT, **THREE}),
    (DP0, FOUR),
    (DP1, {name: reflect(network) for name, network in FOUR.items()}),
    (Triangle(), FOUR),
    (LayerHull(), {"CPWL": TENT, **THREE, "M-CPWL": monotone_sum(POINTS)}),
)


def derive() -> Iterator[tuple[str, object]]:
    for relaxation, encodings in ROWS:
        for name, network in encodings.items():
            precise = _is_precise_on(BOXES[name], network, relaxation)
            yield f"R, {relaxation.name}, {name}", precise
    squares = cells(grid(0, 1, 2), 2)
    precise = _is_precise_on(squares, maximum(2), Triangle())
    yield "R^2, triangle, all four classes", precise


def _is_precise_on(
    boxes: tuple[Polytope, ...], network: Network, relaxation: Relaxation
) -> bool:
    return not any(imprecise(network, boxes, relaxation))
