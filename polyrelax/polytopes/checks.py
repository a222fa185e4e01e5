"""What the functions on polytopes ask of their arguments."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from polyrelax.arithmetic.arguments import MOST_COORDINATES, integer_of
from polyrelax.arithmetic.rational import cut, shown
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


def _is_below(value: object, dim: int) -> bool:
    # To ask for a protocol takes twenty times as long.
    known = value if type(value) is int else integer_of(value)
    return known is not None and 0 <= known < dim
