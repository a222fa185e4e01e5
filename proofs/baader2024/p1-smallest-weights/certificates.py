"""Certify the ranges of one of the networks, which are computed by hand in the README."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.network import network
from polyrelax.polytopes.polytope import Polytope


def certificates() -> Iterator[tuple[str, Certificate]]:
    witness = network(([[2], [-1]], [0, 0]), ([[-1, 0], [0, -1]], [1, 1]), ([[1, 1]], [0]))
    yield "witness", certify_range(witness, Polytope.box([-1], [1]), "exact", "p:1")
