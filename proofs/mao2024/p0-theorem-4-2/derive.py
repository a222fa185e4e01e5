"""Find the least number of identity layers that blinds a radius, and bound the tent there."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import count

from polyrelax.arithmetic.interval import Interval
from polyrelax.networks.gallery import tent, tent_with_identities
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.cross_layer import CrossLayer, alpha_radius
from polyrelax.relaxations.exact import Exact
from polyrelax.relaxations.trace import propagate

SEGMENT = Polytope.box([-1], [1])
ALPHAS = tuple(map(Fraction, ("1/4", "1/2", "2/3", "3/4", "9/10", "99/100")))
TENT_DEPTH = len(tent().layers)


def derive() -> Iterator[tuple[str, object]]:
    for alpha in ALPHAS:
        m = least_identities(alpha)
        depth = TENT_DEPTH + m
        sizes = [m, depth, alpha_radius(alpha, depth)]
        yield f"alpha = {alpha}: least m, L, r", sizes
        yield f"alpha = {alpha}: P_r", bounds(alpha, m)
        if m > 0:
            yield f"alpha = {alpha}: P_r with one identity fewer", bounds(alpha, m - 1)
    yield "alpha = 1: P_L for m = 0, 1, 2", [bounds(Fraction(1), m) for m in range(3)]
    yield "exact", propagate(tent(), SEGMENT, Exact()).output


def least_identities(alpha: Fraction) -> int:
    """Return the least m with r <= m + 2, which exists if alpha < 1."""
    return next(m for m in count() if alpha_radius(alpha, TENT_DEPTH + m) <= m + 2)


def bounds(alpha: Fraction, m: int) -> Interval:
    radius = alpha_radius(alpha, TENT_DEPTH + m)
    return propagate(tent_with_identities(m), SEGMENT, CrossLayer(radius)).output[0]
