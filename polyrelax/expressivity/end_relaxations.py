"""The relaxations whose bounds are known as functions of the ends of an interval."""

from __future__ import annotations

from typing import Final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import ONE, ZERO, shown
from polyrelax.errors import UnknownNameError
from polyrelax.expressivity.end_bounds import Bounds, Substitution, interval_bounds
from polyrelax.expressivity.end_hulls import hull_bounds
from polyrelax.expressivity.end_triangles import triangle_bounds

NAMES: Final = ("ibp", "dp0", "dp1", "triangle", "p:1")


def bounds_by(name: str) -> Bounds:
    """Return the relaxation of a name.

    >>> from fractions import Fraction
    >>> from polyrelax.expressivity.end_bounds import Ends
    >>> from polyrelax.networks.gallery import tent
    >>> bounds_by("p:1")(tent(), Ends(Fraction(-1), Fraction(1))).lower
    Fraction(0, 1)
    """
    require(name, str)
    known: dict[str, Bounds] = {
        "ibp": interval_bounds,
        "dp0": Substitution(ZERO),
        "dp1": Substitution(ONE),
        "triangle": triangle_bounds,
        "p:1": hull_bounds,
    }
    if name not in known:
        raise UnknownNameError(f"found {shown(name)}, expected one of {', '.join(known)}")
    return known[name]
