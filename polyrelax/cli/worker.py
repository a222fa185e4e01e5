"""Work in a process of its own, which an interruption ends at once.

Python looks at Ctrl-C between its own instructions only, and a double description by a library
is one of them, however long it takes.  For the same reason a worker cannot watch over the
process that waits for it; on Linux the kernel ends it when that one is gone.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_PR_SET_PDEATHSIG: Final = 1


def in_process(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what the function returns, or raise what it raises."""
    executor = workers(1)
    try:
        with interrupts_ignored():  # a process inherits that, from its first moment
            future = executor.submit(function, *args, **kwargs)
        return future.result()
    except BaseException:
        end_children()
        raise
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


def workers(count: int) -> ProcessPoolExecutor:
    """Return processes that do not outlive this one."""
    # Spawned, for a fork would copy the locks of this process's threads.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, context, _end_with, (os.getpid(),))


def _end_with(parent: int) -> None:
    """Ask the kernel to end this process when its parent ends, where it can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it has ended already
            os.kill(os.getpid(), signal.SIGKILL)


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
