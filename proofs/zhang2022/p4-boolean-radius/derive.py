"""Bound the radius of standard Lipschitz networks for Boolean functions, and attain it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from polyrelax.arithmetic.rational import ONE, ZERO, Vector
from polyrelax.expressivity.boolean_functions import (
    Symmetric,
    boolean_distance_network,
    mean_network,
    nearest_neighbour,
    radius,
    symmetric_functions,
)
from polyrelax.expressivity.data_sets import LabelledPoints, standard_bound, star
from polyrelax.expressivity.lipschitz import least_error
from polyrelax.expressivity.order_statistics import windows
from polyrelax.networks.network import Network, network

NAMED = {
    "and": lambda ones, dim: ones == dim,
    "or": lambda ones, dim: ones > 0,
    "xor": lambda ones, dim: ones % 2 == 1,
    "majority": lambda ones, dim: 2 * ones > dim,
}


def derive() -> Iterator[tuple[str, object]]:
    for dim in range(2, 9):
        functions = list(symmetric_functions(dim))
        yield f"d = {dim}: symmetric functions", len(functions)
        witnesses = [function.witnesses() for function in functions]
        bounds = {standard_bound(points).radius for points in witnesses}
        yield f"d = {dim}: points, at most", max(len(points.points) for points in witnesses)
        yield f"d = {dim}: bounds", sorted(bounds)
        attained = {radius(mean_network(f), one_of_each(f)) for f in functions}
        yield f"d = {dim}: radii of the mean networks", sorted(attained)
        missed = {threshold_missed(dim, ones) for ones in range(1, dim + 1)}
        yield f"d = {dim}: thresholds missed by", sorted(missed)
    for dim in range(2, 6):
        yield f"d = {dim}: bound on the star", standard_bound(star(dim)).radius
        for name in NAMED:
            yield from table(name, dim)


def table(name: str, dim: int) -> Iterator[tuple[str, object]]:
    """The row of a function: on all corners of the cube."""
    function = named(name, dim)
    corners = LabelledPoints.of_function(dim, function)
    best = mean_network(function)
    yield f"{name}, d = {dim}: standard networks, bound", standard_bound(corners).radius
    yield f"{name}, d = {dim}: standard network, radius", radius(best, corners)
    values = [best(point)[0] for point in one_of_each(function).points]
    yield f"{name}, d = {dim}: standard network, by ones", values
    yield f"{name}, d = {dim}: any classifier", corners.best_radius
    for kind, attaining in (
        ("distance network", boolean_distance_network(corners)),
        ("nearest neighbour", nearest_neighbour(corners)),
    ):
        yield f"{name}, d = {dim}: {kind}, radius", radius(attaining, corners)


def named(name: str, dim: int) -> Symmetric:
    return Symmetric(tuple(bool(NAMED[name](ones, dim)) for ones in range(dim + 1)))


def one_of_each(function: Symmetric) -> LabelledPoints:
    """A corner for each number of ones: networks of the mean treat all others alike."""
    points = tuple(
        tuple(ONE if j < ones else ZERO for j in range(function.dim))
        for ones in range(function.dim + 1)
    )
    return LabelledPoints(points, tuple(map(int, function.values)))


def threshold(dim: int, ones: int) -> Network:
    """The network that is 1 at corners with some number of ones or more, 0 at others."""
    total = [1] * dim
    return network(([total, total], [1 - ones, -ones]), ([[1, -1]], [0]))


def threshold_missed(dim: int, ones: int) -> Fraction:
    def value(point: Vector) -> Fraction:
        return threshold(dim, ones)(point)[0]

    return least_error(value, windows(dim, ones))
