"""Certify the ranges of the tent on all relaxations."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import tent, tent_unit_weights
from polyrelax.polytopes.polytope import Polytope

NAMES = ("exact", "p:1", "m:1", "m:2", "triangle", "dp0", "ibp", "dp1")


def certificates() -> Iterator[tuple[str, Certificate]]:
    segment, wide = Polytope.box([-1], [1]), Polytope.box([-2], [2])
    yield "tent", certify_range(tent(), segment, *NAMES)
    yield "tent-1000", certify_range(tent(1000), segment, "exact", "p:1")
    yield "unit-weights", certify_range(tent_unit_weights(), wide, *NAMES)
