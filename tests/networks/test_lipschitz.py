"""Layers that do not expand the maximum norm, against their definitions."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import ZERO, Vector, vector
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.networks.affine import Affine
from polyrelax.networks.lipschitz import (
    distance_neurons,
    geometric_weights,
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


def masked_mean(x: Sequence[Fraction], ratio: Fraction) -> Fraction:
    """The mean of the maximum over all masks, each number kept with probability 1 - ratio."""
    total = ZERO
    for mask in product((0, 1), repeat=len(x)):
        kept = [a for a, bit in zip(x, mask, strict=True) if bit]
        chance = (1 - ratio) ** len(kept) * ratio ** (len(x) - len(kept))
        total += chance * max(kept, default=ZERO)
    return total


@pytest.mark.parametrize("dim", range(1, 7))
def test_random_masks_make_the_practical_form_of_sortnet(dim: int) -> None:
    """A proof for each of these dimensions, for every x >= 0 and every ratio.

    Both sides are symmetric, and linear where x_1 >= ... >= x_d >= 0, the cone of the vectors
    (1, ..., 1, 0, ..., 0); at each of these both are polynomials in the ratio of degree at most
    d, which agree if they do at d + 1 numbers.
    """
    for k in range(1, dim + 1):
        ray = [Fraction(int(j < k)) for j in range(dim)]
        for n in range(dim + 1):
            ratio = Fraction(n, dim + 1)
            neuron = sort_neurons([geometric_weights(ratio, dim)], [[0] * dim])
            assert neuron(ray) == (masked_mean(ray, ratio),)


@given(x=vectors(4), n=st.integers(0, 7))
def test_the_mean_over_masks_is_the_weighted_sort_at_any_point(x: Vector, n: int) -> None:
    ratio = Fraction(n, 8)
    neuron = sort_neurons([geometric_weights(ratio, 4)], [[0] * 4])
    assert neuron(x) == (masked_mean([abs(a) for a in x], ratio),)


@given(count=st.integers(1, 12), terms=st.integers(1, 15), n=st.integers(0, 7))
def test_the_sum_of_geometric_weights(count: int, terms: int, n: int) -> None:
    ratio = Fraction(n, 8)
    assert sum(geometric_weights(ratio, count)) == 1 - ratio**count
    short = geometric_weights(ratio, count, terms)
    assert sum(short) == 1
    assert len(short) == count
    assert all(b == ratio * a for a, b in pairwise(short[:terms]))
    assert not any(short[terms:])


def test_ratios_and_terms_that_make_no_weights_are_refused() -> None:
    with pytest.raises(ShapeError, match="found the ratio 1, expected at least 0, below 1"):
        geometric_weights(1, 3)
    with pytest.raises(ShapeError, match="found the ratio -1/2"):
        geometric_weights("-1/2", 3)
    with pytest.raises(ShapeError, match="found 0 terms, expected at least 1"):
        geometric_weights("1/2", 3, 0)
