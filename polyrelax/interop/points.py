"""Points in files: arrays of NumPy, JSON lists, tables of labelled images.

An array (``.npy``) of floats is the exact numbers that they are.  A line ``label,p1,p2,...`` of
a table (CSV) is an image whose values are n/255, n being whole numbers from 0 to 255.  Lists of
JSON hold exact numbers.  An array or list of as many numbers as a point has is one point, in
any shape; one of a multiple of them is a point for each of its first index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from polyrelax.arithmetic.rational import Vector, from_float, shown
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError, FormatError, NotANumberError
from polyrelax.interop import npy
from polyrelax.interop.documents import Node, parse
from polyrelax.interop.opening import decoded, read_bytes

_FORMATS: Final = "an array (.npy) of floats, JSON lists or lines label,0..255"
_BRIGHTEST: Final = 255
_LEVELS: Final = {str(n): Fraction(n, _BRIGHTEST) for n in range(_BRIGHTEST + 1)}


@dataclass(frozen=True)
class Points:
    """How many points there are, and what makes the one with an index."""

    count: int
    point: Callable[[int], Vector]


def read(path: str | Path, dim: int) -> Points:
    """Return the points of ``dim`` numbers each in a file.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "images.csv"
    ...     _ = path.write_text("7,0,51")
    ...     read(path, 2).point(0)
    (Fraction(0, 1), Fraction(1, 5))
    """
    content = read_bytes(path, expected=_FORMATS)
    if npy.is_array(content):
        return _of_array(npy.floats(content), dim)
    text = decoded(content, expected=_FORMATS)
    if text.lstrip().startswith(("[", "{")):
        return _of_lists(parse(text), dim)
    return _of_lines(text, dim)


def _of_array(array: npt.NDArray[np.number], dim: int) -> Points:
    count = _count(array.size, len(array) if array.ndim else 1, dim)
    rows = array.reshape(count, dim)

    def point(index: int) -> Vector:
        wrong = np.flatnonzero(~np.isfinite(rows[index]))
        if wrong.size:
            found = rows[index, wrong[0]]
            raise NotANumberError(f"found {found} at entry {wrong[0]}, expected finite numbers")
        return tuple(map(from_float, rows[index].tolist()))

    return Points(count, point)


def _of_lists(node: Node, dim: int) -> Points:
    entries = list(_flat(node))
    count = _count(len(entries), len(node.items()), dim)

    def point(index: int) -> Vector:
        return tuple(entry.number() for entry in entries[index * dim : (index + 1) * dim])

    return Points(count, point)


def _flat(node: Node) -> Iterator[Node]:
    """Yield the numbers of nested lists that are equally long at each depth."""
    entries = [node]
    while entries and isinstance(entries[0].value, list):
        parts = [entry.items() for entry in entries]
        lengths = {len(part) for part in parts}
        if len(lengths) > 1:
            raise node.error(f"found lists of lengths {sorted(lengths)}, expected one length")
        entries = [entry for part in parts for entry in part]
    yield from entries


def _of_lines(text: str, dim: int) -> Points:
    numbered = [
        (number, line)
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip() and not line.startswith("label,")
    ]
    if not numbered:
        raise FormatError(f"found no points, expected {_FORMATS}")

    def point(index: int) -> Vector:
        number, line = numbered[index]
        entries = [entry.strip() for entry in line.split(",")]
        if len(entries) != dim + 1:
            raise DimensionError(
                f"line {number}: found {amount(len(entries), 'entry', 'entries')}, "
                f"expected a label and {dim} more"
            )
        wrong = next((entry for entry in entries[1:] if entry not in _LEVELS), None)
        if wrong is not None:
            raise FormatError(
                f"line {number}: found {shown(wrong)}, "
                f"expected whole numbers from 0 to {_BRIGHTEST}"
            )
        return tuple(_LEVELS[entry] for entry in entries[1:])

    return Points(len(numbered), point)


def _count(size: int, length: int, dim: int) -> int:
    """Return how many points as many numbers are."""
    if size == dim:
        return 1
    if not length or size != length * dim:
        raise DimensionError(
            f"found {amount(size, 'number')} in {length}, expected {dim} for each point"
        )
    return length
