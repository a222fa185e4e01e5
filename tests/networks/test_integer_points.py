"""Many points at once have the values that a network gives to each."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given

from polyrelax.arithmetic.rational import Vector
from polyrelax.errors import ArgumentError, DimensionError, NotANumberError
from polyrelax.networks.integer_points import IntegerPoints, Whole, values_at
from polyrelax.networks.layers import Affine, Identity, Layer, Neurons, ReLU
from polyrelax.networks.lipschitz import distance_neurons, sort_neurons
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.clip import Clip
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.minimum import Minimum
from polyrelax.networks.neurons.passing import Pass
from polyrelax.networks.neurons.sort import Sort
from polyrelax.strategies import vectors

THIRD = Fraction(1, 3)
MIXED = Neurons(
    4,
    (
        (Sort(3), (3, 0, 1)),
        (Absolute(), (2,)),
        (MaxMin(), (1, 2)),
        (Pass(), (0,)),
        (Minimum(2), (3, 3)),
        (Maximum(3), (0, 1, 2)),
        (Absolute(), (0,)),
    ),
)
LAYERS: tuple[Layer, ...] = (
    Affine.dense([[1, -THIRD, 0, 2], [0, 0, 0, 0]], ["1/7", 3]),
    Affine.dense([[0, 0, 0, 0]]),
    Affine.of_doubles(np.array([[0.1, -3e-9, 0.0, 1e5]]), np.array([0.5])),
    ReLU(4, (1, 3)),
    ReLU(4),
    Identity(4),
    MIXED,
    Neurons(4, ((Clip(Fraction(0), THIRD), (2,)), (Absolute(), (1,)))),
    distance_neurons([[1, 0, THIRD, 2], [0, 0, 0, 0]], [0, "1/5"]).layers[0],
)


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
@given(first=vectors(4), second=vectors(4))
def test_values_are_those_of_the_points_one_by_one(
    layer: Layer, first: Vector, second: Vector
) -> None:
    network = Network((layer,))
    found = values_at(network, IntegerPoints.of([first, second]))
    assert found.vectors() == (network(first), network(second))


@given(x=vectors(3))
def test_whole_networks_of_lipschitz_neurons_have_their_values(x: Vector) -> None:
    inner = distance_neurons([[1, 2, 3], [0, "1/2", 0], [-1, 0, 0]], ["1/9", 0, 1])
    outer = sort_neurons([["1/2", "1/4", "1/8"], [0, 1, 0]], [[1, 2, 3], [0, 0, "1/3"]])
    network = outer @ inner
    assert values_at(network, IntegerPoints.of([x])).vectors() == (network(x),)


@pytest.mark.parametrize("size", [2**31, 2**62, 2**63, 10**40])
def test_numbers_of_any_length_do_not_overflow(size: int) -> None:
    # (size x)^2 behind a sort of size x and -size y, whose sum is size (x - y)
    layers = (Affine.dense([[size, 0], [0, -size]]), Neurons(2, ((Sort(2), (0, 1)),)))
    network = Network((*layers, Affine.dense([[1, 1], [size, 0]])))
    points = IntegerPoints.of([[1, 1], [Fraction(1, size), 3]])
    expected = ((0, size**2), (1 - 3 * size, size))
    assert values_at(network, points).vectors() == expected


def test_long_numbers_times_zero_do_not_overflow_either() -> None:
    steep = Network((Affine.dense([[2**80, 1], [0, 0]]),))
    assert values_at(steep, IntegerPoints.of([[0, 0]])).vectors() == ((0, 0),)
    flat = Network((Affine.dense([[0, 0]], [3]),))
    assert values_at(flat, IntegerPoints.of([[2**80, 1]])).vectors() == ((3,),)


def test_short_numbers_stay_short() -> None:
    points = IntegerPoints.of([[1, 2]])
    assert points.numbers.dtype == np.int64
    assert values_at(Network((Affine.dense([["1/2", 1]]),)), points).numbers.dtype == np.int64
    assert IntegerPoints.of([[2**70, 2]]).numbers.dtype == np.object_


def test_what_are_no_points_of_the_network_is_refused() -> None:
    with pytest.raises(DimensionError, match="found points of 1 coordinates, expected 2"):
        values_at(Network((ReLU(2),)), IntegerPoints.of([[1]]))
    with pytest.raises(DimensionError, match="found no points, expected one at least"):
        IntegerPoints.of([])
    with pytest.raises(DimensionError, match=r"lengths \[1, 2\], expected one length"):
        IntegerPoints.of([[1], [1, 2]])
    with pytest.raises(NotANumberError):
        IntegerPoints.of([["one"]])


@pytest.mark.parametrize(
    ("numbers", "denominator"),
    [
        (np.array([[0.9, 1.1]]), 1),
        (np.array([[True]]), 1),
        (np.array([1, 2]), 1),
        (np.array([["1"]]), 1),
        (np.array([[Fraction(1)]], dtype=object), 1),
        (np.array([[1]]), 0),
        (np.array([[1]]), -1),
        (np.array([[1]]), 1.0),
    ],
)
def test_other_arrays_are_refused(numbers: Whole, denominator: int) -> None:
    with pytest.raises(ArgumentError):
        IntegerPoints(numbers, denominator)


def test_the_least_machine_word_has_an_opposite() -> None:
    least = IntegerPoints(np.array([[-(2**63)]]), 1)
    doubled = Network((Affine.dense([[2]], [0]),))
    assert values_at(doubled, least).vectors() == ((-(2**64),),)
    assert values_at(Network((Neurons(1, ((Absolute(), (0,)),)),)), least).vectors() == (
        (2**63,),
    )
