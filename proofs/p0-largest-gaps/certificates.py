"""Certify the ranges of the networks that were found, each of them with its gap."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.network import Network, network
from polyrelax.polytopes.polytope import Polytope

UNIT = Polytope.box([-1], [1])
FOUND: dict[str, Network] = {
    "1-2-2-1": network(
        ([[-2], [2]], [-1, 2]),
        ([[-2, 2], [2, 2]], [-2, -2]),
        ([[-2, 2]], [0]),
    ),
    "1-3-3-1": network(
        ([[-2], [2], [-2]], [0, 1, 0]),
        ([[2, 2, 2], [2, -2, 1], [-2, 1, -2]], [0, 1, 2]),
        ([[2, -2, -2]], [0]),
    ),
    "1-4-4-1": network(
        ([[-2], [2], [-2], [2]], [0, 0, 0, 0]),
        ([[-2, 1, -2, 1], [-2, 2, -2, 1], [1, -2, 2, -2], [1, 2, 2, 2]], [1, 0, 2, 0]),
        ([[-2, -2, -2, 2]], [0]),
    ),
    "1-3-3-3-1": network(
        ([[-2], [2], [2]], [2, 2, 2]),
        ([[-1, 1, 2], [-1, 2, 0], [2, -2, -2]], [-2, -1, 2]),
        ([[2, 1, 2], [1, 2, -2], [-2, -2, 2]], [1, 2, 1]),
        ([[2, -2, -2]], [0]),
    ),
    "1-4-4-4-1": network(
        ([[-2], [-2], [2], [2]], [0, 0, 0, 1]),
        ([[2, 1, -2, -2], [2, 2, 2, 2], [-2, -2, 2, 2], [2, 1, 2, 0]], [0, 0, 0, 2]),
        ([[-2, 1, -1, 1], [-2, 2, -2, 2], [-2, 1, -2, 2], [-2, 2, -2, 2]], [0, 0, 0, 0]),
        ([[2, 2, 2, 2]], [0]),
    ),
}


def certificates() -> Iterator[tuple[str, partial[Certificate]]]:
    for shape, found in FOUND.items():
        yield shape, partial(certify_range, found, UNIT, "exact", "p:1")
