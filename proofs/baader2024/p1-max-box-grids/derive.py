"""Bounds of max(x1, x2) on grids of boxes and on two triangles."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.analysis.precision import cells, grid
from polyrelax.networks.gallery import maximum
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.trace import propagate
from polyrelax.relaxations.triangle import Triangle


def derive() -> Iterator[tuple[str, object]]:
    network = maximum(2)
    for k in range(1, 6):
        boxes = cells(grid(0, 1, k), 2)
        for relaxation in (Triangle(), IBP()):
            bounds = [propagate(network, box, relaxation).output[0] for box in boxes]
            name = f"{k} x {k} boxes: greatest upper bound, {relaxation.name}"
            yield name, max(bound.upper for bound in bounds)
    for name, corner in (("x1 >= x2", [1, 0]), ("x1 <= x2", [0, 1])):
        half = Polytope.hull([[0, 0], corner, [1, 1]], 2)
        yield f"{name}, triangle", propagate(network, half, Triangle()).output
