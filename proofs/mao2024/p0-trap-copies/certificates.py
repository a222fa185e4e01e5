"""Certify that copies of the input do not help P_1."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import tent, tent_copied
from polyrelax.polytopes.polytope import Polytope


def certificates() -> Iterator[tuple[str, Certificate]]:
    segment = Polytope.box([-1], [1])
    yield "tent", certify_range(tent(), segment, "exact", "p:1")
    yield "copied", certify_range(tent_copied(), segment, "p:1")
