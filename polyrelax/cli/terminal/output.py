"""Where results go: all at once, or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from json import dumps
from pathlib import Path
from secrets import token_hex
from stat import S_IMODE, S_ISVTX, S_IWOTH
from typing import Final, TypeAlias

from polyrelax.cli.terminal.layout import Block, as_markdown, as_text, screen_width
from polyrelax.cli.terminal.options import Format
from polyrelax.errors import UsageError

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | dict[str, Json] | None"

_STREAMS: Final = frozenset(
    f"{place}{number}" for place in ("/dev/fd/", "/proc/self/fd/") for number in (1, 2)
) | {"/dev/stdout", "/dev/stderr"}
"""What C libraries write there goes nowhere, and so would a report."""
_ASCII: Final = str.maketrans({"≥": ">=", "≤": "<=", "─": "-"})


def require_place(path: Path | None) -> None:
    """Refuse an output file that cannot be written, before any work is done."""
    if path is None or path == Path("-"):
        return
    if str(path) in _STREAMS:
        raise UsageError(f"found -o {path}, expected - for standard output")
    require_folder_of(path)
    if _exists(path) and not path.is_file():
        if path.is_dir():
            raise IsADirectoryError(21, "is a directory, expected a file", str(path))
        return  # a device or a pipe
    with _naming(path):
        _try(_followed(path).parent)


def _exists(path: Path) -> bool:
    """Whether there is something; raises an error that names a link that leads in a circle."""
    try:
        path.stat()
    except FileNotFoundError:
        return False
    return True


def _try(folder: Path) -> None:
    """Make a file in a folder, and remove it."""
    partial = _partial(folder)
    partial.touch(exist_ok=False)
    partial.unlink()


def _partial(folder: Path) -> Path:
    """Return a name that nobody foresees."""
    return folder / f".{token_hex(16)}.partial"


def require_folder_of(path: Path) -> None:
    """Refuse a file or folder that cannot be made, as the folder around it is missing.

    >>> require_folder_of(Path("report.html"))
    """
    if not path.absolute().parent.is_dir():
        raise FileNotFoundError(2, "no such directory", str(path.absolute().parent))


def require_file(name: str | Path) -> None:
    """Refuse a file that is not there, before the rooms that read it are loaded.

    >>> require_file("-"), require_file("net.onnx#tensor")  # said where it is read
    (None, None)
    """
    if str(name) != "-" and "#" not in str(name):
        Path(name).stat()


def require_folder(folder: Path) -> None:
    """Refuse a folder that neither is one nor can be made, before any work is done.

    >>> require_folder(Path("certificates"))
    """
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(20, "is a file, expected a folder", str(folder))
    require_folder_of(folder)
    with _naming(folder):
        _try(folder if folder.exists() else folder.absolute().parent)


def as_json(value: Json) -> str:
    """Return one JSON object, the same bytes for the same value.

    >>> as_json({"b": "1/2", "a": [1]})
    '{"a": [1], "b": "1/2"}'
    """
    return dumps(value, sort_keys=True)


def formatted(blocks: Iterable[Block], data: Json, layout: Format) -> str:
    """Return a report as text, Markdown or JSON."""
    if layout is Format.JSON:
        return as_json(data)
    return as_markdown(blocks) if layout is Format.MARKDOWN else as_text(blocks, screen_width())


def emit(report: str, path: Path | None) -> None:
    """Write a report to standard output or to a file."""
    if path is None or path == Path("-"):
        _print(report)
        return
    emit_bytes((_printable(report) + "\n").encode(), path)


def emit_bytes(content: bytes, path: Path) -> None:
    """Write what may be no text to a file."""
    with _naming(path):
        _write(_followed(path), content)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Name the place that the user gave in every failure, not a file on the way there."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def note(line: str) -> None:
    """Write a line on standard error that a user should know of beside the results.

    Where nothing can be written there, the results are worth more.
    """
    with suppress(OSError):
        print(f"polyrelax: {line}", file=sys.stderr, flush=True)


def _print(report: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    if not encoding.lower().startswith("utf"):
        report = report.translate(_ASCII).encode(encoding, "replace").decode(encoding)
    print(_printable(report), flush=True)


def _printable(report: str) -> str:
    """Return a text whose file names that are not UTF-8 are written out."""
    return report.encode("utf-8", "backslashreplace").decode("utf-8")


def _followed(path: Path) -> Path:
    """Return the file that a path leads to, but by no link of a stranger in a shared folder."""
    folder = path.parent.stat()
    if path.is_symlink() and folder.st_mode & S_ISVTX and folder.st_mode & S_IWOTH:
        owner = path.lstat().st_uid
        if owner not in (os.geteuid(), folder.st_uid):
            raise PermissionError(13, "is a link that another user made", str(path))
    return path.resolve()


def _write(path: Path, content: bytes) -> None:
    """Replace a file in one step, so that nobody ever sees half of it."""
    if path.exists() and not path.is_file():  # a device or a pipe is written, not replaced
        path.write_bytes(content)
        return
    # A name that nobody foresees, and a file that is not there yet: else whoever may write to
    # a shared folder could put a link there that leads to another file of the user.
    partial = _partial(path.parent)
    with partial.open("xb") as file:
        try:
            if path.exists():
                partial.chmod(S_IMODE(path.stat().st_mode))
            file.write(content)
            file.flush()
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
