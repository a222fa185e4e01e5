r"""polyrelax's own exact double description method, made for large coefficients.

The vertices of polytopes that come from trained networks have entries of 10 to 20 digits, and
the facets of their hulls have determinants of these.  The method here does not compute them
until the end, but computes in integers of 64 bits where these suffice: see :mod:`.method` for
its steps, :mod:`.small` for small integers, :mod:`.signs` for how floats and residues decide
about large ones for certain, :mod:`.doubles` for floats of twice the length, :mod:`.pairs` and
:mod:`.ridges` for how it finds which rays are adjacent, and :mod:`.lanes` for the integers in
the end.

Without numba the steps are done by numpy alone, in integers, and slower.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import final

from polyrelax.polytopes.engines.engine import Cone, IntRow
from polyrelax.polytopes.engines.fast.reduction import Pointed, solve

_HERE = "polyrelax.polytopes.engines.fast"


@final
@dataclass(frozen=True)
class Fast:
    """The double description method by floats with proven bounds, residues and integers.

    >>> Fast().extreme_rays([(1, -1), (0, 1)], [], 2)
    Cone(rays=((1, 0), (1, 1)), lines=())
    """

    name: str = "fast"

    def extreme_rays(
        self, inequalities: Sequence[IntRow], equations: Sequence[IntRow], dim: int
    ) -> Cone:
        """Return the cone of ``z`` with ``<r, z> >= 0`` and ``<e, z> == 0`` for all rows."""
        return solve(inequalities, equations, dim, pointed=_pointed_rays())


def _pointed_rays() -> Pointed:
    """Return the compiled method if there is numba, which takes a while to import."""
    name = "compiled_method" if find_spec("numba") else "plain_arrays"
    method: Pointed = import_module(f"{_HERE}.{name}").pointed_rays
    return method
