"""Certify the facets of the Newton polytope of the maximum of five numbers."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.hulls import certify_set
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope


def certificates() -> Iterator[tuple[str, Certificate]]:
    # without the last coordinate, which is 1 minus the others
    corners = [[int(i == j) for j in range(4)] for i in range(5)]
    simplex = Polytope.hull(corners, 4)
    same = Network((Affine.dense([[int(i == j) for j in range(4)] for i in range(4)]),))
    yield "simplex", certify_set(same, simplex, "exact")
