"""Extreme rays by Normaliz: the only module that imports it.

Of cones that have lines or no interior Normaliz (PyNormaliz 2.24) may return rays that are not
extreme, or end the process.  So it is only asked for pointed cones with an interior, to which
the reduction of the fast engine leads; an exact linear program finds the rows that hold with
equality on a cone without one.

PyNormaliz 2.24 takes the integer -2**63, the least of a machine word, for another one, so a row
that has it is given three times as long: then no entry is that number, as 3 does not divide it.
Where Normaliz starts with machine words it returns wrong rays for entries of 2**28 and more, or
ends the process, so it is told to compute with long integers from the start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, final

from polyrelax.lp import Infeasible, LinearProgram, Row, maximize
from polyrelax.polytopes.engines.engine import Cone, IntRow
from polyrelax.polytopes.engines.fast.reduction import solve

try:
    import PyNormaliz
except ImportError:
    raise ImportError(
        "polyrelax.polytopes.engines.normaliz needs: pip install polyrelax[engines]"
    ) from None

_LEAST_WORD: Final = -(2**63)


@final
@dataclass(frozen=True)
class Normaliz:
    """Elimination with pyramid decomposition by Normaliz :cite:p:`bruns2016`."""

    name: str = "normaliz"

    def extreme_rays(
        self, inequalities: Sequence[IntRow], equations: Sequence[IntRow], dim: int
    ) -> Cone:
        """Return the cone of ``z`` with ``<r, z> >= 0`` and ``<e, z> == 0`` for all rows."""
        return solve(inequalities, equations, dim, pointed=_pointed_rays)


def _pointed_rays(rows: Sequence[IntRow]) -> list[IntRow] | int:
    """Return the extreme rays, or the index of a row that is zero on the cone."""
    flat = _implied_equation(rows)
    if flat is not None:
        return flat
    cone = PyNormaliz.Cone(cone=[_without_least_word(row) for row in rows])
    cone.Compute("SupportHyperplanes", "BigInt")
    return [tuple(map(int, ray)) for ray in cone.SupportHyperplanes()]


def _without_least_word(row: IntRow) -> list[int]:
    """Return a positive multiple of a row that has no entry -2**63."""
    return [3 * entry for entry in row] if _LEAST_WORD in row else list(row)


def _implied_equation(rows: Sequence[IntRow]) -> int | None:
    """Return the index of a row that is zero on the cone, or ``None`` if it has an interior.

    If no point has all values at least one, then by Farkas' lemma some of the rows, with
    positive multipliers, add up to zero.
    """
    free = (None,) * len(rows[0])
    apart = (
        Row(tuple((j, Fraction(-s)) for j, s in enumerate(row) if s), Fraction(-1))
        for row in rows
    )
    outcome = maximize(LinearProgram(free, free, tuple(apart)), ())
    return outcome.multipliers[0][0] if isinstance(outcome, Infeasible) else None
