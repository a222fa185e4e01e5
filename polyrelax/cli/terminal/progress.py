"""Progress on standard error, for whatever takes long: a bar on a terminal, lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread, Timer
from typing import Final, TypeAlias, TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

T = TypeVar("T")

PATIENCE: Final = 1.0
"""Seconds without a bar."""
INTERVAL: Final = 10.0
"""Seconds between two lines where there is no terminal."""

Report: TypeAlias = Callable[[int, str], None]
"""Called with the number of steps done and what is being done now."""


@contextmanager
def progress_bar(total: int | None) -> Iterator[Report]:
    """Show a bar of ``total`` steps on a terminal, and remove it in the end; or write lines.

    >>> with progress_bar(2) as report:
    ...     report(1, "half way")
    """
    console = Console(stderr=True)
    with _bar(total, console) if console.is_terminal else _lines(total) as report:
        yield report


def counted(things: Iterable[T], report: Report, what: str) -> Iterator[T]:
    """Yield things, and report how many were dealt with, from the start on.

    >>> list(counted("ab", lambda done, what: print(done, what), "letters"))
    0 letters
    1 letters
    2 letters
    ['a', 'b']
    """
    report(0, what)
    for done, thing in enumerate(things, start=1):
        yield thing
        report(done, what)


@contextmanager
def _bar(total: int | None, console: Console) -> Iterator[Report]:
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}" if total else ""),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
    task = bar.add_task("", total=total)
    timer = Timer(PATIENCE, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda done, what: bar.update(task, completed=done, description=what)
    finally:
        _finish(bar, timer)


def _finish(bar: Progress, timer: Timer) -> None:
    timer.cancel()
    if timer.is_alive():
        timer.join()
    if bar.live.is_started:
        bar.stop()


@dataclass
class _Log:
    """What is known of some work, written from time to time by a thread until it is over."""

    total: int | None
    done: int = 0
    what: str = ""
    start: float = field(default_factory=time.monotonic)
    over: Event = field(default_factory=Event)

    def update(self, done: int, what: str) -> None:
        self.done, self.what = done, what

    def write_until_over(self) -> None:
        while not self.over.wait(INTERVAL):
            count = "" if self.total is None else f"{self.done}/{self.total} "
            seconds = time.monotonic() - self.start
            line = f"polyrelax: {count}{self.what}, {seconds:.0f} s"
            print(line, file=sys.stderr, flush=True)


@contextmanager
def _lines(total: int | None) -> Iterator[Report]:
    log = _Log(total)
    thread = Thread(target=log.write_until_over, daemon=True)
    thread.start()
    try:
        yield log.update
    finally:
        log.over.set()
        thread.join()
