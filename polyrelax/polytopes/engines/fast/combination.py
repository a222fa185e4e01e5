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

from polyrelax.polytopes.engines.fast.compiled import compiled
from polyrelax.polytopes.engines.fast.modular import has_zero, inner, product
from polyrelax.polytopes.engines.fast.problem import BAD_PRIME, DONE, Cut
from polyrelax.polytopes.engines.fast.recovery import recover
from polyrelax.polytopes.engines.fast.refinement import normalise, refine
from polyrelax.polytopes.engines.fast.signs import error

_ONE = np.uint64(1)
_TOO_MUCH = 2.0**-20
_SIGNED = 0.25  # then the largest float, at least one half, has the right sign
_TINY = 2.0**-900


@compiled
def combine(cut: Cut, edge: tuple[int, int], slot: int) -> int:
    """Set ``slot`` to the ray on an edge from below to above on which the row is zero."""
    below, above = edge
    sets = cut.rays.sets
    for word in range(sets.shape[1]):
        sets[slot, word] = sets[below, word] & sets[above, word]
    sets[slot, cut.row >> 6] |= _ONE << np.uint64(cut.row & 63)
    _combine_floats(cut, edge, slot)
    if not _is_precise(cut, slot):
        return recover(cut, slot)
    return _combine_residues(cut, edge, slot)


@compiled
def _is_precise(cut: Cut, slot: int) -> bool:
    """Whether the floats of a ray are precise, perhaps after refinement."""
    errors = cut.rays.errors
    if errors[slot] < _TOO_MUCH:
        return True
    return errors[slot] < _SIGNED and refine(cut, slot) and errors[slot] < _TOO_MUCH


@compiled
def _combine_floats(cut: Cut, edge: tuple[int, int], slot: int) -> None:
    below, above = edge
    floats, new = cut.rays.floats, cut.rays.floats[slot]
    s, t = cut.rays.values[above], -cut.rays.values[below]
    greatest = 0.0
    for j in range(len(new)):
        new[j] = s * floats[below, j] + t * floats[above, j]
        greatest = max(greatest, abs(new[j]))
    cut.rays.errors[slot] = _combined_error(cut, edge)
    if greatest < _TINY:
        cut.rays.errors[slot] = math.inf
    else:
        normalise(cut, slot)


@compiled
def _combined_error(cut: Cut, edge: tuple[int, int]) -> float:
    below, above = edge
    errors = cut.rays.errors
    s, t = abs(cut.rays.values[above]), abs(cut.rays.values[below])
    wrong = s * errors[below] + t * errors[above] + 2.0**-51 * (s + t)
    wrong += error(cut, above) * (1.0 + errors[below])
    return float(wrong + error(cut, below) * (1.0 + errors[above]))


@compiled
def _combine_residues(cut: Cut, edge: tuple[int, int], slot: int) -> int:
    below, above = edge
    field, row = cut.problem.field, cut.problem.residues[cut.row]
    v, w, new = cut.rays.residues[above], cut.rays.residues[below], cut.rays.residues[slot]
    s, t = inner(row, v, field), inner(row, w, field)
    some = np.zeros(len(s), np.uint64)
    for j in range(len(new)):
        for i in range(len(s)):
            prime, negative = field.primes[i], field.negative_inverses[i]
            first = product(s[i], np.uint64(w[j, i]), prime, negative)
            entry = first + (prime - product(t[i], np.uint64(v[j, i]), prime, negative))
            entry = entry - prime if entry >= prime else entry
            new[j, i] = entry
            some[i] |= entry
    return BAD_PRIME if has_zero(some) else DONE
