"""What is trained in floats becomes exact networks whose norms are at most 1 exactly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import ZERO, from_float, vector
from polyrelax.errors import DimensionError, NotANumberError
from polyrelax.networks.contractions import require_contraction
from polyrelax.networks.layers import Affine
from polyrelax.networks.lipschitz import geometric_weights
from polyrelax.training.exact import TERMS, NormBounded, Rectified, SortNet, rounded

FLOATS = st.floats(-4, 4, width=32)
RATIO = Fraction(3, 10)


@given(st.lists(FLOATS, min_size=1, max_size=5), st.integers(0, 20))
def test_numbers_are_rounded_towards_zero(row: list[float], bits: int) -> None:
    ((*found,),) = rounded(np.array([row]), bits)
    for a, b in zip(map(from_float, row), found, strict=True):
        assert (b * 2**bits).denominator == 1
        assert abs(b) <= abs(a) < abs(b) + Fraction(1, 2**bits)
        assert a * b >= 0


@given(st.lists(st.lists(FLOATS, min_size=6, max_size=6), min_size=2, max_size=2))
def test_rows_of_any_floats_become_norm_bounded(weight: list[list[float]]) -> None:
    net = NormBounded((np.array(weight),), (np.zeros(2),), "absolute").network(12)
    require_contraction(net)
    (layer,) = net.layers
    assert isinstance(layer, Affine)
    for given_row, row in zip(weight, layer.weight, strict=True):
        norm = sum(map(abs, map(from_float, given_row)))
        short = [from_float(a) / max(norm, 1) for a in given_row]
        assert all(
            0 <= abs(a) - abs(b) < Fraction(1, 2**12) for a, b in zip(short, row, strict=True)
        )


def test_float_norms_just_above_one_lose_what_is_too_much_and_no_more() -> None:
    # thirds and tenths as floats do not add up to 1
    weight = np.array([[1 / 3, 1 / 3, 1 / 3 + 2**-30], [0.5, -0.25, 0.25]])
    (layer,) = NormBounded((weight,), (np.zeros(2),), "maxmin").network(60).layers
    assert isinstance(layer, Affine)
    norms = [sum(map(abs, row), ZERO) for row in layer.weight]
    assert 1 - Fraction(3, 2**60) < norms[0] <= 1
    assert norms[1] == 1


def sizes_of(values: Sequence[Fraction], center: Sequence[Fraction]) -> list[Fraction]:
    return sorted((abs(a - u) for a, u in zip(values, center, strict=True)), reverse=True)


@pytest.mark.parametrize("terms", [None, 2, TERMS])
def test_sortnet_weighs_sorted_distances(terms: int | None) -> None:
    generator = np.random.default_rng(5)
    centers = tuple(generator.normal(size=shape) for shape in ((4, 3), (5, 4), (2, 5)))
    net = SortNet(centers, np.array([0.25, -0.125]), RATIO).network(16, terms)
    require_contraction(net)
    x = vector(["1/3", "-1/2", 2])
    values = [
        max(abs(a - u) for a, u in zip(x, row, strict=True)) for row in rounded(centers[0], 16)
    ]
    for center in centers[1:]:
        exact = geometric_weights(RATIO, len(values), terms)
        weights = [Fraction(int(w * 2**16), 2**16) for w in exact]
        values = [
            sum(
                (w * size for w, size in zip(weights, sizes_of(values, row), strict=True)), ZERO
            )
            for row in rounded(center, 16)
        ]
    assert net(x) == (-values[0] - Fraction(1, 4), -values[1] + Fraction(1, 8))


def test_without_a_ratio_sortnet_is_a_distance_network() -> None:
    centers = (np.array([[0.5, 0.0], [0.0, 1.0]]), np.array([[2.0, -1.0]]))
    net = SortNet(centers, np.zeros(1), Fraction(0)).network(8)
    # distances of (3, 1): 5/2 and 3, then |(1/2, 4)| = 4
    assert net([3, 1]) == (-4,)


def test_activations_stand_between_the_maps() -> None:
    weights, biases = (np.eye(2), np.eye(2)), (np.array([0.0, -1.0]), np.zeros(2))
    assert NormBounded(weights, biases, "absolute").network(4)([-2, 0]) == (2, 1)
    assert NormBounded(weights, biases, "maxmin").network(4)([-2, 0]) == (-1, -2)
    assert Rectified(weights, biases).network(4)([-2, 3]) == (0, 2)


def test_what_is_no_number_of_bits_and_no_number_is_refused() -> None:
    with pytest.raises(
        DimensionError, match="found the number of bits -1, expected at least 0"
    ):
        rounded(np.zeros((1, 1)), -1)
    with pytest.raises(NotANumberError):
        rounded(np.array([[np.nan]]), 3)


@given(st.integers(1, 24), st.integers(0, 9), st.one_of(st.none(), st.integers(1, 12)))
def test_rounded_weights_of_sorts_stay_below_one_in_sum(
    bits: int, n: int, terms: int | None
) -> None:
    ratio = Fraction(n, 10)
    net = SortNet((np.zeros((7, 1)), np.zeros((1, 7))), np.zeros(1), ratio).network(bits, terms)
    require_contraction(net)
    # all seven distances of 1 are 1, so the value is the sum of the weights
    (value,) = net([1])
    exact = geometric_weights(ratio, 7, terms)
    assert 0 <= sum(exact) + value < Fraction(7, 2**bits)
    assert all(a >= b for a, b in pairwise(exact))
