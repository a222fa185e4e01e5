"""Certify all bounds of the two networks of the ramp."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import ramp_difference, ramp_reflected
from polyrelax.polytopes.polytope import Polytope


def certificates() -> Iterator[tuple[str, Certificate]]:
    names = ("exact", "ibp", "dp0", "dp1", "triangle")
    for k, (lower, upper) in enumerate((("7/5", "23/10"), ("1/2", "5/2"), ("0", "3"))):
        box = Polytope.box([lower], [upper])
        yield f"h1-box-{k}", certify_range(ramp_reflected(), box, *names)
        yield f"h2-box-{k}", certify_range(ramp_difference(), box, *names)
