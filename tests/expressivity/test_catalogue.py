from __future__ import annotations

import importlib
from fractions import Fraction

import pytest

from polyrelax.expressivity.catalogue import CATALOGUE, Evidence
from polyrelax.expressivity.lipschitz import (
    Function,
    WeightedPair,
    best_pairs,
    cube,
    least_error,
)
from polyrelax.expressivity.region_counts import most_regions, too_many_pieces
from polyrelax.networks.gallery import absolute_value, hat, tent
from polyrelax.networks.network import network
from polyrelax.polytopes.polytope import Polytope


def order_statistic(k: int) -> Function:
    return lambda x: sorted(x, reverse=True)[k - 1]


@pytest.mark.parametrize("dim", [2, 3, 4, 5, 6])
def test_the_maximum_is_missed_by_half_of_one_less_one_over_d(dim: int) -> None:
    zero = (Fraction(0),) * dim
    ends = [tuple(Fraction(i == j) for i in range(dim)) for j in range(dim)]
    pairs = [WeightedPair(zero, end, Fraction(1, dim)) for end in ends]
    assert least_error(max, pairs) == (1 - Fraction(1, dim)) / 2


@pytest.mark.parametrize(("dim", "k"), [(2, 1), (2, 2), (3, 1), (3, 2), (3, 3)])
def test_the_best_pairs_of_corners_are_those_of_the_theory(dim: int, k: int) -> None:
    # the mean and a constant miss the k-th largest number by (1 - 1/d) / 2 on the cube
    statistic = order_statistic(k)
    assert (
        least_error(statistic, best_pairs(statistic, cube(dim))) == (1 - Fraction(1, dim)) / 2
    )


def test_a_coordinate_is_not_missed() -> None:
    pairs = best_pairs(lambda x: x[0], cube(2))
    assert least_error(lambda x: x[0], pairs) == 0


def test_region_counts_are_those_of_zaslavsky() -> None:
    # n lines in the plane: 1 + n + n (n - 1) / 2 regions
    assert [most_regions(2, [n]) for n in range(5)] == [1, 2, 4, 7, 11]
    assert most_regions(3, [1, 5]) == 2 * (1 + 5)


def test_too_few_neurons_for_the_pieces() -> None:
    line = Polytope.box([-2], [2])
    assert too_many_pieces(tent(), line, [1]) is not None  # 1, 2 + 2x, 2 - 2x on 2 regions
    assert too_many_pieces(tent(), line, [2]) is None
    assert too_many_pieces(absolute_value(), line, [1]) is None
    assert too_many_pieces(hat(), line, [1]) is not None
    crossing = network(([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [0]))
    assert too_many_pieces(crossing, Polytope.box([-1, -1], [1, 1]), [1]) is not None


def test_entries_name_what_exists() -> None:
    for entry in CATALOGUE:
        assert (entry.evidence is Evidence.CITED) == (not entry.computed)
        place = entry.computed.replace(":", " ").split(" ")[0]
        module, _, function = place.partition(".")
        if module:
            room = importlib.import_module(f"polyrelax.expressivity.{module}")
            names = function.split(".") if function else [module]
            value: object = room
            for name in names:
                value = getattr(value, name)
            assert callable(value)


def test_the_names_are_in_order() -> None:
    assert [entry.name for entry in CATALOGUE] == [f"C{i}" for i in range(1, 16)]
