"""Labels of points in files: the numbers of classes, from 0.

An array (``.npy``) of integers holds a label an entry, JSON a list of them; of a text, the
number before the first comma of each line is one, as in lines ``label,p1,p2,...``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from polyrelax.arithmetic.rational import shown
from polyrelax.errors import FormatError
from polyrelax.interop import npy
from polyrelax.interop.documents import parse
from polyrelax.interop.opening import decoded, read_bytes

_LONGEST: Final = 9
_FORMATS: Final = "an array (.npy) of integers, a JSON list, or lines that begin with a label"


def read(path: str | Path) -> tuple[int, ...]:
    r"""Return the labels in a file.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "images.csv"
    ...     _ = path.write_text("7,0,51\n2,255,0")
    ...     read(path)
    (7, 2)
    """
    content = read_bytes(path, expected=_FORMATS)
    if npy.is_array(content):
        return tuple(map(int, npy.integers(content).ravel()))
    text = decoded(content, expected=_FORMATS)
    if text.lstrip().startswith("["):
        return tuple(node.index() for node in parse(text).items())
    return _of_lines(text)


def _of_lines(text: str) -> tuple[int, ...]:
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        entry = line.partition(",")[0].strip()
        if not entry or entry == "label":
            continue
        if not (entry.isascii() and entry.isdecimal()) or len(entry) > _LONGEST:
            raise FormatError(
                f"line {number}: found {shown(entry)}, expected the number of a class"
            )
        found.append(int(entry))
    return tuple(found)
