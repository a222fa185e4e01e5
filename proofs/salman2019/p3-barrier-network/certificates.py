"""Certify the ranges of the network, and the minima of CROWN and LP-GREEDY."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_maximum, certify_range
from polyrelax.networks.gallery import salman_example
from polyrelax.polytopes.polytope import Polytope


def certificates() -> Iterator[tuple[str, Certificate]]:
    network, square = salman_example(), Polytope.box([-1, -1], [1, 1])
    yield "ranges", certify_range(network, square, "ibp", "triangle", "exact")
    lower = ((Fraction(-1), len(network.layers), 0),)
    for name in ("crown", "fastlin"):
        yield name, certify_maximum(network, square, name, lower)
