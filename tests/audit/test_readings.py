"""Readings of decimals, against NumPy's own types and the definition."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.audit.readings import Reading, nearest_single, read_as
from polyrelax.errors import TooLargeError

NUMBERS = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**12)


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_float_of_32_bits_is_read_as_itself(value: float) -> None:
    exact = Fraction(value)
    assert [read_as((exact,), reading) for reading in Reading] == [(exact,)] * 3


@given(NUMBERS)
def test_no_float_of_32_bits_is_nearer(value: Fraction) -> None:
    found = nearest_single(value)
    single = np.float32(float(found))
    assert Fraction(float(single)) == found
    for end in (-np.inf, np.inf):
        other = Fraction(float(np.nextafter(single, np.float32(end))))
        assert abs(other - value) >= abs(found - value)


def test_ties_go_to_the_even_float() -> None:
    unit = Fraction(1, 2**24)  # half the distance of floats above 1
    assert nearest_single(1 + unit) == 1
    assert nearest_single(1 + 3 * unit) == 1 + 4 * unit


@pytest.mark.parametrize("reading", [Reading.FLOAT32, Reading.FLOAT64])
def test_numbers_beyond_all_floats_have_no_reading(reading: Reading) -> None:
    with pytest.raises(TooLargeError, match="beyond all floats"):
        read_as((Fraction(10) ** 400,), reading)
    assert read_as((Fraction(10) ** 30,), reading) != ()


def test_beyond_32_bits_there_still_are_64() -> None:
    huge = (Fraction(10) ** 39,)
    assert read_as(huge, Reading.FLOAT64) == (Fraction(1e39),)
    with pytest.raises(TooLargeError, match="floats of 32 bits"):
        read_as(huge, Reading.FLOAT32)
