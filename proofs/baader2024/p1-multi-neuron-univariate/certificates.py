"""Certify the bounds named, and that P_1 is exact on all boxes of the grid."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from polyrelax.analysis.precision import grid, segments
from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import hat
from polyrelax.polytopes.polytope import Polytope

from .derive import PLANE, SLANTED, SQUARE, UNIVARIATE


def certificates() -> Iterator[tuple[str, Certificate]]:
    yield "tent", certify_range(hat(), Polytope.box([-1], [1]), "triangle", "p:1")
    yield "plane-square", certify_range(PLANE, SQUARE, "triangle", "p:1")
    yield "plane-triangle", certify_range(PLANE, SLANTED, "exact", "p:1")


def rebuilt() -> Iterator[tuple[str, partial[Certificate]]]:
    boxes = segments(grid(-1, 1, 8))
    for name, function in UNIVARIATE.items():
        for box in boxes:
            key = f"{name}: imprecise boxes of {len(boxes)}, p:1"
            yield key, partial(certify_range, function, box, "exact", "p:1")
