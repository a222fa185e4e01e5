"""IBP on monotone functions with one hidden layer and with two."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.analysis.precision import exact_bounds, grid, imprecise, segments
from polyrelax.networks.gallery import monotone_ramps, monotone_sum, ramp_difference
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.deeppoly import DP0
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.trace import propagate

POINTS = ((0, 0), (1, 2), (2, "5/2"), (3, 4))


def derive() -> Iterator[tuple[str, object]]:
    network, box = monotone_sum(POINTS), Polytope.box([0], [3])
    points = "points (0,0), (1,2), (2,5/2), (3,4)"
    yield f"f with {points}: range on [0, 3]", exact_bounds(network, box)
    for relaxation in (IBP(), DP0):
        name = f"2 relu(x) - 3/2 relu(x-1) + relu(x-2) on [0, 3], {relaxation.name}"
        yield name, propagate(network, box, relaxation).output
    difference = ramp_difference()
    yield "relu(x-1) - relu(x-2) on [0, 3], ibp", propagate(difference, box, IBP()).output
    boxes = segments(grid(0, 3, 12))
    for name, ramp in (
        ("relu(x-1) - relu(x-2)", difference),
        ("1 - relu(1 - relu(x-1)), two hidden layers,", monotone_ramps([(1, 0), (2, 1)])),
    ):
        precise = not any(imprecise(ramp, boxes, IBP()))
        yield f"{name} precise on all {len(boxes)} boxes, ibp", precise
