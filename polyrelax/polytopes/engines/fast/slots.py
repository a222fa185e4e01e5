"""The arrays of rays: the first rays, and room for more."""

from __future__ import annotations

import numpy as np

from polyrelax.polytopes.engines.fast.compiled import compiled, inlined
from polyrelax.polytopes.engines.fast.copies import copy, copy_rows
from polyrelax.polytopes.engines.fast.modular import digits, to_binary
from polyrelax.polytopes.engines.fast.problem import (
    DONE,
    FREE,
    PRIME,
    Cut,
    Problem,
    Rays,
    Residues,
    Words,
)
from polyrelax.polytopes.engines.fast.recovery import recover
from polyrelax.polytopes.engines.fast.small import make_primitive

_ONE = np.uint64(1)


@inlined
def simplicial(problem: Problem) -> tuple[int, bool, Rays, Words]:
    """Return the rays of the cone of the first rows, and those rows as a set.

    Before these, return a status, and whether the rays are small.
    """
    dim = problem.rows.shape[2]
    words = (len(problem.rows) + 63) // 64
    rays = _without_rays((max(256, dim), words, dim, problem.field.moduli.shape[1]))
    seen = np.zeros(words, np.uint64)
    for row in range(dim):
        seen[row >> 6] |= _ONE << np.uint64(row & 63)
    status, small = DONE, len(problem.integers) > 0
    for slot in range(dim):
        copy(rays.sets[slot], seen)
        rays.sets[slot, slot >> 6] ^= _ONE << np.uint64(slot & 63)
        rays.signs[slot] = 0
        status = max(status, recover(Cut(problem, rays, slot, seen), slot))
        small = small and status == DONE and _set_integers(problem, rays, slot)
    return status, small, rays, seen


@compiled
def _set_integers(problem: Problem, rays: Rays, slot: int) -> bool:
    """Set the integers of a ray from its residues, if they are small."""
    integers = rays.integers[slot]
    binary = np.empty(max(len(problem.field.inverses), 2), np.uint32)
    for j in range(len(integers)):
        residues = rays.residues[slot, j].astype(np.uint64)
        negative, found = digits(residues, problem.field)
        to_binary(found, problem.field.moduli[PRIME], binary)
        if _has_more(binary) or binary[1] >> 30:
            return False
        size = np.int64(binary[1]) << 32 | np.int64(binary[0])
        integers[j] = -size if negative else size
    return make_primitive(integers, problem.limit)


@compiled
def _has_more(binary: Residues) -> bool:
    """Whether there are digits that are not zero after the first two."""
    rest = np.uint32(0)
    for i in range(2, len(binary)):
        rest |= binary[i]
    return bool(rest != 0)


@compiled
def with_room(rays: Rays, wanted: int) -> Rays:
    """Return the rays in arrays with as many free slots as wanted, or more."""
    free = 0
    for slot in range(len(rays.signs)):
        free += rays.signs[slot] == FREE
    if wanted <= free:
        return rays
    slots, words = rays.sets.shape
    dim, primes = rays.integers.shape[1], rays.residues.shape[2]
    larger = _without_rays((slots + slots // 2 + wanted - free, words, dim, primes))
    copy_rows(larger.sets, rays.sets)
    copy(larger.signs, rays.signs)
    copy_rows(larger.integers, rays.integers)
    copy(larger.products, rays.products)
    copy(larger.errors, rays.errors)
    copy_rows(larger.values, rays.values)
    copy(larger.valued, rays.valued)
    for slot in range(slots):
        copy_rows(larger.floats[slot], rays.floats[slot])
        copy_rows(larger.residues[slot], rays.residues[slot])
    return larger


@compiled
def _without_rays(shape: tuple[int, int, int, int]) -> Rays:
    slots, words, dim, primes = shape
    return Rays(
        np.zeros((slots, words), np.uint64),
        np.full(slots, FREE, np.int8),
        np.zeros((slots, dim), np.int64),
        np.zeros(slots, np.int64),
        np.zeros((slots, 2, dim)),
        np.zeros(slots),
        np.zeros((slots, 2)),
        np.zeros((slots, dim + 1, primes), np.uint32),
        np.zeros(slots, np.int64),
    )
