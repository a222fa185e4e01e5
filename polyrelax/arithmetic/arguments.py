"""What kind of thing an argument must be, which public functions ask before they compute.

What a value must be beyond that, its constructor or function checks itself.  That arguments
are missing, or too many, is left to Python's own ``TypeError``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from types import UnionType
from typing import SupportsIndex, TypeVar

from polyrelax.arithmetic.rational import shown
from polyrelax.errors import ArgumentError

T = TypeVar("T")


def require(value: object, kind: type[object] | UnionType, what: str | None = None) -> None:
    """Raise :class:`ArgumentError` unless a value is of a class, which may be named in words.

    >>> require("1/2", int)
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found '1/2', expected int
    """
    if not isinstance(value, kind):
        expected = what or getattr(kind, "__name__", str(kind))
        raise ArgumentError(f"found {shown(value)}, expected {expected}")


def listed(values: Iterable[T], what: str) -> tuple[T, ...]:
    """Return several values as a tuple; a text is none of these.

    >>> listed(None, "neurons")
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found None, expected neurons
    """
    if not isinstance(values, Iterable) or isinstance(values, (str, bytes)):
        raise ArgumentError(f"found {shown(values)}, expected {what}")
    return tuple(values)


def all_of(values: Iterable[T], kind: type[T], what: str) -> tuple[T, ...]:
    """Return several values of a class as a tuple.

    >>> all_of([1, "2"], int, "numbers")
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found '2', expected int
    """
    several = listed(values, what)
    for value in several:
        require(value, kind)
    return several


def whole(value: object, what: str) -> int:
    """Return a whole number, also of numpy, as Python's.

    >>> whole(0.5, "a width")
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found 0.5, expected a width
    """
    if type(value) is int:  # to ask for a protocol takes twenty times as long
        return value
    if not isinstance(value, SupportsIndex):
        raise ArgumentError(f"found {shown(value)}, expected {what}")
    return value.__index__()


def located(path: str | Path) -> Path:
    """Return the path of a file.

    >>> located(3)
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found 3, expected the path of a file
    """
    if not isinstance(path, (str, os.PathLike)):
        raise ArgumentError(f"found {shown(path)}, expected the path of a file")
    return Path(path)
