"""Four relaxations on a monotone function written as a sum of ramps."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.analysis.precision import grid, imprecise, segments
from polyrelax.networks.gallery import monotone_ramps
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.deeppoly import DP0, DP1
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.triangle import Triangle

POINTS = ((0, 0), (1, 2), (2, "5/2"), (3, 4))


def derive() -> Iterator[tuple[str, object]]:
    network, boxes = monotone_ramps(POINTS), segments(grid(0, 3, 12))
    yield "boxes", len(boxes)
    for relaxation in (IBP(), DP0, Triangle(), DP1):
        failures = list(imprecise(network, boxes, relaxation))
        yield f"imprecise, {relaxation.name}", len(failures)
    inside = sum(_has_breakpoint_inside(box) for box in failures)
    yield f"imprecise, {DP1.name}, with 1 or 2 inside", inside


def _has_breakpoint_inside(box: Polytope) -> bool:
    lower, upper = box.bounds[0]
    return any(lower < point < upper for point in (1, 2))
