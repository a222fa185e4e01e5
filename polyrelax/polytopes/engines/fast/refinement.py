r"""The floats of a ray anew, from its rows, with a proof of their error.

Of the ray, let the entry :math:`f` with the largest float be fixed.  The others solve
:math:`Ax = b`, with :math:`d - 1` independent rows that are zero on the ray.  For any
approximations :math:`C` of :math:`A^{-1}` and :math:`\hat x` of :math:`x`,

.. math:: \lVert x - \hat x\rVert_\infty \le
          \frac{\lVert\, \lvert C\rvert\, \lvert b - A\hat x\rvert\, \rVert_\infty}{1 - \delta},
          \qquad \lVert I - CA\rVert_\infty \le \delta < 1,

as :math:`x - \hat x = (CA)^{-1} C (b - A\hat x)`.  With :math:`\delta` and the residual, the
rounding of the sums and of the rows is bounded: by :math:`(d + 4)\,2^{-52}` times the same sums
of absolute values.  Norms are bounded by sums over all rows, in which nothing that is not a
number can be lost.
"""

from __future__ import annotations

import math

import numpy as np

from polyrelax.polytopes.engines.fast.compiled import compiled
from polyrelax.polytopes.engines.fast.problem import Cut, Floats
from polyrelax.polytopes.engines.fast.recovery import independent_rows

_TINY = 2.0**-1000
_ABOVE_ONE = 1.0 + 2.0**-40


@compiled
def refine(cut: Cut, slot: int) -> bool:
    """Improve the floats of a ray whose largest one has the right sign; whether it worked."""
    chosen = independent_rows(cut.problem, cut.rays.sets[slot])
    floats = cut.rays.floats[slot]
    size = len(floats) - 1
    if len(chosen) < size or size == 0:
        return False
    last = np.argmax(np.abs(floats))
    matrix, right = np.empty((size, size)), np.empty(size)
    for i in range(size):
        row = cut.problem.rows[chosen[i]]
        right[i] = -row[last] * floats[last]
        for j in range(size):
            matrix[i, j] = row[j + (j >= last)]
    solution, wrong = _solve(matrix, right)
    if not wrong < 1.0:
        return False
    for j in range(size):
        floats[j + (j >= last)] = solution[j]
    cut.rays.errors[slot] = wrong
    normalise(cut, slot)
    return True


@compiled
def normalise(cut: Cut, slot: int) -> None:
    """Divide a ray by a power of two so that its largest float is below one in size."""
    floats = cut.rays.floats[slot]
    greatest = 0.0
    for j in range(len(floats)):
        greatest = max(greatest, abs(floats[j]))
    exponent = math.frexp(greatest)[1]
    for j in range(len(floats)):
        floats[j] = math.ldexp(floats[j], -exponent)
    cut.rays.errors[slot] = math.ldexp(cut.rays.errors[slot], -exponent) * _ABOVE_ONE


@compiled
def _solve(matrix: Floats, right: Floats) -> tuple[Floats, float]:
    """Return an approximate solution and a bound of its error, infinite if there is none."""
    size = len(right)
    inverse = _approximate_inverse(matrix)
    solution = np.zeros(size)
    for i in range(size):
        for j in range(size):
            solution[i] += inverse[i, j] * right[j]
    if not _defect(matrix, inverse) < 0.5:
        return solution, math.inf
    rounding = (size + 5) * 2.0**-52
    residual = np.empty(size)
    for i in range(size):
        total, absolute = -right[i], abs(right[i])
        for j in range(size):
            total += matrix[i, j] * solution[j]
            absolute += abs(matrix[i, j] * solution[j])
        residual[i] = abs(total) + rounding * absolute + _TINY
    wrong = 0.0
    for i in range(size):
        total = 0.0
        for j in range(size):
            total += abs(inverse[i, j]) * residual[j]
        wrong += total
    return solution, 2.0 * wrong * _ABOVE_ONE


@compiled
def _defect(matrix: Floats, inverse: Floats) -> float:
    """Return a bound of the norm of the identity minus the product of the matrices."""
    size = len(matrix)
    defect, absolute = 0.0, 0.0
    for i in range(size):
        for j in range(size):
            total = 0.0
            for k in range(size):
                total += inverse[i, k] * matrix[k, j]
                absolute += abs(inverse[i, k] * matrix[k, j])
            defect += abs(total - (1.0 if i == j else 0.0))
    return defect * _ABOVE_ONE + (size + 5) * 2.0**-52 * (1.0 + absolute)


@compiled
def _approximate_inverse(matrix: Floats) -> Floats:
    """Return the inverse by elimination with row pivots, or what floats make of it."""
    size = len(matrix)
    work, inverse = matrix.copy(), np.eye(size)
    for step in range(size):
        pivot = step
        for i in range(step + 1, size):
            if abs(work[i, step]) > abs(work[pivot, step]):
                pivot = i
        for j in range(size):
            work[step, j], work[pivot, j] = work[pivot, j], work[step, j]
            inverse[step, j], inverse[pivot, j] = inverse[pivot, j], inverse[step, j]
        scale = 1.0 / work[step, step]
        for j in range(size):
            work[step, j] *= scale
            inverse[step, j] *= scale
        for i in range(size):
            factor = work[i, step]
            if i != step and factor != 0.0:
                for j in range(size):
                    work[i, j] -= factor * work[step, j]
                    inverse[i, j] -= factor * inverse[step, j]
    return inverse
