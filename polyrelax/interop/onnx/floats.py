"""Rational numbers that floats hold, as floats for files."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from polyrelax.arithmetic.outward import Floats, Width
from polyrelax.arithmetic.rational import quotient, shown
from polyrelax.errors import InexactInputError


def floats_of(values: Sequence[Fraction], width: Width) -> Floats:
    """Return n numbers as the floats that they are, an array of n.

    >>> floats_of([Fraction(1, 4), Fraction(3)], Width.FLOAT32).tolist()
    [0.25, 3.0]
    """
    near = [quotient(value.numerator, value.denominator) for value in values]
    for x, value in zip(near, values, strict=True):
        if not math.isfinite(x) or x.as_integer_ratio() != value.as_integer_ratio():
            raise _not_represented(value, width)
    doubles = np.array(near, dtype=np.float64)
    with np.errstate(over="ignore", under="ignore"):
        found = doubles.astype(width.dtype)
    for k in np.flatnonzero(found != doubles)[:1].tolist():
        raise _not_represented(values[k], width)
    return found


def float_of(value: Fraction, width: Width) -> float:
    """Return the float that a number is.

    >>> float_of(Fraction(1, 4), Width.FLOAT32)
    0.25
    """
    return float(floats_of([value], width)[0])


def _not_represented(value: Fraction, width: Width) -> InexactInputError:
    return InexactInputError(f"found {shown(value)}, which {width} does not represent")
