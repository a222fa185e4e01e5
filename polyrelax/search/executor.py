"""Slices of a search, worked on by any executor, and handed back in order.

Few slices are under way at a time, so memory stays flat however many there are; and as they
come back in order, what is done is always a beginning of the enumeration.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from itertools import pairwise

from polyrelax.arithmetic.arguments import require, require_function, whole
from polyrelax.arithmetic.rational import shown
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import DimensionError
from polyrelax.search.incompleteness import findings, is_decided, is_screened
from polyrelax.search.question import Finding, Question

SCREENED_SLICE = 1 << 16
"""Networks in a slice: some tens of milliseconds of screening, and a second of proofs."""
SIFTED_SLICE = 1 << 10
"""Networks in a slice where the relaxations are run on those that a screen leaves."""
SEARCHED_SLICE = 32
"""Networks in a slice where each is bounded by both relaxations, at some milliseconds each."""
FINER = 16
"""How many times smaller slices are for whoever has not the patience for whole ones."""
UNDER_WAY = 8


@readable
@dataclass(frozen=True)
class Slice:
    """The witnesses among the networks from ``start`` to ``stop - 1``."""

    start: int
    stop: int
    findings: tuple[Finding, ...]


def explore(
    question: Question,
    start: int = 0,
    *,
    executor: Executor | None = None,
    under_way: int = UNDER_WAY,
    patience: Callable[[], float | None] | None = None,
) -> Generator[Slice]:
    """Yield the slices of a question from number ``start`` to its end, in order.

    Without an executor, in this process.  Whoever stops listening early leaves up to
    ``under_way`` slices to the executor, which can cancel those that have not begun.
    With ``patience``, which says how many seconds are left, slices are small, and
    :class:`TimeoutError` is raised if the executor takes longer for one.

    >>> from polyrelax.search.candidates import Space
    >>> from polyrelax.arithmetic.interval import Interval
    >>> from fractions import Fraction
    >>> unit = Interval(Fraction(-1), Fraction(1))
    >>> space = Space((1, 2, 1), (Fraction(1),), (Fraction(1),), (unit,))
    >>> [(part.start, part.stop) for part in explore(Question(space, "ibp", "exact"))]
    [(0, 1)]
    """
    require(question, Question)
    start = position_of(question, start)
    require(executor, Executor | None, "executor, or None")
    under_way = whole(under_way, "a number of slices")
    if patience is not None:
        require_function(patience)
    step = step_of(question) if patience is None else -(-step_of(question) // FINER)
    left = (lambda: None) if patience is None else patience
    ranges = pairwise((*range(start, question.space.size, step), question.space.size))
    if executor is None:
        yield from (_examine(question, *ends) for ends in ranges)
        return
    bare = replace(question, space=replace(question.space))  # without what it has cached
    waiting: deque[Future[Slice]] = deque()
    for ends in ranges:
        waiting.append(executor.submit(_examine, bare, *ends))
        if len(waiting) >= under_way:
            yield waiting.popleft().result(left())
    while waiting:
        yield waiting.popleft().result(left())


def limited(slices: Iterable[Slice], limit: int | None) -> Iterator[Slice]:
    """Yield slices up to the witness number ``limit``, where the last one is cut."""
    require(limit, int | None, "a number, or None")
    require(slices, Iterable, "slices")
    for part in slices:
        require(part, Slice)
        if limit is not None and len(part.findings) >= limit:
            kept = part.findings[:limit]
            yield Slice(part.start, kept[-1].number + 1 if kept else part.start, kept)
            return
        yield part
        limit = None if limit is None else limit - len(part.findings)


def position_of(question: Question, number: object) -> int:
    """Return how many networks of a search are done, at most all of them.

    >>> from polyrelax.search.candidates import Space
    >>> from polyrelax.arithmetic.interval import Interval
    >>> from fractions import Fraction
    >>> one, unit = (Fraction(1),), (Interval(Fraction(-1), Fraction(1)),)
    >>> position_of(Question(Space((1, 2, 1), one, one, unit), "ibp", "exact"), 1)
    1

    Raises :class:`DimensionError` for another number.
    """
    require(question, Question)
    size = question.space.size
    found = whole(number, "a number of networks")
    if not 0 <= found <= size:
        raise DimensionError(f"found {shown(found)} networks done, expected 0 to {size}")
    return found


def slice_count(question: Question, start: int = 0) -> int:
    """Return the number of slices from number ``start`` to the end."""
    require(question, Question)
    start = whole(start, "a whole number")
    return -(-(question.space.size - start) // step_of(question))


def step_of(question: Question) -> int:
    """Return the number of networks in a slice."""
    require(question, Question)
    if is_decided(question):
        return SCREENED_SLICE
    return SIFTED_SLICE if is_screened(question) else SEARCHED_SLICE


def _examine(question: Question, start: int, stop: int) -> Slice:
    return Slice(start, stop, tuple(findings(question, start, stop)))
