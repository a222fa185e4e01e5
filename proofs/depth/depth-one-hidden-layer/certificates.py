"""Certify networks with one hidden layer as equal, and max(0, x, y) as outside their span."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.arithmetic.rational import ONE
from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.functions import certify_outside, certify_zero
from polyrelax.expressivity.one_hidden_layer import UnequalJumps, one_hidden_layer
from polyrelax.networks.gallery import maximum_encodings, tent
from polyrelax.networks.layers import Affine, ReLU
from polyrelax.networks.network import Network, concatenate
from polyrelax.polytopes.polytope import Polytope

from .derive import SQUARE, THREE


def certificates() -> Iterator[tuple[str, Certificate]]:
    below = Polytope.box([-1, -1], [1, "-1/2"])
    yield "three-below", same(THREE, below)
    yield "two", same(maximum_encodings()[2], SQUARE)
    yield "tent", same(tent(), Polytope.box([-1], [1]))
    yield "three-outside", outside()


def same(network: Network, domain: Polytope) -> Certificate:
    """Certify that the network found with one hidden layer computes the same function."""
    found = one_hidden_layer(network, domain)
    if isinstance(found, UnequalJumps):
        raise TypeError(f"found unequal jumps across {found.hyperplane}, expected a network")
    both = concatenate(network, found)
    last = len(both.layers)
    return certify_zero(both, domain, ((ONE, last, 0), (-ONE, last, 1)))


def outside() -> Certificate:
    """Certify that max(0, x, y) is no combination of 1, x, y and the neurons on its breaks."""
    forms = Affine.dense([[0, 0], [1, 0], [0, 1], [1, 0], [0, 1], [1, -1]], [1, 0, 0, 0, 0, 0])
    both = concatenate(THREE, Network((forms, ReLU(6, (3, 4, 5)))))
    last = len(both.layers)
    target, *span = [((ONE, last, j),) for j in range(7)]
    return certify_outside(both, SQUARE, target, span=span)
