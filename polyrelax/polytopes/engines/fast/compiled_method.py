"""Pointed cones by the compiled kernels: primes are chosen, integers assembled."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

import numpy as np

from polyrelax.polytopes.engines.engine import IntRow, coprime
from polyrelax.polytopes.engines.fast.method import describe, integers
from polyrelax.polytopes.engines.fast.preparation import (
    choose_primes,
    determinant_bound,
    problem,
)
from polyrelax.polytopes.engines.fast.problem import (
    BAD_PRIME,
    DONE,
    IMPLIED,
    Outcome,
    Problem,
    Signs,
    Words,
)

_PRIME_LIMIT = (1 << 31) + 1


def pointed_rays(
    rows: Sequence[IntRow], *, prime_limit: int = _PRIME_LIMIT
) -> list[IntRow] | int:
    """Return the extreme rays of a pointed cone, or the index of a row that is zero on it.

    The first rows must be independent, as many as there are columns.

    >>> sorted(pointed_rays([(1, -1), (0, 1)]))
    [(1, 0), (1, 1)]
    """
    bits = determinant_bound(rows).bit_length() + 1
    for attempt in count():
        primes = choose_primes(bits, prime_limit, attempt)
        arrays = problem(rows, primes)
        outcome = describe(arrays)
        assert outcome.status in {DONE, IMPLIED, BAD_PRIME}, "polygons have two ends"
        if outcome.status == IMPLIED:
            return int(outcome.row)
        if outcome.status == DONE and (rays := _rays(outcome, arrays)) is not None:
            return rays
    raise AssertionError


def _rays(outcome: Outcome, arrays: Problem) -> list[IntRow] | None:
    """Return the primitive integer vectors, unless a prime divides one of them."""
    right, negative, digits = integers(outcome, arrays)
    return _assembled(negative, digits, arrays.field.primes.tolist()) if right else None


def _assembled(negative: Signs, digits: Words, primes: Sequence[int]) -> list[IntRow]:
    """Return the primitive integer vectors with these digits to the primes."""
    total = np.zeros(digits.shape[:2], object)
    for i in reversed(range(len(primes))):
        total = total * primes[i] + digits[..., i].astype(object)
    signed = np.where(negative, -total, total)
    return [coprime(tuple(row)) for row in signed.tolist()]
