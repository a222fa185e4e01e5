"""Which encodings of convex functions four relaxations bound exactly."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from polyrelax.analysis.precision import grid, imprecise, segments
from polyrelax.networks.gallery import absolute_value, cancelling, convex_encoding
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.deeppoly import DP0, DP1
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.trace import Relaxation, propagate
from polyrelax.relaxations.triangle import Triangle

FUNCTIONS = (
    ("-2, -1, 0, 1", "-1, 0, 1"),
    ("-2, -1, 0, 1, 2", "-3/2, -1/2, 1/2, 3/2"),
    ("1/2, 1, 3", "-1, 1"),
    ("-2, -1, 1, 2", "-1, 0, 1"),
    ("-1, 1", "0"),
)
BOXES = segments(grid(-2, 2, 8))


def derive() -> Iterator[tuple[str, object]]:
    for slopes, kinks in FUNCTIONS:
        for relaxation in (Triangle(), DP0, DP1, IBP()):
            found = _solutions(slopes.split(", "), kinks.split(", "), relaxation)
            yield f"slopes {slopes}; kinks {kinks}: {relaxation.name}", found
    yield from _absolute_values()
    unit = Polytope.box([-1], [1])
    name = "0 = relu(x) - relu(x) on [-1, 1], triangle"
    yield name, propagate(cancelling(), unit, Triangle()).output


def _solutions(slopes: list[str], kinks: list[str], relaxation: Relaxation) -> str:
    """Return how many sign vectors are precise on all boxes, and which if it is one."""
    signs = ["".join(choice) for choice in product("-+", repeat=len(kinks))]
    precise = [
        choice
        for choice in signs
        if not any(imprecise(convex_encoding(slopes, kinks, choice), BOXES, relaxation))
    ]
    count = f"{len(precise)} of {len(signs)}"
    return f"{count}: {precise[0]}" if len(precise) == 1 else count


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
