"""Limbs and parts are the numbers that they were cut from, and as short as they say."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.limbs import (
    Limb,
    exponent_of,
    floors,
    is_dyadic,
    limbs_of_doubles,
    limbs_of_integers,
    parts_of,
)

finite = st.floats(allow_nan=False, allow_infinity=False)
words = st.integers(-(2**62), 2**62)
widths = st.integers(9, 40)


def total(limbs: list[Limb], count: int) -> list[Fraction]:
    values = [Fraction(0)] * count
    for limb in limbs:
        scale = Fraction(2) ** limb.exponent
        pairs = zip(values, limb.values.tolist(), strict=True)
        values = [v + Fraction(a) * scale for v, a in pairs]
    return values


@given(st.lists(finite, min_size=1, max_size=6), widths)
def test_limbs_of_doubles_are_the_doubles(values: list[float], most: int) -> None:
    limbs = list(limbs_of_doubles(np.array(values), most))
    assert total(limbs, len(values)) == [Fraction(value) for value in values]
    for limb in limbs:
        assert (limb.values == np.trunc(limb.values)).all()
        assert np.abs(limb.values).max() < 2**most


@given(st.lists(st.integers(-(2**200), 2**200), max_size=6), widths, st.integers(-90, 90))
def test_limbs_of_integers_are_the_integers(values: list[int], width: int, unit: int) -> None:
    limbs = list(limbs_of_integers(values, width, unit))
    assert total(limbs, len(values)) == [value * Fraction(2) ** unit for value in values]
    assert all(np.abs(limb.values).max() < 2**width for limb in limbs)


def test_as_few_limbs_as_the_bits_need_share_them_evenly() -> None:
    values = np.array([1.0, 2.0**-53])  # 54 bits together
    assert [limb.exponent for limb in limbs_of_doubles(values, 27)] == [-26, -53]
    assert [limb.exponent for limb in limbs_of_doubles(np.array([3.0, 0.5]), 27)] == [-1]


@given(st.lists(words, max_size=6), widths)
def test_parts_are_the_integers(values: list[int], width: int) -> None:
    sums = [0] * len(values)
    for shift, part in parts_of(np.array(values, dtype=np.int64), width):
        assert np.abs(part).max() < 2**width
        sums = [s + (int(a) << shift) for s, a in zip(sums, part.tolist(), strict=True)]
    assert sums == values


@given(st.lists(st.fractions(), max_size=6), st.integers(-9, 70))
def test_floors_are_the_greatest_integers_below(values: list[Fraction], bits: int) -> None:
    for value, low in zip(values, floors(values, bits), strict=True):
        assert low <= value * Fraction(2) ** bits < low + 1


@given(st.lists(st.fractions(), max_size=6))
def test_the_exponent_bounds_all_values(values: list[Fraction]) -> None:
    assert all(abs(value) < Fraction(2) ** exponent_of(values) for value in values)


def test_dyadic_numbers_have_a_power_of_two_below() -> None:
    cases = [Fraction(0), Fraction(-3, 8), Fraction(1, 6), Fraction(7)]
    assert list(map(is_dyadic, cases)) == [True, True, False, True]
