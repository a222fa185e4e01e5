"""Standard output and standard error for Python alone.

C libraries print on the file descriptors 1 and 2: at any moment until the process has ended,
from any thread, and what a banner of theirs stands among is no JSON any more.  So the program
takes other descriptors for what it writes, and points 1 and 2 to where nobody reads.  Worker
processes inherit that.
"""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO


def keep_streams() -> None:
    """Move what this process writes away from the file descriptors 1 and 2."""
    out, err = _moved(sys.stdout, 1), _moved(sys.stderr, 2)
    # The width of the terminal is asked of the original stream.
    vars(sys).update(stdout=out, __stdout__=out, stderr=err, __stderr__=err)


def _moved(stream: TextIO | None, descriptor: int) -> TextIO:
    """Return a stream to the same place, or to nowhere if there is none."""
    moved = _again(stream) if isinstance(stream, TextIOWrapper) else _nowhere()
    with _nowhere() as nowhere:
        os.dup2(nowhere.fileno(), descriptor)
    return moved


def _again(stream: TextIOWrapper) -> TextIO:
    """Return a stream to the same place through another file descriptor."""
    stream.flush()
    through = stream.write_through
    return TextIOWrapper(
        os.fdopen(os.dup(stream.fileno()), "wb", buffering=0 if through else -1),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=through,
    )


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")
