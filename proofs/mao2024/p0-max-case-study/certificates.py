"""Certify the ranges of the nested maximum of two and three numbers."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import maximum
from polyrelax.polytopes.polytope import Polytope

from .derive import METHODS


def certificates() -> Iterator[tuple[str, Certificate]]:
    for d in (2, 3):
        cube = Polytope.box([0] * d, [1] * d)
        yield f"d-{d}", certify_range(maximum(d), cube, *METHODS)
