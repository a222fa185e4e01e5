"""A search with its processes, its progress, and its end at an interruption."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from heapq import heappush, heapreplace
from pathlib import Path
from threading import Thread
from typing import Final

from polyrelax.arithmetic.words import amount
from polyrelax.cli.terminal.output import note
from polyrelax.cli.terminal.process import interruptions_held
from polyrelax.cli.terminal.progress import progress_bar
from polyrelax.cli.terminal.stop import Stop
from polyrelax.cli.terminal.worker import NEVER, Deadline, TimeUpError
from polyrelax.errors import FormatError, UsageError
from polyrelax.search.executor import Slice, explore, limited, slice_count
from polyrelax.search.incompleteness import is_decided, is_screened
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


@dataclass(frozen=True)
class Tls:
    """The files by which a cluster knows this process, and this process the cluster."""

    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None


@dataclass(frozen=True)
class Workers:
    """Who does the work: so many processes, or the cluster of a Dask scheduler."""

    jobs: int | None = None
    dask: str | None = None
    tls: Tls = Tls()

    def __post_init__(self) -> None:
        if self.jobs is not None and self.dask is not None:
            raise UsageError("found --jobs and --dask, expected one of them")
        if self.tls != Tls() and not (self.dask or "").startswith("tls://"):
            found = "no --dask" if self.dask is None else f"--dask {self.dask}"
            raise UsageError(f"found {found}, expected --dask tls://... with --tls options")


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
        report(tally.position, _beginning(question))
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


def _beginning(question: Question) -> str:
    """Return what is done before the first networks are counted."""
    compiles = "; kernels compile first, once, for up to a minute"
    return f"from here on{compiles if is_screened(question) else ''}"


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
    try:
        with progress_bar(done) as report:
            for part in proved_again(question, done, store.findings(done)):
                tally.add(part.stop, part.findings)
                report(
                    part.stop, f"{amount(tally.imprecise, 'witness', 'witnesses')} proved again"
                )
                if part.stop < done:
                    until.require()
    except FormatError as error:
        name = str(store.path)
        raise FormatError(str(error) if name in str(error) else f"{name}: {error}") from None
    if done and not is_decided(question):
        word = f"is the word of {store.path}; its witnesses are proved again"
        note(f"that the other networks below number {done} are none {word}")


@contextmanager
def _slices(
    question: Question, start: int, workers: Workers, until: Deadline
) -> Iterator[Iterator[Slice]]:
    patience = None if until == NEVER else until.left
    explored = partial(explore, question, start, patience=patience)
    if workers.dask is not None:
        with (
            _cluster(workers.dask, workers.tls) as (executor, under_way),
            closing(explored(executor=executor, under_way=under_way)) as parts,
        ):
            yield parts
        return
    slices, jobs = slice_count(question, start), workers.jobs
    count = min(jobs or (os.cpu_count() or 1 if slices >= WORTH_PROCESSES else 1), slices)
    if count <= 1 and until == NEVER:
        with closing(explored()) as parts:
            yield parts
        return
    with (
        processes(max(count, 1)) as executor,
        closing(explored(executor=executor)) as parts,
    ):
        yield parts


def _cluster(address: str, tls: Tls) -> AbstractContextManager[tuple[Executor, int]]:
    from polyrelax.search.cluster import cluster  # noqa: PLC0415 -- needs an extra

    if not address.startswith("tls://"):
        note(f"{address}: the cluster and this process trust whoever can connect to them")
    return cluster(address, ca=tls.ca, cert=tls.cert, key=tls.key)


@contextmanager
def processes(count: int) -> Generator[Executor]:
    """Start processes that end with the work, whatever ends it."""
    # Spawned, for a fork would copy the locks of this process's threads.
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(count, mp_context=context, initializer=_begin_work)
    try:
        yield executor
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


def _begin_work() -> None:
    """Leave interruptions to the parent process, and end with it even if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None, "workers are started by a process"
    parent.join()
    os._exit(1)
