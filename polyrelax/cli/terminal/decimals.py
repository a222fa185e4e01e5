"""Rational numbers for the eye: exact while short, else decimals rounded outward and marked."""

from __future__ import annotations

from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
)
from fractions import Fraction
from typing import Final

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import text

LONGEST_EXACT: Final = 16
LONGEST_GIVEN: Final = 60
"""Numbers that a user has given are exact up to here: a weight of 32 bits has 50 digits."""

_BITS_PER_DIGIT: Final = 4  # and so more than there can be


def ends_text(z: Interval) -> tuple[str, str]:
    """Return the ends of an interval: both exact, or if one is long, both as decimals.

    >>> ends_text(Interval(Fraction(1, 3), Fraction(3, 2)))
    ('1/3', '3/2')
    >>> ends_text(Interval(Fraction(10**20, 3 * 10**20 + 1), Fraction(3, 2)))
    ('≥ 0.333333', '1.5')
    """
    if _is_short(z.lower) and _is_short(z.upper):
        return text(z.lower), text(z.upper)
    return _decimal(z.lower, "≥"), _decimal(z.upper, "≤")


def upper_text(value: Fraction) -> str:
    """Return ``value``, or if that is long, a decimal above it with a mark.

    >>> upper_text(Fraction(10**20, 3 * 10**20 + 1))
    '≤ 0.333334'
    """
    return text(value) if _is_short(value) else _decimal(value, "≤")


def given_text(value: Fraction) -> str:
    """Return a number that was given, or if it is very long, a decimal near it with a mark.

    >>> given_text(Fraction(1, 3)), given_text(Fraction(10**99 + 1, 3))
    ('1/3', '≈ 3.33333E+98')
    """
    if _is_short(value, LONGEST_GIVEN):
        return text(value)
    return f"≈ {rounded(value, ROUND_HALF_EVEN)}"


def rounded(value: Fraction, rounding: str = ROUND_CEILING, *, digits: int = 6) -> str:
    """Return a decimal of at most ``digits`` significant digits, rounded in one direction.

    >>> rounded(Fraction(2, 3)), rounded(Fraction(-2, 3), digits=2), rounded(Fraction(3, 2))
    ('0.666667', '-0.66', '1.5')
    """
    context = Context(digits, rounding, Emin=MIN_EMIN, Emax=MAX_EMAX)
    quotient = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    return f"{quotient}"


def _is_short(value: Fraction, longest: int = LONGEST_EXACT) -> bool:
    """Whether a number takes few characters; those of a huge one are not even found."""
    bits = value.numerator.bit_length() + value.denominator.bit_length()
    return bits <= _BITS_PER_DIGIT * longest and len(text(value)) <= longest


def _decimal(value: Fraction, mark: str) -> str:
    """Return a decimal, with a mark unless it is the value itself."""
    shown = rounded(value, ROUND_FLOOR if mark == "≥" else ROUND_CEILING)
    return shown if Fraction(shown) == value else f"{mark} {shown}"
