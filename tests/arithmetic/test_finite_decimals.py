from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.finite_decimals import clearing, decimal, multiple
from polyrelax.errors import InexactInputError


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12) | st.floats(-1e9, 1e9))
def test_a_decimal_is_the_number_itself(given_: Decimal | float) -> None:
    value = Fraction(given_)
    assert Fraction(decimal(value)) == value
    assert "e" not in decimal(value).lower()


@given(st.lists(st.fractions(max_denominator=200), max_size=4))
def test_no_smaller_multiple_consists_of_decimals(values: list[Fraction]) -> None:
    factor = clearing(values)
    assert list(map(Fraction, map(decimal, multiple(values)))) == [factor * v for v in values]
    for smaller in range(1, min(factor, 12)):
        assert clearing([smaller * v for v in values]) != 1


def test_numbers_whose_decimals_never_end_are_refused() -> None:
    with pytest.raises(InexactInputError, match="found 1/6, which no finite decimal is"):
        decimal("1/6")
