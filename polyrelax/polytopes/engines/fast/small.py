r"""Rays by integers of 64 bits, as long as these suffice.

Let :math:`v` and :math:`w` be primitive vectors, the row's values on them :math:`s > 0` and
:math:`-t < 0`, divided by their common divisor.  The new ray is :math:`u = s w + t v`, divided
by the greatest common divisor :math:`g` of its entries.  If :math:`a` is a row with
:math:`\langle a, v\rangle = 0`, then :math:`g` divides
:math:`\langle a, u\rangle = s \langle a, w\rangle`; a prime in :math:`g` and :math:`s` would
divide :math:`t v`, hence :math:`t`; so

.. math:: g \mid \langle a, w\rangle \quad\text{if } \langle a, v\rangle = 0,
   \qquad   g \mid \langle b, v\rangle \quad\text{if } \langle b, w\rangle = 0.

So a multiple :math:`m` of :math:`g` is known.  The entries :math:`u_j` may have more than 64
bits, but these suffice: a float estimate :math:`f` of :math:`u_j` is wrong by at most
:math:`2^{-50} (s |w_j| + t |v_j|)`, so that, for an integer :math:`q` near :math:`f / m`,
:math:`u_j - q m` is below :math:`2^{63}` and known modulo :math:`2^{64}`: it has the common
divisors of :math:`m` and :math:`u_j`.  In the end :math:`u_j / g`, of which the estimate proves
that it is small, is also known modulo :math:`2^{64}`.
"""

from __future__ import annotations

import math

import numpy as np

from polyrelax.polytopes.engines.fast.bits import trailing_zeros
from polyrelax.polytopes.engines.fast.compiled import compiled
from polyrelax.polytopes.engines.fast.doubles import HIGH, LOW
from polyrelax.polytopes.engines.fast.problem import (
    DONE,
    FREE,
    PRIME,
    TOO_LARGE,
    Cut,
    Ints,
    Problem,
    Rays,
    Shorts,
    Words,
)

_ONE = np.uint64(1)
_LONGEST_SUM = 2.0**110
_LONGEST = 2.0**61


@compiled
def classify_small(cut: Cut) -> None:
    """Set the products of the row with all rays, and their signs."""
    row, signs = cut.problem.integers[cut.row], cut.rays.signs
    for slot in range(len(signs)):
        if signs[slot] != FREE:
            total = _inner(row, cut.rays.integers[slot])
            cut.rays.products[slot] = total
            signs[slot] = (total > 0) - (total < 0)


@compiled
def make_primitive(vector: Ints, limit: int) -> bool:
    """Divide a vector by the common divisor of its entries; whether it is small then."""
    divisor, greatest = 0, 0
    for entry in vector:
        divisor = _gcd(abs(int(entry)), divisor)
    for j in range(len(vector)):
        vector[j] //= divisor
        greatest = max(greatest, abs(int(vector[j])))
    return greatest < limit


@compiled
def combine_small(cut: Cut, new: Shorts) -> int:
    """Set new rays, each given by the slots below, above and its own, if they are small.

    The sets of rows are known.
    """
    problem, rays, status = cut.problem, cut.rays, DONE
    rows, limit, integers = problem.integers, problem.limit, rays.integers
    for k in range(len(new)):
        below, above, slot = new[k]
        if status == DONE:
            s, t = rays.products[above], -rays.products[below]
            common = _gcd(s, t)
            first, other = (s // common, integers[below]), (t // common, integers[above])
            divisor = _multiple(rows, integers, rays.sets, (below, above))
            divisor = _content(divisor, first, other)
            status = _divide(limit, divisor, first, other, integers[slot])
    return status


@compiled
def _multiple(rows: Ints, integers: Ints, sets: Words, edge: tuple[int, int]) -> int:
    """Return a multiple of the greatest common divisor of the combination."""
    below, above = edge
    first = _first_without(sets, above, below)
    second = _first_without(sets, below, above)
    mine, other = _inner(rows[first], integers[below]), _inner(rows[second], integers[above])
    return int(_gcd(abs(mine), abs(other)))


@compiled
def _divide(
    limit: int, divisor: int, first: tuple[int, Ints], second: tuple[int, Ints], new: Ints
) -> int:
    """Set ``new`` to a sum of multiples of vectors, divided by a divisor, if it is small.

    It is not if the divisor is zero.
    """
    if divisor == 0:
        return TOO_LARGE
    (s, w), (t, v) = first, second
    twos = trailing_zeros(np.uint64(divisor))
    shift = np.uint64(twos)
    inverse = _inverse(np.uint64(divisor) >> shift)
    largest = min(float(limit) * (1 - 2.0**-40), _LONGEST / float(1 << twos))
    for j in range(len(new)):
        estimate, size = _estimate(first, second, j)
        if abs(estimate) + 2.0**-50 * size >= largest * float(divisor):
            return TOO_LARGE
        low = np.uint64(s) * np.uint64(w[j]) + np.uint64(t) * np.uint64(v[j])
        quotient = (low >> shift) * inverse  # right in all but the ``twos`` highest bits
        new[j] = np.int64(quotient << shift) >> np.int64(twos)
    return DONE


@compiled
def _estimate(first: tuple[int, Ints], second: tuple[int, Ints], j: int) -> tuple[float, float]:
    """Return about the entry of a combination, and the sum of the sizes of its two terms."""
    a, b = float(first[0]) * float(first[1][j]), float(second[0]) * float(second[1][j])
    return a + b, abs(a) + abs(b)


@compiled
def _content(divisor: int, first: tuple[int, Ints], second: tuple[int, Ints]) -> int:
    """Return the greatest common divisor of the combination, given a multiple of it.

    Return zero if 64 bits do not suffice for it.
    """
    (s, w), (t, v) = first, second
    for j in range(len(w)):
        if divisor == 1:
            break
        estimate, size = _estimate(first, second, j)
        if size >= _LONGEST_SUM or size >= _LONGEST * float(divisor):
            return 0
        quotient = np.int64(round(estimate / float(divisor)))
        low = np.uint64(s) * np.uint64(w[j]) + np.uint64(t) * np.uint64(v[j])
        rest = np.int64(low - np.uint64(quotient) * np.uint64(divisor))
        divisor = _gcd(divisor, int(abs(rest)))
    return divisor


@compiled
def _inner(row: Ints, ray: Ints) -> int:
    total = np.int64(0)
    for j in range(len(row)):
        total += row[j] * ray[j]
    return int(total)


@compiled
def _gcd(a: int, b: int) -> int:
    while b:
        a, b = b, a % b
    return a


@compiled
def _inverse(odd: np.uint64) -> np.uint64:
    """Return the inverse of an odd number modulo 2**64: each step doubles the right bits."""
    inverse = (np.uint64(3) * odd) ^ np.uint64(2)  # right in five bits
    for _ in range(4):
        inverse *= np.uint64(2) - odd * inverse
    return inverse


@compiled
def _first_without(sets: Words, one: int, other: int) -> int:
    """Return the first row that is in the set of one ray and not in another's; there is one."""
    for word in range(sets.shape[1]):
        rest = sets[one, word] & ~sets[other, word]
        if rest:
            return int(64 * word + trailing_zeros(rest))
    return -1


@compiled
def enlarge(problem: Problem, rays: Rays) -> None:
    """Set the floats and the residues of all rays from their integers."""
    moduli = problem.field.moduli
    for slot in range(len(rays.signs)):
        if rays.signs[slot] != FREE:
            for j in range(rays.integers.shape[1]):
                entry = rays.integers[slot, j]
                for i in range(moduli.shape[1]):
                    prime = np.int64(moduli[PRIME, i])
                    rays.residues[slot, j, i] = ((entry % prime) << 32) % prime
            _approximate(problem.shifts, rays, slot)


@compiled
def _approximate(shifts: Ints, rays: Rays, slot: int) -> None:
    """Set the floats of a ray from its integers, scaled like the columns of the rows."""
    integers, floats = rays.integers[slot], rays.floats[slot]
    greatest = np.int64(-(1 << 60))
    for j in range(len(integers)):
        if integers[j]:
            greatest = max(greatest, math.frexp(float(integers[j]))[1] + shifts[j])
    for j in range(len(integers)):
        exponent = max(shifts[j] - greatest, -2000)
        high = float(integers[j])
        rest = float(integers[j] - np.int64(high))
        floats[HIGH, j] = math.ldexp(high, int(exponent))
        floats[LOW, j] = math.ldexp(rest, int(exponent))
    rays.errors[slot] = 2.0**-100
