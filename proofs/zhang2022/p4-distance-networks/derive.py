"""Represent Boolean functions and order statistics by distance and SortNet neurons."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.expressivity.boolean_functions import boolean_distance_network, radius
from polyrelax.expressivity.circuits import labelled
from polyrelax.expressivity.distances import distance
from polyrelax.expressivity.order_statistics import (
    distance_statistic,
    order_statistic,
    sortnet_statistic,
)
from polyrelax.networks.contractions import require_contraction
from polyrelax.polytopes.polytope import Polytope


def derive() -> Iterator[tuple[str, object]]:
    for dim in range(1, 4):
        tables = range(1, 2**2**dim - 1)
        found = (labelled(dim, table) for table in tables)
        radii = {radius(boolean_distance_network(points), points) for points in found}
        yield f"d = {dim}: Boolean functions", len(tables)
        yield f"d = {dim}: radii of the distance networks", sorted(radii)
    for dim in range(2, 5):
        for k in range(1, dim + 1):
            yield from statistic(dim, k)


def statistic(dim: int, k: int) -> Iterator[tuple[str, object]]:
    """How far networks are from an order statistic, and how many layers they have."""
    target = order_statistic(dim, k)
    for kind, network, lower in (
        ("distance network", distance_statistic(dim, k), 0),
        ("SortNet neuron", sortnet_statistic(dim, k), -1),
    ):
        require_contraction(network)
        domain = Polytope.box([lower] * dim, [1] * dim)
        yield f"d = {dim}, k = {k}: {kind} misses by", distance(network, target, domain).value
        yield f"d = {dim}, k = {k}: {kind}, layers", len(network.layers)
