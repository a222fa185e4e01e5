"""What a bad request looks like from inside, and the one line that says it to people."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor
from typing import Final

import typer

from polyrelax.errors import PolyrelaxError

LONGEST_LINE: Final = 500

# click's base class of usage errors; typer has carried a copy of click since 0.2x, and either
# is the grandparent of this one.
_UsageError: Final[type[BaseException]] = typer.BadParameter.__mro__[2]

FAILURES: Final = (
    PolyrelaxError,
    OSError,
    ImportError,
    RecursionError,
    MemoryError,
    BrokenExecutor,
    _UsageError,
)


def describe(failure: BaseException) -> str:
    """Return one line that says what failed, without control characters.

    >>> describe(FileNotFoundError(2, "No such file or directory", "net.json"))
    'net.json: no such file or directory'
    """
    line = " ".join(_message(failure).split())
    printable = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)
    if len(printable) > LONGEST_LINE:
        return printable[: LONGEST_LINE - 3] + "..."
    return printable


def _message(failure: BaseException) -> str:
    if isinstance(failure, OSError) and failure.strerror:
        subject = "" if failure.filename is None else f"{failure.filename}: "
        return f"{subject}{_uncapitalized(failure.strerror)}"
    if isinstance(failure, RecursionError):
        return "the input is nested too deeply"
    if isinstance(failure, MemoryError):
        return "the memory does not suffice"
    if isinstance(failure, BrokenExecutor):
        return "a worker process died, perhaps for lack of memory"
    if isinstance(failure, _UsageError):
        usage = str(getattr(failure, "format_message", failure.__str__)())
        own = usage.replace("Value error, ", "").replace("Input should be", "expected")
        return f"{_uncapitalized(own).rstrip('.')}; see polyrelax --help"
    return str(failure) or type(failure).__name__


def _uncapitalized(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
