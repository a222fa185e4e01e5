"""Least depths of MaxMin networks, by classes that were written down by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import permutations, product

import pytest

from polyrelax.errors import DimensionError, ShapeError, TooLargeError
from polyrelax.expressivity.boolean_functions import radius
from polyrelax.expressivity.circuits import Circuits, labelled, relevant
from polyrelax.expressivity.contractions import fan
from polyrelax.expressivity.data_sets import standard_bound

THREE = Circuits.of(3)
# The classes of functions of three variables up to permutations and negations, with the number
# of functions in each; upper bounds are the formulas written with "and" and "or" of two.
CLASSES: list[tuple[str, Callable[[int, int, int], int], int, int]] = [
    ("x", lambda x, y, z: x, 0, 6),
    ("xy", lambda x, y, z: x & y, 1, 24),
    ("x + y", lambda x, y, z: x ^ y, 2, 6),  # (x or y) and (not x or not y)
    ("xyz", lambda x, y, z: x & y & z, 2, 16),
    ("x(y or z)", lambda x, y, z: x & (y | z), 2, 48),
    ("x ? y : z", lambda x, y, z: y if x else z, 2, 24),  # xy or (not x) z
    ("x(y + z)", lambda x, y, z: x & (y ^ z), 3, 24),
    ("majority", lambda x, y, z: int(x + y + z > 1), 3, 8),
    ("all equal", lambda x, y, z: int(x == y == z), 3, 8),
    ("x + yz", lambda x, y, z: x ^ (y & z), 3, 24),
    ("xy or neither, and z", lambda x, y, z: (x & y) | ((1 - x) & (1 - y) & z), 3, 48),
    ("two of three", lambda x, y, z: int(x + y + z == 2), 4, 16),
    ("x + y + z", lambda x, y, z: x ^ y ^ z, 4, 2),
]


def alike(function: Callable[[int, int, int], int]) -> Iterator[int]:
    """Yield what permutations and negations make of a function."""
    for (i, j, k), (a, b, c, d) in product(permutations(range(3)), product((0, 1), repeat=4)):
        yield table(lambda *x: d ^ function(x[i] ^ a, x[j] ^ b, x[k] ^ c))  # noqa: B023


def table(function: Callable[[int, int, int], int]) -> int:
    return sum(function(n >> 2 & 1, n >> 1 & 1, n & 1) << n for n in range(8))


@pytest.mark.parametrize(
    ("name", "function", "depth", "size"), CLASSES, ids=[name for name, *_ in CLASSES]
)
def test_a_class_has_its_least_depth(
    name: str, function: Callable[[int, int, int], int], depth: int, size: int
) -> None:
    members = set(alike(function))
    assert (name, len(members)) == (name, size)
    assert {THREE.gates[member].depth for member in members} == {depth}


def test_the_classes_are_all_functions() -> None:
    assert sum(size for *_, size in CLASSES) == 254
    by_depth = tuple(sum(s for *_, d, s in CLASSES if d == depth) for depth in range(5))
    assert THREE.counts() == by_depth == (6, 24, 94, 112, 18)
    assert Circuits.of(1).counts() == (2,)
    assert Circuits.of(2).counts() == (4, 8, 2)


@pytest.mark.parametrize("dim", [1, 2, 3])
def test_every_function_has_a_network_of_its_depth_and_radius_one_half(dim: int) -> None:
    circuits = Circuits.of(dim)
    for function in range(1, 2**2**dim - 1):
        network = circuits.network(function)
        assert fan(network) == 2 ** circuits.gates[function].depth
        assert radius(network, labelled(dim, function)) == Fraction(1, 2)


@pytest.mark.parametrize("dim", [1, 2, 3])
def test_the_bound_of_standard_networks_counts_the_variables_that_matter(dim: int) -> None:
    for function in range(1, 2**2**dim - 1):
        bound = standard_bound(labelled(dim, function)).radius
        assert bound == Fraction(1, 2 * relevant(dim, function))


def test_circuits_of_many_variables_are_refused() -> None:
    with pytest.raises(TooLargeError, match="4 variables, expected at most 3"):
        Circuits.of(4)
    with pytest.raises(ShapeError, match="0 variables, expected at least 1"):
        Circuits.of(0)


def test_a_table_is_one_of_a_function() -> None:
    for table in (-1, 1 << 4):
        with pytest.raises(DimensionError, match=f"found function {table}, expected one of 16"):
            Circuits.of(2).network(table)
        with pytest.raises(DimensionError, match="expected one of 16"):
            labelled(2, table)
    with pytest.raises(TooLargeError, match="found 6 variables, expected at most 5"):
        relevant(6, 0)
