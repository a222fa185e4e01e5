"""Numbers as machine integers: `Stream.v` reads them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

LIMB = 60


def number(z: int) -> list[int]:
    digits, rest = [], abs(z)
    while rest:
        digits.append(rest & (1 << LIMB) - 1)
        rest >>= LIMB
    return [2 * len(digits) + (z < 0), *digits]


def ratio(q: Fraction) -> list[int]:
    return number(q.numerator) + number(q.denominator)


def many(parts: Sequence[Sequence[int]]) -> list[int]:
    return [len(parts), *(i for part in parts for i in part)]
