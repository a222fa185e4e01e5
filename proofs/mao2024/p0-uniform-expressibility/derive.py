"""Rules that give an encoding exact for P_1 on all boxes, and a function without one."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.analysis.precision import cells, grid, imprecise
from polyrelax.arithmetic.rational import vector
from polyrelax.expressivity.uniform_hulls import MaxMin, uniform_encoding
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layer_hull import LayerHull

SQUARE = Polytope.box([0, 0], [1, 1])
X, Y, HALF = vector([1, 0, 0]), vector([0, 1, 0]), vector([0, 0, "1/2"])
FUNCTIONS = {
    "max(x, y, 1 - x - y)": MaxMin(((X,), (Y,), (vector([-1, -1, 1]),))),
    "max(1/2, min(x, y))": MaxMin(((HALF,), (X, Y))),
    "max(x, min(y, 1/2))": MaxMin(((X,), (Y, HALF))),
    "max(x, min(1/2 - y, 1/2 - x + y))": MaxMin(
        ((X,), (vector([0, -1, "1/2"]), vector([-1, 1, "1/2"])))
    ),
}
BOXES = cells(grid(0, 1, 3), 2)


def derive() -> Iterator[tuple[str, object]]:
    for name, function in FUNCTIONS.items():
        found = uniform_encoding(function, SQUARE)
        yield f"{name} on [0, 1]^2: rule", None if found is None else found.rule
        if found is not None:
            failures = len(list(imprecise(found.network, BOXES, LayerHull())))
            yield f"{name}: imprecise boxes of {len(BOXES)}", failures
