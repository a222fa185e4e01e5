r"""The floats of a ray anew, from its rows, with a proof of their error.

Which of the rows zero on the ray are independent is only guessed; the proof of the error proves
it, too.  Of the ray, let the entry :math:`f` with the largest float be fixed.  The others solve
:math:`Ax = b`, with :math:`d - 1` independent rows that are zero on the ray.  For any
approximations :math:`C` of :math:`A^{-1}` and :math:`\hat x` of :math:`x`, which :math:`C`
improves some times by :math:`C (b - A\hat x)`,

.. math:: \lVert x - \hat x\rVert_\infty \le
          \frac{\lVert\, \lvert C\rvert\, \lvert b - A\hat x\rvert\, \rVert_\infty}{1 - \delta},
          \qquad \lVert I - CA\rVert_\infty \le \delta < 1,

as :math:`x - \hat x = (CA)^{-1} C (b - A\hat x)`.  With :math:`\delta`, the rounding of the
sums and of the rows is bounded: by :math:`(d + 4)\,2^{-52}` times the same sums of absolute
values.  The residual consists of the values of the rows on the ray, of which :mod:`.doubles`
bounds the error.  Norms are bounded by sums over all rows, in which nothing that is not a
number can be lost.
"""

from __future__ import annotations

import math

import numpy as np

from polyrelax.polytopes.engines.fast.bits import trailing_zeros
from polyrelax.polytopes.engines.fast.compiled import compiled
from polyrelax.polytopes.engines.fast.copies import copy
from polyrelax.polytopes.engines.fast.doubles import (
    HIGH,
    LOW,
    set_value,
    two_sum,
    value_error,
)
from polyrelax.polytopes.engines.fast.problem import Floats, Ints, Problem, Rays, Shorts, Words

_TINY = 2.0**-1000
_ABOVE_ONE = 1.0 + 2.0**-40
_ONE = np.uint64(1)
_INDEPENDENT = 2.0**-12
_STEPS = 2  # each gains the bits in which the inverse is right


@compiled
def refine(problem: Problem, rays: Rays, slots: Shorts) -> None:
    """Improve the floats of rays, where it works.

    The largest of each ray's floats must have the right sign.
    """
    rows, weights, sets, floats = problem.rows, problem.weights, rays.sets, rays.floats
    dim = rows.shape[2]
    basis, pivots, chosen = _scratch(dim)
    values, work = np.empty((dim, 2)), np.empty((dim, 2 * dim))
    for slot in slots:
        if _choose(rows, sets[slot], basis, pivots, chosen) == dim - 1 > 0:
            last = _place_of_greatest(floats, slot)
            _set_system(rows, chosen, last, work)
            _invert(work[: dim - 1])
            if _defect(rows, chosen, last, work) < 0.5:
                ray = floats[slot]
                for _ in range(_STEPS):
                    _set_values(values, rows, chosen, ray)
                    _correct(ray, work, values, last)
                _set_values(values, rows, chosen, ray)
                greatest = abs(floats[slot, HIGH, _place_of_greatest(floats, slot)])
                wrong = _bound(values, weights, chosen, work)
                rays.errors[slot] = wrong * max(1.0, greatest)
                normalise(floats, greatest, rays.errors, slot)


@compiled
def _scratch(dim: int) -> tuple[Floats, Ints, Ints]:
    return np.empty((dim, dim)), np.empty(dim, np.int64), np.empty(dim, np.int64)


@compiled
def _bound(values: Floats, weights: Floats, chosen: Ints, work: Floats) -> float:
    """Return a bound of the error of a ray below one on which its rows have these values."""
    size, wrong = len(values) - 1, 0.0
    for i in range(size):
        rounding = value_error(weights[chosen[i]], 0.0, size + 1)
        residual = abs(values[i, HIGH]) * _ABOVE_ONE + rounding + _TINY
        for k in range(size):
            wrong += abs(work[k, size + i]) * residual
    return 2.0 * wrong * _ABOVE_ONE


@compiled
def _set_values(values: Floats, rows: Floats, chosen: Ints, ray: Floats) -> None:
    for i in range(len(chosen) - 1):
        set_value(values[i], rows[chosen[i]], ray)


@compiled
def _correct(ray: Floats, work: Floats, values: Floats, last: int) -> None:
    """Subtract the inverse times the values from all entries but one."""
    size = len(values) - 1
    for k in range(size):
        total, j = 0.0, k + (k >= last)
        for i in range(size):
            total += work[k, size + i] * values[i, HIGH]
        high, rest = two_sum(ray[HIGH, j], -total)
        ray[HIGH, j], ray[LOW, j] = two_sum(high, rest + ray[LOW, j])


@compiled
def _choose(rows: Floats, members: Words, basis: Floats, pivots: Ints, chosen: Ints) -> int:
    """Choose rows of a set, one less than columns or fewer, far from dependent for floats."""
    dim, rank = rows.shape[2], 0
    for word in range(len(members)):
        rest = members[word]
        while rest and rank < dim - 1:
            chosen[rank] = 64 * word + trailing_zeros(rest)
            copy(basis[rank], rows[chosen[rank], HIGH])
            rank += _reduce_last(basis, pivots, rank) > _INDEPENDENT
            rest &= rest - _ONE
    return rank


@compiled
def _reduce_last(basis: Floats, pivots: Ints, rank: int) -> float:
    """Subtract the rows before from the last one, and divide it by its greatest entry.

    So each is one in its pivot, and those after it are zero there.  Return that entry's size.
    """
    dim = basis.shape[1]
    for k in range(rank):
        factor = basis[rank, pivots[k]]
        for j in range(dim):
            basis[rank, j] -= factor * basis[k, j]
    place = 0
    for j in range(1, dim):
        if abs(basis[rank, j]) > abs(basis[rank, place]):
            place = j
    pivots[rank], greatest = place, basis[rank, place]
    scale = 1.0 / greatest
    for j in range(dim):
        basis[rank, j] *= scale
    return float(abs(greatest))


@compiled
def _place_of_greatest(floats: Floats, slot: int) -> int:
    place = 0
    for j in range(1, floats.shape[2]):
        if abs(floats[slot, HIGH, j]) > abs(floats[slot, HIGH, place]):
            place = j
    return place


@compiled
def normalise(floats: Floats, greatest: float, errors: Floats, slot: int) -> None:
    """Divide a ray by a power of two so that its greatest float is below one in size."""
    factor = math.ldexp(1.0, -math.frexp(greatest)[1])
    for j in range(floats.shape[2]):
        floats[slot, HIGH, j] *= factor
        floats[slot, LOW, j] *= factor
    errors[slot] = errors[slot] * factor * _ABOVE_ONE


@compiled
def _set_system(rows: Floats, chosen: Ints, last: int, work: Floats) -> None:
    """Set ``work`` to the equations for all floats but one, and beside them the identity."""
    size = len(chosen) - 1
    for i in range(size):
        for j in range(size):
            work[i, j] = rows[chosen[i], HIGH, j + (j >= last)]
            work[i, size + j] = 1.0 if i == j else 0.0


@compiled
def _invert(work: Floats) -> None:
    """Replace the identity by the inverse, with row pivots, or what floats make of it."""
    size = len(work)
    for step in range(size):
        pivot = step
        for i in range(step + 1, size):
            if abs(work[i, step]) > abs(work[pivot, step]):
                pivot = i
        scale = 1.0 / work[pivot, step]
        for j in range(step, 2 * size):
            entry = work[pivot, j] * scale
            work[pivot, j] = work[step, j]
            work[step, j] = entry
        for i in range(size):
            factor = work[i, step]
            if i != step and factor != 0.0:
                for j in range(step, size + size):
                    work[i, j] -= factor * work[step, j]


@compiled
def _defect(rows: Floats, chosen: Ints, last: int, work: Floats) -> float:
    """Return a bound of the norm of the identity minus the product of the matrices."""
    size = len(chosen) - 1
    defect, absolute = 0.0, 0.0
    for i in range(size):
        for j in range(size):
            total, sizes = -1.0 if i == j else 0.0, 0.0
            for k in range(size):
                term = work[i, size + k] * rows[chosen[k], HIGH, j + (j >= last)]
                total += term
                sizes += abs(term)
            defect += abs(total)
            absolute += sizes
    return defect * _ABOVE_ONE + (size + 5) * 2.0**-52 * (size + absolute) * _ABOVE_ONE
