"""IBP on four networks for |x|."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.analysis.precision import exact_bounds, grid, imprecise, segments
from polyrelax.networks.gallery import absolute_value, convex_encoding
from polyrelax.networks.layers import ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.trace import propagate

FLIPPED = convex_encoding([-1, 1], [0], "+")
ENCODINGS = {
    "relu(x) + relu(-x)": absolute_value(),
    "-x + 2 relu(x)": FLIPPED,
    "x + 2 relu(-x)": convex_encoding([-1, 1], [0], "-"),
    "relu(-x + 2 relu(x))": Network((*FLIPPED.layers, ReLU(1))),
}


def derive() -> Iterator[tuple[str, object]]:
    for name, box in (
        ("[-1, 2]", Polytope.box([-1], [2])),
        ("[-1, 1]", Polytope.box([-1], [1])),
    ):
        yield f"range of |x| on {name}", exact_bounds(absolute_value(), box)
        found = propagate(absolute_value(), box, IBP()).output
        yield f"relu(x) + relu(-x) on {name}", found
    boxes = [box for box in segments(grid(-1, 1, 8)) if box.bounds[0][0] < 0 < box.bounds[0][1]]
    for name, network in ENCODINGS.items():
        failures = len(list(imprecise(network, boxes, IBP())))
        yield f"{name}: imprecise among boxes with 0 inside, of all", (failures, len(boxes))
        yield f"{name}: excess adds up on", sum(_is_additive(network, box) for box in boxes)


def _is_additive(network: Network, box: Polytope) -> bool:
    """Whether IBP's upper bounds on the halves of a box around 0 add up; |0| is 0."""
    lower, upper = box.bounds[0]
    parts = (Polytope.box([lower], [0]), Polytope.box([0], [upper]))
    left, right, whole = (
        propagate(network, part, IBP()).output[0].upper for part in (*parts, box)
    )
    return left + right == whole
