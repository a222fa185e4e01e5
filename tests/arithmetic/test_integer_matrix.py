"""Products in floats are those of fractions, where they say that they are exact and elsewhere.

The second opinion is FLINT's product of rational matrices.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.integer_matrix import Forms, IntegerMatrix
from polyrelax.arithmetic.limbs import is_dyadic, parts_of
from polyrelax.arithmetic.linalg import Matrix
from polyrelax.arithmetic.patterns import DenseBlock, DiagonalBlock, blocks_of
from polyrelax.arithmetic.rational import SparseVector, Vector, sparse

ROWS, COLUMNS = 4, 3
small = st.integers(-3, 3).map(float)
doubles = st.one_of(st.just(0.0), small, st.floats(-1e3, 1e3), st.floats(-1e-9, 1e-9))
words = st.one_of(st.integers(-3, 3), st.integers(-(2**60), 2**60))


def flint(rows: list[Vector], width: int) -> Matrix:
    return Matrix.from_rows(rows, width)


@st.composite
def weights(draw: st.DrawFn) -> npt.NDArray[np.float64]:
    entries = st.lists(doubles, min_size=ROWS * COLUMNS, max_size=ROWS * COLUMNS)
    return np.array(draw(entries)).reshape(ROWS, COLUMNS)


@st.composite
def forms(draw: st.DrawFn, width: int) -> Forms:
    columns = np.array(sorted(draw(st.sets(st.integers(0, width - 1)))), dtype=np.int64)
    size = 2 * len(columns)
    numbers = np.array(draw(st.lists(words, min_size=size, max_size=size)), dtype=np.int64)
    return Forms(numbers.reshape(2, -1), columns, draw(st.integers(-20, 60)))


def exact_rows(given: Forms, width: int) -> list[Vector]:
    rows = []
    for numbers in given.numbers.tolist():
        row = [Fraction(0)] * width
        for j, number in zip(given.columns.tolist(), numbers, strict=True):
            row[j] = number / Fraction(2) ** given.exponent
        rows.append(tuple(row))
    return rows


def of_dense(weight: npt.NDArray[np.float64]) -> IntegerMatrix:
    rows, columns = np.nonzero(weight)
    starts = np.searchsorted(rows, np.arange(len(weight) + 1))
    return IntegerMatrix.of_doubles(starts, columns, weight[rows, columns], weight.shape[1])


def fractions(weight: npt.NDArray[np.float64]) -> list[Vector]:
    return [tuple(Fraction(a) for a in row) for row in weight.tolist()]


def assert_bounded(found: Forms, exact: list[Vector], width: int) -> None:
    """Assert that coefficients are at most the exact ones, and by less than the loss."""
    unit = Fraction(2) ** -found.exponent
    for low, true in zip(exact_rows(found, width), exact, strict=True):
        if found.loss:
            assert all(a <= b < a + found.loss * unit for a, b in zip(low, true, strict=True))
        else:
            assert low == true


@given(weights(), forms(ROWS))
def test_products_are_those_of_fractions(
    weight: npt.NDArray[np.float64], given_forms: Forms
) -> None:
    exact = flint(exact_rows(given_forms, ROWS), ROWS) @ flint(fractions(weight), COLUMNS)
    assert_bounded(of_dense(weight).product(given_forms), list(exact.rows), COLUMNS)


@given(weights(), forms(COLUMNS), st.booleans())
def test_images_are_those_of_fractions(
    weight: npt.NDArray[np.float64], points: Forms, absolute: bool
) -> None:
    numbers = np.zeros((2, COLUMNS), dtype=np.int64)
    numbers[:, points.columns] = points.numbers
    full = Forms(numbers, np.arange(COLUMNS), points.exponent)
    matrix = np.abs(weight) if absolute else weight
    transposed = flint(fractions(matrix), COLUMNS).transpose
    exact = flint(exact_rows(full, COLUMNS), COLUMNS) @ transposed
    found = of_dense(weight).image(full, absolute=absolute)
    assert_bounded(found, list(exact.rows), ROWS)


@given(st.lists(st.tuples(*[st.fractions(-99, 99, max_denominator=50)] * COLUMNS), min_size=1))
def test_fractions_are_rounded_down_by_less_than_the_slack(rows: list[Vector]) -> None:
    matrix = IntegerMatrix.of_rows([sparse(row) for row in rows], COLUMNS)
    for i, row in enumerate(rows):
        one = Forms(np.ones((1, 1), dtype=np.int64), np.array([i]), 0)
        found = matrix.product(one)
        (low,) = exact_rows(found, COLUMNS)
        most = found.loss * Fraction(2) ** -found.exponent
        most += 0 if matrix.slack is None else Fraction(2) ** -matrix.slack
        assert all(a <= b <= a + most for a, b in zip(low, row, strict=True))
    assert (matrix.slack is None) == all(is_dyadic(a) for row in rows for a in row)


def test_integers_that_floats_would_round_are_multiplied_exactly() -> None:
    number, weight = 2**60 + 1, 2.0**26 - 1
    matrix = of_dense(np.array([[weight], [-1.0]]))
    found = matrix.product(Forms(np.array([[number, 1]]), np.array([0, 1]), 0))
    assert float(number) * weight == float(number - 1) * weight  # what one float product sees
    unit = Fraction(2) ** -found.exponent
    exact = number * int(weight) - 1
    assert found.numbers[0, 0] * unit <= exact < (found.numbers[0, 0] + found.loss) * unit
    small = matrix.product(Forms(np.array([[2**34 + 1, 1]]), np.array([0, 1]), 0))
    assert (small.numbers[0, 0], small.exponent, small.loss) == (
        (2**34 + 1) * int(weight) - 1,
        0,
        0,
    )


def test_parts_are_made_where_sums_would_reach_the_end_of_floats() -> None:
    numbers = np.array([[2**52 - 1, 2**52 - 1, 2**52 - 1]])
    weight = np.array([[3.0], [5.0], [7.0]])
    found = of_dense(weight).product(Forms(numbers, np.arange(3), 0))
    assert found.numbers.tolist() == [[15 * (2**52 - 1)]]
    assert int((numbers.astype(np.float64) @ weight)[0, 0]) != 15 * (2**52 - 1)
    assert len(list(parts_of(numbers, 48))) > 1


def test_whole_products_of_long_sums_are_exact() -> None:
    generator = np.random.default_rng(5)
    weight = generator.integers(-(2**26), 2**26, size=(300, 40)).astype(np.float64) / 2**30
    numbers = generator.integers(-(2**24), 2**24, size=(20, 300))
    found = of_dense(weight).product(Forms(numbers, np.arange(300), 0))
    integers = (weight * 2**30).astype(np.int64).astype(object)
    exact = numbers.astype(object) @ integers * 2 ** (found.exponent - 30)
    assert found.loss == 0
    assert (found.numbers.astype(object) == exact).all()


def test_numbers_far_apart_keep_all_their_bits() -> None:
    weight = np.array([[2.0**900, 2.0**-1074]])
    matrix = of_dense(weight)
    values = [limb.values.tolist() for limb in matrix.limbs]
    assert [limb.exponent for limb in matrix.limbs][-1] == -1074
    assert values[-1] == [0.0, 1.0]


def test_rounding_again_counts_what_was_lost_before() -> None:
    forms = Forms(np.array([[-5, 5]]), np.arange(2), 3, loss=9)
    rounded = forms.at(1)
    assert rounded.numbers.tolist() == [[-2, 1]]  # true values: [-5/8, 1/2) and [5/8, 7/4)
    assert rounded.loss == 4
    assert forms.at(4).numbers.tolist() == [[-10, 10]]
    assert forms.at(4).loss == 18


@given(forms(3), forms(3), st.integers(-30, 70))
def test_sums_are_those_of_fractions(first: Forms, second: Forms, most: int) -> None:
    found = first.plus(second, most)
    pairs = zip(exact_rows(first, 3), exact_rows(second, 3), strict=True)
    exact = [tuple(a + b for a, b in zip(*pair, strict=True)) for pair in pairs]
    assert_bounded(found, exact, 3)
    assert found.exponent <= most
    assert found.exponent == min(most, max(first.exponent, second.exponent)) or found.loss


@pytest.mark.parametrize("empty", [np.zeros((2, 3)), np.zeros((0, 3)), np.zeros((2, 0))])
def test_zero_matrices_have_zero_products(empty: npt.NDArray[np.float64]) -> None:
    rows, columns = empty.shape
    matrix = of_dense(empty)
    ones = Forms(np.ones((1, rows), dtype=np.int64), np.arange(rows), 0)
    assert matrix.product(ones).columns.tolist() == []
    point = Forms(np.ones((1, columns), dtype=np.int64), np.arange(columns), 0)
    assert matrix.image(point).numbers.tolist() == [[0] * rows]


def convolution(size: int, channels: int) -> npt.NDArray[np.float64]:
    """Return the matrix of a convolution by 3 x 3 over a square image, channels first."""
    generator = np.random.default_rng(0)
    kernel = generator.integers(1, 9, size=(channels, 3, 3)).astype(np.float64)
    out = size - 2
    dense = np.zeros((channels, out, out, size, size))
    for i in range(out):
        for j in range(out):
            dense[:, i, j, i : i + 3, j : j + 3] = kernel
    return dense.reshape(channels * out * out, size * size)


def test_a_convolution_is_blocks_of_neighbourhoods() -> None:
    weight = convolution(30, 16)
    matrix = of_dense(weight)
    blocks = [block for block in matrix.blocks if isinstance(block, DenseBlock)]
    rows = np.concatenate([block.rows for block in blocks])
    assert sorted(rows.tolist()) == list(range(len(weight)))
    work = sum(len(block.rows) * len(block.columns) for block in blocks)
    assert work <= 5 * np.count_nonzero(weight)
    assert work < weight.size / 20
    numbers = np.random.default_rng(1).integers(-99, 99, size=(3, len(weight)))
    found = matrix.product(Forms(numbers, np.arange(len(weight)), 0))
    assert (found.numbers == numbers @ weight.astype(np.int64)).all()


def test_scalings_and_permutations_are_diagonal() -> None:
    starts, columns = np.array([0, 1, 1, 2]), np.array([2, 0])
    (block,) = blocks_of(starts, columns)
    assert isinstance(block, DiagonalBlock)
    rows: list[SparseVector] = [((2, Fraction(3)),), (), ((0, Fraction(-1, 2)),)]
    matrix = IntegerMatrix.of_rows(rows, 3)
    found = matrix.product(Forms(np.array([[5, 7, 8]]), np.arange(3), 0))
    assert exact_rows(found, 3) == [(-4, 0, 15)]
    only = matrix.product(Forms(np.array([[5]]), np.array([0]), 0))
    assert only.columns.tolist() == [2]
    point = Forms(np.array([[1, 1, 1]]), np.arange(3), 0)
    assert exact_rows(matrix.image(point, absolute=True), 3) == [(3, 0, Fraction(1, 2))]


def test_magnitudes_bound_images() -> None:
    weight = np.array([[1.0, -2.0, 0.0], [0.0, 0.25, 3.0]])
    found = of_dense(weight).magnitudes(np.array([1.0, 2.0, 4.0]))
    assert (np.array([5.0, 12.5]) <= found).all()
    assert (found <= np.array([5.0, 12.5]) * (1 + 2.0**-9)).all()
