"""Which encodings of convex functions DeepPoly-0 bounds exactly."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.analysis.precision import grid, imprecise, segments
from polyrelax.expressivity.piecewise import Piecewise
from polyrelax.expressivity.solution_spaces import solution_space
from polyrelax.networks.gallery import absolute_value, convex_split_encoding
from polyrelax.networks.network import Network, network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.deeppoly import DP0

FUNCTIONS = (
    ("-2, -1, 0, 1", "-1, 0, 1"),
    ("-2, -1, 0, 1, 2", "-3/2, -1/2, 1/2, 3/2"),
    ("1/2, 1, 3", "-1, 1"),
    ("-2, -1, 1, 2", "-1, 0, 1"),
    ("-1, 1", "0"),
)
BOXES = segments(grid(-2, 2, 8))
UNIT_BOXES = segments(grid(-1, 1, 8))


def derive() -> Iterator[tuple[str, object]]:
    for slopes, kinks in FUNCTIONS:
        function = Piecewise.of_slopes(slopes.split(", "), kinks.split(", "))
        precise = solution_space(function, "dp0").precise
        yield f"slopes {slopes}; kinks {kinks}: precise signs", precise or None
    split = convex_split_encoding([-2, -1, 1, 2], [-1, 0, 1])
    kinks = "4 neurons at -1, 0, 0, 1 and signs --++"
    yield f"slopes -2, -1, 1, 2 with {kinks}: imprecise boxes", _failures(split, BOXES)
    yield "relu(x) + relu(-x): imprecise boxes", _failures(absolute_value(), BOXES)
    near, far = (network(([[1]], [t]), ([[1]], [1 - t])) for t in (1, 2))
    yield "relu(x + 1) on [-1, 1]: imprecise boxes", _failures(near, UNIT_BOXES)
    name = "relu(x + 2) - 1, equal to it on [-1, 1]: imprecise boxes"
    yield name, _failures(far, UNIT_BOXES)


def _failures(encoding: Network, boxes: tuple[Polytope, ...]) -> int:
    return len(list(imprecise(encoding, boxes, DP0)))
