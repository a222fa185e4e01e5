"""What layers read and add: exact vectors, with as many coordinates as they have inputs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from polyrelax.arithmetic.arguments import all_of, dimension, exact_vector, whole
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Scalar, Vector
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError


def point_of(values: Iterable[Scalar], dim: int) -> Vector:
    """Return values as an exact point; raise :class:`DimensionError` unless they are ``dim``.

    >>> point_of([1], 2)
    Traceback (most recent call last):
    polyrelax.errors.DimensionError: found a point with 1 coordinate, expected 2
    """
    point = exact_vector(values, "a point")
    if len(point) != (expected := whole(dim, "a dimension")):
        raise DimensionError(
            f"found a point with {amount(len(point), 'coordinate')}, expected {expected}"
        )
    return point


def box_of(box: Sequence[Interval], dim: int) -> tuple[Interval, ...]:
    """Return intervals as a box; raise :class:`DimensionError` unless they are ``dim``.

    >>> box_of([], 2)
    Traceback (most recent call last):
    polyrelax.errors.DimensionError: found a box of 0 intervals, expected 2
    """
    ends = all_of(box, Interval, "intervals")
    if len(ends) != (expected := whole(dim, "a dimension")):
        raise DimensionError(f"found a box of {len(ends)} intervals, expected {expected}")
    return ends


def fan_of(fan: int) -> int:
    """Return a fan, at least 1, as a whole number.

    >>> fan_of(0)
    Traceback (most recent call last):
    polyrelax.errors.DimensionError: found the fan 0, expected at least 1
    """
    fan = dimension(fan, "a fan")
    if not fan:
        raise DimensionError("found the fan 0, expected at least 1")
    return fan
