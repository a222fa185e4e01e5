r"""Bounds in floats, rounded outward, so that they stay theorems.

For a rational :math:`q` and the floats :math:`F` of a width, with both infinities,

.. math::

   q_\downarrow = \max \{x \in F : x \le q\}, \qquad q^\uparrow = \min \{x \in F : x \ge q\}.

An interval :math:`[l, u]` lies within :math:`[l_\downarrow, u^\uparrow]`, and within no smaller
one with ends in :math:`F`.  Beyond the greatest float there is only an infinity; what is nearer
to zero than the least float has zero on one side; a zero is never negative.

A quotient of integers is rounded to the nearest double and compared with it in integers; a
neighbour takes its place where it is on the wrong side.  The floats of 32 bits are doubles, so
:math:`q_\downarrow` is that of the double :math:`q_\downarrow`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from polyrelax.arithmetic.arguments import all_of, exact_vector, require
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Scalar, Vector, quotient

Floats: TypeAlias = npt.NDArray[np.floating]


class Width(StrEnum):
    """The formats of floats: IEEE 754's binary64 and binary32."""

    FLOAT64 = "float64"
    FLOAT32 = "float32"

    @property
    def dtype(self) -> np.dtype[np.floating]:
        """The type of NumPy's arrays of such floats."""
        return np.dtype(self.value)


def below(values: Iterable[Scalar], width: Width = Width.FLOAT64) -> Floats:
    """Return for each of n numbers the greatest float that is at most it, an array of n.

    >>> below(["1/4", "1e400", "-1e400", "-1e-400"]).tolist()
    [0.25, 1.7976931348623157e+308, -inf, -5e-324]
    >>> float(below(["1/10"])[0]) < 0.1  # the double nearest to a tenth is above it
    True
    """
    require(width, Width)
    doubles = _doubles_below(exact_vector(values, "numbers"))
    with np.errstate(over="ignore", under="ignore"):
        found = doubles.astype(width.dtype)
    return _stepped_down(found, found > doubles)


def above(values: Iterable[Scalar], width: Width = Width.FLOAT64) -> Floats:
    """Return for each of n numbers the least float that is at least it, an array of n.

    >>> above(["1/4", "1e400", "1e-400"]).tolist()
    [0.25, inf, 5e-324]
    """
    return 0.0 - below([-value for value in exact_vector(values, "numbers")], width)


def enclosing(
    intervals: Iterable[Interval], width: Width = Width.FLOAT64
) -> tuple[Floats, Floats]:
    """Return the float ends of n intervals, rounded outward: lower and upper, arrays of n.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> from polyrelax.relaxations.names import relaxation
    >>> from polyrelax.relaxations.trace import propagate
    >>> trace = propagate(tent(), Polytope.box([-1], ["1/2"]), relaxation("ibp"))
    >>> [ends.tolist() for ends in enclosing(trace.bounds[2])]
    [[0.0, 0.0], [0.5, 1.0]]
    """
    ends = all_of(intervals, Interval, "intervals")
    lower, upper = [end.lower for end in ends], [end.upper for end in ends]
    return below(lower, width), above(upper, width)


def _doubles_below(values: Vector) -> Floats:
    nearest = [quotient(value.numerator, value.denominator) for value in values]
    wrong = [_exceeds(x, value) for x, value in zip(nearest, values, strict=True)]
    return _stepped_down(np.array(nearest, dtype=np.float64), np.array(wrong, dtype=bool))


def _exceeds(x: float, value: Fraction) -> bool:
    """Whether a double, which may be infinite, is greater than a number."""
    if math.isinf(x):
        return x > 0
    numerator, denominator = x.as_integer_ratio()
    return numerator * value.denominator > value.numerator * denominator


def _stepped_down(floats: Floats, wrong: npt.NDArray[np.bool_]) -> Floats:
    """Return floats, the next smaller ones where wrong, and no negative zero."""
    least = floats.dtype.type(-np.inf)
    with np.errstate(over="ignore", under="ignore"):
        return np.where(wrong, np.nextafter(floats, least), floats) + floats.dtype.type(0)
