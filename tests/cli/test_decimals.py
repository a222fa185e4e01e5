from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.interval import Interval
from polyrelax.cli.terminal.decimals import LONGEST_EXACT, ends_text, rounded, upper_text

LONG = st.fractions().map(lambda value: value + Fraction(1, 10**30 + 7))


@given(LONG)
def test_long_numbers_are_marked_and_rounded_outward(value: Fraction) -> None:
    low, high = ends_text(Interval(value, value))
    assert high == upper_text(value)
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
    assert ends_text(Interval(value, value)) == (str(value), str(value))
    assert Fraction(upper_text(value)) == value


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_no_fraction_stands_beside_a_decimal(numerator: int, denominator: int) -> None:
    short = Fraction(numerator, denominator)
    low, high = ends_text(Interval(short, short + 1 + Fraction(1, 10**30 + 7)))
    assert "/" not in low + high
    assert (Fraction(low.removeprefix("≥ ")) == short) is not low.startswith("≥")


@pytest.mark.parametrize("size", [1, 5000])
def test_numbers_of_any_length_are_shown(size: int) -> None:
    huge = Fraction(10**size * 3 + 1, 10**size)
    assert Fraction(rounded(huge)) >= huge > 3
