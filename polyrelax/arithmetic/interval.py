"""Closed intervals with rational ends, and the dyadic grid on which ends may be rounded.

Rounding outward keeps every bound valid and every number short: on large networks, exact
quotients of bounds would double in length at each layer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Final, NamedTuple, Self, final

from polyrelax.arithmetic.arguments import dimension, exact, exactly, listed, require
from polyrelax.arithmetic.decimals import decimal_text
from polyrelax.arithmetic.rational import ZERO, Scalar, shown, text
from polyrelax.arithmetic.readable import readable
from polyrelax.arithmetic.words import amount
from polyrelax.errors import PrecisionError

MOST_BITS: Final = 1_000_000
"""Bounds are not rounded to more bits after the point: one would take 125 kB."""


class _Ends(NamedTuple):
    lower: Fraction
    upper: Fraction


@final
@readable
class Interval(_Ends):
    """The numbers from ``lower`` to ``upper``, both included; exact numbers of any kind.

    >>> Interval(0.5, 2)
    Traceback (most recent call last):
    polyrelax.errors.InexactInputError: 0.5 is inexact; write "0.5" for the decimal
    >>> hull = Interval(Fraction(-1), Fraction(2))
    >>> hull.width, Fraction(2) in hull, hull.contains(Interval(Fraction(0), Fraction(3)))
    (Fraction(3, 1), True, False)
    """

    __slots__ = ()

    def __new__(cls, lower: Scalar, upper: Scalar) -> Self:
        """Return the interval; fractions are taken as they are."""
        if type(lower) is not Fraction or type(upper) is not Fraction:
            return super().__new__(cls, exact(lower), exact(upper))
        return tuple.__new__(cls, (lower, upper))  # made by the hundred thousand

    @classmethod
    def _make(cls, iterable: Iterable[Scalar]) -> Self:  # type: ignore[override]
        """Return the interval of two ends; ``_replace`` asks this."""
        return cls(*exactly(listed(iterable, "two ends"), 2, "two ends"))

    @property
    def width(self) -> Fraction:
        """The length of the interval."""
        return self.upper - self.lower

    def __contains__(self, value: object) -> bool:
        return isinstance(value, Fraction) and self.lower <= value <= self.upper

    def __str__(self) -> str:
        return f"[{text(self.lower)}, {text(self.upper)}]"

    def __format__(self, form: str) -> str:
        """Return the ends in a format of numbers, rounded outward exactly.

        >>> f"{Interval('1/3', '2/3'):.3f}"
        '[0.333, 0.667]'
        """
        if not form:
            return str(self)
        lower = decimal_text(self.lower, form, upward=False)
        return f"[{lower}, {decimal_text(self.upper, form, upward=True)}]"

    def contains(self, other: Interval) -> bool:
        """Whether ``other`` is a subset of this interval."""
        require(other, Interval)
        return self.lower <= other.lower and other.upper <= self.upper

    def meet(self, other: Interval) -> Interval:
        """Return the intersection with an interval that has a point in common."""
        require(other, Interval)
        return Interval(max(self.lower, other.lower), min(self.upper, other.upper))

    def rectified(self) -> Interval:
        """Return the image under the ReLU."""
        return Interval(max(self.lower, ZERO), max(self.upper, ZERO))

    def rounded(self, bits: int | None) -> Interval:
        """Return the least enclosing interval with ends in ``2**-bits`` times the integers.

        ``None`` stands for no rounding.

        >>> str(Interval(Fraction(1, 3), Fraction(1, 2)).rounded(2))
        '[1/4, 1/2]'
        """
        require_bits(bits)
        if bits is None:
            return self
        return Interval(round_down(self.lower, bits), -round_down(-self.upper, bits))


def require_bits(bits: int | None) -> None:
    """Raise :class:`PrecisionError` unless numbers can be rounded to ``bits``.

    >>> require_bits(-3)
    Traceback (most recent call last):
    polyrelax.errors.PrecisionError: found -3 bits, expected at least 0, or None for no rounding
    """
    if bits is not None and not isinstance(bits, int):
        raise PrecisionError(f"found {shown(bits)}, expected a number of bits, or None")
    if bits is not None and bits < 0:
        raise PrecisionError(
            f"found {amount(bits, 'bit')}, expected at least 0, or None for no rounding"
        )
    if bits is not None and bits > MOST_BITS:
        raise PrecisionError(f"found {amount(bits, 'bit')}, expected at most {MOST_BITS}")


def round_down(value: Fraction, bits: int) -> Fraction:
    """Return the greatest multiple of ``2**-bits`` that is at most ``value``.

    >>> round_down(Fraction(1, 3), 2), round_down(Fraction(-1, 3), 2)
    (Fraction(1, 4), Fraction(-1, 2))
    """
    scale = 1 << dimension(bits, "a number of bits")
    return Fraction(math.floor(exact(value) * scale), scale)
