"""Certify the ranges of the hat on M_k and on relaxations that see less."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import hat
from polyrelax.polytopes.polytope import Polytope

METHODS = ("exact", "p:1", "m:3", "m:2", "m:1", "triangle", "dp0", "dp1", "ibp")


def certificates() -> Iterator[tuple[str, Certificate]]:
    yield "hat", certify_range(hat(), Polytope.box([-1], [1]), *METHODS)
