"""Certify that the network computes zero and that P_1 reaches a half."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.network import network
from polyrelax.polytopes.polytope import Polytope


def certificates() -> Iterator[tuple[str, Certificate]]:
    zero = network(([[1], [-1]], [0, 0]), ([[1, 0], [1, -1]], [0, 0]), ([[1, -1]], [0]))
    yield "zero", certify_range(zero, Polytope.box([-1], [1]), "exact", "p:1")
