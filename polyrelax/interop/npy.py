"""Arrays of NumPy in files (``.npy``), whose header says type, order and shape."""

from __future__ import annotations

import re
from math import prod
from typing import Final

import numpy as np
import numpy.typing as npt

from polyrelax.arithmetic.arguments import require
from polyrelax.errors import FormatError

_ARRAY: Final = b"\x93NUMPY"
_TYPE: Final = re.compile(rb"'descr'\s*:\s*'([<>|=]?\w{1,9})'")
_ORDER: Final = re.compile(rb"'fortran_order'\s*:\s*(True|False)")
_SHAPE: Final = re.compile(rb"'shape'\s*:\s*\(([\d ,]{0,400})\)")
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
    start = 12 if content[6:7] >= b"\x02" else 10
    end = start + int.from_bytes(content[8:start], "little")
    found = [key.search(content[start:end]) for key in (_TYPE, _ORDER, _SHAPE)]
    kind, order, sizes = (match[1].decode() if match else None for match in found)
    if kind is None or order is None or sizes is None:
        raise FormatError(_DAMAGED)
    if kind.lstrip("<>|=") not in types:
        raise FormatError(f"found an array of type {kind}, expected {expected}")
    shape = tuple(map(int, sizes.replace(",", " ").split()))
    if len(content) - end != prod(shape) * int(kind[-1]):
        raise FormatError(f"found an array of shape {shape} with other than its numbers")
    flat = np.frombuffer(content, dtype=kind, offset=end)
    try:
        return flat.reshape(shape, order="F" if order == "True" else "C")
    except (OverflowError, ValueError):  # more axes, or longer ones, than arrays have
        raise FormatError(_DAMAGED) from None
