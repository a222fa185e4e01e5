"""Certify each cell on its function: exactness on all boxes of the grid, or a gap on one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from polyrelax.analysis.precision import cells, grid
from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_gap, certify_range
from polyrelax.networks.gallery import maximum
from polyrelax.polytopes.polytope import Polytope

from .derive import BOXES, CONVEX, ROWS, TENT

IMPRECISE = (("ibp", "CPWL"), ("ibp", "C-CPWL"))


def certificates() -> Iterator[tuple[str, Certificate]]:
    for name, network, box in (
        ("no-CPWL", TENT, Polytope.box([-1], [1])),
        ("no-C-CPWL", CONVEX, Polytope.box([-2], [2])),
    ):
        yield f"ibp-{name}", certify_gap(network, box, "ibp")
    yield "triangle-no", certify_gap(maximum(2), cells(grid(0, 1, 2), 2)[0], "triangle")


def rebuilt() -> Iterator[tuple[str, partial[Certificate]]]:
    for relaxation, encodings in ROWS:
        name = relaxation.name
        for kind, network in encodings.items():
            if (name, kind) in IMPRECISE:
                continue
            for box in BOXES[kind]:
                yield f"R, {name}, {kind}", partial(certify_range, network, box, "exact", name)
