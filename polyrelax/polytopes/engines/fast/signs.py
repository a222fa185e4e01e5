r"""On which side of a row each ray lies, for certain.

If a ray's floats :math:`f` are wrong by at most :math:`\varepsilon` in each entry, and the
floats of the row by their rounding, then the float inner product is wrong by at most

.. math:: \Bigl(\varepsilon + (d + 4)\,2^{-52}\Bigr) \sum_j |r_j|,

as :math:`|f_j| \le 1`.  Where that leaves the sign open, both floats of each entry are used, as
in :mod:`.doubles`; where these do, too, the residues decide whether the inner product is zero,
and if it is not, the ray is recovered exactly.
"""

from __future__ import annotations

import numpy as np

from polyrelax.polytopes.engines.fast.compiled import compiled, inlined
from polyrelax.polytopes.engines.fast.doubles import HIGH, set_value, value_error
from polyrelax.polytopes.engines.fast.modular import is_zero, set_inner, sign
from polyrelax.polytopes.engines.fast.problem import (
    BAD_PRIME,
    DONE,
    FREE,
    Cut,
    Floats,
    Ints,
    Rays,
    Residues,
    Shorts,
    Words,
)
from polyrelax.polytopes.engines.fast.recovery import recover

_ROUNDING = 2.0**-52
_ABOVE_ONE = 1.0 + 2.0**-40


@inlined
def classify(cut: Cut) -> int:
    """Set the signs of the row on all rays."""
    problem, rays, status = cut.problem, cut.rays, DONE
    unknown = _classify_by_floats(problem.rows[cut.row], problem.weights[cut.row], rays)
    set_values(cut, unknown)
    for slot in _undecided(problem.weights[cut.row], rays, unknown):
        status = max(status, _decide(cut, slot))
    return status


@compiled
def _classify_by_floats(row: Floats, weight: float, rays: Rays) -> Shorts:
    """Set those signs that are certain for floats; return the slots of the other rays."""
    signs, errors, floats, dim = rays.signs, rays.errors, rays.floats, row.shape[1]
    unknown, count = np.empty((len(signs), 1), np.int32), 0
    for slot in range(len(signs)):
        if signs[slot] != FREE:
            total = 0.0
            for j in range(dim):
                total += row[HIGH, j] * floats[slot, HIGH, j]
            signs[slot] = 1 if total > 0.0 else -1
            wrong = weight * (errors[slot] * _ABOVE_ONE + (dim + 4) * _ROUNDING)
            if not abs(total) > wrong:
                unknown[count, 0] = slot
                count += 1
    return unknown[:count]


@compiled
def _undecided(weight: float, rays: Rays, unknown: Shorts) -> Shorts:
    """Set the signs of rays by their values, which are set; return those that stay unknown."""
    signs, values, errors, residues = rays.signs, rays.values, rays.errors, rays.residues
    dim = residues.shape[1] - 1
    rest, count = np.empty(len(unknown), np.int32), 0
    for slot in unknown[:, 0]:
        value = values[slot, HIGH]
        if abs(value) > 2.0 * value_error(weight, errors[slot], dim):
            signs[slot] = 1 if value > 0.0 else -1
        elif is_zero(residues[slot, dim]) and _vanishes_nowhere(residues, slot):
            signs[slot] = 0
        else:
            rest[count] = slot
            count += 1
    return rest[:count]


@compiled
def _decide(cut: Cut, slot: int) -> int:
    """Set a sign exactly; return whether the primes serve."""
    problem, rays = cut.problem, cut.rays
    if recover(cut, slot) != DONE:
        return BAD_PRIME
    set_values(cut, np.full((1, 1), slot, np.int32))
    residues = rays.residues[slot, problem.rows.shape[2]].astype(np.uint64)
    rays.signs[slot] = sign(residues, problem.field)
    return DONE


@inlined
def set_values(cut: Cut, slots: Shorts) -> None:
    """Set the values of the row on rays and their residues, where they are not yet set."""
    problem, rays = cut.problem, cut.rays
    fresh = _fresh(rays.valued, cut.row, slots)
    _set_floats(rays.values, problem.rows[cut.row], rays.floats, fresh)
    _set_residues(rays.residues, problem.residues[cut.row], problem.field.moduli, fresh)


@compiled
def _fresh(valued: Ints, row: int, slots: Shorts) -> Shorts:
    """Return the rays whose values are those of another row, and mark them."""
    found, count = np.empty(slots.size, np.int32), 0
    for k in range(slots.shape[0]):
        for i in range(slots.shape[1]):
            slot = slots[k, i]
            if valued[slot] != row:
                valued[slot] = row
                found[count] = slot
                count += 1
    return found[:count]


@compiled
def _set_floats(values: Floats, row: Floats, floats: Floats, slots: Shorts) -> None:
    for slot in slots:
        set_value(values[slot], row, floats[slot])


@compiled
def _set_residues(residues: Residues, row: Residues, moduli: Words, slots: Shorts) -> None:
    total = np.empty(moduli.shape[1], np.uint64)
    for slot in slots:
        set_inner(total, row, residues[slot], moduli)
        for i in range(len(total)):
            residues[slot, len(row), i] = total[i]


@compiled
def _vanishes_nowhere(residues: Residues, slot: int) -> bool:
    """Whether a ray is not zero modulo any prime: else its residues say nothing."""
    dim, count = residues.shape[1] - 1, residues.shape[2]
    zeros = 0
    for i in range(count):
        some = np.uint32(0)
        for j in range(dim):
            some |= residues[slot, j, i]
        zeros += some == 0
    return zeros == 0
