"""How many coordinates points have."""

from __future__ import annotations

from collections.abc import Sized

from polyrelax.arithmetic.rational import Vector, shown
from polyrelax.errors import ArgumentError, DimensionError


def require_dim(x: Vector, dim: int) -> None:
    """Raise :class:`DimensionError` unless ``x`` has ``dim`` coordinates.

    >>> from polyrelax.arithmetic.rational import ONE
    >>> require_dim((ONE,), 2)
    Traceback (most recent call last):
    polyrelax.errors.DimensionError: found a point with 1 coordinates, expected 2
    """
    if not isinstance(x, Sized):
        raise ArgumentError(f"found {shown(x)}, expected a point")
    if len(x) != dim:
        raise DimensionError(f"found a point with {len(x)} coordinates, expected {dim}")
