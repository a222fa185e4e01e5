r"""The new ray on the edge between a ray on each side of a row.

If the row has the values :math:`s > 0` and :math:`t < 0` on the rays :math:`v` and :math:`w`,
known up to :math:`\sigma` and :math:`\tau`, then :math:`s w - t v` is zero on it, and wrong in
each entry by at most

.. math:: s\,\varepsilon_w + |t|\,\varepsilon_v + \sigma (1 + \varepsilon_w)
          + \tau (1 + \varepsilon_v) + 2^{-51} (s + |t|).

Where cancellation makes that too much, the floats are computed anew from the ray's rows, or the
ray is recovered exactly.
"""

from __future__ import annotations

import math

import numpy as np

from polyrelax.polytopes.engines.fast.compiled import compiled, inlined
from polyrelax.polytopes.engines.fast.modular import difference, has_zero, inner, product
from polyrelax.polytopes.engines.fast.problem import (
    BAD_PRIME,
    DONE,
    IMPRECISE,
    NEGATIVE,
    PRIME,
    Cut,
    Rays,
    Residues,
    Words,
)
from polyrelax.polytopes.engines.fast.refinement import normalise, refine
from polyrelax.polytopes.engines.fast.signs import error

_TOO_MUCH = 2.0**-20
_SIGNED = 0.25  # then the largest float, at least one half, has the right sign
_TINY = 2.0**-900


@inlined
def combine(cut: Cut, below: int, above: int, slot: int) -> int:
    """Set ``slot`` to the ray on an edge from below to above on which the row is zero.

    Say ``IMPRECISE`` if its floats do not suffice.
    """
    problem, rays = cut.problem, cut.rays
    _combine_floats(problem.weights[cut.row], rays, (below, above), slot)
    if not _is_precise(cut, slot):
        return IMPRECISE
    row, residues = problem.residues[cut.row], rays.residues
    right = _combine_residues(
        row, residues[below], residues[above], residues[slot], problem.field.moduli
    )
    return DONE if right else BAD_PRIME


@inlined
def _is_precise(cut: Cut, slot: int) -> bool:
    """Whether the floats of a ray are precise, perhaps after refinement."""
    rays, errors = cut.rays, cut.rays.errors
    if _TOO_MUCH <= errors[slot] < _SIGNED:
        refine(cut.problem.rows, rays.sets[slot], rays.floats[slot], errors, slot)
    return bool(errors[slot] < _TOO_MUCH)


@compiled
def _combine_floats(weight: float, rays: Rays, edge: tuple[int, int], slot: int) -> None:
    below, above = edge
    floats, errors, new = rays.floats, rays.errors, rays.floats[slot]
    s, t = rays.values[above], -rays.values[below]
    greatest = 0.0
    for j in range(len(new)):
        new[j] = s * floats[below, j] + t * floats[above, j]
        greatest = max(greatest, abs(new[j]))
    wrong = s * errors[below] + t * errors[above] + 2.0**-51 * (s + t)
    wrong += error(weight, errors[above], len(new)) * (1.0 + errors[below])
    wrong += error(weight, errors[below], len(new)) * (1.0 + errors[above])
    errors[slot] = wrong if greatest >= _TINY else math.inf
    if greatest >= _TINY:
        normalise(new, greatest, errors, slot)


@compiled
def _combine_residues(
    row: Residues, w: Residues, v: Residues, new: Residues, moduli: Words
) -> bool:
    """Set ``new`` to the combination of two vectors that is zero on a row; whether it is one.

    It is none if it vanishes modulo some prime.
    """
    primes, negatives = moduli[PRIME], moduli[NEGATIVE]
    s, t = inner(row, v, moduli), inner(row, w, moduli)
    some = np.zeros(len(s), np.uint64)
    for j in range(len(new)):
        for i in range(len(s)):
            first = product(s[i], np.uint64(w[j, i]), primes[i], negatives[i])
            other = product(t[i], np.uint64(v[j, i]), primes[i], negatives[i])
            entry = difference(first, other, primes[i])
            new[j, i] = entry
            some[i] |= entry
    return not has_zero(some)
