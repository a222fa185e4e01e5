"""The double description method by PPLite: the only module that imports it.

PPLite keeps polyhedra, so a cone comes back with its apex as a point; that does not leave this
file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul
from typing import final

from polyrelax.polytopes.engines.engine import Cone, IntRow

try:
    import pplite
except ImportError:
    raise ImportError(
        "polyrelax.polytopes.engines.pplite needs: pip install polyrelax[engines]"
    ) from None


@final
@dataclass(frozen=True)
class PPLite:
    """The double description method by PPLite :cite:p:`becchi2020`."""

    name: str = "pplite"

    def extreme_rays(
        self, inequalities: Sequence[IntRow], equations: Sequence[IntRow], dim: int
    ) -> Cone:
        """Return the cone of ``z`` with ``<r, z> >= 0`` and ``<e, z> == 0`` for all rows."""
        variables = [pplite.Variable(i) for i in range(dim)]

        def form(row: IntRow) -> pplite.Linear_Expression:
            return sum(map(mul, row, variables), pplite.Linear_Expression())

        cone = pplite.NNC_Polyhedron(dim_type=dim, spec_elem="universe", topology="closed")
        cone.add_constraints([form(row) == 0 for row in equations])
        cone.add_constraints([form(row) >= 0 for row in inequalities])
        cone.minimize()
        generators = list(cone.generators())
        return Cone.spanned(
            (_entries(g, variables) for g in generators if g.is_ray()),
            (_entries(g, variables) for g in generators if g.is_line()),
            dim,
        )


def _entries(generator: pplite.PPliteGenerator, variables: Sequence[pplite.Variable]) -> IntRow:
    return tuple(int(generator.coefficient(variable)) for variable in variables)
