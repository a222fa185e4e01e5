"""The tent, a function of the open class, under four relaxations."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.analysis.precision import grid, imprecise, segments
from polyrelax.networks.gallery import tent_flattened, tent_merged
from polyrelax.networks.network import Network
from polyrelax.networks.rewrite import reflect
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.deeppoly import DP0, DP1
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.trace import Relaxation, propagate
from polyrelax.relaxations.triangle import Triangle


def derive() -> Iterator[tuple[str, object]]:
    merged = tent_merged()
    for relaxation in (Triangle(), DP0, IBP()):
        name = f"merged tent: precise boxes, {relaxation.name}"
        yield name, _precise(merged, relaxation)
    name = "merged tent, relu(z) as z + relu(-z): precise boxes, dp1"
    yield name, _precise(reflect(merged), DP1)
    unit = Polytope.box([-1], [1])
    found = propagate(tent_flattened(), unit, Triangle()).output
    yield "flattened tent on [-1, 1], triangle", found


def _precise(network: Network, relaxation: Relaxation) -> str:
    boxes = segments(grid(-1, 1, 16))
    failures = len(list(imprecise(network, boxes, relaxation)))
    return f"{len(boxes) - failures} of {len(boxes)}"
