"""Affine layers stored as doubles are the maps of the same rational numbers."""

from __future__ import annotations

import pickle
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import Vector, dot, from_float
from polyrelax.errors import DimensionError, InexactInputError, NotANumberError
from polyrelax.networks.double_rows import DoubleRows
from polyrelax.networks.layers import Affine
from tests.networks.cases import small_rationals, vectors

IN, OUT = 3, 4
any_double = st.floats(allow_nan=False, allow_infinity=False)  # subnormal ones too
plain_double = st.one_of(st.just(0.0), st.integers(-9, 9).map(lambda k: k / 4), any_double)
powers = st.integers(-3, 3).map(lambda k: Fraction(2) ** k)


@st.composite
def arrays(draw: st.DrawFn, *shape: int) -> npt.NDArray[np.float64]:
    size = int(np.prod(shape))
    return np.array(draw(st.lists(plain_double, min_size=size, max_size=size))).reshape(shape)


def rational(weight: npt.NDArray[np.float64], bias: npt.NDArray[np.float64]) -> Affine:
    rows = [[from_float(a) for a in row] for row in weight.tolist()]
    return Affine.dense(rows, [from_float(b) for b in bias.tolist()])


def has_fractions(layer: Affine) -> bool:
    return not isinstance(layer.stored, DoubleRows) or "rows" in vars(layer.stored)


@given(arrays(OUT, IN), arrays(OUT))
def test_equal_maps_are_equal_values_whichever_way_they_are_stored(
    weight: npt.NDArray[np.float64], bias: npt.NDArray[np.float64]
) -> None:
    doubles, fractions = Affine.of_doubles(weight, bias), rational(weight, bias)
    assert hash(doubles) == hash(fractions)
    assert doubles == fractions
    assert fractions == doubles
    assert doubles.rows == fractions.rows
    assert (doubles.in_dim, doubles.out_dim, doubles.bias) == (IN, OUT, fractions.bias)


@given(arrays(OUT, IN), st.integers(0, OUT * IN - 1))
def test_maps_that_differ_in_one_bit_of_one_entry_differ(
    weight: npt.NDArray[np.float64], place: int
) -> None:
    other = weight.copy()
    other.flat[place] = np.nextafter(weight.flat[place], 0) or 1.0
    if other.flat[place] != weight.flat[place]:
        assert Affine.of_doubles(weight) != Affine.of_doubles(other)
        assert Affine.of_doubles(weight) != rational(other, np.zeros(OUT))


@given(arrays(OUT, IN), arrays(OUT), vectors(IN))
def test_values_are_those_of_the_rational_numbers(
    weight: npt.NDArray[np.float64], bias: npt.NDArray[np.float64], x: Vector
) -> None:
    rows = [tuple(map(from_float, row)) for row in weight.tolist()]
    expected = tuple(
        dot(row, x) + from_float(b) for row, b in zip(rows, bias.tolist(), strict=True)
    )
    assert Affine.of_doubles(weight, bias)(x) == expected


@given(arrays(OUT, IN), st.permutations(range(OUT * IN)), st.booleans())
def test_compressed_rows_in_any_order_are_the_dense_matrix(
    weight: npt.NDArray[np.float64], order: list[int], without_zeros: bool
) -> None:
    mixed = np.array([k for k in order if not (without_zeros and weight.flat[k] == 0)], int)
    by_row = mixed[np.argsort(mixed // IN, kind="stable")]
    starts = np.searchsorted(by_row // IN, np.arange(OUT + 1))
    layer = Affine.of_sparse_doubles(starts, by_row % IN, weight.flat[by_row], in_dim=IN)
    assert layer == Affine.of_doubles(weight)


@given(arrays(OUT, IN), arrays(OUT), st.sets(st.integers(0, OUT - 1)))
def test_outputs_that_are_not_kept_are_zero(
    weight: npt.NDArray[np.float64], bias: npt.NDArray[np.float64], kept: set[int]
) -> None:
    layer = Affine.of_doubles(weight, bias).keep(kept)
    assert not has_fractions(layer)
    assert layer == rational(weight, bias).keep(kept)


@given(arrays(OUT, IN), arrays(OUT), st.data())
def test_picking_by_any_factors_before_and_after_is_composition(
    weight: npt.NDArray[np.float64], bias: npt.NDArray[np.float64], data: st.DataObject
) -> None:
    factors = st.one_of(powers, powers.map(lambda a: -a), small_rationals)
    doubles, fractions = Affine.of_doubles(weight, bias), rational(weight, bias)
    after = data.draw(picks(factors, OUT, 5))
    before = data.draw(picks(factors, 2, IN))
    assert after.after(doubles) == after.after(fractions)
    assert doubles.after(before) == fractions.after(before)


@st.composite
def picks(draw: st.DrawFn, factors: st.SearchStrategy[Fraction], width: int, n: int) -> Affine:
    pairs = st.tuples(st.integers(0, width - 1), factors)
    rows = [draw(st.one_of(st.just(()), st.tuples(pairs))) for _ in range(n)]
    return Affine(tuple(rows), draw(vectors(n)), width)


def test_picking_makes_no_fractions_of_the_matrix() -> None:
    layer = Affine.of_doubles(np.arange(12.0).reshape(OUT, IN) / 7)
    picked = Affine.select([3, 3, 0], OUT).after(layer)
    read = layer.after(Affine.select([4, 0, 2], 5))
    halved = Affine((((1, Fraction(-1, 2)),),), (Fraction(0),), OUT).after(layer)
    for each in (picked, read, halved, pickle.loads(pickle.dumps(layer))):
        hash(each)
        assert each == each.keep(range(each.out_dim))
        assert not has_fractions(each)
    assert not has_fractions(layer)


def test_products_that_leave_the_normal_doubles_are_made_of_fractions() -> None:
    half = Affine((((0, Fraction(1, 2)),),), (Fraction(0),), 1)
    least = Affine.of_doubles(np.array([[5e-324]]))  # 2 ** -1074
    assert half.after(least).rows == (((0, Fraction(1, 2**1075)),),)
    assert least.after(half).rows == (((0, Fraction(1, 2**1075)),),)


def test_layers_travel_after_their_matrix_was_asked_for() -> None:
    for layer in (Affine.dense([[1, 2]]), Affine.of_doubles(np.array([[1.0, 2.0]]))):
        assert layer.matrix.rows == ((1, 2),)
        assert pickle.loads(pickle.dumps(layer)) == layer


def test_floats_of_other_lengths_are_exact_and_other_numbers_are_refused() -> None:
    tenth = np.array([[0.1]], dtype=np.float32)
    assert Affine.of_doubles(tenth).rows == (((0, Fraction(13421773, 2**27)),),)
    for kind in (np.int64, np.complex128, np.longdouble, object):
        with pytest.raises(InexactInputError, match="expected float64 or shorter"):
            Affine.of_doubles(np.array([[1]], dtype=kind))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_refused(value: float) -> None:
    message = "expected a finite number"
    with pytest.raises(NotANumberError, match=message):
        Affine.of_doubles(np.array([[1.0, value]]))
    with pytest.raises(NotANumberError, match=message):
        Affine.of_doubles(np.array([[1.0]]), np.array([value]))
    with pytest.raises(NotANumberError, match=message):
        Affine.of_sparse_doubles(np.array([0, 1]), np.array([0]), np.array([value]), in_dim=1)


def test_arrays_that_do_not_fit_are_refused() -> None:
    one, ends = np.array([1.0]), np.array([0, 1])
    with pytest.raises(DimensionError, match="found 1 row and 2 biases"):
        Affine.of_doubles(np.array([[1.0]]), np.array([1.0, 2.0]))
    with pytest.raises(DimensionError, match=r"found an array of shape \(1,\)"):
        Affine.of_doubles(one)
    with pytest.raises(DimensionError, match="row 0 leaves the 2 coordinates"):
        Affine.of_sparse_doubles(ends, np.array([2]), one, in_dim=2)
    with pytest.raises(DimensionError, match="row 0 leaves the 2 coordinates"):
        Affine.of_sparse_doubles(ends, np.array([-1]), one, in_dim=2)
    twice = np.array([1.0, 1.0])
    with pytest.raises(DimensionError, match="row 1 names a coordinate twice"):
        Affine.of_sparse_doubles(np.array([0, 0, 2]), np.array([0, 0]), twice, in_dim=2)
    for starts in (np.array([0, 2]), np.array([1, 1]), np.array([0, 2, 1]), np.zeros(0, int)):
        with pytest.raises(DimensionError, match="expected the same number"):
            Affine.of_sparse_doubles(starts, np.array([0]), one, in_dim=1)


def test_arrays_given_are_not_kept_and_arrays_kept_cannot_be_written_to() -> None:
    weight = np.array([[1.0]])
    layer = Affine.of_doubles(weight)
    weight[0, 0] = 2
    assert layer.rows == (((0, 1),),)
    assert isinstance(layer.stored, DoubleRows)
    with pytest.raises(ValueError, match="read-only"):
        layer.stored.values[0] = 2


def test_rational_rows_are_put_in_order_and_zeros_are_left_out() -> None:
    one, two, zero = Fraction(1), Fraction(2), Fraction(0)
    layer = Affine((((2, two), (0, one), (1, zero)),), (zero,), 3)
    assert layer == Affine.dense([[1, 0, 2]])
    with pytest.raises(DimensionError, match="row 0 names a coordinate twice"):
        Affine((((0, one), (0, one)),), (zero,), 1)
