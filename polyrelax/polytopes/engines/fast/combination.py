r"""The new ray on the edge between a ray on each side of a row.

If the row has the values :math:`s > 0` and :math:`t < 0` on the rays :math:`v` and :math:`w`,
known up to :math:`\sigma` and :math:`\tau`, then :math:`s w - t v` is zero on it, and wrong in
each entry by at most

.. math:: s\,\varepsilon_w + |t|\,\varepsilon_v + \sigma (1 + \varepsilon_w)
          + \tau (1 + \varepsilon_v) + 2^{-99} (s + |t|).

Where cancellation makes that too much, the floats are computed anew from the ray's rows, or the
ray is recovered exactly.
"""

from __future__ import annotations

import math

import numpy as np

from polyrelax.polytopes.engines.fast.compiled import compiled, inlined
from polyrelax.polytopes.engines.fast.doubles import (
    COMBINED,
    HIGH,
    combine_entries,
    value_error,
)
from polyrelax.polytopes.engines.fast.modular import difference, product
from polyrelax.polytopes.engines.fast.problem import (
    DONE,
    NEGATIVE,
    PRIME,
    Cut,
    Floats,
    Rays,
    Residues,
    Shorts,
    Words,
)
from polyrelax.polytopes.engines.fast.recovery import recover
from polyrelax.polytopes.engines.fast.refinement import normalise, refine
from polyrelax.polytopes.engines.fast.signs import set_values

_TOO_MUCH = 2.0**-20
_SIGNED = 0.25  # then the largest float, at least one half, has the right sign
_TINY = 2.0**-900


@inlined
def combine(cut: Cut, new: Shorts) -> int:
    """Set new rays, on which the row is zero, each given by the slots below, above and its own.

    The sets of rows are known.
    """
    problem, rays, status = cut.problem, cut.rays, DONE
    set_values(cut, new[:, :2])
    _combine_floats(problem.weights[cut.row], rays, new)
    _combine_residues(rays.residues, new, problem.field.moduli)
    refine(problem, rays, _imprecise(rays.errors, new))
    for slot in new[:, 2]:
        if not rays.errors[slot] < _TOO_MUCH:
            status = max(status, recover(cut, slot))
    return status


@compiled
def _imprecise(errors: Floats, new: Shorts) -> Shorts:
    """Return the slots of the new rays that are to be refined."""
    found, count = np.empty(len(new), np.int32), 0
    for slot in new[:, 2]:
        if _TOO_MUCH <= errors[slot] < _SIGNED:
            found[count] = slot
            count += 1
    return found[:count]


@compiled
def _combine_floats(weight: float, rays: Rays, new: Shorts) -> None:
    floats, values, errors, dim = rays.floats, rays.values, rays.errors, rays.floats.shape[2]
    for k in range(len(new)):
        below, above, slot = new[k]
        greatest = combine_entries(floats, values, new[k])
        s, t = abs(values[above, HIGH]), abs(values[below, HIGH])
        wrong = s * errors[below] + t * errors[above] + COMBINED * (s + t)
        wrong += value_error(weight, errors[above], dim) * (1.0 + errors[below])
        wrong += value_error(weight, errors[below], dim) * (1.0 + errors[above])
        errors[slot] = wrong if greatest >= _TINY else math.inf
        if greatest >= _TINY:
            normalise(floats, greatest, errors, slot)


@compiled
def _combine_residues(residues: Residues, new: Shorts, moduli: Words) -> None:
    """Combine the residues of rays, each followed by those of its value."""
    primes, negatives = moduli[PRIME], moduli[NEGATIVE]
    dim = residues.shape[1] - 1
    for k in range(len(new)):
        w, v, slot = new[k]
        for j in range(dim):
            for i in range(len(primes)):
                s, t = np.uint64(residues[v, dim, i]), np.uint64(residues[w, dim, i])
                first = product(s, np.uint64(residues[w, j, i]), primes[i], negatives[i])
                other = product(t, np.uint64(residues[v, j, i]), primes[i], negatives[i])
                residues[slot, j, i] = difference(first, other, primes[i])
