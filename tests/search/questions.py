"""Questions, and their answers by both relaxations on every network."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import vector
from polyrelax.search.candidates import Space
from polyrelax.search.incompleteness import bounds, screen_for
from polyrelax.search.question import Finding, Question, Side

UNIT = Interval(Fraction(-1), Fraction(1))


def question(  # noqa: PLR0913 -- as many as a question has
    shape: str,
    values: str,
    outputs: str,
    *,
    box: Interval = UNIT,
    identities: int = 0,
    loose: str = "p:1",
    side: Side = Side.UPPER,
    min_gap: str = "0",
) -> Question:
    widths = tuple(map(int, shape.split("-")))
    numbers = (vector(values.split()), vector(outputs.split()))
    space = Space(widths, *numbers, (box,) * widths[0], identities=identities)
    return Question(space, loose, "exact", side, Fraction(min_gap))


def by_relaxations(asked: Question, numbers: Iterable[int]) -> list[Finding]:
    """Return the findings, with both relaxations run on every network."""
    found = []
    for number in numbers:
        tight, loose = bounds(asked, asked.space[number].network)
        if asked.is_witnessed_by(asked.gap(tight, loose)):
            found.append(Finding(number, tight, loose))
    return found


def all_of(asked: Question) -> range:
    return range(asked.space.size)


def hits_of(asked: Question) -> list[int]:
    """Return the networks that the screen of a question reports."""
    screen = screen_for(asked)
    assert screen is not None
    return [number for number, *_ in screen.listed(0, asked.space.size).tolist()]


def some_of(asked: Question, hits: int, others: int) -> list[int]:
    """Return some networks that the screen reports, their neighbours, and any others."""
    reported = hits_of(asked)
    chosen = reported[:: len(reported) // hits + 1]
    near = (number + step for number in chosen for step in (-1, 1))
    anywhere = all_of(asked)[:: asked.space.size // others + 1]
    return sorted({*chosen, *anywhere, *(n for n in near if n in all_of(asked))})
