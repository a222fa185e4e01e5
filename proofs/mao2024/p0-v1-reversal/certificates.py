"""Certify the ranges of the tent on the layerwise multi-neuron relaxations."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import tent
from polyrelax.polytopes.polytope import Polytope


def certificates() -> Iterator[tuple[str, Certificate]]:
    yield "tent", certify_range(tent(), Polytope.box([-1], [1]), "exact", "m:1", "m:2", "p:1")
