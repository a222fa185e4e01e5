"""Certify the ranges of three networks with two hidden neurons."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import cancelling, clipped_ramp, maximum
from polyrelax.polytopes.polytope import Polytope


def certificates() -> Iterator[tuple[str, Certificate]]:
    square, segment = Polytope.box([0, 0], [1, 1]), Polytope.box([-1], [1])
    names = ("exact", "p:1", "triangle")
    yield "maximum", certify_range(maximum(2), square, *names, "ibp")
    yield "cancelling", certify_range(cancelling(), segment, *names, "m:1")
    yield "ramp", certify_range(clipped_ramp(), segment, *names, "m:1", "m:2", "ibp")
