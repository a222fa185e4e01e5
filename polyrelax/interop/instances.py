"""Lists of instances, as verification competitions have them: ``NETWORK,PROPERTY[,SECONDS]``.

A line names an ONNX file and a VNN-LIB file, relative to the list, and how long a verdict may
take.  A line that is none of that is kept with what is wrong with it, so that whoever works on
the others can say so.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

from polyrelax.arithmetic.rational import rational, shown
from polyrelax.arithmetic.words import amount
from polyrelax.errors import FormatError, PolyrelaxError
from polyrelax.interop.opening import read_text

_FIELDS: Final = "a network, a property and perhaps seconds"


@dataclass(frozen=True)
class Instance:
    """A line of a list: its number, the files it names, and its seconds or its fault."""

    line: int
    network: str
    property: str
    seconds: Fraction | None = None
    fault: str | None = None


def read(path: str | Path) -> tuple[Instance, ...]:
    r"""Return the instances of a list.

    Raises :class:`FormatError` if there is no line at all.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "instances.csv"
    ...     _ = path.write_text("net.onnx,first.vnnlib,116\nnet.onnx\n")
    ...     first, second = read(path)
    >>> str(first.seconds), second.fault
    ('116', 'line 2: found 1 field, expected a network, a property and perhaps seconds')
    """
    rows = csv.reader(read_text(path, expected=f"lines of {_FIELDS}").split("\n"))
    found = [
        _instance(line, [field.strip() for field in row])
        for line, row in enumerate(rows, start=1)
        if any(field.strip() for field in row)
    ]
    if not found:
        raise FormatError(f"found no lines, expected {_FIELDS} in each")
    return tuple(found)


def _instance(line: int, row: Sequence[str]) -> Instance:
    network, property_, seconds = (*row, "", "", "")[:3]
    fault = _fault(row)
    if fault is not None:
        return Instance(line, network, property_, None, f"line {line}: {fault}")
    return Instance(line, network, property_, rational(seconds) if seconds else None)


def _fault(row: Sequence[str]) -> str | None:
    """Return what is wrong with the fields of a line, if anything is."""
    if len(row) not in (2, 3):
        return f"found {amount(len(row), 'field')}, expected {_FIELDS}"
    if not all(row[:2]):
        return f"found an empty field, expected {_FIELDS}"
    if not "".join(row[:2]).isprintable():
        return "found characters that no name of a file has"
    if len(row) == 3 and row[2] and not _is_positive(row[2]):
        return f"found {shown(row[2])}, expected seconds above 0"
    return None


def _is_positive(number: str) -> bool:
    try:
        return rational(number) > 0
    except PolyrelaxError:
        return False
