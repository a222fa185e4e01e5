r"""On which side of a row each ray lies, for certain.

If a ray's floats :math:`f` are wrong by at most :math:`\varepsilon` in each entry, and the
floats of the row by their rounding, then the float inner product is wrong by at most

.. math:: \Bigl(\varepsilon + (d + 4)\,2^{-52}\Bigr) \sum_j |r_j|,

as :math:`|f_j| \le 1`.  Where that leaves the sign open, the residues decide whether the inner
product is zero, and if it is not, the ray is recovered exactly.
"""

from __future__ import annotations

import numpy as np

from polyrelax.polytopes.engines.fast.compiled import compiled, inlined
from polyrelax.polytopes.engines.fast.modular import inner, is_zero, set_inner, sign
from polyrelax.polytopes.engines.fast.problem import BAD_PRIME, DONE, FREE, Cut, Floats, Rays
from polyrelax.polytopes.engines.fast.recovery import recover

_OPEN = np.int8(3)
_ROUNDING = 2.0**-52
_ABOVE_ONE = 1.0 + 2.0**-40


@compiled
def error(weight: float, wrong: float, dim: int) -> float:
    """Return a bound of the error of the float value of a row on a ray wrong by so much."""
    return float(weight * (wrong * _ABOVE_ONE + (dim + 4) * _ROUNDING))


@inlined
def classify(cut: Cut) -> int:
    """Set the values and the signs of the row on all rays."""
    problem, rays = cut.problem, cut.rays
    row, signs = problem.rows[cut.row], rays.signs
    status, total = DONE, np.empty(problem.residues.shape[2], np.uint64)
    _classify_by_floats(row, problem.weights[cut.row], rays)
    for slot in range(len(signs)):
        if signs[slot] == _OPEN:
            set_inner(
                total, problem.residues[cut.row], rays.residues[slot], problem.field.moduli
            )
            if is_zero(total):
                rays.values[slot] = 0.0
                signs[slot] = 0
            elif recover(cut, slot) == DONE:
                _set_from_exact(cut, slot)
            else:
                status = BAD_PRIME
    return status


@compiled
def _classify_by_floats(row: Floats, weight: float, rays: Rays) -> None:
    """Set the values of all rays and those signs that are certain, leave the rest open."""
    signs, values, errors, floats = rays.signs, rays.values, rays.errors, rays.floats
    for slot in range(len(signs)):
        if signs[slot] != FREE:
            total = 0.0
            for j in range(len(row)):
                total += row[j] * floats[slot, j]
            values[slot] = total
            signs[slot] = _OPEN
            if abs(total) > error(weight, errors[slot], len(row)):
                signs[slot] = 1 if total > 0.0 else -1


@inlined
def _set_from_exact(cut: Cut, slot: int) -> None:
    """Set the value and the sign of the row on a ray that was recovered."""
    problem, rays = cut.problem, cut.rays
    total = 0.0
    for j in range(problem.rows.shape[1]):
        total += problem.rows[cut.row, j] * rays.floats[slot, j]
    rays.values[slot] = total
    residues = inner(problem.residues[cut.row], rays.residues[slot], problem.field.moduli)
    rays.signs[slot] = sign(residues, problem.field)
