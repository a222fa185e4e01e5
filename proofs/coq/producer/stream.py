"""Write certificates as streams of machine integers: `Stream.v` says what they are."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from producer.symbolic import Row
from translator.limbs import number, ratio


def rational_stream(q: Fraction) -> list[int]:
    return ratio(q)


def refutation_stream(multipliers: Sequence[tuple[int, int]]) -> list[int]:
    return [len(multipliers), *(i for n, k in multipliers for i in (n, *number(k)))]


def row_stream(row: Row) -> list[int]:
    terms = [i for j, c in row.terms.items() for i in (j, *number(c))]
    return [int(row.strict), *number(row.bound), len(row.terms), *terms]
