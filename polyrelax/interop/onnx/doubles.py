"""Rational numbers that floats hold, as floats for files."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from polyrelax.arithmetic.outward import Width
from polyrelax.arithmetic.rational import from_float, shown
from polyrelax.errors import InexactInputError


def float_of(value: Fraction, width: Width) -> float:
    """Return the float of a width that a number is.

    >>> float_of(Fraction(1, 4), Width.FLOAT32)
    0.25
    """
    try:
        near = float(value)
    except OverflowError:
        near = math.inf
    if not math.isfinite(near) or from_float(near) != value or not _holds(width, near):
        raise InexactInputError(f"found {shown(value)}, which {width} does not represent")
    return near


def _holds(width: Width, near: float) -> bool:
    with np.errstate(over="ignore", under="ignore"):
        return float(width.dtype.type(near)) == near
