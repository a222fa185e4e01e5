"""Standard input, and errors that say which file or which option they are about."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from polyrelax.errors import NamedFileError, PolyrelaxError, UsageError
from polyrelax.interop.opening import decoded, opened

T = TypeVar("T")

STANDARD_INPUT: Final = "-"


@contextmanager
def naming(source: str) -> Iterator[None]:
    """Say in every error which file it is about, unless it says that by itself.

    >>> from polyrelax.errors import FormatError
    >>> with naming("net.json"):
    ...     raise FormatError("found nothing")
    Traceback (most recent call last):
    polyrelax.errors.NamedFileError: net.json: found nothing
    """
    name = "standard input" if source == STANDARD_INPUT else source
    try:
        yield
    except NamedFileError:
        raise
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, error.filename or name) from None
    except PolyrelaxError as error:
        raise NamedFileError(f"{name}: {error}") from None


def option_value(option: str, read: Callable[[str], T], given: str) -> T:
    """Return what is read from an option; say in every error which option it is about.

    >>> from polyrelax.arithmetic.rational import rational
    >>> option_value("--time", rational, "1s")
    Traceback (most recent call last):
    polyrelax.errors.UsageError: --time: found '1s', expected a number such as "3/7" or "0.25"
    """
    try:
        return read(given)
    except PolyrelaxError as error:
        raise UsageError(f"{option}: {error}") from None


def read_standard_input() -> str:
    """Return the text on standard input."""
    return decoded(opened(sys.stdin.buffer.read()))
