"""Certify the bounds of two networks with one hidden layer."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import monotone_sum, ramp_difference
from polyrelax.polytopes.polytope import Polytope

from .derive import POINTS


def certificates() -> Iterator[tuple[str, Certificate]]:
    box = Polytope.box([0], [3])
    yield "sum", certify_range(monotone_sum(POINTS), box, "exact", "ibp", "dp0")
    yield "ramp", certify_range(ramp_difference(), box, "ibp")
