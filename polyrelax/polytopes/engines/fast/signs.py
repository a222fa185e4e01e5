r"""On which side of a row each ray lies, for certain.

If a ray's floats :math:`f` are wrong by at most :math:`\varepsilon` in each entry, and the
floats of the row by their rounding, then the float inner product is wrong by at most

.. math:: \Bigl(\varepsilon + (d + 4)\,2^{-52}\Bigr) \sum_j |r_j|,

as :math:`|f_j| \le 1`.  Where that leaves the sign open, the residues decide whether the inner
product is zero, and if it is not, the ray is recovered exactly.
"""

from __future__ import annotations

import numpy as np

from polyrelax.polytopes.engines.fast.compiled import compiled
from polyrelax.polytopes.engines.fast.modular import inner, is_zero, sign
from polyrelax.polytopes.engines.fast.problem import BAD_PRIME, DONE, FREE, Cut
from polyrelax.polytopes.engines.fast.recovery import recover

_OPEN = np.int8(3)
_ROUNDING = 2.0**-52
_ABOVE_ONE = 1.0 + 2.0**-40


@compiled
def error(cut: Cut, slot: int) -> float:
    """Return a bound of the error of the float value of the row on a ray."""
    rounding = (cut.problem.rows.shape[1] + 4) * _ROUNDING
    relative = float(cut.rays.errors[slot]) * _ABOVE_ONE + rounding
    return float(cut.problem.weights[cut.row] * relative)


@compiled
def classify(cut: Cut) -> int:
    """Set the values and the signs of the row on all rays."""
    status = DONE
    _classify_by_floats(cut)
    for slot in range(len(cut.rays.signs)):
        if cut.rays.signs[slot] == _OPEN and _decide(cut, slot) != DONE:
            status = BAD_PRIME
    return status


@compiled
def _classify_by_floats(cut: Cut) -> None:
    """Set the values of all rays and those signs that are certain, leave the rest open."""
    signs, values, errors = cut.rays.signs, cut.rays.values, cut.rays.errors
    row, floats = cut.problem.rows[cut.row], cut.rays.floats
    weight, rounding = cut.problem.weights[cut.row], (len(row) + 4) * _ROUNDING
    for slot in range(len(signs)):
        if signs[slot] != FREE:
            total = 0.0
            for j in range(len(row)):
                total += row[j] * floats[slot, j]
            values[slot] = total
            signs[slot] = _OPEN
            if abs(total) > weight * (errors[slot] * _ABOVE_ONE + rounding):
                signs[slot] = 1 if total > 0.0 else -1


@compiled
def _value(cut: Cut, slot: int) -> float:
    total = 0.0
    for j in range(cut.problem.rows.shape[1]):
        total += cut.problem.rows[cut.row, j] * cut.rays.floats[slot, j]
    return total


@compiled
def _decide(cut: Cut, slot: int) -> int:
    """Set the value and the sign of a ray of which the floats leave it open."""
    field, row = cut.problem.field, cut.problem.residues[cut.row]
    residues = inner(row, cut.rays.residues[slot], field)
    if is_zero(residues):
        cut.rays.values[slot] = 0.0
        cut.rays.signs[slot] = 0
        return DONE
    if recover(cut, slot) != DONE:
        return BAD_PRIME
    cut.rays.values[slot] = _value(cut, slot)
    residues = inner(row, cut.rays.residues[slot], field)
    cut.rays.signs[slot] = sign(residues, field)
    return DONE
