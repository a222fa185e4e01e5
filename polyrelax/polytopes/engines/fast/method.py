r"""The double description method on arrays: one row after the other cuts a pointed cone.

The rays, the rows zero on each, and the edges between them are kept.  A row with values of
both signs on the rays deletes the rays below it and adds one on each edge that it cuts; the
edges between the rays in its hyperplane come from :mod:`.ridges`.  All signs are certain, so
the result is the cone's by construction.
"""

from __future__ import annotations

import numpy as np

from polyrelax.polytopes.engines.fast.combination import combine
from polyrelax.polytopes.engines.fast.compiled import compiled
from polyrelax.polytopes.engines.fast.modular import digits, to_binary
from polyrelax.polytopes.engines.fast.polygons import Horizon
from polyrelax.polytopes.engines.fast.problem import (
    DONE,
    FREE,
    IMPLIED,
    TORN,
    Cut,
    Outcome,
    Problem,
    Rays,
    Residues,
    Shorts,
    Signs,
    Words,
)
from polyrelax.polytopes.engines.fast.recovery import exact_ray, recover
from polyrelax.polytopes.engines.fast.ridges import new_edges
from polyrelax.polytopes.engines.fast.signs import classify

_ONE = np.uint64(1)


@compiled
def describe(problem: Problem) -> Outcome:
    """Return the extreme rays of the cone on which no row is negative.

    ``IMPLIED`` at a row says that the row is zero on the whole cone, ``BAD_PRIME`` that other
    primes are needed.
    """
    dim = problem.rows.shape[1]
    rays, seen, status = _simplicial(problem)
    edges = _complete_graph(dim)
    for row in range(dim, len(problem.rows)):
        if status == DONE:
            cut = Cut(problem, rays, row, seen)
            status = classify(cut)
        if status != DONE:
            return Outcome(status, row, rays, seen)
        if not np.any(rays.signs == -1):
            continue
        if not np.any(rays.signs == 1):
            return Outcome(IMPLIED, row, rays, seen)
        status, rays, edges = _cut(cut, edges)
        seen[row >> 6] |= _ONE << np.uint64(row & 63)
    return Outcome(status, 0, rays, seen)


@compiled
def _simplicial(problem: Problem) -> tuple[Rays, Words, int]:
    """Return the rays of the cone of the first rows, those rows as a set, and a status."""
    dim = problem.rows.shape[1]
    words = (len(problem.rows) + 63) // 64
    rays = _without_rays(problem, max(256, dim), words)
    seen = np.zeros(words, np.uint64)
    for row in range(dim):
        seen[row >> 6] |= _ONE << np.uint64(row & 63)
    status = DONE
    for slot in range(dim):
        rays.sets[slot] = seen
        rays.sets[slot, slot >> 6] ^= _ONE << np.uint64(slot & 63)
        rays.signs[slot] = 0
        status = max(status, recover(Cut(problem, rays, slot, seen), slot))
    return rays, seen, status


@compiled
def _without_rays(problem: Problem, slots: int, words: int) -> Rays:
    dim, count = problem.rows.shape[1], len(problem.field.primes)
    return Rays(
        np.zeros((slots, words), np.uint64),
        np.zeros((slots, dim)),
        np.zeros(slots),
        np.zeros((slots, dim, count), np.uint32),
        np.zeros(slots),
        np.full(slots, FREE, np.int8),
    )


@compiled
def _complete_graph(nodes: int) -> Shorts:
    edges = np.empty((nodes * (nodes - 1) // 2, 2), np.int32)
    count = 0
    for a in range(nodes):
        for b in range(a):
            edges[count, 0], edges[count, 1] = a, b
            count += 1
    return edges


@compiled
def _cut(cut: Cut, edges: Shorts) -> tuple[int, Rays, Shorts]:
    """Return a status and the rays and edges of the part where the row is not negative."""
    horizon = _horizon(cut.rays.signs, edges)
    rays, horizon = _with_owners(cut, horizon)
    cut = Cut(cut.problem, rays, cut.row, cut.seen)
    status = DONE
    for k in range(len(horizon.owners)):
        n, o = horizon.edges[k]
        if rays.signs[o] == 1:
            status = max(status, combine(cut, (n, o), horizon.owners[k]))
    if status != DONE:
        return status, rays, edges
    matched, between = new_edges(cut, edges, horizon)
    edges = _remaining(rays.signs, edges, horizon, between)
    for slot in range(len(rays.signs)):
        if rays.signs[slot] == 0:
            rays.sets[slot, cut.row >> 6] |= _ONE << np.uint64(cut.row & 63)
        if rays.signs[slot] == -1:
            rays.signs[slot] = FREE
    for owner in horizon.owners:
        rays.signs[owner] = 0
    return DONE if matched else TORN, rays, edges


@compiled
def _horizon(signs: Signs, edges: Shorts) -> Horizon:
    """Return the edges from below to not below, without owners."""
    count = 0
    for k in range(len(edges)):
        a, b = signs[edges[k, 0]], signs[edges[k, 1]]
        count += (a == -1) != (b == -1)
    found = np.empty((count, 2), np.int32)
    count = 0
    for k in range(len(edges)):
        a, b = edges[k]
        if (signs[a] == -1) != (signs[b] == -1):
            below = a if signs[a] == -1 else b
            found[count, 0], found[count, 1] = below, a + b - below
            count += 1
    return Horizon(found, np.full(count, -1, np.int32))


@compiled
def _with_owners(cut: Cut, horizon: Horizon) -> tuple[Rays, Horizon]:
    """Return rays with room for the new ones, and the horizon with slots for these."""
    rays = cut.rays
    signs = rays.signs
    wanted = 0
    for k in range(len(horizon.owners)):
        if signs[horizon.edges[k, 1]] == 1:
            wanted += 1
        else:
            horizon.owners[k] = horizon.edges[k, 1]
    rays = _with_room(cut, wanted)
    slot = 0
    for k in range(len(horizon.owners)):
        if horizon.owners[k] < 0:
            while rays.signs[slot] != FREE:
                slot += 1
            horizon.owners[k] = slot
            slot += 1
    return rays, horizon


@compiled
def _with_room(cut: Cut, wanted: int) -> Rays:
    """Return the rays in arrays with as many free slots as wanted, or more."""
    rays = cut.rays
    slots, words = rays.sets.shape
    free = np.sum(rays.signs == FREE)
    if wanted <= free:
        return rays
    larger = _without_rays(cut.problem, slots + slots // 2 + wanted - free, words)
    larger.sets[:slots] = rays.sets
    larger.floats[:slots] = rays.floats
    larger.errors[:slots] = rays.errors
    larger.residues[:slots] = rays.residues
    larger.values[:slots] = rays.values
    larger.signs[:slots] = rays.signs
    return larger


@compiled
def _remaining(signs: Signs, edges: Shorts, horizon: Horizon, between: Shorts) -> Shorts:
    """Return the edges not below, the upper parts of those cut, and those ``between``."""
    kept = np.empty((len(edges) + len(between), 2), np.int32)
    count = 0
    for k in range(len(edges)):
        if signs[edges[k, 0]] != -1 and signs[edges[k, 1]] != -1:
            kept[count] = edges[k]
            count += 1
    for k in range(len(horizon.owners)):
        if signs[horizon.edges[k, 1]] == 1:
            kept[count, 0], kept[count, 1] = horizon.edges[k, 1], horizon.owners[k]
            count += 1
    kept[count : count + len(between)] = between
    return kept[: count + len(between)]


@compiled
def integers(outcome: Outcome, problem: Problem) -> tuple[bool, Signs, Residues]:
    """Return whether all primes serve, and of each entry of each ray the sign and the size.

    Sizes are in the radix ``2**32``.
    """
    alive = np.nonzero(outcome.rays.signs != FREE)[0]
    dim, count = problem.rows.shape[1], len(problem.field.primes)
    negative = np.zeros((len(alive), dim), np.int8)
    sizes = np.zeros((len(alive), dim, count), np.uint32)
    for k in range(len(alive)):
        minors = exact_ray(problem, outcome.rays.sets[alive[k]], outcome.seen)
        if len(minors) == 0:
            return False, negative, sizes
        for j in range(dim):
            negative[k, j], found = digits(minors[j], problem.field)
            to_binary(found, problem.field, sizes[k, j])
    return True, negative, sizes
