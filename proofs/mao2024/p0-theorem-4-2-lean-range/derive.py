"""Decide for which alpha some s satisfies floor(alpha (6 + 2s)) <= s."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import count
from math import floor

BELOW_ONE_HALF = tuple(map(Fraction, ("1/4", "2/5", "49/100")))
FROM_ONE_HALF = tuple(map(Fraction, ("1/2", "2/3", "3/4", "9/10", "99/100")))


def derive() -> Iterator[tuple[str, object]]:
    for alpha in BELOW_ONE_HALF + FROM_ONE_HALF:
        yield f"alpha = {alpha}: least s", least_solution(alpha)


def least_solution(alpha: Fraction) -> int | None:
    """Return the least s with an excess of at most 0, or ``None`` if there is none."""
    if 2 * alpha >= 1 and excess(alpha, 0) > 0:  # the excess never falls as s grows
        return None
    return next(s for s in count() if excess(alpha, s) <= 0)


def excess(alpha: Fraction, s: int) -> int:
    return floor(alpha * (6 + 2 * s)) - s
