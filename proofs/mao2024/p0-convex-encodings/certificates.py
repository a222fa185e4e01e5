"""Certify that P_1 bounds an input-convex network and its negative exactly."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import input_convex
from polyrelax.networks.gallery.multivariate import ConvexLayer
from polyrelax.networks.rewrite import negate
from polyrelax.polytopes.polytope import Polytope

DOMAINS = {
    "small-box": Polytope.box(["-1/8", 0], ["1/4", "1/3"]),
    "square": Polytope.box([-1, -1], [1, 1]),
    "triangle": Polytope.hull([[-1, 0], [1, "-1/2"], ["1/3", 1]], 2),
}


def certificates() -> Iterator[tuple[str, Certificate]]:
    hidden: list[ConvexLayer] = [([[], []], [[1, -1], [1, 1]], [0, 0])]
    network = input_convex(hidden, ([[2, 1]], [[-1, 1]], [0]))
    for name, domain in DOMAINS.items():
        yield name, certify_range(network, domain, "exact", "p:1")
        yield f"{name}-negative", certify_range(negate(network), domain, "exact", "p:1")
