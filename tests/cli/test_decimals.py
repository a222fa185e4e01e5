from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.cli.decimals import LONGEST_EXACT, lower_text, rounded, upper_text

LONG = st.fractions().map(lambda value: value + Fraction(1, 10**30 + 7))


@given(LONG)
def test_long_numbers_are_marked_and_rounded_outward(value: Fraction) -> None:
    low, high = lower_text(value), upper_text(value)
    assert low.startswith("≥ ")
    assert high.startswith("≤ ")
    assert Fraction(low[2:]) < value < Fraction(high[2:])


@given(LONG.filter(bool))
def test_rounding_loses_less_than_a_unit_of_the_last_digit(value: Fraction) -> None:
    assert abs(Fraction(rounded(value)) - value) < abs(value) / 10**5


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**6))
def test_short_numbers_are_exact(numerator: int, denominator: int) -> None:
    value = Fraction(numerator, denominator)
    assert len(str(value)) <= LONGEST_EXACT
    assert Fraction(lower_text(value)) == value == Fraction(upper_text(value))


@pytest.mark.parametrize("size", [1, 5000])
def test_numbers_of_any_length_are_shown(size: int) -> None:
    huge = Fraction(10**size * 3 + 1, 10**size)
    assert Fraction(rounded(huge)) >= huge > 3
