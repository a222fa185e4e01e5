"""What kind of thing an argument must be, which public functions ask before they compute.

What a value must be beyond that, its constructor or function checks itself.  That arguments
are missing, or too many, is left to Python's own ``TypeError``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from fractions import Fraction
from operator import index, itemgetter
from pathlib import Path
from types import UnionType
from typing import Final, SupportsIndex, TypeGuard, TypeVar

from polyrelax.arithmetic.rational import Scalar, SparseVector, Vector, rational, shown, vector
from polyrelax.errors import ArgumentError, DimensionError, TooLargeError

T = TypeVar("T")

_WORDS: Final[Mapping[object, str]] = {str: "a text", int: "a whole number"}
_DIGITS: Final = 18
_ENDLESS: Final = 10**_DIGITS

_LONGEST_PATH: Final = 4096

_COORDINATE = itemgetter(0)

MOST_COORDINATES: Final = 10_000_000
"""Spaces of more dimensions are refused: a tuple of their coordinates fills the memory."""


def require(value: object, kind: type[object] | UnionType, what: str | None = None) -> None:
    """Raise :class:`ArgumentError` unless a value is of a class, which may be named in words.

    >>> require("1/2", int)
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found '1/2', expected a whole number
    """
    if not isinstance(value, kind):
        expected = what or _WORDS.get(kind) or getattr(kind, "__name__", str(kind))
        raise ArgumentError(f"found {shown(value)}, expected {expected}")


def require_function(value: object) -> None:
    """Raise :class:`ArgumentError` unless a value can be called.

    >>> require_function(3)
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found 3, expected a function
    """
    if not callable(value):
        raise ArgumentError(f"found {shown(value)}, expected a function")


def listed(values: Iterable[T], what: str) -> tuple[T, ...]:
    """Return several values as a tuple; a text is none of these.

    >>> listed(None, "neurons")
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found None, expected neurons
    """
    if type(values) is tuple:  # to ask for a protocol takes ten times as long
        return values
    if not isinstance(values, Iterable) or isinstance(values, (str, bytes)):
        raise ArgumentError(f"found {shown(values)}, expected {what}")
    return tuple(values)


def exactly(values: T, count: int, what: str) -> T:
    """Return a tuple or list of so many things as it is.

    >>> exactly([1], 2, "two ends")
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found a list of length 1, expected two ends
    """
    if not isinstance(values, (tuple, list)):
        raise ArgumentError(f"found {shown(values)}, expected {what}")
    if len(values) != count:
        raise ArgumentError(f"found {shown(values)} of length {len(values)}, expected {what}")
    return values


def all_of(values: Iterable[T], kind: type[T], what: str) -> tuple[T, ...]:
    """Return several values of a class as a tuple.

    >>> all_of([1, "2"], int, "numbers")
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found '2', expected a whole number
    """
    several = listed(values, what)
    for value in several:
        if not isinstance(value, kind):
            require(value, kind)
    return several


def whole(value: object, what: str) -> int:
    """Return a whole number, also of numpy, as Python's; nothing is counted beyond 18 digits.

    >>> whole(0.5, "a width")
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found 0.5, expected a width
    >>> whole(-(10**18), "a size")
    Traceback (most recent call last):
    polyrelax.errors.TooLargeError: found -1000000000000000000, expected a size within 18 digits
    """
    if type(value) is int:  # to ask for a protocol takes twenty times as long
        number = value
    elif (known := integer_of(value)) is not None:
        number = known
    else:
        raise ArgumentError(f"found {shown(value)}, expected {what}")
    if not -_ENDLESS < number < _ENDLESS:
        raise TooLargeError(f"found {shown(number)}, expected {what} within {_DIGITS} digits")
    return number


def integer_of(value: object) -> int | None:
    """Return a whole number, also of numpy, as Python's; ``None`` if it is none.

    >>> integer_of(True), integer_of(int), integer_of("1")
    (1, None, None)
    """
    if isinstance(value, SupportsIndex):
        with suppress(TypeError):  # of arrays, and of classes
            return index(value)
    return None


def wholes(values: Iterable[int], what: str) -> tuple[int, ...]:
    """Return several whole numbers.

    >>> wholes([1, "2"], "neurons")
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found '2', expected a whole number
    """
    return tuple(whole(value, "a whole number") for value in listed(values, what))


def numbered(value: object, count: int, what: str) -> int:
    """Return the number of one of several things, which are numbered from 0.

    >>> numbered(2, 2, "piece")
    Traceback (most recent call last):
    polyrelax.errors.DimensionError: found piece 2, expected one of 2
    """
    if type(value) is int and 0 <= value < count:  # words take longer
        return value
    number = whole(value, f"the number of a {what}")
    if not 0 <= number < count:
        raise DimensionError(f"found {what} {shown(number)}, expected one of {shown(count)}")
    return number


def dimension(value: object, what: str) -> int:
    """Return a whole number of coordinates, rows or the like, at least 0.

    >>> dimension(-1, "a width")
    Traceback (most recent call last):
    polyrelax.errors.DimensionError: found the width -1, expected at least 0
    >>> dimension(10**12, "a width")
    Traceback (most recent call last):
    polyrelax.errors.TooLargeError: found the width 1000000000000, expected at most 10000000
    """
    count = whole(value, what)
    if not 0 <= count <= MOST_COORDINATES:
        found = f"found the {what.partition(' ')[2]} {shown(count)}"
        if count < 0:
            raise DimensionError(f"{found}, expected at least 0")
        raise TooLargeError(f"{found}, expected at most {MOST_COORDINATES}")
    return count


def exact_vector(values: Iterable[Scalar], what: str = "a vector") -> Vector:
    """Return an exact vector; fractions are taken as they are.

    >>> exact_vector(0, "a point")
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found 0, expected a point
    """
    if type(values) is tuple and _are_exact(values):  # as they mostly are
        return values
    return vector(listed(values, what))


def _are_exact(given: tuple[Scalar, ...]) -> TypeGuard[Vector]:
    for value in given:  # noqa: SIM110  (it takes a third of the time of ``all``)
        if type(value) is not Fraction:
            return False
    return True


def exact_vectors(rows: Iterable[Iterable[Scalar]], what: str) -> tuple[Vector, ...]:
    """Return several exact vectors, of any lengths.

    >>> exact_vectors([[1], None], "points")
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found None, expected a vector
    """
    return tuple(exact_vector(row) for row in listed(rows, what))


def sparse_vector(
    entries: Iterable[tuple[int, Scalar]], dim: int | None = None
) -> SparseVector:
    """Return pairs of coordinates, below a dimension if there is one, and exact numbers.

    >>> sparse_vector([(3, "1/2")], 2)
    Traceback (most recent call last):
    polyrelax.errors.DimensionError: found coordinate 3, expected one of 2
    """
    given = listed(entries, "pairs of a coordinate and a number")
    pairs = given if _is_sparse(given) else tuple(map(_entry, given))
    if dim is not None and pairs:
        places = tuple(map(_COORDINATE, pairs))
        if min(places) < 0 or max(places) >= dim:
            numbered(next(j for j in places if not 0 <= j < dim), dim, "coordinate")
    return pairs


def _is_sparse(given: tuple[tuple[int, Scalar], ...]) -> TypeGuard[SparseVector]:
    for entry in given:
        if type(entry) is not tuple or len(entry) != 2:
            return False
        j, a = entry
        if type(j) is not int or type(a) is not Fraction:
            return False
    return True


def _entry(entry: tuple[int, Scalar]) -> tuple[int, Fraction]:
    match entry:
        case (j, a):
            return whole(j, "a coordinate"), exact(a)
        case _:
            raise ArgumentError(f"found {shown(entry)}, expected a coordinate and a number")


def exact(value: Scalar) -> Fraction:
    """Return a number as a fraction, which is taken as it is.

    >>> exact("1/2")
    Fraction(1, 2)
    """
    return value if type(value) is Fraction else rational(value)


def located(path: str | Path) -> Path:
    """Return the path of a file.

    >>> located(3)
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found 3, expected the path of a file
    """
    if not isinstance(path, (str, os.PathLike)) or not _is_name(os.fspath(path)):
        raise ArgumentError(f"found {shown(path)}, expected the path of a file")
    if len(os.fspath(path)) > _LONGEST_PATH:
        raise TooLargeError(
            f"found {shown(path)}, expected a path of {_LONGEST_PATH} characters at most"
        )
    return Path(path)


def _is_name(path: object) -> bool:
    """Whether a system may have a file of this name."""
    try:
        return isinstance(path, str) and b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False
