"""Which encodings of convex functions four relaxations bound exactly."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.analysis.precision import grid, imprecise, segments
from polyrelax.expressivity.piecewise import Piecewise
from polyrelax.expressivity.solution_spaces import solution_space
from polyrelax.networks.gallery import absolute_value, cancelling, convex_encoding
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.deeppoly import DP0, DP1
from polyrelax.relaxations.trace import propagate
from polyrelax.relaxations.triangle import Triangle

FUNCTIONS = (
    ("-2, -1, 0, 1", "-1, 0, 1"),
    ("-2, -1, 0, 1, 2", "-3/2, -1/2, 1/2, 3/2"),
    ("1/2, 1, 3", "-1, 1"),
    ("-2, -1, 1, 2", "-1, 0, 1"),
    ("-1, 1", "0"),
)


def derive() -> Iterator[tuple[str, object]]:
    for slopes, kinks in FUNCTIONS:
        function = Piecewise.of_slopes(slopes.split(", "), kinks.split(", "))
        for name in ("triangle", "dp0", "dp1", "ibp"):
            found = str(solution_space(function, name))
            yield f"slopes {slopes}; kinks {kinks}: {name}", found
    yield from _absolute_values()
    unit = Polytope.box([-1], [1])
    name = "0 = relu(x) - relu(x) on [-1, 1], triangle"
    yield name, propagate(cancelling(), unit, Triangle()).output


def _absolute_values() -> Iterator[tuple[str, object]]:
    boxes = segments(grid(-1, 1, 16))
    precise = [
        len(boxes) - len(list(imprecise(absolute_value(), boxes, relaxation)))
        for relaxation in (DP0, DP1, Triangle())
    ]
    yield (
        f"|x| = relu(x) + relu(-x): precise boxes of {len(boxes)}, dp0, dp1, triangle",
        precise,
    )
    flipped, box = convex_encoding([-1, 1], [0], "+"), Polytope.box([-1], [2])
    for relaxation in (DP0, DP1, Triangle()):
        name = f"|x| = -x + 2 relu(x) on [-1, 2], {relaxation.name}"
        yield name, propagate(flipped, box, relaxation).output
