"""Certify that networks of distance and SortNet neurons are order statistics."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.arithmetic.rational import ONE
from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.functions import certify_zero
from polyrelax.expressivity.distances import difference
from polyrelax.expressivity.order_statistics import (
    distance_statistic,
    order_statistic,
    sortnet_statistic,
)
from polyrelax.networks.lowering import with_rectifiers
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope


def certificates() -> Iterator[tuple[str, Certificate]]:
    for k in (1, 2):
        yield f"distance-2-{k}", same(2, k, distance_statistic(2, k), 0)
    for dim, k in ((2, 1), (2, 2), (3, 1), (3, 2), (3, 3)):
        yield f"sortnet-{dim}-{k}", same(dim, k, sortnet_statistic(dim, k), -1)


def same(dim: int, k: int, network: Network, lower: int) -> Certificate:
    """The certificate that a network is an order statistic, both written with ReLUs."""
    less = with_rectifiers(difference(network, order_statistic(dim, k)))
    domain = Polytope.box([lower] * dim, [1] * dim)
    return certify_zero(less, domain, ((ONE, len(less.layers), 0),))
