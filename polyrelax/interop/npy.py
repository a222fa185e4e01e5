"""Arrays of NumPy in files (``.npy``), whose header says type, order and shape."""

from __future__ import annotations

import re
from math import prod
from typing import Final

import numpy as np
import numpy.typing as npt

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import cut
from polyrelax.errors import FormatError

_ARRAY: Final = b"\x93NUMPY"
_VERSIONS: Final = {b"\x01\x00": 2, b"\x02\x00": 4, b"\x03\x00": 4}
"""How many bytes give the length of the header, by the version of the format."""
_ENTRY: Final = re.compile(
    rb"""(?:'descr'[ ]*:[ ]*'(?P<type>[<>|=]?\w{1,9})'
    |'fortran_order'[ ]*:[ ]*(?P<order>True|False)
    |'shape'[ ]*:[ ]*\(
        (?P<shape>[ ]*
        |(?:[ ]*(?:0|[1-9]\d{0,18})[ ]*,)+[ ]*(?:(?:0|[1-9]\d{0,18})[ ]*)?)\))
    [ ]*(?:,[ ]*|\Z)""",
    re.VERBOSE,
)
_LONGEST: Final = 10_000
"""Bytes of a header, as many as NumPy reads."""
_FLOATS: Final = frozenset(("f2", "f4", "f8"))
_DAMAGED: Final = "found an array whose header is damaged, or not of numbers"
_INTEGERS: Final = frozenset(f"{sign}{size}" for sign in "iu" for size in (1, 2, 4, 8))


def is_array(content: bytes) -> bool:
    """Whether a file begins as arrays do.

    >>> is_array(b"7,0,51")
    False
    """
    require(content, bytes)
    return content.startswith(_ARRAY)


def floats(content: bytes) -> npt.NDArray[np.number]:
    r"""Return the array of floats in a file.

    >>> floats(b"\x93NUMPY\x01\x00\x00\x00")
    Traceback (most recent call last):
    polyrelax.errors.FormatError: found an array whose header is damaged, or not of numbers
    """
    return _array(content, _FLOATS, "floats")


def integers(content: bytes) -> npt.NDArray[np.number]:
    r"""Return the array of integers in a file.

    >>> integers(b"\x93NUMPY\x01\x00\x00\x00")
    Traceback (most recent call last):
    polyrelax.errors.FormatError: found an array whose header is damaged, or not of numbers
    """
    return _array(content, _INTEGERS, "integers")


def _array(content: bytes, types: frozenset[str], expected: str) -> npt.NDArray[np.number]:
    require(content, bytes)
    fields, start = _header(content)
    kind = fields["type"]
    if kind.lstrip("<>|=") not in types:
        raise FormatError(f"found an array of type {kind}, expected {expected}")
    shape = tuple(map(int, fields["shape"].replace(",", " ").split()))
    if len(content) - start != prod(shape) * int(kind[-1]):
        raise FormatError(
            f"found an array of shape {cut(str(shape))} with other than its numbers"
        )
    flat = np.frombuffer(content, dtype=kind, offset=start)
    try:
        return flat.reshape(shape, order="F" if fields["order"] == "True" else "C")
    except (OverflowError, ValueError):  # more axes, or longer ones, than arrays have
        raise FormatError(_DAMAGED) from None


def _header(content: bytes) -> tuple[dict[str, str], int]:
    """Return what the header says, and where the numbers begin."""
    size = _VERSIONS.get(content[6:8])
    if size is None or not is_array(content):
        raise FormatError(_DAMAGED)
    start = 8 + size
    end = start + int.from_bytes(content[8:start], "little")
    written = content[start:end].strip(b" \n")
    if (
        not start < end <= min(len(content), start + _LONGEST)
        or written[:1] != b"{"
        or written[-1:] != b"}"
    ):
        raise FormatError(_DAMAGED)
    return _fields(written[1:-1].strip(b" ")), end


def _fields(written: bytes) -> dict[str, str]:
    """Return the three entries of a header, in any order, with nothing beside them."""
    found: dict[str, str] = {}
    place = 0
    while place < len(written):
        entry = _ENTRY.match(written, place)
        if entry is None or entry.lastgroup is None or entry.lastgroup in found:
            raise FormatError(_DAMAGED)
        found[entry.lastgroup] = entry[entry.lastgroup].decode()
        place = entry.end()
    if len(found) < len(_ENTRY.groupindex):
        raise FormatError(_DAMAGED)
    return found
