from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.interval import Interval, round_down
from polyrelax.arithmetic.rational import Scalar
from polyrelax.errors import InexactInputError, PolyrelaxError


@given(st.fractions(), st.integers(0, 40))
def test_rounding_down_loses_less_than_one_step(value: Fraction, bits: int) -> None:
    rounded = round_down(value, bits)
    assert (rounded * 2**bits).denominator == 1
    assert 0 <= value - rounded < Fraction(1, 2**bits)


@given(st.fractions(), st.fractions(min_value=0), st.integers(0, 40))
def test_outward_rounding_contains_the_interval(
    lower: Fraction, width: Fraction, bits: int
) -> None:
    interval = Interval(lower, lower + width)
    assert interval.rounded(bits).contains(interval)
    assert interval.rounded(None) == interval


def test_an_interval_holds_its_ends_and_nothing_beyond() -> None:
    interval = Interval(Fraction(-1), Fraction(2))
    assert Fraction(-1) in interval
    assert Fraction(2) in interval
    assert Fraction(201, 100) not in interval
    assert interval.rectified() == Interval(Fraction(0), Fraction(2))
    assert interval.meet(Interval(Fraction(0), Fraction(5))) == Interval(
        Fraction(0), Fraction(2)
    )


@pytest.mark.parametrize(
    "ends", [(0.5, 1), (0, float("nan")), (1,), (0, 1, 2), None, "01", (None, 1)]
)
def test_intervals_are_made_of_two_exact_ends_in_all_ways(ends: Iterable[Scalar]) -> None:
    with pytest.raises(PolyrelaxError):
        Interval._make(ends)


def test_ends_that_replace_others_are_exact() -> None:
    assert Interval._make(["1/2", 2]) == Interval("1/2", 2)
    assert Interval(0, 1)._replace(upper=Fraction(3)) == Interval(0, 3)
    with pytest.raises(InexactInputError):
        Interval(0, 1)._replace(upper=1.5)  # type: ignore[arg-type]
