"""Work in a process of its own, which an interruption ends at once.

Python looks at Ctrl-C between its own instructions only, and a double description by a library
is one of them, however long it takes.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def in_process(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what the function returns, or raise what it raises."""
    # Spawned, for a fork would copy the locks of this process's threads.
    executor = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
    try:
        with interrupts_ignored():  # a process inherits that, from its first moment
            future = executor.submit(function, *args, **kwargs)
        return future.result()
    except BaseException:
        end_children()
        raise
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


def end_children() -> None:
    """End all processes that this one has started."""
    for process in multiprocessing.active_children():
        process.terminate()


@contextmanager
def interrupts_ignored() -> Iterator[None]:
    """Ignore interruptions for a moment."""
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
