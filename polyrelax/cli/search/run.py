"""A search with its processes, its progress, and its end at an interruption."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heappush, heapreplace
from pathlib import Path
from typing import Final

from polyrelax.arithmetic.words import amount
from polyrelax.cli.runs.workers import Workers, executor_of
from polyrelax.cli.terminal.naming import naming
from polyrelax.cli.terminal.output import note
from polyrelax.cli.terminal.process import interruptions_held
from polyrelax.cli.terminal.progress import progress_bar
from polyrelax.cli.terminal.stop import Stop
from polyrelax.cli.terminal.worker import NEVER, Deadline, TimeUpError
from polyrelax.search.executor import Slice, explore, limited, slice_count
from polyrelax.search.incompleteness import is_decided
from polyrelax.search.question import Finding, Question
from polyrelax.search.recheck import proved_again
from polyrelax.search.store import Store

WORTH_PROCESSES: Final = 8
"""With fewer slices, starting processes takes longer than the search."""


@dataclass(frozen=True)
class Campaign:
    """A question, the number up to which it is answered, and what was found below it.

    ``largest`` are the witnesses with the largest gaps, in the order of the enumeration where
    these are equal: as many as were asked for.
    """

    question: Question
    position: int
    imprecise: int
    largest: tuple[Finding, ...]
    stop: Stop | None = None

    @property
    def exhaustive(self) -> bool:
        """Whether every network of the space was examined."""
        return self.position == self.question.space.size

    @property
    def missing(self) -> tuple[str, ...]:
        """What was not examined."""
        size = self.question.space.size
        return () if self.exhaustive else (f"networks {self.position:,} to {size - 1:,}",)


@dataclass
class _Tally:
    """What is known of a search so far; not more witnesses than are ``kept``."""

    question: Question
    kept: int | None
    position: int = 0
    imprecise: int = 0
    best: list[tuple[Fraction, int, Finding]] = field(default_factory=list)

    def add(self, stop: int, findings: Iterable[Finding]) -> None:
        self.position = stop
        for found in findings:
            self.imprecise += 1
            gap = self.question.gap(found.tight, found.loose)
            entry = (gap, -found.number, found)
            if self.kept is None or len(self.best) < self.kept:
                heappush(self.best, entry)
            elif gap > self.best[0][0]:
                heapreplace(self.best, entry)

    def campaign(self, stop: Stop | None = None) -> Campaign:
        best = tuple(found for _, _, found in sorted(self.best, reverse=True))
        return Campaign(self.question, self.position, self.imprecise, best, stop)


@dataclass(frozen=True)
class _Pace:
    """How fast a search goes that began at position ``began``."""

    began: int
    clock: float = field(default_factory=time.monotonic)

    def text(self, position: int, size: int, witnesses: int) -> str:
        seconds = max(time.monotonic() - self.clock, 1e-3)
        rate = (position - self.began) / seconds
        left = (size - position) / rate if rate else 0
        return (
            f"{100 * position // max(size, 1)} %, {rate:,.0f} networks/s, "
            f"{amount(witnesses, 'witness', 'witnesses')}, {left:,.0f} s left"
        )


def search(  # noqa: PLR0913 -- the options of the verb
    question: Question,
    store: Store | None,
    *,
    limit: int | None,
    workers: Workers,
    kept: int,
    until: Deadline = NEVER,
) -> Campaign:
    """Return what a search has found when it is done, has enough, or is stopped."""
    tally = _Tally(question, kept)
    try:
        if store is not None:
            _take(tally, store, until)
        _go_on(tally, store, limit, workers, until)
    except KeyboardInterrupt:
        return tally.campaign(Stop.INTERRUPTED)
    except TimeUpError:
        return tally.campaign(Stop.TIME_UP)
    return tally.campaign()


def _go_on(
    tally: _Tally, store: Store | None, limit: int | None, workers: Workers, until: Deadline
) -> None:
    """Search on from where a tally ends."""
    question, pace = tally.question, _Pace(tally.position)
    with (
        progress_bar(question.space.size) as report,
        _slices(question, tally.position, workers, until) as parts,
        until.waiting(),
    ):
        report(tally.position, "from here on")
        for part in limited(parts, limit):
            with interruptions_held():  # what is stored is reported
                if store is not None:
                    store.add(part)
                tally.add(part.stop, part.findings)
            report(
                tally.position,
                pace.text(tally.position, question.space.size, tally.imprecise),
            )
            if tally.position < question.space.size:
                until.require()


def stored(path: Path, *, kept: int | None, until: Deadline = NEVER) -> Campaign:
    """Return what the file of a search holds, as far as there is time to prove it again."""
    store = Store.open(path)
    tally = _Tally(store.question, kept)
    try:
        _take(tally, store, until)
    except TimeUpError:
        return tally.campaign(Stop.TIME_UP)
    return tally.campaign()


def _take(tally: _Tally, store: Store, until: Deadline) -> None:
    """Take what a file holds, each number of it found again."""
    question, done = tally.question, store.position
    with naming(str(store.path)), progress_bar(done) as report:
        for part in proved_again(question, done, store.findings(done)):
            tally.add(part.stop, part.findings)
            report(part.stop, f"{amount(tally.imprecise, 'witness', 'witnesses')} proved again")
            if part.stop < done:
                until.require()
    if done and not is_decided(question):
        word = f"is the word of {store.path}; its witnesses are proved again"
        note(f"that the other networks below number {done} are none {word}")


@contextmanager
def _slices(
    question: Question, start: int, workers: Workers, until: Deadline
) -> Iterator[Iterator[Slice]]:
    patience = None if until == NEVER else until.left
    slices = slice_count(question, start)
    default = None if slices >= WORTH_PROCESSES else 1
    least = 0 if until == NEVER else 1
    with (
        executor_of(workers, slices, default=default, least=least) as (executor, under_way),
        closing(
            explore(question, start, executor=executor, under_way=under_way, patience=patience)
        ) as parts,
    ):
        yield parts
