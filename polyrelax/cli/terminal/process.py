"""The process of the program: what an interruption does from its first line to its last.

SIGINT (Ctrl-C) and SIGTERM are one thing here.  While the program starts, they end it at
once.  While it works, the first one raises :class:`KeyboardInterrupt`, so that what is done
by then can be printed; those within a second belong to the same gesture, and a later one ends
the program at once.  While a module is imported they wait, as C code there makes other errors
of them.  When all is printed there is nothing left to interrupt.  Whichever it is,
one line says so, the exit status is 130, and no worker stays behind.

A signal that the process was told to ignore when it began, as in ``nohup``, stays ignored.
Nothing slow is imported here, as an interruption before :func:`run` is Python's own affair.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import Enum, auto
from types import FrameType
from typing import Final, NoReturn

INTERRUPTED: Final = 130
"""The exit status of a program that was interrupted."""
LINE: Final = "polyrelax: interrupted\n"

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_GESTURE: Final = 1.0
"""Seconds during which more signals mean no more than the first: wrappers pass them on."""
_AGAIN: Final = 0.05
"""Seconds until an interruption is repeated that struck where Python cannot raise."""
_SHOWN_CURSOR: Final = "\r\x1b[K\x1b[?25h"


class _Moment(Enum):
    STARTING = auto()
    WORKING = auto()
    ENDING = auto()


class Interruptions:
    """What the signals do; mutable, as it changes with the moment of the program."""

    def __init__(self) -> None:
        self._moment = _Moment.STARTING
        self._first = 0.0
        self._holds = 0
        self._waiting = False
        self._number: int = signal.SIGINT

    def begin(self) -> None:
        """Take over the signals that are not ignored."""
        sys.unraisablehook = self._unraisable
        for each in _SIGNALS:
            if signal.getsignal(each) is not signal.SIG_IGN:
                signal.signal(each, self)

    def work(self) -> None:
        """Let the next signal raise :class:`KeyboardInterrupt`."""
        self._moment = _Moment.WORKING

    def over(self) -> None:
        """Ignore all signals from now on."""
        for each in _SIGNALS:
            signal.signal(each, signal.SIG_IGN)

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Do what a signal does at this moment."""
        self._number = number
        if self._holds:
            self._waiting = True
        elif self._moment is _Moment.WORKING and _is_importing(frame):
            self._repeat()
        else:
            self._interrupt()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Put interruptions off."""
        self._holds += 1
        try:
            yield
        finally:
            self._holds -= 1
            if self._waiting and not self._holds:
                self._waiting = False
                self._interrupt()

    def _interrupt(self) -> None:
        now = time.monotonic()
        if self._moment is _Moment.WORKING:
            self._moment, self._first = _Moment.ENDING, now
            raise KeyboardInterrupt
        if self._moment is _Moment.STARTING or now - self._first > _GESTURE:
            end_now()

    def _unraisable(self, lost: sys.UnraisableHookArgs) -> None:
        """Repeat an interruption that struck in a destructor or a callback."""
        if not isinstance(lost.exc_value, KeyboardInterrupt):
            sys.__unraisablehook__(lost)
            return
        self._moment = _Moment.WORKING
        self._repeat()

    def _repeat(self) -> None:
        """Have the signal come again, in a moment; another one may be ignored."""
        from threading import Timer, get_ident  # noqa: PLC0415 -- a rare event

        Timer(_AGAIN, signal.pthread_kill, (get_ident(), self._number)).start()


def _is_importing(frame: FrameType | None) -> bool:
    """Whether a module is being imported, where C code makes other errors of interruptions."""
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


@contextmanager
def interruptions_held() -> Iterator[None]:
    """Put interruptions off for a moment in which a file appears or a process starts."""
    handler = signal.getsignal(signal.SIGINT)
    if isinstance(handler, Interruptions):
        with handler.held():
            yield
    else:
        yield


def end_now() -> NoReturn:
    """End this process and its workers, whatever they are doing."""
    cursor = _SHOWN_CURSOR if sys.stderr.isatty() else ""
    os.write(sys.stderr.fileno(), f"{cursor}{LINE}".encode())
    _leave()


def _leave() -> NoReturn:
    """End without Python's own end, and take the workers along.

    Python would end by the signal, instead of with a status, where :class:`KeyboardInterrupt`
    came through code that is made of a text, as the methods of dataclasses are.
    """
    if "multiprocessing" in sys.modules:
        for process in sys.modules["multiprocessing"].active_children():
            process.kill()
    os._exit(INTERRUPTED)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    >>> main(["bounds", "missing.json"])  # and one line on standard error
    2
    """
    from polyrelax.cli.app import main as answer  # noqa: PLC0415 -- takes a quarter of a second

    return answer(arguments)


def run() -> int:
    """Run the command line of this process and return its exit status."""
    interruptions = Interruptions()
    interruptions.begin()
    try:
        from polyrelax.cli.terminal.streams import keep_streams  # noqa: PLC0415 -- interruptions first

        keep_streams()
        interruptions.work()
        status = main()
        interruptions.over()
    except KeyboardInterrupt:
        interruptions.over()
        with suppress(OSError):
            sys.stderr.write(LINE)
        status = INTERRUPTED
    if status == INTERRUPTED:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                stream.flush()
        _leave()
    return status
