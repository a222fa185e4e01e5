"""Pointed cones by the compiled kernels: primes are chosen, integers assembled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import count
from operator import floordiv

from polyrelax.polytopes.engines.engine import IntRow
from polyrelax.polytopes.engines.fast.preparation import (
    choose_primes,
    determinant_bound,
    problem,
)
from polyrelax.polytopes.engines.fast.problem import (
    BAD_PRIME,
    DONE,
    IMPLIED,
    Residues,
    Signs,
)
from polyrelax.polytopes.engines.fast.run import Run, run_of

_PRIME_LIMIT = (1 << 31) + 1
_MANY = 8_000_000  # pairs of rays, times words: comparing more is slower than keeping edges


def pointed_rays(
    rows: Sequence[IntRow], *, prime_limit: int = _PRIME_LIMIT, many: int = _MANY
) -> list[IntRow] | int:
    """Return the extreme rays of a pointed cone, or the index of a row that is zero on it.

    The first rows must be independent, as many as there are columns.

    >>> sorted(pointed_rays([(1, -1), (0, 1)]))
    [(1, 0), (1, 1)]
    """
    bits = determinant_bound(rows).bit_length() + 1
    for attempt in count():
        primes = choose_primes(bits, prime_limit, attempt)
        with run_of(problem(rows, primes), many) as run:
            assert run.status in {DONE, IMPLIED, BAD_PRIME}, "polygons have two ends"
            if run.status == IMPLIED:
                return run.row
            if run.status == DONE and (rays := _rays(run)) is not None:
                return rays
    raise AssertionError


def _rays(run: Run) -> list[IntRow] | None:
    """Return the primitive integer vectors, unless a prime divides one of them."""
    if run.is_small:
        return list(map(tuple, run.small_rays().tolist()))
    found = run.signs_and_sizes()
    return None if found is None else _assembled(*found)


def _assembled(negative: Signs, sizes: Residues) -> list[IntRow]:
    """Return the primitive integer vectors of these signs and of these digits to 2**32."""
    dim, width = sizes.shape[1:]
    texts: list[bytes] = sizes.astype("<u4").view(f"S{4 * width}").ravel().tolist()
    flat = [int.from_bytes(text, "little") for text in texts]  # zeros at the end are cut off
    signs: list[int] = negative.ravel().tolist()
    starts = range(0, len(flat), dim)
    return [_signed(flat[i : i + dim], signs[i : i + dim]) for i in starts]


def _signed(sizes: list[int], negative: list[int]) -> IntRow:
    """Return the primitive vector with these sizes and signs."""
    divisor = math.gcd(*sizes)
    divisors = (divisor, -divisor)
    return tuple(map(floordiv, sizes, [divisors[minus] for minus in negative]))
