r"""The triangle of a rectifier over an interval, whatever the ends are.

Over :math:`[l, u]` with :math:`l < 0 < u` the hull of the graph of :math:`y = \max(z, 0)` is

.. math:: y \ge 0, \qquad y \ge z, \qquad (u - l)\, y \le u\, (z - l),

of which the last side is the line of the least slope :math:`\lambda = u / (u - l)` that is
above the graph :cite:p:`ehlers2017`.  Only this side depends on the ends, and by field
operations alone: so they may be fractions, arrays of floats, or functions.
"""

from __future__ import annotations

from typing import Protocol, TypeVar


class FieldElement(Protocol):
    """What can be negated, subtracted, multiplied and divided."""

    def __neg__(self: N) -> N:
        """Return the opposite."""

    def __sub__(self: N, other: N, /) -> N:
        """Return the difference."""

    def __mul__(self: N, other: N, /) -> N:
        """Return the product."""

    def __truediv__(self: N, other: N, /) -> N:
        """Return the quotient."""


N = TypeVar("N", bound=FieldElement)


def upper_slope(lower: N, upper: N) -> N:
    """Return the slope of the least line above a rectifier.

    >>> from fractions import Fraction
    >>> upper_slope(Fraction(-2), Fraction(1))
    Fraction(1, 3)
    """
    return upper / (upper - lower)


def upper_side(lower: N, upper: N) -> tuple[N, N, N]:
    """Return a, b and c of the side ``a z + b y <= c`` above a rectifier.

    >>> from fractions import Fraction
    >>> [str(a) for a in upper_side(Fraction(-2), Fraction(1))]
    ['-1', '3', '2']
    """
    return -upper, upper - lower, -(upper * lower)
