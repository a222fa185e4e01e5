"""Certify the range of the tent with m identity layers on P_r, for all small r."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import tent_with_identities
from polyrelax.polytopes.polytope import Polytope

from .derive import LARGEST_RADIUS


def certificates() -> Iterator[tuple[str, Certificate]]:
    segment = Polytope.box([-1], [1])
    for m, largest in LARGEST_RADIUS.items():
        names = [f"p:{r}" for r in range(1, largest + 1)]
        yield f"m-{m}", certify_range(tent_with_identities(m), segment, "exact", *names)
    yield "T-1000", certify_range(tent_with_identities(1, 1000), segment, "exact", "p:3")
