"""How many cells and choices there may be, as floats that never overflow."""

from __future__ import annotations

import math
from typing import Final

from polyrelax.arithmetic.arguments import require
from polyrelax.polytopes.polytope import Polytope

MOST: Final = 1e15
HIGHEST: Final = 50
"""Numbers beyond this, and powers beyond that one, are as good as infinite."""


def power(base: float, exponent: float) -> float:
    """Return a power that is a float whatever the exponent.

    >>> power(2, 10), power(2, 10**6) == power(2, 50)
    (1024.0, True)
    """
    return math.pow(base, min(exponent, HIGHEST))


def cells(planes: int, dim: int) -> float:
    """Return the greatest number of cells of hyperplanes.

    >>> cells(2, 2), cells(3, 2), cells(9, 1)
    (4.0, 7.0, 10.0)
    """
    if dim >= planes:
        return power(2, planes)
    if dim > HIGHEST:
        return MOST
    return min(float(sum(math.comb(planes, k) for k in range(dim + 1))), MOST)


def free_inputs(domain: Polytope) -> int:
    """Return the number of inputs that are not fixed.

    >>> free_inputs(Polytope.box([0, 1], [1, 1]))
    1
    """
    require(domain, Polytope)
    return sum(z.lower < z.upper for z in domain.bounds)
