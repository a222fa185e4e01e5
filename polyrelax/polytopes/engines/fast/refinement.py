r"""The floats of a ray anew, from its rows, with a proof of their error.

Which of the rows zero on the ray are independent is only guessed; the proof of the error proves
it, too.  Of the ray, let the entry :math:`f` with the largest float be fixed.  The others solve
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

from polyrelax.polytopes.engines.fast.bits import trailing_zeros
from polyrelax.polytopes.engines.fast.compiled import compiled
from polyrelax.polytopes.engines.fast.copies import copy
from polyrelax.polytopes.engines.fast.problem import Floats, Ints, Words

_TINY = 2.0**-1000
_ABOVE_ONE = 1.0 + 2.0**-40
_ONE = np.uint64(1)
_INDEPENDENT = 2.0**-12


@compiled
def refine(rows: Floats, members: Words, floats: Floats, errors: Floats, slot: int) -> bool:
    """Improve a ray, given the set of rows zero on it; whether it worked.

    The largest of the ray's floats must have the right sign.
    """
    chosen = _apparently_independent(rows, members)
    size = len(floats) - 1
    if len(chosen) < size or size == 0:
        return False
    last = _place_of_greatest(floats)
    errors[slot] = _solve(_system(rows, chosen, floats, last), floats, last)
    if not errors[slot] < 1.0:
        return False
    normalise(floats, abs(floats[_place_of_greatest(floats)]), errors, slot)
    return True


@compiled
def _apparently_independent(rows: Floats, members: Words) -> Ints:
    """Return one row less than columns in a set, or fewer, far from dependent for floats."""
    dim = rows.shape[1]
    basis, pivots, chosen = (
        np.empty((dim, dim)),
        np.empty(dim, np.int64),
        np.empty(dim, np.int64),
    )
    rank = 0
    for word in range(len(members)):
        rest = members[word]
        while rest and rank < dim - 1:
            chosen[rank] = 64 * word + trailing_zeros(rest)
            copy(basis[rank], rows[chosen[rank]])
            pivots[rank] = _reduce_last(basis, pivots, rank)
            rank += abs(basis[rank, pivots[rank]]) > _INDEPENDENT
            rest &= rest - _ONE
    return chosen[:rank]


@compiled
def _reduce_last(basis: Floats, pivots: Ints, rank: int) -> int:
    """Subtract the rows before from the last one, so that it is zero in their pivots."""
    for k in range(rank):
        factor = basis[rank, pivots[k]] / basis[k, pivots[k]]
        for j in range(basis.shape[1]):
            basis[rank, j] -= factor * basis[k, j]
    return _place_of_greatest(basis[rank])


@compiled
def _place_of_greatest(floats: Floats) -> int:
    place = 0
    for j in range(1, len(floats)):
        if abs(floats[j]) > abs(floats[place]):
            place = j
    return place


@compiled
def normalise(floats: Floats, greatest: float, errors: Floats, slot: int) -> None:
    """Divide a ray by a power of two so that its greatest float is below one in size."""
    factor = math.ldexp(1.0, -math.frexp(greatest)[1])
    for j in range(len(floats)):
        floats[j] *= factor
    errors[slot] = errors[slot] * factor * _ABOVE_ONE


@compiled
def _system(rows: Floats, chosen: Ints, floats: Floats, last: int) -> Floats:
    """Return the equations for all floats but one: a square matrix and its right-hand side."""
    size = len(chosen)
    system = np.empty((size, size + 1))
    for i in range(size):
        for j in range(size):
            system[i, j] = rows[chosen[i], j + (j >= last)]
        system[i, size] = -rows[chosen[i], last] * floats[last]
    return system


@compiled
def _solve(system: Floats, floats: Floats, last: int) -> float:
    """Set all floats but one to an approximate solution; return a bound of its error.

    The bound is infinite if there is none, and then nothing is set.
    """
    size = len(system)
    inverse = _approximate_inverse(system)
    if not _defect(system, inverse) < 0.5:
        return math.inf
    for i in range(size):
        total = 0.0
        for j in range(size):
            total += inverse[i, j] * system[j, size]
        floats[i + (i >= last)] = total
    rounding = (size + 5) * 2.0**-52
    wrong = 0.0
    for i in range(size):
        total, absolute = -system[i, size], abs(system[i, size])
        for j in range(size):
            term = system[i, j] * floats[j + (j >= last)]
            total += term
            absolute += abs(term)
        residual = abs(total) + rounding * absolute + _TINY
        for k in range(size):
            wrong += abs(inverse[k, i]) * residual
    return 2.0 * wrong * _ABOVE_ONE


@compiled
def _defect(system: Floats, inverse: Floats) -> float:
    """Return a bound of the norm of the identity minus the product of the matrices."""
    size = len(system)
    defect, absolute = 0.0, 0.0
    line, sizes = np.empty(size), np.empty(size)
    for i in range(size):
        line[:] = 0.0
        sizes[:] = 0.0
        line[i] = -1.0
        for k in range(size):
            factor = inverse[i, k]
            for j in range(size):
                term = factor * system[k, j]
                line[j] += term
                sizes[j] += abs(term)
        for j in range(size):
            defect += abs(line[j])
            absolute += sizes[j]
    return defect * _ABOVE_ONE + (size + 5) * 2.0**-52 * (size + absolute) * _ABOVE_ONE


@compiled
def _approximate_inverse(system: Floats) -> Floats:
    """Return the inverse by elimination with row pivots, or what floats make of it."""
    size = len(system)
    work = np.zeros((size, 2 * size))
    for i in range(size):
        copy(work[i], system[i, :size])
        work[i, size + i] = 1.0
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
    return work[:, size:]
