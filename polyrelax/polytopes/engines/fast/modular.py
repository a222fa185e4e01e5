r"""Arithmetic modulo many primes at once, and integers from their residues.

Residues are in Montgomery's form: :math:`a` stands for :math:`a 2^{-32} \bmod p`, so that a
product needs no division.  An integer of size below half the product :math:`M` of the primes
is determined by its residues: it has unique digits :math:`v_i < p_i` in the mixed radix

.. math:: a \bmod M = v_0 + v_1 p_0 + v_2 p_0 p_1 + \dots

(Garner's algorithm), and it is negative iff these digits exceed, compared from the last one
down, the digits :math:`(p_i - 1)/2` of :math:`(M - 1)/2`.
"""

from __future__ import annotations

import numpy as np

from polyrelax.polytopes.engines.fast.compiled import compiled
from polyrelax.polytopes.engines.fast.problem import (
    NEGATIVE,
    PRIME,
    UNIT,
    Field,
    Residues,
    Words,
)

_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_ONE = np.uint64(1)


@compiled
def product(a: np.uint64, b: np.uint64, prime: np.uint64, inverse: np.uint64) -> np.uint64:
    """Return the Montgomery product of two residues.

    All have 32 bits; to say so makes their products cheaper.
    """
    wide = (a & _LOW) * (b & _LOW)
    low = ((wide & _LOW) * (inverse & _LOW)) & _LOW
    wide = (wide + low * (prime & _LOW)) >> _HALF
    return min(wide, wide - prime)  # the difference wraps around if it is negative


@compiled
def difference(a: np.uint64, b: np.uint64, prime: np.uint64) -> np.uint64:
    """Return the difference of two residues."""
    wide = a - b
    return min(wide, wide + prime)


@compiled
def multiply(target: Words, factor: Words, moduli: Words) -> None:
    """Multiply ``target`` by ``factor``, prime by prime."""
    primes, negatives = moduli[PRIME], moduli[NEGATIVE]
    for i in range(len(target)):
        target[i] = product(target[i], factor[i], primes[i], negatives[i])


@compiled
def inverse(value: Words, moduli: Words) -> Words:
    """Return the inverses, by Fermat's theorem, and zero for zero."""
    primes, negatives = moduli[PRIME], moduli[NEGATIVE]
    result: Words = moduli[UNIT, : len(value)].copy()
    power = value.copy()
    for bit in range(31):
        for i in range(len(value)):
            if ((primes[i] - np.uint64(2)) >> np.uint64(bit)) & _ONE:
                result[i] = product(result[i], power[i], primes[i], negatives[i])
            power[i] = product(power[i], power[i], primes[i], negatives[i])
    return result


@compiled
def set_inner(total: Words, row: Residues, ray: Residues | Words, moduli: Words) -> None:
    """Set ``total`` to the residues of the inner product of two vectors."""
    primes, negatives = moduli[PRIME], moduli[NEGATIVE]
    total[:] = 0
    for j in range(len(row)):
        for i in range(len(total)):
            term = product(np.uint64(row[j, i]), np.uint64(ray[j, i]), primes[i], negatives[i])
            total[i] = difference(term, primes[i] - total[i], primes[i])


@compiled
def inner(row: Residues, ray: Residues | Words, moduli: Words) -> Words:
    """Return the residues of the inner product of two vectors."""
    total = np.empty(moduli.shape[1], np.uint64)
    set_inner(total, row, ray, moduli)
    return total


@compiled
def is_zero(residues: Words | Residues) -> bool:
    """Whether all residues are zero."""
    some = np.uint64(0)
    for i in range(len(residues)):
        some |= residues[i]
    return bool(some == 0)


@compiled
def has_zero(residues: Words) -> bool:
    """Whether some residue is zero."""
    zeros = 0
    for i in range(len(residues)):
        zeros += residues[i] == 0
    return zeros > 0


@compiled
def digits(residues: Words, field: Field) -> tuple[bool, Words]:
    """Return whether an integer is negative, and the mixed radix digits of its size."""
    primes, negatives = field.moduli[PRIME], field.moduli[NEGATIVE]
    count = len(field.inverses)
    found = np.empty(count, np.uint64)
    for i in range(count):
        found[i] = product(residues[i], _ONE, primes[i], negatives[i])
    for last in range(count):
        for i in range(last + 1, count):
            prime, lower = primes[i], found[last]
            rest = difference(found[i], min(lower, lower - prime), prime)
            found[i] = product(rest, field.inverses[last, i], prime, negatives[i])
    if not exceeds_half(found, primes):
        return False, found
    _complement(found, primes)
    return True, found


@compiled
def sign(residues: Words, field: Field) -> int:
    """Return the sign of the integer that has these residues."""
    if is_zero(residues):
        return 0
    return -1 if digits(residues, field)[0] else 1


@compiled
def exceeds_half(found: Words, primes: Words) -> bool:
    """Whether mixed radix digits are those of a negative number."""
    for i in range(len(found) - 1, -1, -1):
        middle = (primes[i] - _ONE) >> _ONE
        if found[i] != middle:
            return bool(found[i] > middle)
    return False


@compiled
def _complement(found: Words, primes: Words) -> None:
    """Replace the digits of ``a`` by those of ``M - a``, for ``a`` not zero."""
    carry = _ONE
    for i in range(len(found)):
        found[i] = primes[i] - _ONE - found[i] + carry
        carry = np.uint64(0)
        if found[i] == primes[i]:
            found[i] = np.uint64(0)
            carry = _ONE


@compiled
def to_binary(found: Words, primes: Words, target: Residues) -> None:
    """Set ``target`` to the digits to the radix ``2**32`` of a number by its mixed digits."""
    target[:] = 0
    for i in range(len(found) - 1, -1, -1):
        carry = found[i]
        for j in range(len(target) - i):
            carry += np.uint64(target[j]) * primes[i]
            target[j] = carry & _LOW
            carry >>= _HALF
