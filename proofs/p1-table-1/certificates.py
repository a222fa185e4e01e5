"""Certify each cell on its function: exactness on all boxes of the grid, or a gap on one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from polyrelax.analysis.precision import cells, grid, segments
from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_gap, certify_range
from polyrelax.networks.gallery import (
    convex_encoding,
    maximum,
    monotone_ramps,
    monotone_sum,
    tent_flattened,
)
from polyrelax.networks.network import Network
from polyrelax.networks.rewrite import reflect
from polyrelax.polytopes.polytope import Polytope

POINTS = ((0, 0), (1, 2), (2, "5/2"), (3, 4))
TENT, RAMPS = tent_flattened(), monotone_ramps(POINTS)
CONVEX = convex_encoding([-2, -1, 0, 1], [-1, 0, 1], "--+")
RISING = convex_encoding(["1/2", 1, 3], [-1, 1], "++")
BOXES = {
    "CPWL": segments(grid(-1, 1, 4)),
    "M-CPWL": segments(grid(0, 3, 6)),
    "C-CPWL": segments(grid(-2, 2, 8)),
    "MC-CPWL": segments(grid(-2, 2, 8)),
}
THREE = {"M-CPWL": RAMPS, "C-CPWL": CONVEX, "MC-CPWL": RISING}
ROWS: dict[str, dict[str, Network]] = {
    "ibp": {"M-CPWL": RAMPS, "MC-CPWL": RISING},
    "dp0": THREE,
    "dp1": {name: reflect(network) for name, network in THREE.items()},
    "triangle": THREE,
    "p:1": {"CPWL": TENT, **THREE, "M-CPWL": monotone_sum(POINTS)},
}


def certificates() -> Iterator[tuple[str, Certificate]]:
    for name, network, box in (
        ("no-CPWL", TENT, Polytope.box([-1], [1])),
        ("no-C-CPWL", CONVEX, Polytope.box([-2], [2])),
    ):
        yield f"ibp-{name}", certify_gap(network, box, "ibp")
    yield "triangle-no", certify_gap(maximum(2), cells(grid(0, 1, 2), 2)[0], "triangle")


def rebuilt() -> Iterator[tuple[str, partial[Certificate]]]:
    for name, encodings in ROWS.items():
        for kind, network in encodings.items():
            for box in BOXES[kind]:
                yield f"R, {name}, {kind}", partial(certify_range, network, box, "exact", name)
