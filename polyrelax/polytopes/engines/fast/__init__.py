r"""polyrelax's own exact double description method, made for large coefficients.

The vertices of polytopes that come from trained networks have entries of 10 to 20 digits, and
the facets of their hulls have determinants of these.  The method here does not compute them
until the end, but computes in integers of 64 bits where these suffice.  Its kernels are in C,
in the folder ``kernels``: see ``method.c`` for its steps, ``small.h`` for small integers,
``signs.h`` for how floats and residues decide about large ones for certain, ``doubles.h`` for
floats of twice the length, ``pairs.h`` and ``ridges.h`` for how it finds which rays are
adjacent, and ``lanes.h`` for the integers in the end.  When they are compiled, :mod:`.library`
says.

Without a C compiler the steps are done by numpy alone, in integers, and slower.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import final

from polyrelax.polytopes.engines.engine import Cone, IntRow
from polyrelax.polytopes.engines.fast.library import KERNELS
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
    """Return the compiled method if there is a compiler; both need numpy."""
    name = "compiled_method" if KERNELS.functions else "plain_arrays"
    method: Pointed = import_module(f"{_HERE}.{name}").pointed_rays
    return method
