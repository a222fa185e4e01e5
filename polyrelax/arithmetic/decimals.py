r"""Rational numbers as decimals of a chosen length, rounded down or up exactly.

Python's own formats round to the nearest decimal, so that a bound would no longer hold.  Here
:math:`q` becomes :math:`\lfloor 10^n q \rfloor / 10^n` or :math:`\lceil 10^n q \rceil / 10^n`
for a fixed number of digits behind the point, and for a fixed number of digits in all the
quotient of integers that :mod:`decimal` rounds in that direction.
"""

from __future__ import annotations

import re
from decimal import MAX_EMAX, MIN_EMIN, ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import Final

from polyrelax.arithmetic.arguments import exact, require
from polyrelax.arithmetic.long_integers import digits
from polyrelax.arithmetic.rational import Scalar, shown
from polyrelax.errors import FormatError, PrecisionError

_MOST_DIGITS: Final = 10_000
_FORMAT: Final = re.compile(
    r"(?P<before>(?:.?[<>=^])?[-+ ]?0?\d{0,4},?)(?:\.(?P<digits>\d+))?(?P<kind>[eEfFgG%]?)",
    re.ASCII | re.DOTALL,
)
_BEHIND_THE_POINT: Final = {"f": 0, "F": 0, "%": 2}
_USUAL: Final = 6


def decimal_text(value: Scalar, form: str, *, upward: bool) -> str:
    """Return a number in a format of Python's, such as ``.3f``, rounded down or upward.

    The kinds are ``f``, ``e``, ``g``, which is meant where none is named, and ``%``.  Raises
    :class:`FormatError` for another format, :class:`PrecisionError` for too many digits.

    >>> [decimal_text("2/3", form, upward=False) for form in (".2f", ".2e", ".1%")]
    ['0.66', '6.66e-1', '66.6%']
    >>> decimal_text("2/3", ".2f", upward=True), decimal_text("-2/3", ".2f", upward=True)
    ('0.67', '-0.66')
    """
    require(form, str, "a format")
    require(upward, bool)
    found = _FORMAT.fullmatch(form)
    if found is None:
        raise FormatError(f"found format {shown(form)}, expected one such as '.3f' or '.4g'")
    kind, count = found["kind"] or "g", _count(found["digits"])
    if kind in _BEHIND_THE_POINT:
        rounded = _fixed(exact(value), count + _BEHIND_THE_POINT[kind], upward=upward)
    else:
        shown_digits = count + 1 if kind in "eE" else max(count, 1)
        rounded = _floating(exact(value), shown_digits, upward=upward)
    return format(rounded, f"{found['before']}.{count}{kind}")


def _count(given: str | None) -> int:
    if given is None:
        return _USUAL
    if len(given) > len(str(_MOST_DIGITS)) or int(given) > _MOST_DIGITS:
        raise PrecisionError(f"found {shown(given)} digits, expected at most {_MOST_DIGITS}")
    return int(given)


def _fixed(value: Fraction, count: int, *, upward: bool) -> Decimal:
    """Return the next decimal with so many digits behind the point."""
    scaled = value.numerator * 10**count
    whole = -(-scaled // value.denominator) if upward else scaled // value.denominator
    return Decimal(f"{digits(whole)}E-{count}")


def _floating(value: Fraction, count: int, *, upward: bool) -> Decimal:
    """Return the next decimal with so many digits in all."""
    rounding = ROUND_CEILING if upward else ROUND_FLOOR
    context = Context(prec=count, rounding=rounding, Emin=MIN_EMIN, Emax=MAX_EMAX)
    parts = (Decimal(digits(part)) for part in (value.numerator, value.denominator))
    return context.divide(*parts)
