"""How programs read a decimal: as the number that is written, or as the nearest float.

A point is printed in decimals and computed with in floats, so one file may name three points.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import Final, assert_never

import numpy as np

from polyrelax.arithmetic.arguments import exact, exact_vector, require
from polyrelax.arithmetic.rational import Vector, from_float
from polyrelax.errors import TooLargeError

_BEYOND: Final = Fraction(2) ** 128 - Fraction(2) ** 103
"""From here on numbers are as near to 2**128 as to the greatest of 32 bits, or nearer."""


class Reading(StrEnum):
    """What a written number is taken for."""

    EXACT = "exact"
    FLOAT64 = "float64"
    FLOAT32 = "float32"


def read_as(point: Vector, reading: Reading) -> Vector:
    """Return a point as it is read; raise :class:`TooLargeError` beyond the floats.

    >>> tenth = (Fraction(1, 10),)
    >>> [read_as(tenth, reading)[0] > Fraction(1, 10) for reading in Reading]
    [False, True, True]
    """
    require(reading, Reading)
    point = exact_vector(point, "a point")
    match reading:
        case Reading.EXACT:
            return point
        case Reading.FLOAT64:
            return tuple(map(_double, point))
        case Reading.FLOAT32:
            return tuple(map(nearest_single, point))
        case _:
            assert_never(reading)


def nearest_single(value: Fraction) -> Fraction:
    """Return the number nearest to a value among those of 32 bits (IEEE 754's binary32).

    Of two that are equally near it is the even one.  A double in between, as many programs
    take it, may lead to the other neighbour:

    >>> value = Fraction(1) + Fraction(1, 2**24) + Fraction(1, 2**60)
    >>> nearest_single(value) > 1, np.float32(float(value)) > 1
    (True, np.False_)
    """
    value = exact(value)
    with np.errstate(over="ignore"):
        near = np.float32(_double(value))
        below, above = (np.nextafter(near, np.float32(s)) for s in (-np.inf, np.inf))
    if abs(value) >= _BEYOND:
        raise _beyond(32)
    found = [from_float(float(x)) for x in (near, below, above) if np.isfinite(x)]
    return min(found, key=lambda x: abs(x - value))


def _double(value: Fraction) -> Fraction:
    try:
        return from_float(float(value))
    except OverflowError:
        raise _beyond(64) from None


def _beyond(bits: int) -> TooLargeError:
    return TooLargeError(
        f"found a number beyond all floats of {bits} bits, expected a smaller one"
    )
