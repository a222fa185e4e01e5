r"""The integers of many rays at once, from their rows: as in :mod:`.recovery`, side by side.

A *lane* is one ray modulo one prime.  Each step of the elimination is one loop over all lanes
of a few rays, which the machine runs several at a time; so is each step from residues to
digits, over all entries of these rays.  The pivots of a ray are those that it has modulo the
first prime; where one is zero modulo another prime, the ray is taken alone.
"""

from __future__ import annotations

import numpy as np

from polyrelax.polytopes.engines.fast.compiled import compiled, entry, inlined
from polyrelax.polytopes.engines.fast.copies import copy, copy_rows
from polyrelax.polytopes.engines.fast.doubles import HIGH
from polyrelax.polytopes.engines.fast.modular import (
    difference,
    exceeds_half,
    has_zero,
    inverse,
    product,
)
from polyrelax.polytopes.engines.fast.pairs import slots_in_use
from polyrelax.polytopes.engines.fast.problem import (
    NEGATIVE,
    PRIME,
    UNIT,
    Field,
    Floats,
    Ints,
    Outcome,
    Problem,
    Residues,
    Shorts,
    Signs,
    Words,
)
from polyrelax.polytopes.engines.fast.recovery import exact_ray, independent_rows

_ONE = np.uint64(1)
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_TOGETHER = 32  # rays


@entry
def integers(outcome: Outcome, problem: Problem) -> tuple[bool, Signs, Residues]:
    """Return whether all primes serve, and of each entry of each ray the sign and the size.

    Sizes are in the radix ``2**32``.
    """
    alive = slots_in_use(outcome.rays.signs)
    dim, count = problem.rows.shape[2], len(problem.field.inverses)
    negative = np.zeros((len(alive), dim), np.int8)
    sizes = np.zeros((len(alive), dim, count), np.uint32)
    for start in range(0, len(alive), _TOGETHER):
        slots = alive[start : start + _TOGETHER]
        right, numbers = _numbers(outcome, problem, slots)
        if not right:
            return False, negative, sizes
        end = start + len(slots)
        _set_sizes(numbers, problem.field, negative[start:end], sizes[start:end])
        _set_signs(outcome.rays.floats, slots, negative[start:end])
    return True, negative, sizes


@inlined
def _numbers(outcome: Outcome, problem: Problem, slots: Shorts) -> tuple[bool, Words]:
    """Return whether all primes serve, and residues of each ray's minors."""
    dim, count = problem.rows.shape[2], len(problem.field.inverses)
    numbers = np.zeros((count, len(slots) * dim), np.uint64)
    moduli = np.empty((3, len(slots) * count), np.uint64)
    rows = np.empty((dim - 1, dim, len(slots) * count), np.uint64)
    orders = np.empty((len(slots), dim), np.int64)
    for k in range(len(slots)):
        members = outcome.rays.sets[slots[k]]
        copy_rows(moduli[:, k * count :], problem.field.moduli[:, :count])
        if not _load(problem, members, orders[k], rows[:, :, k * count : (k + 1) * count]):
            return False, numbers
    minors = _minors(rows, moduli, count)
    for k in range(len(slots)):
        members, lanes = outcome.rays.sets[slots[k]], minors[:, k * count : (k + 1) * count]
        if has_zero(lanes[dim - 1]):
            alone = exact_ray(problem, members, outcome.seen)
            if len(alone) == 0:
                return False, numbers
            for j in range(dim):
                copy(lanes[j], alone[orders[k, j], :count])
        for j in range(dim):
            for q in range(count):
                numbers[q, k * dim + orders[k, j]] = lanes[j, q]
    return True, numbers


@compiled
def _load(problem: Problem, members: Words, order: Ints, rows: Words) -> bool:
    """Set independent rows, the columns in the order of their pivots; whether it worked."""
    dim, count = rows.shape[1:]
    chosen, pivots = independent_rows(problem, members)
    if len(chosen) < dim - 1:
        return False
    order[dim - 1] = dim * (dim - 1) // 2
    for i in range(dim - 1):
        order[i] = pivots[i]
        order[dim - 1] -= pivots[i]
    for i in range(dim - 1):
        for j in range(dim):
            for q in range(count):
                rows[i, j, q] = problem.residues[chosen[i], order[j], q]
    return True


@compiled
def _minors(rows: Words, moduli: Words, count: int) -> Words:
    """Return the minors, of which the last is zero where a pivot is zero."""
    dim, lanes = rows.shape[1:]
    before = np.empty((dim, lanes), np.uint64)  # products of pivots
    copy(before[0], moduli[UNIT])
    for step in range(dim - 1):
        _eliminate(rows, step, moduli)
        _set_product(before[step + 1], before[step], rows[step, step], moduli)
    rest = _inverses(before[dim - 1], moduli, count)
    minors = np.zeros((dim, lanes), np.uint64)
    determinant = minors[dim - 1]
    copy(determinant, before[dim - 1])
    for i in range(dim - 2, -1, -1):
        if i < dim - 2:  # row i + 1 has been multiplied by the pivots up to row i
            _set_product(determinant, determinant, rest, moduli)
        _set_product(before[i], before[i], rest, moduli)  # the inverse of the pivot
        _set_product(rest, rest, rows[i, i], moduli)
    for i in range(dim - 2, -1, -1):
        for j in range(i + 1, dim):
            _subtract_product(minors[i], minors[j], rows[i, j], moduli)
        _set_product(minors[i], minors[i], before[i], moduli)
    return minors


@compiled
def _eliminate(rows: Words, step: int, moduli: Words) -> None:
    """Clear the column of a pivot below it; the rows below are multiplied by the pivot."""
    for i in range(step + 1, len(rows)):
        for j in range(step + 1, rows.shape[1]):
            _set_product(rows[i, j], rows[i, j], rows[step, step], moduli)
            _subtract_product(rows[i, j], rows[i, step], rows[step, j], moduli)


@compiled
def _set_product(target: Words, a: Words, b: Words, moduli: Words) -> None:
    primes, negatives = moduli[PRIME], moduli[NEGATIVE]
    for i in range(len(target)):
        target[i] = product(a[i], b[i], primes[i], negatives[i])


@compiled
def _subtract_product(target: Words, a: Words, b: Words, moduli: Words) -> None:
    primes, negatives = moduli[PRIME], moduli[NEGATIVE]
    for i in range(len(target)):
        term = product(a[i], b[i], primes[i], negatives[i])
        target[i] = difference(target[i], term, primes[i])


@compiled
def _inverses(value: Words, moduli: Words, count: int) -> Words:
    """Return the inverses, and zero for zero, from one inverse for each prime.

    That is the inverse of the product over all rays, of the values that are not zero.
    """
    primes, negatives = moduli[PRIME], moduli[NEGATIVE]
    lanes, factors, found = len(value), value.copy(), np.empty(len(value), np.uint64)
    for i in range(lanes):
        if value[i] == 0:
            factors[i] = moduli[UNIT, i]
    before = factors.copy()
    for i in range(count, lanes):
        before[i] = product(before[i - count], factors[i], primes[i], negatives[i])
    rest = inverse(before[lanes - count :], moduli)
    for i in range(lanes - 1, count - 1, -1):
        q = i % count
        found[i] = product(rest[q], before[i - count], primes[i], negatives[i])
        rest[q] = product(rest[q], factors[i], primes[i], negatives[i])
    copy(found, rest)
    for i in range(lanes):
        if value[i] == 0:
            found[i] = 0
    return found


@compiled
def _set_sizes(numbers: Words, field: Field, negative: Signs, sizes: Residues) -> None:
    """Set signs and sizes of the entries of rays, up to one sign for each, from residues."""
    rays, dim, count = sizes.shape
    moduli = field.moduli
    _set_digits(numbers, field)
    digits = np.empty(count, np.uint64)
    minus = np.zeros(numbers.shape[1], np.int8)
    for n in range(len(minus)):
        for q in range(count):
            digits[q] = numbers[q, n]
        minus[n] = exceeds_half(digits, moduli[PRIME])
    _complement(numbers, moduli[PRIME], minus)
    binary = _to_binary(numbers, moduli[PRIME])
    for k in range(rays):
        for j in range(dim):
            negative[k, j] = minus[k * dim + j]
            for q in range(count):
                sizes[k, j, q] = binary[q, k * dim + j]


@compiled
def _set_signs(floats: Floats, slots: Shorts, negative: Signs) -> None:
    """Turn rays around whose entry with the largest float, of the right sign, has another."""
    dim = negative.shape[1]
    for k in range(len(slots)):
        entries, place = floats[slots[k], HIGH], 0
        for j in range(1, dim):
            if abs(entries[j]) > abs(entries[place]):
                place = j
        if (entries[place] < 0.0) != (negative[k, place] != 0):
            for j in range(dim):
                negative[k, j] = not negative[k, j]


@compiled
def _set_digits(numbers: Words, field: Field) -> None:
    """Replace the residues of each number by its digits in the mixed radix."""
    primes, negatives = field.moduli[PRIME], field.moduli[NEGATIVE]
    for q in range(len(numbers)):
        lower, prime, negative = numbers[q], primes[q], negatives[q]
        for n in range(len(lower)):
            lower[n] = product(lower[n], _ONE, prime, negative)
    for last in range(len(numbers)):
        lower = numbers[last]
        for q in range(last + 1, len(numbers)):
            upper, factor = numbers[q], field.inverses[last, q]
            prime, negative = primes[q], negatives[q]
            for n in range(len(lower)):
                other = min(lower[n], lower[n] - prime)
                rest = difference(upper[n], other, prime)
                upper[n] = product(rest, factor, prime, negative)


@compiled
def _complement(numbers: Words, primes: Words, minus: Signs) -> None:
    """Replace the digits of those numbers that are negative by those of their sizes."""
    for n in range(len(minus)):
        if minus[n]:
            carry = _ONE
            for q in range(len(numbers)):
                digit = primes[q] - _ONE - numbers[q, n] + carry
                carry = np.uint64(digit == primes[q])
                numbers[q, n] = np.uint64(0) if carry else digit


@compiled
def _to_binary(numbers: Words, primes: Words) -> Words:
    """Return the digits to the radix ``2**32`` of numbers by their mixed digits."""
    binary = np.zeros(numbers.shape, np.uint64)
    for i in range(len(numbers) - 1, -1, -1):
        carry, prime = numbers[i], primes[i]
        for q in range(len(numbers) - i):
            target = binary[q]
            for n in range(len(carry)):
                wide = carry[n] + (target[n] & _LOW) * (prime & _LOW)
                target[n] = wide & _LOW
                carry[n] = wide >> _HALF
    return binary
