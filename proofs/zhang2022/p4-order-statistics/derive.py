"""Bound how far order statistics are from all networks of Lipschitz layers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, SparseVector
from polyrelax.expressivity.distances import distance
from polyrelax.expressivity.lipschitz import best_pairs, cube, least_error
from polyrelax.expressivity.order_statistics import (
    kth_largest,
    mean_statistic,
    order_statistic,
    windows,
)
from polyrelax.networks.layers import Affine, Layer, ReLU
from polyrelax.networks.network import Network
from polyrelax.networks.regions import exact_range
from polyrelax.polytopes.polytope import Polytope

CASES = tuple((dim, k) for dim in range(2, 6) for k in range(1, dim + 1))


def derive() -> Iterator[tuple[str, object]]:
    for dim, k in CASES:
        shown = least_error(lambda x, k=k: kth_largest(x, k), windows(dim, k))
        yield f"d = {dim}, k = {k}: missed by", shown
    for dim, k in CASES:
        if dim <= 3:
            pairs = best_pairs(lambda x, k=k: kth_largest(x, k), cube(dim))
            best = least_error(lambda x, k=k: kth_largest(x, k), pairs)
            yield f"d = {dim}, k = {k}: missed by, best weights of the corners' pairs", best
    for dim, k in CASES:
        found = distance(mean_statistic(dim, k), order_statistic(dim, k), unit(dim))
        yield f"d = {dim}, k = {k}: the mean misses by", found.value
    for dim in range(2, 6):
        for k, ends in enumerate(exact_range(centred(dim), unit(dim)), start=1):
            yield f"d = {dim}, k = {k}: less the mean", Interval(*ends)


def unit(dim: int) -> Polytope:
    return Polytope.box([0] * dim, [1] * dim)


def sorting(dim: int) -> Network:
    """A network that sorts, the largest number first: a neuron for each pair of places."""
    layers: list[Layer] = []
    for i, j in combinations(range(dim), 2):
        same: list[SparseVector] = [((k, ONE),) for k in range(dim)]
        less: SparseVector = ((i, -ONE), (j, ONE))
        bias = (ZERO,) * dim
        layers += [Affine((*same, less), (*bias, ZERO), dim), ReLU(dim + 1, (dim,))]
        rows = list(same)
        rows[i], rows[j] = ((i, ONE), (dim, ONE)), ((j, ONE), (dim, -ONE))
        layers.append(Affine(tuple(rows), bias, dim + 1))
    return Network(tuple(layers))


def centred(dim: int) -> Network:
    """All order statistics less the mean, which is that of the sorted numbers."""
    rows = [[ONE * (i == j) - Fraction(1, dim) for j in range(dim)] for i in range(dim)]
    return Network((*sorting(dim).layers, Affine.dense(rows)))
