"""How two polytopes of one space lie to each other."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.readable import readable
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.subdivision import volume


@readable
@dataclass(frozen=True)
class Geometry:
    """Inclusion, volumes, and the constraints that only one of two polytopes has.

    ``volume_ratio`` is the first volume over the second, or ``None`` if that is zero.
    """

    first_inside: bool
    second_inside: bool
    volume_ratio: Fraction | None
    only_first: tuple[Constraint, ...]
    only_second: tuple[Constraint, ...]


def compare_sets(first: Polytope, second: Polytope) -> Geometry:
    """Return how ``first`` lies to ``second``.

    >>> inner, outer = Polytope.box([0], [1]), Polytope.box([0], [2])
    >>> compare_sets(inner, outer).volume_ratio
    Fraction(1, 2)
    """
    require(first, Polytope)
    denominator = volume(second)
    return Geometry(
        first_inside=first <= second,
        second_inside=second <= first,
        volume_ratio=volume(first) / denominator if denominator else None,
        only_first=_missing(first, second),
        only_second=_missing(second, first),
    )


def _missing(polytope: Polytope, other: Polytope) -> tuple[Constraint, ...]:
    known = set(other.constraints)
    return tuple(c for c in polytope.constraints if c not in known)
