"""Count Boolean functions by the least number of MaxMin layers, beside absolute values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from polyrelax.arithmetic.rational import ZERO
from polyrelax.expressivity.boolean_functions import radius
from polyrelax.expressivity.circuits import Circuits, Table, labelled, relevant
from polyrelax.expressivity.contractions import fan
from polyrelax.expressivity.data_sets import standard_bound
from polyrelax.expressivity.distances import distance
from polyrelax.expressivity.lipschitz import WeightedPair, least_error
from polyrelax.networks.gallery import absolute_value
from polyrelax.networks.layers import Affine, Neurons
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.polytopes.polytope import Polytope

CLASSES: dict[str, Table] = {
    "xyz": 0b10000000,
    "x(y or z)": 0b11100000,
    "x ? y : z": 0b11001010,
    "x(y + z)": 0b01100000,
    "majority": 0b11101000,
    "all equal": 0b10000001,
    "x + yz": 0b01111000,
    "xy or (neither and z)": 0b11000010,
    "two of three": 0b01101000,
    "x + y + z": 0b10010110,
}
"""A function of each class, up to permutations and negations, where x, y and z all matter."""


def derive() -> Iterator[tuple[str, object]]:
    for dim in range(1, 4):
        circuits, tables = Circuits.of(dim), range(1, 2**2**dim - 1)
        yield f"d = {dim}: functions of 0, 1, ... MaxMin layers", circuits.counts()
        right = sum(is_represented(circuits, table) for table in tables)
        yield f"d = {dim}: networks of radius 1/2 and this depth", f"{right} of {len(tables)}"
        bounds = Counter(
            (relevant(dim, table), standard_bound(labelled(dim, table)).radius)
            for table in tables
        )
        for (count, bound), found in sorted(bounds.items()):
            variables = f"{count} variable{'s' * (count > 1)}"
            yield f"d = {dim}: standard networks, functions of {variables}", (found, bound)
    three = Circuits.of(3)
    for name, table in CLASSES.items():
        yield f"{name}: MaxMin layers", three.gates[table].depth
        value = three.network(table)
        missed = least_error(lambda x, f=value: f(x)[0], sensitive(table))
        yield f"{name}: standard networks miss it by", missed
    yield "|x| and max(x, -x): distance", absolute_by_maxmin()


def is_represented(circuits: Circuits, table: Table) -> bool:
    network, corners = circuits.network(table), labelled(circuits.dim, table)
    is_best = radius(network, corners) == corners.best_radius
    return is_best and fan(network) == 2 ** circuits.gates[table].depth


def absolute_maxmin() -> Network:
    """The absolute value by MaxMin."""
    pair = Neurons(2, ((MaxMin(), (0, 1)),))
    return Network((Affine.dense([[1], [-1]]), pair, Affine.select([0], 2)))


def absolute_by_maxmin() -> object:
    return distance(absolute_maxmin(), absolute_value(), Polytope.box([-1], [1])).value


def sensitive(table: Table) -> list[WeightedPair]:
    """Two corners with different labels for each variable, which differ in that alone."""
    points = labelled(3, table)
    found = {points.differences(pair): pair for pair in points.pairs(0, 1)}
    pairs = [found[apart] for apart in sorted(found) if sum(apart, ZERO) == 1]
    return [WeightedPair(points.points[i], points.points[j], Fraction(1, 3)) for i, j in pairs]
