"""Certify the bounds of four encodings of one convex function."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import convex_encoding
from polyrelax.polytopes.polytope import Polytope

NAMES = {"-+": "left-right", "++": "right-right", "--": "left-left", "+-": "right-left"}


def certificates() -> Iterator[tuple[str, Certificate]]:
    box = Polytope.box([-1], [2])
    for signs, name in NAMES.items():
        more = ("dp1",) if signs in ("-+", "+-") else ()
        network = convex_encoding([-1, 0, 1], [0, 1], signs)
        yield name, certify_range(network, box, "exact", "dp0", "triangle", *more)
