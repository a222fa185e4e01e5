"""Whether what a file says of a search is so: each number in it is found again.

A file can be written by anybody.  Every witness is proved again, from its number alone.  Where
a kernel decides which networks are witnesses, all networks that the file calls done are
searched again, so that no witness is missing either; elsewhere that would take as long as
the search, and that the other networks are no witnesses is the word of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise, zip_longest

from polyrelax.arithmetic.arguments import all_of, require
from polyrelax.errors import FormatError
from polyrelax.search.executor import Slice, position_of, step_of
from polyrelax.search.incompleteness import bounds, findings, is_decided
from polyrelax.search.question import Finding, Question


def proved_again(question: Question, done: int, stored: Iterable[Finding]) -> Iterator[Slice]:
    """Yield the slices of the first networks of a question, with the witnesses of a file.

    Raises :class:`FormatError` at the first witness that is none, has other bounds or is
    missing.

    >>> from fractions import Fraction
    >>> from polyrelax.arithmetic.interval import Interval
    >>> from polyrelax.search.candidates import Space
    >>> unit = Interval(Fraction(-1), Fraction(1))
    >>> space = Space((1, 2, 1), (Fraction(1),), (Fraction(1),), (unit,))
    >>> list(proved_again(Question(space, "triangle", "exact"), 1, []))
    [Slice(start=0, stop=1, findings=())]
    """
    require(question, Question)
    done = position_of(question, done)
    stored = all_of(stored, Finding, "witnesses")
    waiting = iter(stored)
    found = next(waiting, None)
    for start, stop in pairwise([*range(0, done, step_of(question)), done]):
        here = list[Finding]()
        while found is not None and found.number < stop:
            here.append(found)
            found = next(waiting, None)
        _compare(question, Slice(start, stop, tuple(here)))
        yield Slice(start, stop, tuple(here))
    if found is not None:
        raise FormatError(f"witness {found.number}: expected a number below {done}")


def _compare(question: Question, part: Slice) -> None:
    """Raise an error unless the witnesses of a slice are found again."""
    expected = (
        findings(question, part.start, part.stop)
        if is_decided(question)
        else _bounded(question, part.findings)
    )
    for stored, proved in zip_longest(part.findings, expected):
        if stored == proved:
            continue
        if stored is None or (proved is not None and proved.number < stored.number):
            raise FormatError(f"witness {proved.number} is missing")
        if proved is None or stored.number < proved.number:
            raise FormatError(f"network {stored.number} is no witness")
        raise FormatError(
            f"witness {stored.number}: found the bounds {stored.tight} and {stored.loose}, "
            f"expected {proved.tight} and {proved.loose}"
        )


def _bounded(question: Question, stored: Iterable[Finding]) -> Iterator[Finding]:
    """Yield those networks that are witnesses, with their bounds."""
    for found in stored:
        tight, loose = bounds(question, question.space[found.number].network)
        if question.is_witnessed_by(question.gap(tight, loose)):
            yield Finding(found.number, tight, loose)
