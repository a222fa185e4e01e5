from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import Vector, dot, vector
from polyrelax.errors import DimensionError
from polyrelax.networks.layers import Affine, Identity, Layer, ReLU
from tests.networks.cases import affine_layers, small_rationals, vectors


@given(st.data())
def test_sparse_evaluation_is_the_dense_product(data: st.DataObject) -> None:
    layer = data.draw(affine_layers(3, 2))
    x = data.draw(vectors(3))
    expected = tuple(dot(row, x) + b for row, b in zip(layer.weight, layer.bias, strict=True))
    assert layer(x) == expected


@given(affine_layers(2, 3), affine_layers(3, 2), vectors(2))
def test_composition_of_affine_maps_is_their_composition(
    inner: Affine, outer: Affine, x: Vector
) -> None:
    assert outer.after(inner)(x) == outer(inner(x))


@given(affine_layers(3, 2))
def test_rows_weight_and_matrix_are_one_matrix(layer: Affine) -> None:
    assert layer.matrix.rows == layer.weight
    assert Affine.dense(layer.weight, layer.bias) == layer


@given(st.lists(small_rationals, min_size=3, max_size=3))
def test_relu_leaves_the_coordinates_that_are_not_named(values: list[Fraction]) -> None:
    x = tuple(values)
    assert ReLU(3, (2, 0))(x) == (max(x[0], 0), x[1], max(x[2], 0))
    assert ReLU(3)(x) == ReLU(3, (0, 1, 2))(x)


def test_names_of_neurons_are_sorted() -> None:
    assert ReLU(3, (2, 0)).active == (0, 2)
    assert ReLU(3).active == (0, 1, 2)
    assert ReLU(3, ()).active == ()


@pytest.mark.parametrize("layer", [Affine.dense([[1, 2]]), ReLU(2), Identity(2)], ids=repr)
def test_points_of_another_dimension_are_refused(layer: Layer) -> None:
    with pytest.raises(DimensionError, match="found a point with 3 coordinates, expected 2"):
        layer(vector([1, 2, 3]))


def test_impossible_layers_are_refused() -> None:
    with pytest.raises(DimensionError, match="row 0 leaves the 1 coordinate "):
        Affine((((1, Fraction(1)),),), (Fraction(0),), 1)
    with pytest.raises(DimensionError, match="1 row and 2 biases"):
        Affine.dense([[1]], [0, 0])
    with pytest.raises(DimensionError, match=r"lengths \[1, 2\]"):
        Affine.dense([[1], [1, 2]])
    with pytest.raises(DimensionError, match=r"found neurons \[0, 2\], expected distinct ones"):
        ReLU(2, (0, 2))
    with pytest.raises(DimensionError, match="distinct"):
        ReLU(2, (0, 0))
