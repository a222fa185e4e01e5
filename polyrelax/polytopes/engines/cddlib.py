"""The double description method by cddlib, the reference: the only module that imports it.

cddlib writes ``<r, z> >= 0`` as the row ``[0, r]``, a ray as ``[0, ray]``, and returns the
apex of a cone as a vertex ``[1, 0]``; rows in ``lin_set`` are equations or lines.  None of
that leaves this file.  pycddlib converts integers by their decimal digits, of which Python
allows 4,300 or as many as its user has set: longer ones are left to the plain engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

import cdd
import cdd.gmp

from polyrelax.arithmetic.rational import primitive
from polyrelax.polytopes.engines.engine import Cone, IntRow
from polyrelax.polytopes.engines.plain import Plain


@final
@dataclass(frozen=True)
class Cddlib:
    """The double description method by cddlib :cite:p:`fukuda1996`.

    >>> Cddlib().extreme_rays([(1, -1), (0, 1)], [], 2)
    Cone(rays=((1, 0), (1, 1)), lines=())
    """

    name: str = "cddlib"

    def extreme_rays(
        self, inequalities: Sequence[IntRow], equations: Sequence[IntRow], dim: int
    ) -> Cone:
        """Return the cone of ``z`` with ``<r, z> >= 0`` and ``<e, z> == 0`` for all rows."""
        if dim == 0:
            return Cone((), ())
        try:
            return _spanned(inequalities, equations, dim)
        except ValueError:  # an integer is too long
            return Plain().extreme_rays(inequalities, equations, dim)


def _spanned(inequalities: Sequence[IntRow], equations: Sequence[IntRow], dim: int) -> Cone:
    rows = [(1, *(0,) * dim)]  # 1 >= 0: cddlib wants a row
    rows += [(0, *row) for row in dict.fromkeys((*equations, *inequalities))]
    linear = range(1, 1 + len(dict.fromkeys(equations)))
    generators = cdd.gmp.copy_generators(_polyhedron(rows, linear))
    lines = [primitive(tuple(generators.array[i][1:])) for i in sorted(generators.lin_set)]
    rays = [
        primitive(tuple(row[1:]))
        for i, row in enumerate(generators.array)
        if row[0] == 0 and i not in generators.lin_set
    ]
    return Cone.spanned(rays, lines, dim)


def _polyhedron(rows: Sequence[IntRow], linear: Sequence[int]) -> cdd.gmp.Polyhedron:
    array = [[Fraction(entry) for entry in row] for row in rows]
    return cdd.gmp.polyhedron_from_matrix(
        cdd.gmp.matrix_from_array(array, lin_set=linear, rep_type=cdd.RepType.INEQUALITY)
    )
