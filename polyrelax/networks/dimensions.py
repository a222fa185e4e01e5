"""What layers read and add: exact vectors, with as many coordinates as they have inputs."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from polyrelax.arithmetic.arguments import listed
from polyrelax.arithmetic.rational import Scalar, Vector, vector
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError


def as_vector(values: Iterable[Scalar], what: str) -> Vector:
    """Return an exact vector; fractions are taken as they are.

    >>> as_vector(0, "a point")
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found 0, expected a point
    """
    given = listed(values, what)
    exact = tuple(value for value in given if type(value) is Fraction)
    return exact if len(exact) == len(given) else vector(given)


def point_of(values: Iterable[Scalar], dim: int) -> Vector:
    """Return values as an exact point; raise :class:`DimensionError` unless they are ``dim``.

    >>> point_of([1], 2)
    Traceback (most recent call last):
    polyrelax.errors.DimensionError: found a point with 1 coordinate, expected 2
    """
    point = as_vector(values, "a point")
    if len(point) != dim:
        raise DimensionError(
            f"found a point with {amount(len(point), 'coordinate')}, expected {dim}"
        )
    return point
