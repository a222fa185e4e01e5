"""A search with its processes, its progress, and its end at an interruption."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Generator, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Final

from polyrelax.cli.failures import INTERRUPTED
from polyrelax.cli.progress import progress_bar
from polyrelax.search.executor import Slice, explore, limited, slice_count
from polyrelax.search.question import Finding, Question
from polyrelax.search.store import Store

WORTH_PROCESSES: Final = 8
"""With fewer slices, starting processes takes longer than the search."""


@dataclass(frozen=True)
class Campaign:
    """A question, the number up to which it is answered, and the witnesses below it."""

    question: Question
    position: int
    findings: tuple[Finding, ...]
    interrupted: bool = False

    @property
    def exhaustive(self) -> bool:
        """Whether every network of the space was examined."""
        return self.position == self.question.space.size

    @property
    def status(self) -> int:
        """The exit status: 0 for witnesses, 1 for none, 130 for an interruption."""
        if self.interrupted:
            return INTERRUPTED
        return 0 if self.findings else 1


@dataclass
class _Tally:
    """What is known of a search so far, for the bar."""

    position: int
    witnesses: int
    began: int = field(init=False)
    clock: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.began = self.position

    def add(self, part: Slice) -> None:
        self.position = part.stop
        self.witnesses += len(part.findings)

    def text(self, size: int) -> str:
        seconds = max(time.monotonic() - self.clock, 1e-3)
        rate = (self.position - self.began) / seconds
        left = (size - self.position) / rate if rate else 0
        return (
            f"{100 * self.position // max(size, 1)} %, {rate:,.0f} networks/s, "
            f"{self.witnesses} witnesses, {left:,.0f} s left"
        )


def search(
    question: Question, store: Store | None, limit: int | None, jobs: int | None
) -> Campaign:
    """Return what a search has found when it is done, has enough, or is interrupted."""
    known = [] if store is None else list(store.findings())
    start = 0 if store is None else store.position
    tally = _Tally(start, len(known))
    interrupted = False
    try:
        with (
            progress_bar(question.space.size) as report,
            _slices(question, start, jobs) as parts,
        ):
            for part in limited(parts, limit):
                if store is not None:
                    store.add(part)
                known += part.findings
                tally.add(part)
                report(tally.position, tally.text(question.space.size))
    except KeyboardInterrupt:
        interrupted = True
    return Campaign(question, tally.position, tuple(known), interrupted)


def stored(path: Path) -> Campaign:
    """Return what the file of a search holds."""
    store = Store.open(path)
    done = store.position  # another process may add a slice from here on
    return Campaign(store.question, done, tuple(f for f in store.findings() if f.number < done))


@contextmanager
def _slices(question: Question, start: int, jobs: int | None) -> Iterator[Iterator[Slice]]:
    slices = slice_count(question, start)
    count = min(jobs or (os.cpu_count() or 1 if slices >= WORTH_PROCESSES else 1), slices)
    if count <= 1:
        with closing(explore(question, start)) as parts:
            yield parts
        return
    with (
        _processes(count) as executor,
        closing(explore(question, start, executor=executor)) as parts,
    ):
        yield parts


@contextmanager
def _processes(count: int) -> Generator[Executor]:
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
