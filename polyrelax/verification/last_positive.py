r"""Where a margin, which falls as a radius grows, stops being positive: in floats, to search.

A bracket grows geometrically from a first guess, and shrinks by Chandrupatla's method
:cite:p:`chandrupatla1997`: inverse quadratic interpolation where three values allow it, else
bisection; the first step interpolates between the ends.

Margins fall slowly at first and then without bound, about as
:math:`v_0 - c s / (S - s)` at the distance :math:`s` from the start, where they are
:math:`v_0`.  Then :math:`s v / (v_0 - v)` is zero in the same place and falls along a line:
that is what is interpolated.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias, final

_GUESS: Final = 2.0**-6
_LARGEST: Final = 2.0**60
_GROWTH: Final = 1.04
_FASTER: Final = 3
_FEWEST: Final = 2.0**-50
_FLAT: Final = 2.0**-40
"""A margin that falls by no more than this part counts as if it fell so much."""

Margin: TypeAlias = Callable[[float], float]
"""How clearly a radius is certified, which is negative where it is not."""


def last_positive(margin: Margin, start: float, tolerance: float) -> tuple[float, float]:
    """Return a number where a margin is positive, and a slightly larger one where not.

    Nothing is tried below ``start``, where the margin may not be positive: then it is the first
    of both.  The second is at most the first times ``1 + tolerance``, up to rounding; but a
    margin that is positive up to ``2**60`` is followed no further.

    >>> low, high = last_positive(lambda x: 1 - x**2, 0, 1e-9)
    >>> 1 - 1e-9 < low < 1 <= high <= low * (1 + 1e-9)
    True
    """
    first = margin(start)
    if first <= 0:
        return start, start
    low, step = start, start * (_GROWTH - 1) or _GUESS

    def straight(x: float) -> float:
        value = margin(x)
        ratio = value / max(first - value, _FLAT * first) if value > -math.inf else -1.0
        return (x - start) * ratio

    below, above = math.inf, straight(low + step)
    while above > 0 and low < _LARGEST:
        low, below, step = low + step, above, _FASTER * step
        above = straight(low + step)
    if above > 0:
        return low, low + step
    return _bracketed(straight, _End(low, below), _End(low + step, above), tolerance)


@final
@dataclass(frozen=True)
class _End:
    """A number and the margin there."""

    x: float
    value: float


def _bracketed(margin: Margin, low: _End, high: _End, tolerance: float) -> tuple[float, float]:
    """Return the ends of a bracket that is as narrow as it is to be."""
    part = low.value / (low.value - high.value) if low.value < math.inf else 0.5
    while True:
        width = high.x - low.x
        least = max(tolerance * low.x / 2.2, _FEWEST * high.x) / width
        if width <= tolerance * low.x or least >= 0.5:
            return low.x, high.x
        x = low.x + min(max(part, least), 1 - least) * width
        new = _End(x, margin(x))
        older = high if new.value <= 0 else low
        low, high = (low, new) if new.value <= 0 else (new, high)
        part = _interpolated(low, high, older)


def _interpolated(low: _End, high: _End, older: _End) -> float:
    """Return the part of a bracket at which inverse quadratic interpolation sees a zero."""
    new, other = (high, low) if older.x > high.x else (low, high)
    xi = (new.x - other.x) / (older.x - other.x)
    phi = (new.value - other.value) / (older.value - other.value)
    if not (phi**2 < xi and (1 - phi) ** 2 < 1 - xi):
        return 0.5
    first = new.value / (other.value - new.value) * older.value / (other.value - older.value)
    slope = (older.x - new.x) / (other.x - new.x)
    second = new.value / (older.value - new.value) * other.value / (older.value - other.value)
    part = first + slope * second
    return part if new is low else 1 - part
