"""How many coordinates points have."""

from __future__ import annotations

from polyrelax.arithmetic.rational import Vector
from polyrelax.errors import DimensionError


def require_dim(x: Vector, dim: int) -> None:
    """Raise :class:`DimensionError` unless ``x`` has ``dim`` coordinates.

    >>> from polyrelax.arithmetic.rational import ONE
    >>> require_dim((ONE,), 2)
    Traceback (most recent call last):
    polyrelax.errors.DimensionError: found a point with 1 coordinates, expected 2
    """
    if len(x) != dim:
        raise DimensionError(f"found a point with {len(x)} coordinates, expected {dim}")
