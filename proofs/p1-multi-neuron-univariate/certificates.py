"""Certify the bounds named, and that P_1 is exact on all boxes of the grid."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from polyrelax.analysis.precision import grid, segments
from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import hat
from polyrelax.networks.network import network
from polyrelax.polytopes.polytope import Polytope

ZIGZAG = network(([[1]] * 4, [1, "1/2", 0, "-1/2"]), ([[1, -3, 5, -4]], [0]))
PLATEAUS = network(([[1]] * 4, ["3/4", "1/4", "-1/4", "-3/4"]), ([[4, -4, -4, 4]], [0]))
UNIVARIATE = {
    "zigzag, slopes 1, -2, 3, -1, kinks -1/2, 0, 1/2": ZIGZAG,
    "plateaus, slopes 0, 4, 0, -4, 0, kinks -3/4, -1/4, 1/4, 3/4": PLATEAUS,
    "tent, slopes 0, 2, -2, 0, kinks -1/2, 0, 1/2": hat(),
}
PLANE = network(([[1, 1], [1, -1], [1, 0]], [0, 0, 0]), ([[1, 1, -1]], [0]))


def certificates() -> Iterator[tuple[str, Certificate]]:
    yield "tent", certify_range(hat(), Polytope.box([-1], [1]), "triangle", "p:1")
    square = Polytope.box([-1, -1], [1, 1])
    yield "plane-square", certify_range(PLANE, square, "triangle", "p:1")
    slanted = Polytope.hull([[-1, -1], ["1/2", "-1/2"], [0, "1/2"]], 2)
    yield "plane-triangle", certify_range(PLANE, slanted, "exact", "p:1")


def rebuilt() -> Iterator[tuple[str, partial[Certificate]]]:
    boxes = segments(grid(-1, 1, 8))
    for name, function in UNIVARIATE.items():
        for box in boxes:
            key = f"{name}: imprecise boxes of {len(boxes)}, p:1"
            yield key, partial(certify_range, function, box, "exact", "p:1")
