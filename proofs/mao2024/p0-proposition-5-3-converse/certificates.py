"""Certify that P_1 is exact on a segment whose image is not convex.

The image of a segment under the first ReLU layer is a path; its hull has an interior.
"""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.certificates.hulls import certify_set
from polyrelax.networks.gallery import tent
from polyrelax.polytopes.polytope import Polytope


def certificates() -> Iterator[tuple[str, Certificate]]:
    segment = Polytope.box(["-1/4"], ["1/4"])
    yield "bounds", certify_range(tent(), segment, "exact", "p:1")
    yield "image", certify_set(tent(), segment, "exact", depth=2)
