"""Numbers of claims P4.3: the best radius of standard networks and of others."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from polyrelax.arithmetic.rational import Vector, vector
from polyrelax.errors import ArgumentError, DimensionError, ShapeError, TooLargeError
from polyrelax.expressivity.boolean_functions import (
    Symmetric,
    boolean_distance_network,
    mean_network,
    nearest_neighbour,
    radius,
    symmetric_functions,
)
from polyrelax.expressivity.contractions import fan
from polyrelax.expressivity.data_sets import LabelledPoints, standard_bound
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network
from tests.expressivity.test_data_sets import FUNCTIONS, HALF, labelled_points


@pytest.mark.parametrize("dim", range(2, 7))
def test_every_symmetric_function_has_witnesses_and_a_network_of_radius_1_over_2d(
    dim: int,
) -> None:
    """Theorem 3.5, and that it is tight on the whole cube."""
    functions = list(symmetric_functions(dim))
    assert len(functions) == 2 ** (dim + 1) - 2
    for function in functions:
        witnesses = function.witnesses()
        assert len(witnesses.points) <= 2 * dim
        assert all(
            bool(label) == function(tuple(map(int, point)))
            for point, label in zip(witnesses.points, witnesses.labels, strict=True)
        )
        assert standard_bound(witnesses).radius == Fraction(1, 2 * dim)
        network = mean_network(function)
        assert fan(network) == 1
        assert radius(network, LabelledPoints.of_function(dim, function)) == Fraction(
            1, 2 * dim
        )


@pytest.mark.parametrize("dim", [2, 3, 4, 5])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_distance_networks_have_radius_one_half(name: str, dim: int) -> None:
    data = LabelledPoints.of_function(dim, FUNCTIONS[name])
    assert radius(boolean_distance_network(data), data) == HALF
    assert radius(nearest_neighbour(data), data) == HALF


def values(network: Network, points: list[list[int]]) -> Vector:
    return tuple(network(point)[0] for point in points)


def test_the_best_standard_networks_are_those_of_the_table() -> None:
    # (x1 + x2)/2 - 3/4; mean - 5/6; 1/4 - |x1/2 + x2/2 - 1/2| at 0, 1, 2, 3 ones
    square, line = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0] * 3, [0, 0, 1], [0, 1, 1], [1] * 3]
    conjunction = mean_network(Symmetric((False, False, True)))
    assert values(conjunction, square) == vector(["-3/4", "-1/4", "-1/4", "1/4"])
    three = mean_network(Symmetric((False, False, False, True)))
    assert values(three, line) == vector(["-5/6", "-1/2", "-1/6", "1/6"])
    exclusive = mean_network(Symmetric((False, True, False)))
    assert values(exclusive, square) == vector(["-1/4", "1/4", "1/4", "-1/4"])
    majority = mean_network(Symmetric((False, False, True, True)))
    assert values(majority, line) == vector(["-1/2", "-1/6", "1/6", "1/2"])


@given(labelled_points())
def test_the_nearest_neighbour_has_the_best_radius(data: LabelledPoints) -> None:
    assert radius(nearest_neighbour(data), data) == data.best_radius


def test_a_wrong_answer_makes_a_radius_negative() -> None:
    data = LabelledPoints((vector([0]), vector([1])), (0, 1))
    assert radius(Network((Affine.dense([[-1]], ["1/4"]),)), data) == Fraction(-3, 4)
    # two outputs: 1 - x for class 0 and 0 for class 1, tied at 1 and 1 ahead at 0
    assert radius(Network((Affine.dense([[-1], [0]], [1, 0]),)), data) == 0


def test_bad_requests_are_named() -> None:
    with pytest.raises(ShapeError, match="a constant function"):
        Symmetric((True, True, True))
    data = LabelledPoints((vector([0]), vector([1]), vector([2])), (0, 1, 2))
    with pytest.raises(DimensionError, match="1 output for 3 classes"):
        radius(Network((Affine.dense([[1]]),)), data)
    with pytest.raises(ShapeError, match="other points or labels, expected zeros and ones"):
        boolean_distance_network(LabelledPoints((vector([0]), vector([1])), (5, 7)))
    with pytest.raises(ShapeError, match="other points or labels, expected zeros and ones"):
        boolean_distance_network(LabelledPoints((vector([0]), vector([2])), (0, 1)))
    with pytest.raises(ShapeError, match="row 0 of layer 1 with 1-norm 2"):
        radius(Network((Affine.dense([[2]]),)), data)


def test_a_symmetric_function_reads_as_many_zeros_and_ones_as_it_has_variables() -> None:
    conjunction = Symmetric((False, False, True))
    assert (conjunction((1, 1)), conjunction((0, 1))) == (True, False)
    with pytest.raises(ShapeError, match="found other numbers, expected zeros and ones"):
        conjunction((0, 2))
    with pytest.raises(ArgumentError, match="of length 3, expected 2 zeros and ones"):
        conjunction((1, 1, 1))


def test_cubes_of_too_many_corners_are_refused() -> None:
    with pytest.raises(TooLargeError, match="a cube of dimension 40, expected at most 20"):
        LabelledPoints.of_function(40, all)
