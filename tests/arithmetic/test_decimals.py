from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.arithmetic.decimals import decimal_text
from polyrelax.arithmetic.interval import Interval
from polyrelax.errors import FormatError, PrecisionError


@settings(max_examples=50)
@given(st.fractions(), st.integers(0, 30))
def test_fixed_decimals_are_the_nearest_on_either_side(value: Fraction, count: int) -> None:
    below, above = (
        Fraction(decimal_text(value, f".{count}f", upward=side)) for side in (False, True)
    )
    assert below <= value <= above
    assert above - below == (0 if below == value else Fraction(1, 10**count))


@settings(max_examples=50)
@given(st.fractions(), st.integers(1, 30))
def test_floating_decimals_enclose_and_differ_in_their_last_digit(
    value: Fraction, count: int
) -> None:
    below, above = (
        decimal_text(value, f".{count - 1}e", upward=side) for side in (False, True)
    )
    assert Fraction(below) <= value <= Fraction(above)
    if Fraction(below) != value:
        assert Decimal(below).next_plus(_digits(count)) == Decimal(above)


def _digits(count: int) -> Context:
    return Context(prec=count)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (".3f", "[-0.667, 0.334]"),
        (".0f", "[-1, 1]"),
        (".1e", "[-6.7e-1, 3.4e-1]"),
        (".2g", "[-0.67, 0.34]"),
        (".1%", "[-66.7%, 33.4%]"),
        ("+8.2f", "[   -0.67,    +0.34]"),
        ("", "[-2/3, 1/3]"),
    ],
)
def test_intervals_are_rounded_outward_in_every_format(form: str, text: str) -> None:
    assert format(Interval("-2/3", "1/3"), form) == text


def test_numbers_of_any_size_are_formatted() -> None:
    assert decimal_text(Fraction(1, 10**5000), ".2e", upward=False) == "1.00e-5000"
    assert decimal_text(Fraction(1, 3 * 10**5000), ".2f", upward=True) == "0.01"


@pytest.mark.parametrize("form", ["x", "s", "three", ".f", "n", "d", "_.2f", "٣.2f"])
def test_formats_of_other_things_are_refused(form: str) -> None:
    with pytest.raises(FormatError, match=f"found format '{form}', expected one such as"):
        format(Interval(0, 1), form)


def test_digits_that_nobody_reads_are_refused() -> None:
    with pytest.raises(PrecisionError, match="expected at most 10000"):
        format(Interval(0, 1), ".99999999f")
