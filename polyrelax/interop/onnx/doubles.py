"""Rational numbers that float64 holds, as floats for files."""

from __future__ import annotations

import math
from fractions import Fraction

from polyrelax.arithmetic.rational import from_float, shown
from polyrelax.errors import InexactInputError


def double_of(value: Fraction) -> float:
    """Return the double that a number is.

    >>> double_of(Fraction(1, 4))
    0.25
    """
    try:
        near = float(value)
    except OverflowError:
        near = math.inf
    if not math.isfinite(near) or from_float(near) != value:
        raise InexactInputError(f"found {shown(value)}, which float64 does not represent")
    return near
