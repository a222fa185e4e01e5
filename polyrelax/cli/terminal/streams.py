"""Standard output and standard error for Python alone.

C libraries print on the file descriptors 1 and 2: at any moment until the process has ended,
from any thread, and what a banner of theirs stands among is no JSON any more.  So the program
takes other descriptors for what it writes, and points 1 and 2 to where nobody reads.  Worker
processes inherit that.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO, final


def keep_streams() -> None:
    """Move what this process writes away from the file descriptors 1 and 2."""
    out = _moved(sys.stdout, 1, "standard output")
    err = _moved(sys.stderr, 2, "standard error")
    if sys.stdin is None:  # closed, and so empty
        sys.stdin = _nothing()
    # The width of the terminal is asked of the original stream.
    vars(sys).update(stdout=out, __stdout__=out, stderr=err, __stderr__=err)


@final
class _Standard(TextIOWrapper):
    """A stream whose failures say which one it is; Python's name only files."""

    place = ""

    def write(self, text: str, /) -> int:
        with self._named():
            return super().write(text)

    def flush(self) -> None:
        with self._named():
            super().flush()

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OSError(error.errno, error.strerror, self.place) from None


def _moved(stream: TextIO | None, descriptor: int, place: str) -> TextIO:
    """Return a stream to the same place, or to nowhere if there is none."""
    moved = _again(stream, place) if isinstance(stream, TextIOWrapper) else _nowhere()
    with _nowhere() as nowhere:
        os.dup2(nowhere.fileno(), descriptor)
    return moved


def _again(stream: TextIOWrapper, place: str) -> TextIO:
    """Return a stream to the same place through another file descriptor."""
    stream.flush()
    through = stream.write_through
    again = _Standard(
        os.fdopen(os.dup(stream.fileno()), "wb", buffering=0 if through else -1),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=through,
    )
    again.place = place
    return again


def _nothing() -> TextIO:
    return Path(os.devnull).open(encoding="utf-8")


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")
