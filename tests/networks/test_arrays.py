"""Networks of arrays: floats are what they are, other numbers stay what they are."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from polyrelax.arithmetic.rational import from_float
from polyrelax.errors import (
    ArgumentError,
    DimensionError,
    InexactInputError,
    NotANumberError,
    PolyrelaxError,
)
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network, network

WEIGHTS = [[[1.0, -0.5], [0.25, 2.0]], [[1.0, 1.0]]]
BIASES = [[0.0, 1.0], [-1.0]]
TEXTS = network(
    ([["1", "-1/2"], ["1/4", "2"]], ["0", "1"]),
    ([["1", "1"]], ["-1"]),
)


@pytest.mark.parametrize("kind", ["f2", "f4", "f8", ">f4"])
def test_floats_of_any_precision_are_the_numbers_that_they_are(kind: str) -> None:
    weights, biases = ([np.array(a, dtype=kind) for a in given] for given in (WEIGHTS, BIASES))
    assert Network.from_arrays(weights, biases) == TEXTS
    assert Network.from_arrays(WEIGHTS, BIASES) == TEXTS


def test_a_tenth_in_single_precision_is_a_binary_number() -> None:
    made = Network.from_arrays([np.array([[0.1]], dtype=np.float32)])
    assert made([1]) == (Fraction(13421773, 2**27),)


def test_integers_and_fractions_stay_exact_beyond_doubles() -> None:
    large = 2**60 + 1
    for weight in ([[large]], np.array([[large]]), [[Fraction(large)]]):
        made = Network.from_arrays([weight], [[0.5]])  # type: ignore[list-item]
        assert made([1]) == (large + Fraction(1, 2),)
    third = np.array([[Fraction(1, 3)]])
    assert Network.from_arrays([third])([1]) == (Fraction(1, 3),)


def test_floats_stay_refused_where_no_door_is_named() -> None:
    with pytest.raises(InexactInputError):
        network((WEIGHTS[0], BIASES[0]))  # type: ignore[arg-type]


def test_what_is_mixed_keeps_every_number() -> None:
    large, tenth = 2**53 + 1, Fraction(0.1)
    made = Network.from_arrays([[[large, 0.5, Fraction(1, 3), "1/3", 0.1]]])  # type: ignore[list-item]
    (layer,) = made.layers
    assert layer == Affine.dense([[large, "1/2", "1/3", "1/3", tenth]])
    words = np.array([2**64 - 1], dtype=np.uint64), np.array([-1], dtype=np.int64)
    assert Network.from_arrays([[*words]])([1]) == (2**64 - 1, -1)


def test_floats_of_more_digits_than_doubles_are_not_rounded() -> None:
    wide = np.longdouble(1) + np.finfo(np.longdouble).eps
    assert from_float(wide) == 1 + Fraction(*np.finfo(np.longdouble).eps.as_integer_ratio())
    assert from_float(2**53 + 1) == 2**53 + 1
    assert from_float(Fraction(1, 3)) == Fraction(1, 3)


def test_masked_arrays_are_refused() -> None:
    masked = np.ma.array([[1.0, 2.0]], mask=[[False, True]])
    with pytest.raises(ArgumentError, match="found an array with a mask"):
        Network.from_arrays([masked])


@pytest.mark.parametrize(
    ("weights", "biases", "error", "message"),
    [
        ([[[1, 2], [3]]], None, ArgumentError, "found a list, expected a matrix of numbers"),
        ([[1, 2]], None, DimensionError, r"found numbers of shape \(2,\), expected a matrix"),
        (WEIGHTS, BIASES[:1], DimensionError, "found 2 weights and 1 bias, expected the same"),
        (
            [],
            None,
            DimensionError,
            "found 0 weights and 0 biases, expected the same number, at",
        ),
        (WEIGHTS, [[0.0], [0.0]], DimensionError, "found 2 rows and 1 bias, expected the same"),
        ([[[float("inf")]]], None, NotANumberError, "found inf, expected a finite number"),
        ([[[1j]]], None, PolyrelaxError, "found a complex, expected a number"),
        (None, None, ArgumentError, "found None, expected matrices"),
    ],
)
def test_what_is_no_matrix_of_numbers_is_refused(
    weights: list[object], biases: list[object] | None, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        Network.from_arrays(weights, biases)  # type: ignore[arg-type]
