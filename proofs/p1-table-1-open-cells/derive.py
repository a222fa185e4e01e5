"""The tent, a function of the open class, under four relaxations."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.analysis.precision import grid, imprecise, segments
from polyrelax.expressivity.all_boxes import decide
from polyrelax.expressivity.piecewise import Piecewise
from polyrelax.networks.gallery import tent_flattened, tent_merged
from polyrelax.networks.network import Network, network
from polyrelax.networks.rewrite import reflect
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.deeppoly import DP0, DP1
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.trace import Relaxation, propagate
from polyrelax.relaxations.triangle import Triangle
from polyrelax.search.inexpressibility import canonical

# Found by: polyrelax search inexpressibility --shape 1-2-1-1,1-3-1-1,1-2-2-1
ENCODINGS = {
    "relu(-x-1), then two neurons, negated": network(
        ([[-1]], [-1]), ([[-1], [1]], [1, -1]), ([[-1, -1]], [0])
    ),
    "two falling and one rising neuron, then one": network(
        ([[-1], [-1], [1]], [-1, -1, 1]), ([[-1, -1, -1]], [1]), ([[-1]], [0])
    ),
    "-||x + 1| - 1|": network(
        ([[-1], [1]], [-1, 1]), ([[-1, -1], [1, 1]], [1, -1]), ([[-1, -1]], [0])
    ),
}


def derive() -> Iterator[tuple[str, object]]:
    merged = tent_merged()
    for relaxation in (Triangle(), DP0, IBP()):
        name = f"merged tent: precise boxes, {relaxation.name}"
        yield name, _precise(merged, relaxation)
    name = "merged tent, relu(z) as z + relu(-z): precise boxes, dp1"
    yield name, _precise(reflect(merged), DP1)
    yield from _on_all_intervals(merged)
    unit = Polytope.box([-1], [1])
    found = propagate(tent_flattened(), unit, Triangle()).output
    yield "flattened tent on [-1, 1], triangle", found


def _on_all_intervals(merged: Network) -> Iterator[tuple[str, object]]:
    networks = {"merged tent": merged, **ENCODINGS}
    for name, net in networks.items():
        yield f"{name}: function", str(canonical(Piecewise.of_network(net)))
        precise = [decide(net, relaxation).is_precise for relaxation in ("dp0", "triangle")]
        yield f"{name}: precise on all intervals, dp0, triangle", precise
        reflected = decide(reflect(net), "dp1").is_precise
        yield f"{name}, relu(z) as z + relu(-z): precise on all intervals, dp1", reflected


def _precise(network: Network, relaxation: Relaxation) -> str:
    boxes = segments(grid(-1, 1, 16))
    failures = len(list(imprecise(network, boxes, relaxation)))
    return f"{len(boxes) - failures} of {len(boxes)}"
