"""Certify the triangle on four encodings of max(x1, x2), on a square around (1/2, 1/2)."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import maximum, maximum_encodings
from polyrelax.polytopes.polytope import Polytope


def certificates() -> Iterator[tuple[str, Certificate]]:
    square = Polytope.box(["1/4", "1/4"], ["3/4", "3/4"])
    for k, network in enumerate((*maximum_encodings(), maximum(2))):
        yield f"encoding-{k}", certify_range(network, square, "exact", "triangle")
