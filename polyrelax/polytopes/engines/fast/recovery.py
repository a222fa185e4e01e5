r"""A ray exactly, from the rows that are zero on it.

For :math:`d - 1` independent rows :math:`M` the ray is the vector of their maximal minors,
:math:`w_j = \pm(-1)^j \det M_{-j}`, an integer vector whose entries, like its inner products
with rows, are determinants that Hadamard's inequality bounds.  So residues determine them.
"""

from __future__ import annotations

import math

import numpy as np

from polyrelax.polytopes.engines.fast.bits import popcount, trailing_zeros
from polyrelax.polytopes.engines.fast.compiled import compiled, inlined
from polyrelax.polytopes.engines.fast.copies import copy, copy_rows
from polyrelax.polytopes.engines.fast.doubles import HIGH, LOW, two_sum
from polyrelax.polytopes.engines.fast.modular import (
    difference,
    digits,
    has_zero,
    inner,
    inverse,
    multiply,
    product,
    sign,
    to_binary,
)
from polyrelax.polytopes.engines.fast.problem import (
    BAD_PRIME,
    DONE,
    NEGATIVE,
    PRIME,
    UNIT,
    Cut,
    Floats,
    Ints,
    Problem,
    Residues,
    Words,
)

_ONE = np.uint64(1)
_LIMBS = 5  # digits to 2**32 of which at least 128 bits are not zero


@inlined
def recover(cut: Cut, slot: int) -> int:
    """Set the residues and the floats of the ray in ``slot`` from its set of rows."""
    problem, rays = cut.problem, cut.rays
    minors = exact_ray(problem, rays.sets[slot], cut.seen)
    if len(minors) == 0:
        return BAD_PRIME
    copy_rows(rays.residues[slot], minors)
    _approximate(problem, minors, rays.floats[slot])
    rays.errors[slot] = 2.0**-100
    rays.valued[slot] = -1
    return DONE


@inlined
def exact_ray(problem: Problem, members: Words, seen: Words) -> Words:
    """Return the minors of independent rows in ``members``, not negative on ``seen``.

    No minors are returned if they vanish modulo some prime.
    """
    field = problem.field
    none = np.empty((0, 0), np.uint64)
    chosen, _ = independent_rows(problem, members)
    if len(chosen) < problem.rows.shape[2] - 1:
        return none
    minors = _minors(problem, chosen)
    if len(minors) == 0:
        return none
    for word in range(len(seen)):
        others = seen[word] & ~members[word]
        if others:
            row = 64 * word + trailing_zeros(others)
            if sign(inner(problem.residues[row], minors, field.moduli), field) < 0:
                _negate(minors, field.moduli[PRIME])
            break
    return minors


@compiled
def _negate(minors: Words, primes: Words) -> None:
    for j in range(len(minors)):
        for i in range(len(primes)):
            if minors[j, i]:
                minors[j, i] = primes[i] - minors[j, i]


@compiled
def _members(members: Words) -> Ints:
    """Return the rows in a set, in order."""
    count = np.int64(0)
    for word in range(len(members)):
        count += popcount(members[word])
    rows = np.empty(count, np.int64)
    count = np.int64(0)
    for word in range(len(members)):
        rest = members[word]
        while rest:
            rows[count] = 64 * word + trailing_zeros(rest)
            rest &= rest - _ONE
            count += 1
    return rows


@compiled
def independent_rows(problem: Problem, members: Words) -> tuple[Ints, Ints]:
    """Return one row less than columns that are independent, or fewer, and their pivots.

    They are independent, and the pivots not zero, modulo the first prime.
    """
    rows = _members(members)
    dim = problem.rows.shape[2]
    prime, negative = problem.field.moduli[PRIME, 0], problem.field.moduli[NEGATIVE, 0]
    basis = np.empty((dim, dim), np.uint64)
    pivots = np.empty(dim, np.int64)
    rank = 0
    for row in rows:
        for j in range(dim):
            basis[rank, j] = problem.residues[row, j, 0]
        pivots[rank] = _reduce_last(basis[: rank + 1], pivots, prime, negative)
        if pivots[rank] >= 0:
            rows[rank] = row
            rank += 1
        if rank == dim - 1:
            break
    return rows[:rank], pivots[:rank]


@compiled
def _reduce_last(basis: Words, pivots: Ints, prime: np.uint64, negative: np.uint64) -> int:
    """Reduce the last row by those before; return its pivot, or -1 if it is dependent.

    Without division: multiples of rows are as good.
    """
    rank, dim = len(basis) - 1, basis.shape[1]
    for k in range(rank):
        factor, scale = basis[rank, pivots[k]], basis[k, pivots[k]]
        for j in range(dim):
            other = product(factor, basis[k, j], prime, negative)
            value = product(scale, basis[rank, j], prime, negative)
            basis[rank, j] = difference(value, other, prime)
    for j in range(dim):
        if basis[rank, j]:
            return j
    return -1


@compiled
def _minors(problem: Problem, chosen: Ints) -> Words:
    """Return the maximal minors of the chosen rows, up to one sign for all."""
    moduli = problem.field.moduli
    dim, count = problem.rows.shape[2], moduli.shape[1]
    rows = np.empty((dim - 1, dim, count), np.uint64)
    for i in range(dim - 1):
        copy_rows(rows[i], problem.residues[chosen[i]])
    order = np.arange(dim)  # the pivot columns, then the free one
    for step in range(dim - 1):
        if not _choose_pivot(rows[step], order, step):
            return rows[0, :0]
        _eliminate(rows, order, step, moduli)
    determinant, inverses = _determinant(rows, order, moduli)
    minors = np.zeros((dim, count), np.uint64)
    copy(minors[order[dim - 1]], determinant)
    for step in range(dim - 2, -1, -1):
        _substitute(minors, rows[step], order, step, moduli)
        multiply(minors[order[step]], inverses[step], moduli)
    return minors


@compiled
def _choose_pivot(row: Words, order: Ints, step: int) -> bool:
    """Swap a column into place where the row is not zero modulo any prime."""
    for k in range(step, len(order)):
        if not has_zero(row[order[k]]):
            order[k], order[step] = order[step], order[k]
            return True
    return False


@compiled
def _eliminate(rows: Words, order: Ints, step: int, moduli: Words) -> None:
    """Clear the pivot column below a row; the rows below are multiplied by the pivot."""
    primes, negatives = moduli[PRIME], moduli[NEGATIVE]
    pivot = order[step]
    for i in range(step + 1, len(rows)):
        for k in range(step + 1, len(order)):
            j = order[k]
            for q in range(len(primes)):
                prime, negative = primes[q], negatives[q]
                other = product(rows[i, pivot, q], rows[step, j, q], prime, negative)
                value = product(rows[i, j, q], rows[step, pivot, q], prime, negative)
                rows[i, j, q] = difference(value, other, prime)


@compiled
def _determinant(rows: Words, order: Ints, moduli: Words) -> tuple[Words, Words]:
    """Return the determinant before elimination, and the inverses of the pivots after it.

    The pivot of a row has been multiplied by all pivots before; one inversion suffices.
    """
    size = len(rows)
    before = np.empty((size + 1, moduli.shape[1]), np.uint64)  # products of pivots
    copy(before[0], moduli[UNIT])
    for i in range(size):
        copy(before[i + 1], before[i])
        multiply(before[i + 1], rows[i, order[i]], moduli)
    rest = inverse(before[size], moduli)
    inverses = np.empty((size, moduli.shape[1]), np.uint64)
    determinant = before[size].copy()
    for i in range(size - 1, -1, -1):
        if i < size - 1:  # row i + 1 has been multiplied by the pivots up to row i
            multiply(determinant, rest, moduli)
        copy(inverses[i], rest)
        multiply(inverses[i], before[i], moduli)
        multiply(rest, rows[i, order[i]], moduli)
    return determinant, inverses


@compiled
def _substitute(minors: Words, row: Words, order: Ints, step: int, moduli: Words) -> None:
    """Set the entry in a pivot column, times the pivot, from those in the columns after it."""
    primes, negatives = moduli[PRIME], moduli[NEGATIVE]
    pivot = order[step]
    for k in range(step + 1, len(order)):
        j = order[k]
        for q in range(len(primes)):
            term = product(minors[j, q], row[j, q], primes[q], negatives[q])
            minors[pivot, q] = difference(minors[pivot, q], term, primes[q])


@compiled
def _approximate(problem: Problem, minors: Words, floats: Floats) -> None:
    """Set ``floats`` to a multiple of the minors, up to a relative error of 2**-100."""
    field = problem.field
    binary = np.empty(len(field.inverses) + _LIMBS, np.uint32)
    exponents = np.empty(len(minors), np.int64)
    greatest = np.int64(-(1 << 60))
    for j in range(len(minors)):
        negative, found = digits(minors[j], field)
        to_binary(found, field.moduli[PRIME], binary[_LIMBS:])
        exponents[j] = _scaled(binary, floats, j) + problem.shifts[j]
        if negative:
            floats[HIGH, j], floats[LOW, j] = -floats[HIGH, j], -floats[LOW, j]
        if floats[HIGH, j] != 0.0:
            greatest = max(greatest, exponents[j])
    for j in range(len(minors)):
        power = int(max(exponents[j] - greatest, -2000))
        floats[HIGH, j] = math.ldexp(floats[HIGH, j], power)
        floats[LOW, j] = math.ldexp(floats[LOW, j], power)


@compiled
def _scaled(binary: Residues, floats: Floats, j: int) -> int:
    """Set entry ``j`` to the number with these digits over a power of two; return the exponent.

    The first digits, as many as are looked at, are zero.  The entry is below one.
    """
    for i in range(_LIMBS):
        binary[i] = 0
    top = len(binary) - 1
    while top >= _LIMBS and binary[top] == 0:
        top -= 1
    total, rest = 0.0, 0.0
    for k in range(_LIMBS if top >= _LIMBS else 0):
        total, lost = two_sum(total, math.ldexp(float(binary[top - k]), -32 * k))
        rest += lost
    total, rest = two_sum(total, rest)
    mantissa, exponent = math.frexp(total)
    floats[HIGH, j], floats[LOW, j] = mantissa, math.ldexp(rest, -exponent)
    return int(exponent + 32 * (top - _LIMBS))
