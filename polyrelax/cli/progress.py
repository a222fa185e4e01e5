"""Progress on standard error, for whatever takes longer than a second."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Final, TypeAlias

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

PATIENCE: Final = 1.0
"""Seconds without a bar."""

Report: TypeAlias = Callable[[int, str], None]
"""Called with the number of steps done and what is being done now."""


@contextmanager
def progress_bar(total: int | None) -> Iterator[Report]:
    """Show a bar of ``total`` steps on a terminal, and remove it in the end.

    >>> with progress_bar(2) as report:
    ...     report(1, "half way")
    """
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}" if total else ""),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task("", total=total)
    timer = Timer(PATIENCE, bar.start)
    timer.daemon = True
    if bar.console.is_terminal:
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
