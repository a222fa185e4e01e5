"""Numbers of claims P4.2: how far order statistics are from contractions of each kind."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import ZERO, Vector, vector
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.expressivity.circuits import Circuits, labelled
from polyrelax.expressivity.contractions import fan
from polyrelax.expressivity.distances import distance
from polyrelax.expressivity.lipschitz import least_error
from polyrelax.expressivity.order_statistics import (
    distance_statistic,
    kth_largest,
    least_missed,
    maxmin_maximum,
    maxmin_minimum,
    mean_statistic,
    order_statistic,
    sortnet_statistic,
    windows,
)
from polyrelax.networks.contractions import require_contraction
from polyrelax.networks.gallery import absolute_value, maximum, two_relu_example
from polyrelax.networks.layers import Affine, Neurons
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.minimum import Minimum
from polyrelax.polytopes.polytope import Polytope

HALF = Fraction(1, 2)
RANKS = [(dim, k) for dim in range(2, 6) for k in range(1, dim + 1)]
MAXIMA = [(4, 0), (4, 1), (4, 2), (3, 1), (5, 1), (5, 2), (6, 1), (8, 1), (8, 2)]


def cube(dim: int, lower: int = 0) -> Polytope:
    return Polytope.box([lower] * dim, [1] * dim)


@pytest.mark.parametrize(("dim", "k"), RANKS)
def test_the_bound_of_standard_networks_is_attained_by_the_mean(dim: int, k: int) -> None:
    bound = HALF - Fraction(1, 2 * dim)
    assert least_missed(dim) == bound
    assert least_error(lambda x: kth_largest(x, k), windows(dim, k)) == bound
    mean = mean_statistic(dim, k)
    require_contraction(mean)
    farthest = distance(mean, order_statistic(dim, k), cube(dim))
    assert farthest.value == bound
    [there] = mean(farthest.point)
    assert abs(there - kth_largest(farthest.point, k)) == bound


@pytest.mark.parametrize(("dim", "activations"), MAXIMA)
def test_maxmin_attains_the_bound_of_its_depth_for_the_maximum(
    dim: int, activations: int
) -> None:
    """Theorem 3.9: 1/2 - 2 ** (M - 2) / d for M affine layers, or nothing."""
    network = maxmin_maximum(dim, activations)
    require_contraction(network)
    assert fan(network) <= 2**activations
    bound = max(HALF - Fraction(2**activations, 2 * dim), ZERO)
    assert least_missed(dim, 2**activations) == bound
    greatest = Network((Neurons(dim, ((Maximum(dim), tuple(range(dim))),)),))
    assert distance(network, greatest, cube(dim)).value == bound


@pytest.mark.parametrize(("dim", "activations"), MAXIMA)
def test_maxmin_is_as_near_as_claimed_on_the_corners(dim: int, activations: int) -> None:
    network = maxmin_maximum(dim, activations)
    misses = [abs(network(x)[0] - max(x)) for x in product((0, 1), repeat=dim)]
    assert max(misses) == least_missed(dim, 2**activations)


@pytest.mark.parametrize(("dim", "activations"), MAXIMA)
def test_maxmin_attains_the_bound_of_its_depth_for_the_minimum(
    dim: int, activations: int
) -> None:
    network = maxmin_minimum(dim, activations)
    require_contraction(network)
    assert fan(network) <= 2**activations
    least = Network((Neurons(dim, ((Minimum(dim), tuple(range(dim))),)),))
    bound = max(HALF - Fraction(2**activations, 2 * dim), ZERO)
    assert distance(network, least, cube(dim)).value == bound


def test_the_median_of_three_is_farther_than_the_bound_says() -> None:
    """Two layers of MaxMin cannot be it on zeros and ones, though the bound for them is 0."""
    majority = labelled(3, 0b11101000)
    assert least_missed(3, 2**2) == 0
    assert all(
        own == (sum(x) >= 2) for x, own in zip(majority.points, majority.labels, strict=True)
    )
    assert Circuits.of(3).gates[0b11101000].depth == 3


@pytest.mark.parametrize(("dim", "k"), [each for each in RANKS if each[0] < 5])
def test_distance_and_sortnet_networks_are_order_statistics(dim: int, k: int) -> None:
    target = order_statistic(dim, k)
    for network, domain in (
        (distance_statistic(dim, k), cube(dim)),
        (sortnet_statistic(dim, k), cube(dim, -1)),
    ):
        require_contraction(network)
        if dim < 4:
            assert distance(network, target, domain).value == 0
        for x in product(*((end.lower, HALF * end.upper, end.upper) for end in domain.bounds)):
            assert network(x) == target(x) == (sorted(x)[-k],)


@given(st.lists(st.fractions(-5, 5), min_size=3, max_size=3).map(tuple))
def test_a_sortnet_neuron_sorts_numbers_up_to_its_size(x: Vector) -> None:
    assert sortnet_statistic(3, 2, Fraction(5))(x) == (sorted(x)[1],)


def test_the_distance_of_two_networks_has_its_point() -> None:
    # relu(x + y) + relu(x - y) is 2 at (1, 0) and (1, 1), where max(x, y) is 1.
    found = distance(two_relu_example(), maximum(2), cube(2))
    assert found.value == 1
    assert found.point[0] == 1
    # 3x - |x| is -4 at -1 and 2 at 1
    line = Network((Affine.dense([[3]]),))
    assert distance(line, absolute_value(), Polytope.box([-1], [1])).point == vector([-1])


def test_bad_requests_are_named() -> None:
    with pytest.raises(ShapeError, match="the rank 4 of 3 numbers, expected 1 to 3"):
        order_statistic(3, 4)
    with pytest.raises(ShapeError, match="expected 1 to 3"):
        windows(3, 0)
    with pytest.raises(ShapeError, match="found 3 numbers and -1 layers, expected one number"):
        maxmin_maximum(3, -1)
    both = Network((Affine.dense([[1, 0], [0, 1]]),))
    with pytest.raises(DimensionError, match="give 1 and 2 values, expected the same number"):
        distance(maximum(2), both, cube(2))
