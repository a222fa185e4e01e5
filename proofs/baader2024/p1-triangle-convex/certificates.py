"""Certify four relaxations of the encodings of convex functions.

An imprecise encoding has a gap on one box; a precise one is bounded exactly on all boxes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import product

from polyrelax.analysis.precision import grid, imprecise, segments
from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_gap, certify_range
from polyrelax.networks.gallery import cancelling, convex_encoding
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation

from .derive import FUNCTIONS

BOXES = segments(grid(-2, 2, 8))


def certificates() -> Iterator[tuple[str, Certificate]]:
    flipped, box = convex_encoding([-1, 1], [0], "+"), Polytope.box([-1], [2])
    yield "absolute-value", certify_range(flipped, box, "dp0", "dp1", "triangle")
    yield "zero", certify_range(cancelling(), Polytope.box([-1], [1]), "triangle")


def rebuilt() -> Iterator[tuple[str, partial[Certificate]]]:
    for slopes, kinks in FUNCTIONS:
        for choice in product("-+", repeat=len(kinks.split(", "))):
            encoding = convex_encoding(slopes.split(", "), kinks.split(", "), "".join(choice))
            for name in ("triangle", "dp0", "dp1", "ibp"):
                for certificate in decided(encoding, name):
                    yield f"slopes {slopes}; kinks {kinks}: {name}", certificate


def decided(encoding: Network, name: str) -> Iterator[partial[Certificate]]:
    box = next(imprecise(encoding, BOXES, relaxation(name)), None)
    if box is not None:
        yield partial(certify_gap, encoding, box, name)
        return
    for each in BOXES:
        yield partial(certify_range, encoding, each, "exact", name)
