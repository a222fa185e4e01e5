"""Work in processes of its own, which an interruption or the end of the time ends at once.

Python looks at Ctrl-C between its own instructions only, and a double description by a library
is one of them, however long it takes.  For the same reason a worker cannot watch over the
process that waits for it; on Linux the kernel ends it when that one is gone.

A worker does one piece of work after the other, and what a piece of work tells meanwhile, such
as how far it is, arrives before its result.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Final, Generic, TypeAlias, TypeVar, final

from polyrelax.cli.terminal.process import interruptions_held

A = TypeVar("A")
T = TypeVar("T")

Tell: TypeAlias = Callable[[object], None]
"""What a piece of work calls with what is to be known before its result."""
Work: TypeAlias = Callable[[A, Tell], T]
"""A function of a module, which a worker calls with what there is to do."""

_PR_SET_PDEATHSIG: Final = 1


class TimeUpError(Exception):
    """The time that a user has given has passed."""


@final
@dataclass(frozen=True)
class Deadline:
    """A moment by the monotonic clock, or never."""

    moment: float | None = None

    @classmethod
    def after(cls, seconds: float | None) -> Deadline:
        """Return the moment so many seconds from now.

        >>> Deadline.after(None).left() is None
        True
        """
        return cls(None if seconds is None else time.monotonic() + seconds)

    def left(self) -> float | None:
        """Return the seconds until then, at least 0, or ``None`` for ever."""
        return None if self.moment is None else max(0.0, self.moment - time.monotonic())

    def require(self) -> None:
        """Raise :class:`TimeUpError` if it has passed.

        >>> Deadline().require()
        """
        if self.left() == 0:
            raise TimeUpError

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Raise :class:`TimeUpError` where waiting until then has been in vain.

        >>> with Deadline.after(0).waiting():
        ...     raise TimeoutError
        Traceback (most recent call last):
        polyrelax.cli.terminal.worker.TimeUpError
        """
        try:
            yield
        except TimeoutError:
            self.require()
            raise


NEVER: Final = Deadline()


@final
@dataclass(frozen=True)
class Done(Generic[T]):
    """The result of a piece of work."""

    result: T


@final
@dataclass(frozen=True)
class _Failed:
    error: Exception


@final
@dataclass(frozen=True)
class _Told:
    message: object


class Worker(Generic[A, T]):
    """A process, started at once, which ends with this one; mutable, as processes are."""

    def __init__(self, work: Work[A, T]) -> None:
        # Spawned, for a fork would copy the locks of this process's threads.
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        arguments = (work, theirs, os.getpid())
        self._process = context.Process(target=_serve, args=arguments, daemon=True)
        with interruptions_held(), _interrupts_blocked():
            self._process.start()
        theirs.close()

    def begin(self, task: A) -> None:
        """Send a piece of work."""
        try:
            self.connection.send(task)
        except ConnectionError:
            raise BrokenExecutor from None

    def receive(self, told: Tell) -> Done[T] | None:
        """Return the result if that is what comes next, and pass on what was told.

        Raises what the work raised, and :class:`BrokenExecutor` if the worker is dead.
        """
        try:
            message = self.connection.recv()
        except (EOFError, ConnectionError):
            raise BrokenExecutor from None
        if isinstance(message, _Failed):
            raise message.error
        if isinstance(message, _Told):
            told(message.message)
            return None
        return Done(message.result)

    def end(self) -> None:
        """End the process, whatever it is doing."""
        with interruptions_held():
            self._process.kill()
            self._process.join()
            self.connection.close()


def _silent(_message: object) -> None:
    """Tell nobody."""


def here_if_quick(
    work: Work[A, T], task: A, *, quick: bool, told: Tell = _silent, until: Deadline = NEVER
) -> T:
    """Return what the work returns: here if it is quick and has no deadline, else in a process.

    >>> here_if_quick(lambda number, tell: 2 * number, 3, quick=True)
    6
    """
    if quick and until == NEVER:
        return work(task, told)
    return in_process(work, task, told=told, until=until)


def in_process(
    work: Work[A, T], task: A, *, told: Tell = _silent, until: Deadline = NEVER
) -> T:
    """Return what the work returns, or raise what it raises.

    Raises :class:`TimeUpError` at the deadline, and ends the work.
    """
    with _worker(work) as worker:
        worker.begin(task)
        while True:
            await_one([worker], until)
            done = worker.receive(told)
            if done is not None:
                return done.result


def await_one(workers: Sequence[Worker[A, T]], until: Deadline) -> Worker[A, T]:
    """Return a worker that has something to say, or raise :class:`TimeUpError`."""
    ready = wait([worker.connection for worker in workers], until.left())
    for worker in workers:
        if worker.connection in ready:
            return worker
    raise TimeUpError


@contextmanager
def _worker(work: Work[A, T]) -> Iterator[Worker[A, T]]:
    worker = Worker(work)
    try:
        yield worker
    finally:
        worker.end()


def _serve(work: Work[A, T], connection: Connection, parent: int) -> None:
    """Do what is sent until there is nobody to send more."""
    sys.set_int_max_str_digits(0)  # as in the process that waits
    _end_with(parent)
    tell = _teller(connection)
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        try:
            connection.send(Done(work(task, tell)))
        except Exception as error:  # raised where the result is awaited
            error.add_note(f"in a worker:\n{traceback.format_exc()}")
            connection.send(_Failed(error))


def _teller(connection: Connection) -> Tell:
    return lambda message: connection.send(_Told(message))


def _end_with(parent: int) -> None:
    """Ask the kernel to end this process when its parent ends, where it can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it has ended already
            os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Block Ctrl-C in this thread: a process that it starts is so from its first moment."""
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # with the first process it would, and unblock Ctrl-C
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
