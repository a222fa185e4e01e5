"""Half of a margin is a certified radius, and no more than that is claimed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import ONE, ZERO, Vector
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.networks.contractions import require_contraction
from polyrelax.networks.integer_points import IntegerPoints
from polyrelax.networks.layers import Affine, Neurons
from polyrelax.networks.lipschitz import distance_neurons, geometric_weights, sort_neurons
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.sort import Sort
from polyrelax.strategies import vectors
from polyrelax.verification.margins import margin_radii

SMALL = st.integers(-8, 8).map(lambda n: Fraction(n, 4))
POINT = st.tuples(SMALL, SMALL, SMALL)


def test_the_radius_of_the_nearest_centre_is_half_of_what_it_is_nearer() -> None:
    # scores are minus the distances to (0, 0) and (1, 1); x is nearer to the first by 1/2
    near = distance_neurons([[0, 0], [1, 1]], [0, 0])
    scores = Network((*near.layers, Affine.dense([[-1, 0], [0, -1]])))
    x = [Fraction(1, 4), Fraction(1, 4)]
    points = IntegerPoints.of([x, x, [0, 1]])
    assert margin_radii(scores, points, [0, 1, 0]) == (Fraction(1, 4), 0, 0)
    # and the radius is the best there is: (1/2, 1/2) is as near to both
    assert len(set(scores((Fraction(1, 2), Fraction(1, 2))))) == 1


@given(
    x=POINT,
    shifts=st.lists(POINT, min_size=3, max_size=3),
    ratio=st.fractions(0, Fraction(7, 8), max_denominator=8),
    direction=vectors(3),
)
def test_within_the_radius_the_class_stays(
    x: Vector, shifts: list[Vector], ratio: Fraction, direction: Vector
) -> None:
    network = sort_neurons([geometric_weights(ratio, 3)] * 3, shifts)
    require_contraction(network)
    values = network(x)
    label = values.index(max(values))
    (radius,) = margin_radii(network, IntegerPoints.of([x]), [label])
    longest = max(map(abs, direction), default=ZERO)
    if radius and longest:
        step = radius * Fraction(999, 1000) / longest
        moved = network(tuple(a + step * d for a, d in zip(x, direction, strict=True)))
        others = [moved[j] for j in range(3) if j != label]
        assert moved[label] > max(others)


def test_a_sort_of_many_numbers_is_a_contraction_without_looking_at_its_pieces() -> None:
    wide = Network((Neurons(64, ((Sort(64), tuple(range(64))),)),))
    require_contraction(wide)


def test_what_certifies_nothing_is_refused() -> None:
    point = IntegerPoints.of([[1, 0]])
    steep = Network((Affine.dense([[ONE, ONE], [ZERO, ONE]]),))
    with pytest.raises(ShapeError, match="found row 0 of layer 1 with 1-norm 2"):
        margin_radii(steep, point, [0])
    plane = Network((Affine.dense([[1, 0], [0, 1]]),))
    with pytest.raises(DimensionError, match="found 2 labels of 1 points"):
        margin_radii(plane, point, [0, 1])
    with pytest.raises(DimensionError, match="found class 2, expected one of 2"):
        margin_radii(plane, point, [2])
    with pytest.raises(DimensionError, match="found a network of one output"):
        margin_radii(Network((Affine.dense([[1, 0]]),)), point, [0])
