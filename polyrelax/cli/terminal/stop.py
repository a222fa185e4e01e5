"""Why a request did not come to its end, and what the program does about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Final, TypeVar, final

import typer

from polyrelax.arithmetic.rational import rational
from polyrelax.cli.terminal.naming import option_value
from polyrelax.cli.terminal.output import note
from polyrelax.cli.terminal.progress import counted, progress_bar
from polyrelax.cli.terminal.worker import NEVER, Deadline, TimeUpError
from polyrelax.errors import UsageError

T = TypeVar("T")

NOT_DECIDED: Final = 3
"""The exit status where the time did not suffice."""
_LONGEST: Final = 10**9


@final
class Stop(StrEnum):
    """Why some of what was asked for is missing."""

    INTERRUPTED = "interrupted"
    TIME_UP = "time"
    FAILED = "failed"

    @property
    def reason(self) -> str:
        """What a report says of it.

        >>> Stop.TIME_UP.reason
        'the time was up'
        """
        return _REASONS[self]


_REASONS: Final = {
    Stop.INTERRUPTED: "interrupted",
    Stop.TIME_UP: "the time was up",
    Stop.FAILED: "the first one failed",
}


def time_limit(seconds: str | None) -> Deadline:
    """Return the moment that --time names, counted from now.

    >>> time_limit("-1")
    Traceback (most recent call last):
    polyrelax.errors.UsageError: found --time -1, expected seconds above 0, at most 1000000000
    """
    if seconds is None:
        return NEVER
    value = option_value("--time", rational, seconds)
    if not 0 < value <= _LONGEST:
        expected = f"expected seconds above 0, at most {_LONGEST}"
        raise UsageError(f"found --time {seconds}, {expected}")
    return Deadline.after(float(value))


def taken(
    things: Iterable[T], take: Callable[[T], object], expected: tuple[int, str], until: Deadline
) -> Stop | None:
    """Take so many things one after the other, and return what stopped that, if anything did.

    ``expected`` says how many there are and what they are called on the way.

    >>> found = []
    >>> taken("ab", found.append, (2, "letters"), NEVER), found
    (None, ['a', 'b'])
    """
    total, what = expected
    try:
        with progress_bar(total) as report:
            for done, thing in enumerate(counted(things, report, what), start=1):
                take(thing)
                if done < total:
                    until.require()
    except TimeUpError:
        return Stop.TIME_UP
    except KeyboardInterrupt:
        return Stop.INTERRUPTED
    return None


def end(stop: Stop | None, missing: Sequence[str] = (), error: Exception | None = None) -> None:
    """End the program with the status of what stopped it, if anything did."""
    if error is not None:
        raise error
    if stop is Stop.INTERRUPTED:
        raise KeyboardInterrupt
    if stop is Stop.TIME_UP:
        names = f"; not finished: {', '.join(missing)}" if missing else ""
        note(f"the time is up{names}")
        raise typer.Exit(NOT_DECIDED)
