"""What the functions on polytopes ask of their arguments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import TypeGuard

from polyrelax.arithmetic.arguments import MOST_COORDINATES, integer_of
from polyrelax.arithmetic.rational import Scalar, Vector, cut, shown
from polyrelax.errors import DimensionError, TooLargeError

_MOST_NAMED = 20


def require_dimensions(found: Iterable[int], dim: int) -> None:
    """Raise :class:`DimensionError` unless all lengths in ``found`` are ``dim``, a size.

    >>> require_dimensions([2, 3], 2)
    Traceback (most recent call last):
    polyrelax.errors.DimensionError: found dimension 3, expected 2
    """
    size = integer_of(dim)
    if size is None or size < 0:
        raise DimensionError(
            f"found dimension {shown(dim)}, expected an integer that is at least 0"
        )
    if dim.__index__() > MOST_COORDINATES:
        raise TooLargeError(
            f"found dimension {shown(dim)}, expected {MOST_COORDINATES} at most"
        )
    wrong = next((length for length in found if length != dim), None)
    if wrong is not None:
        raise DimensionError(f"found dimension {wrong}, expected {dim}")


def require_coordinates(found: Iterable[object], dim: int) -> None:
    """Raise :class:`DimensionError` unless all of ``found`` are coordinates.

    >>> require_coordinates([0, 2, -1], 2)
    Traceback (most recent call last):
    polyrelax.errors.DimensionError: found coordinates [2, -1], expected integers from 0 below 2
    """
    if not isinstance(found, Collection):  # an iterator would be empty the next time
        raise DimensionError(f"found {shown(found)}, expected coordinates")
    wrong = [j for j in found if not _is_below(j, dim)]
    if wrong:
        named = cut(", ".join(map(shown, wrong[:_MOST_NAMED])))
        raise DimensionError(
            f"found coordinates [{named}], expected integers from 0 below {dim}"
        )


def dimension_of(points: Sequence[Vector]) -> int:
    """Return the dimension of the space of one or more points.

    >>> dimension_of([])
    Traceback (most recent call last):
    polyrelax.errors.DimensionError: found no points, expected some, or the dimension
    """
    if not points:
        raise DimensionError("found no points, expected some, or the dimension")
    return len(points[0])


def is_number(value: object) -> TypeGuard[Scalar]:
    """Whether an operand is meant as an exact number; texts are none.

    >>> is_number(Decimal("0.5")), is_number("1/2"), is_number(0.5)
    (True, False, False)
    """
    return isinstance(value, Decimal) or (
        hasattr(value, "numerator") and not isinstance(value, type)
    )


def is_vector(value: object) -> TypeGuard[Sequence[Scalar]]:
    """Whether an operand is meant as a vector: a tuple, a list or an array.

    >>> is_vector((1, 2)), is_vector("12")
    (True, False)
    """
    return isinstance(value, (tuple, list)) or hasattr(value, "__array__")


def _is_below(value: object, dim: int) -> bool:
    # To ask for a protocol takes twenty times as long.
    known = value if type(value) is int else integer_of(value)
    return known is not None and 0 <= known < dim
