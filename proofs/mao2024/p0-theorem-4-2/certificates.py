"""Certify that P_r is blind with enough identity layers, and sees with one fewer."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import tent_with_identities
from polyrelax.polytopes.polytope import Polytope

RADII = {0: (1, 2, 5), 1: (4, 6), 2: (4, 7), 3: (6,), 4: (6,)}


def certificates() -> Iterator[tuple[str, Certificate]]:
    segment = Polytope.box([-1], [1])
    for m, radii in RADII.items():
        names = [f"p:{r}" for r in radii]
        yield f"m-{m}", certify_range(tent_with_identities(m), segment, "exact", *names)
