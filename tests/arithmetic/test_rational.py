from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import flint
import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import (
    from_float,
    from_floats,
    matrix,
    primitive,
    rational,
    vector,
)
from polyrelax.errors import DimensionError, InexactInputError, NotANumberError


@pytest.mark.parametrize(
    "half",
    [
        *("1/2", "0.5", " +5e-1 ", ".5", Fraction(1, 2), Decimal("0.50"), Decimal("5e-1")),
        *(flint.fmpq(1, 2), sympy.Rational(1, 2)),
    ],
    ids=repr,
)
def test_every_exact_number_becomes_a_fraction(half: object) -> None:
    assert rational(half) == Fraction(1, 2)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "half", [0.5, np.float64(0.5), np.float32(0.5), sympy.Float(0.5)], ids=repr
)
def test_floats_are_refused(half: object) -> None:
    with pytest.raises(InexactInputError, match="inexact"):
        rational(half)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["", "one", "nan", "inf", "1/0", "1e99999", "0x1", "1_000", "1/2/3"]
)
def test_texts_that_are_no_numbers_are_refused(text: str) -> None:
    with pytest.raises(NotANumberError, match="found"):
        rational(text)


def test_numpy_integers_do_not_wrap() -> None:
    big = rational(np.int64(2**62))
    assert big + big == 2**63


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_from_float_is_the_binary_value(value: float) -> None:
    assert from_float(value).as_integer_ratio() == value.as_integer_ratio()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_from_float_refuses_what_is_not_finite(value: float) -> None:
    with pytest.raises(NotANumberError, match="finite"):
        from_float(value)


def test_ragged_rows_are_refused() -> None:
    with pytest.raises(DimensionError, match=r"\[1, 2\]"):
        matrix([[1], [1, 2]])


@given(st.lists(st.fractions(), min_size=1, max_size=5), st.fractions(min_value="1/7"))
def test_primitive_is_the_same_for_every_positive_multiple(
    values: list[Fraction], factor: Fraction
) -> None:
    scaled = tuple(factor * value for value in values)
    assert primitive(scaled) == primitive(vector(values))
    assert math.gcd(*primitive(scaled)) == (1 if any(values) else 0)


@pytest.mark.parametrize("text", ["1e99999", "-2.5E+12345", ".5e-00001"])
def test_a_long_exponent_is_said_to_be_one(text: str) -> None:
    with pytest.raises(NotANumberError, match="expected an exponent of four digits at most"):
        rational(text)


@pytest.mark.parametrize("value", [np.array([0.5, 1.5]), sympy.Float("1e5000")], ids=type)
def test_what_has_no_float_is_no_number(value: object) -> None:
    for read in (rational, from_float):
        with pytest.raises(NotANumberError):
            read(value)  # type: ignore[arg-type]


def test_long_texts_that_are_no_numbers_are_refused_in_linear_time() -> None:
    """With time that is quadratic in the length it would take hours."""
    for text in ("9" * 1_000_000 + "x", "9" * 1_000_000 + "e"):
        with pytest.raises(NotANumberError):
            rational(text)


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "1E+99999"])
def test_decimals_that_are_no_numbers_are_refused(number: str) -> None:
    with pytest.raises(NotANumberError, match="found"):
        rational(Decimal(number))


def test_vectors_of_floats_become_their_binary_values_by_a_named_door() -> None:
    values = np.array([0.1, -0.5], dtype=np.float32)
    assert from_floats(values) == (Fraction(13421773, 2**27), Fraction(-1, 2))
    with pytest.raises(InexactInputError):
        vector(values)
    with pytest.raises(DimensionError, match=r"found 0\.5, expected several floats"):
        from_floats(0.5)  # type: ignore[arg-type]
