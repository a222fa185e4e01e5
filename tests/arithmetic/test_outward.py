"""Floats around exact numbers; expected values are IEEE 754's definition, on fractions."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.outward import Width, above, below, enclosing
from polyrelax.errors import PolyrelaxError

GREATEST = {
    Width.FLOAT64: Fraction(2**53 - 1) * 2**971,
    Width.FLOAT32: Fraction(2**24 - 1) * 2**104,
}
LEAST = {Width.FLOAT64: Fraction(1, 2**1074), Width.FLOAT32: Fraction(1, 2**149)}

widths = st.sampled_from(Width)
sizes = st.integers(-1200, 1200).map(lambda e: Fraction(2) ** e)
numbers = st.one_of(
    st.fractions(),
    st.builds(lambda f, size: f * size, st.fractions(-4, 4), sizes),
    st.floats(allow_nan=False, allow_infinity=False).map(Fraction),
    st.floats(width=32, allow_nan=False, allow_infinity=False).map(Fraction),
)


def at_most(x: float, value: Fraction) -> bool:
    """Whether a float, which may be infinite, is at most a number."""
    return x < 0 if math.isinf(x) else Fraction(x) <= value


@given(st.lists(numbers, max_size=5), widths)
def test_the_float_below_is_at_most_the_number_and_the_next_one_is_not(
    values: list[Fraction], width: Width
) -> None:
    found = below(values, width)
    assert (found.dtype, found.shape) == (width.dtype, (len(values),))
    with np.errstate(over="ignore"):
        after = np.nextafter(found, width.dtype.type(np.inf))
    for x, y, value in zip(found.tolist(), after.tolist(), values, strict=True):
        assert at_most(x, value)
        assert not at_most(y, value)


@given(st.lists(numbers, max_size=5), widths)
def test_the_float_above_is_opposite_to_the_one_below_the_opposite(
    values: list[Fraction], width: Width
) -> None:
    assert above(values, width).tolist() == (-below([-v for v in values], width)).tolist()


@given(st.lists(st.tuples(numbers, numbers), max_size=4), widths)
def test_ends_enclose_every_interval(
    pairs: list[tuple[Fraction, Fraction]], width: Width
) -> None:
    intervals = [Interval(min(pair), max(pair)) for pair in pairs]
    lower, upper = enclosing(intervals, width)
    for low, high, interval in zip(lower.tolist(), upper.tolist(), intervals, strict=True):
        assert at_most(low, interval.lower)
        assert at_most(-high, -interval.upper)


@pytest.mark.parametrize("width", Width)
def test_the_ends_of_the_floats_and_zero(width: Width) -> None:
    most, least = GREATEST[width], LEAST[width]
    ordered = [-most, -least, Fraction(0), least, most]
    assert [Fraction(x) for x in below(ordered, width).tolist()] == ordered
    assert [Fraction(x) for x in above(ordered, width).tolist()] == ordered
    assert below([most + 1, -most - 1], width).tolist() == [float(most), -math.inf]
    assert above([most + 1, -most - 1], width).tolist() == [math.inf, -float(most)]


@pytest.mark.parametrize("width", Width)
def test_no_zero_is_negative(width: Width) -> None:
    tiny = LEAST[width] / 3
    zeros = [*below([0, tiny], width).tolist(), *above([0, -tiny], width).tolist()]
    assert [(x, math.copysign(1, x)) for x in zeros] == [(0.0, 1.0)] * 4


def test_a_float_of_32_bits_is_not_rounded_twice() -> None:
    """Just below a float of 32 bits, the nearest double is that float."""
    value = Fraction(1) - Fraction(1, 2**80)
    assert below([value], Width.FLOAT32).tolist() == [1 - 2**-24]
    assert above([-value], Width.FLOAT32).tolist() == [2**-24 - 1]


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(PolyrelaxError, match="expected Width"):
        below([1], "float64")  # type: ignore[arg-type]
    with pytest.raises(PolyrelaxError, match="inexact"):
        above([0.5])  # type: ignore[list-item]
