"""Standard input, and errors that say which file they are about."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from polyrelax.errors import FormatError, PolyrelaxError
from polyrelax.interop.opening import decoded, opened

STANDARD_INPUT: Final = "-"


@contextmanager
def naming(source: str) -> Iterator[None]:
    """Say in every error which file it is about.

    >>> with naming("net.json"):
    ...     raise FormatError("found nothing")
    Traceback (most recent call last):
    polyrelax.errors.FormatError: net.json: found nothing
    """
    name = "standard input" if source == STANDARD_INPUT else source
    try:
        yield
    except PolyrelaxError as error:
        raise FormatError(str(error) if name in str(error) else f"{name}: {error}") from None


def read_standard_input() -> str:
    """Return the text on standard input."""
    return decoded(opened(sys.stdin.buffer.read()))
