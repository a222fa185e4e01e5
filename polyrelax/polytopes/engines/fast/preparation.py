r"""From integer rows to the arrays of :mod:`.problem`, and the primes that suffice for them.

For column scales :math:`c_j > 0`, Hadamard's inequality says of :math:`d` rows of length
:math:`d` that

.. math:: |\det R| = \prod_j c_j\, \bigl|\det(r_{ij} / c_j)\bigr|
          \le \prod_j c_j \prod_i \Bigl\lVert \bigl(r_{ij} / c_j\bigr)_j \Bigr\rVert
          \le d^{d/2} \prod_j c_j  \quad\text{for } c_j = \max_i |r_{ij}|.

Primes whose product exceeds twice that bound determine every determinant of the problem.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from polyrelax.polytopes.engines.engine import IntRow
from polyrelax.polytopes.engines.fast.problem import (
    PRIME,
    Field,
    Floats,
    Ints,
    Problem,
    Residues,
    Words,
)

Integers: TypeAlias = NDArray[np.int64] | NDArray[np.object_]

_RADIX = 1 << 32
_LONGEST = 1 << 62
_SEED = 20_240_229
_TOGETHER = 8  # primes


def determinant_bound(rows: Sequence[IntRow]) -> int:
    """Return a bound of the sizes of all determinants of as many rows as columns.

    >>> determinant_bound([(1, 0), (3, -4), (2, 2)])
    24
    """
    dim = len(rows[0])
    scales = math.prod(max(map(abs, column)) for column in zip(*rows, strict=True))
    return int(scales * math.isqrt(dim**dim - 1) + scales)


def primes_below(limit: int) -> Iterator[int]:
    """Yield the odd primes below ``limit``, an odd number below ``2**32``, from the greatest.

    >>> list(primes_below(15))
    [13, 11, 7, 5, 3]
    """
    candidates = range(limit - 2, 2, -2)
    return (n for n in candidates if is_prime(n))


def is_prime(n: int) -> bool:
    """Whether an odd ``n`` between 3 and ``2**32`` is prime, by Miller and Rabin's test.

    The bases 2, 7 and 61 suffice below 4,759,123,141 :cite:p:`jaeschke1993`.

    >>> [n for n in range(3, 30, 2) if is_prime(n)]
    [3, 5, 7, 11, 13, 17, 19, 23, 29]
    """
    twos = ((n - 1) & (1 - n)).bit_length() - 1
    odd = (n - 1) >> twos
    for base in (2, 7, 61):
        powers = [pow(base, odd << i, n) for i in range(twos)]
        if base % n and powers[0] != 1 and n - 1 not in powers:
            return False
    return True


@cache
def choose_primes(bits: int, limit: int, attempt: int) -> tuple[int, ...]:
    """Return primes below ``limit`` whose product exceeds ``2**bits``, others at each attempt.

    >>> choose_primes(8, 25, 0), choose_primes(8, 25, 1)
    ((23, 19), (17, 13, 11))
    """
    primes = primes_below(limit)
    for _ in range(attempt + 1):
        chosen = [next(primes)]
        while math.prod(chosen) <= 1 << bits:
            chosen.append(next(primes))
    return tuple(chosen)


@cache
def field(primes: tuple[int, ...]) -> Field:
    """Return what kernels need of the primes."""
    repeated = [
        primes[i % len(primes)] for i in range(-(-len(primes) // _TOGETHER) * _TOGETHER)
    ]
    return Field(
        np.array(
            [
                repeated,
                [-pow(p, -1, _RADIX) % _RADIX for p in repeated],
                [_RADIX % p for p in repeated],
            ],
            np.uint32,
        ),
        np.array(
            [[pow(q, -1, p) * _RADIX % p if p != q else 0 for p in primes] for q in primes],
            np.uint32,
        ),
    )


def problem(rows: Sequence[IntRow], primes: tuple[int, ...]) -> Problem:
    """Return the arrays of distinct nonzero rows, of which the first are independent."""
    integers = _array(rows)
    fits = integers.dtype == np.int64
    small = integers.astype(np.int64) if fits else np.empty((0, len(rows[0])), np.int64)
    floats, shifts = _floats(integers)
    weights = np.abs(floats[:, 0]).sum(axis=1) * (1 + 2.0**-40)
    keys = _words(max(64, 1 << len(rows).bit_length()))[: len(rows)]
    sums = np.abs(small.astype(np.float64)).sum(axis=1) * (1 + 2.0**-40)
    limit = _LONGEST // (int(sums.max()) + 1) if fits else 0
    modular = field(primes)
    residues = _residues(integers, modular)
    return Problem(modular, residues, floats, weights, shifts, keys, small, limit)


def _array(rows: Sequence[IntRow]) -> Integers:
    """Return the rows as integers of 64 bits, or of any size if 63 bits do not suffice."""
    try:
        integers = np.array(rows, np.int64)
    except OverflowError:
        return np.array(rows, object)
    fits = integers.min() > -_LONGEST and integers.max() < _LONGEST
    return integers if fits else integers.astype(object)


@cache
def _words(count: int) -> Words:
    """Return so many random words, always the same."""
    words: Words = np.random.default_rng(_SEED).integers(0, 1 << 64, count, np.uint64)
    return words


def _residues(integers: Integers, modular: Field) -> Residues:
    moduli = modular.moduli[PRIME].astype(np.int64)
    reduced = (integers[..., np.newaxis] % moduli).astype(np.int64)
    residues: Residues = ((reduced << 32) % moduli).astype(np.uint32)
    return residues


def _floats(integers: Integers) -> tuple[Floats, Ints]:
    """Return the rows, scaled by powers of two, and the exponents taken out of columns."""
    mantissas, rests, exponents = _all_normalised(integers)
    exponents[mantissas == 0] = -(1 << 40)
    shifts = exponents.max(axis=0)
    exponents -= shifts
    exponents -= exponents.max(axis=1)[:, np.newaxis]
    powers = np.maximum(exponents, -2000).astype(np.int32)
    return np.stack([np.ldexp(mantissas, powers), np.ldexp(rests, powers)], axis=1), shifts


def _all_normalised(integers: Integers) -> tuple[Floats, Floats, Ints]:
    """Return floats below one in size, what is left, and exponents of two."""
    if integers.dtype == np.int64:
        floats = integers.astype(np.float64)
        mantissas, powers = np.frexp(floats)
        rests = np.ldexp((integers - floats.astype(np.int64)).astype(np.float64), -powers)
        return mantissas, rests, powers.astype(np.int64)
    triples = np.array([[_normalised(entry) for entry in row] for row in integers.tolist()])
    return triples[..., 0], triples[..., 1], triples[..., 2].astype(np.int64)


def _normalised(n: int) -> tuple[float, float, int]:
    """Return ``n`` as a float below one in size, what is left, and an exponent of two."""
    excess = max(n.bit_length() - 128, 0)
    top = n >> excess
    mantissa, exponent = math.frexp(top)
    rest = top - int(float(top))
    return mantissa, math.ldexp(rest, -exponent), exponent + excess
