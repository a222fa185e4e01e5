"""Layers that do not expand the maximum norm, against their definitions."""

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import ZERO, Vector, vector
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.networks.affine import Affine
from polyrelax.networks.lipschitz import (
    distance_neurons,
    group_sort,
    norm_bounded,
    sort_neurons,
)
from polyrelax.strategies import vectors

triples = vectors(3)
pairs_of_rows = st.lists(triples, min_size=2, max_size=2)


def short(row: Vector) -> Vector:
    return tuple(a / max(Fraction(1), sum(map(abs, row), ZERO)) for a in row)


@given(x=triples, centers=pairs_of_rows, shifts=vectors(2))
def test_distance_neurons_are_distances(
    x: Vector, centers: Sequence[Vector], shifts: Vector
) -> None:
    expected = tuple(
        max(abs(a - u) for a, u in zip(x, center, strict=True)) + b
        for center, b in zip(centers, shifts, strict=True)
    )
    assert distance_neurons(centers, shifts)(x) == expected


@given(x=triples, weights=pairs_of_rows, shifts=pairs_of_rows)
def test_sort_neurons_weigh_sorted_sizes(
    x: Vector, weights: Sequence[Vector], shifts: Sequence[Vector]
) -> None:
    rows = [short(row) for row in weights]
    expected = []
    for row, shift in zip(rows, shifts, strict=True):
        sizes = sorted((abs(a + b) for a, b in zip(x, shift, strict=True)), reverse=True)
        expected.append(sum((w * size for w, size in zip(row, sizes, strict=True)), ZERO))
    assert list(sort_neurons(rows, shifts)(x)) == expected


@given(x=triples, y=triples, weights=pairs_of_rows, shifts=pairs_of_rows)
def test_neither_expands_the_maximum_norm(
    x: Vector, y: Vector, weights: Sequence[Vector], shifts: Sequence[Vector]
) -> None:
    distance = max(abs(a - b) for a, b in zip(x, y, strict=True))
    sort = sort_neurons([short(row) for row in weights], shifts)
    for net in (sort, distance_neurons(shifts, [0, 0])):
        assert max(abs(a - b) for a, b in zip(net(x), net(y), strict=True)) <= distance


def test_the_first_weight_alone_makes_a_distance() -> None:
    # SortNet with w = e_1 is an l_inf-distance neuron.
    x = vector([2, "-1/2", 0])
    assert sort_neurons([[1, 0, 0]], [[-1, 1, 5]])(x) == distance_neurons([[1, -1, -5]], [0])(x)


def test_group_sort_sorts_neighbours() -> None:
    assert group_sort(6, 3)(vector([1, 3, 2, 4, 6, 5])) == vector([3, 2, 1, 6, 5, 4])
    assert group_sort(4, 2)(vector([1, 2, 4, 3])) == vector([2, 1, 4, 3])
    assert group_sort(3, 1)(vector([1, 3, 2])) == vector([1, 3, 2])


def test_a_row_of_norm_1_is_bounded() -> None:
    layer = Affine.dense([["1/2", "-1/2"], [0, 0]], [7, 8])
    assert norm_bounded(layer) is layer


def test_what_is_no_such_layer_is_refused() -> None:
    with pytest.raises(ShapeError, match="found the 1-norm 3/2 in row 1, expected at most 1"):
        norm_bounded(Affine.dense([[1, 0], ["1/2", -1]]))
    with pytest.raises(ShapeError, match="found the 1-norm 2 in row 0, expected at most 1"):
        sort_neurons([[1, 1]], [[0, 0]])
    with pytest.raises(
        DimensionError, match="found groups of 2 values, expected a divisor of 3"
    ):
        group_sort(3, 2)
    with pytest.raises(DimensionError, match="found groups of 0 values"):
        group_sort(3, 0)
    with pytest.raises(DimensionError, match="found 1 row of 2 weights and 1 row of 1 shift"):
        sort_neurons([[1, 0]], [[0]])
    with pytest.raises(DimensionError, match="found no numbers"):
        distance_neurons([], [])
    with pytest.raises(DimensionError, match="found 1 row and 2 biases"):
        distance_neurons([[1, 0]], [0, 0])
    with pytest.raises(DimensionError, match="found 1 row of 1 weight and 2 rows of 1"):
        sort_neurons([[1]], [[0], [1]])
    with pytest.raises(DimensionError, match="found 1 row of 2 weights and 1 row of 1"):
        sort_neurons([[0, 1]], [[0]])
    with pytest.raises(ShapeError, match="found the 1-norm 3/2 in row 0, expected at most 1"):
        sort_neurons([[1, "1/2"]], [[0, 0]])
    with pytest.raises(DimensionError, match=r"lengths \[1, 2\], expected one length"):
        distance_neurons([[1], [0, 1]], [0, 0])
