"""The rising N, what a survey left, and the tent, under four relaxations."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.analysis.precision import grid, imprecise, segments
from polyrelax.arithmetic.rational import Scalar
from polyrelax.expressivity.all_boxes import decide
from polyrelax.expressivity.constructions import precise_encoding
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

RISING = Piecewise.of_slopes([1, -1, 1], [2, 3], at_first_kink=2)
SURVEY = "functions without a network in the survey"
# Slopes and kinks, of: polyrelax search inexpressibility
# --shape 1-2-1,1-1-1-1,1-2-1-1,1-1-2-1,1-2-2-1 --relaxations dp0
NONE_FOUND: tuple[tuple[list[Scalar], list[Scalar]], ...] = (
    ([-1, 0, -1, 1], [0, 1, "4/3"]),
    ([-1, 0, "1/2", 0], [0, 1, 2]),
    ([-1, 0, 1, 0], [0, 1, "4/3"]),
    ([-1, 0, 1, 0], [0, 1, 3]),
    ([-1, 1, -1, 0], [0, 1, 2]),
    (["-1/2", -1, "-1/2", "1/2"], [0, 1, "3/2"]),
    (["-1/2", -1, 0, "1/2"], [0, 1, 3]),
    (["-1/2", -1, "1/2", 0], [0, 1, 2]),
    (["-1/2", 0, 1, 0], [0, 1, 2]),
    ([0, -1, "1/2", 0], [0, 1, 2]),
    ([0, -1, 1, 0], [0, 1, "4/3"]),
    ([0, -1, 1, 0], [0, 1, "3/2"]),
)


def derive() -> Iterator[tuple[str, object]]:
    yield from _rising()
    functions = [Piecewise.of_slopes(slopes, kinks) for slopes, kinks in NONE_FOUND]
    for name in ("dp0", "triangle"):
        key = f"{SURVEY}: constructed, precise on all intervals, {name}"
        yield key, f"{sum(_is_settled(f, name) for f in functions)} of {len(functions)}"
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


def _rising() -> Iterator[tuple[str, object]]:
    net = precise_encoding(RISING)
    yield "rising N: network", "-".join(map(str, (1, *net.widths[1::2])))
    yield "rising N: function", str(Piecewise.of_network(net))
    precise = [decide(net, name).is_precise for name in ("dp0", "triangle")]
    yield "rising N: precise on all intervals, dp0, triangle", precise
    reflected = decide(reflect(net), "dp1").is_precise
    yield "rising N, relu(z) as z + relu(-z): precise on all intervals, dp1", reflected


def _is_settled(function: Piecewise, name: str) -> bool:
    net = precise_encoding(function)
    return Piecewise.of_network(net) == function and decide(net, name).is_precise


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
