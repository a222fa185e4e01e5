r"""The double description method on arrays: one row after the other cuts a pointed cone.

The rays and the rows zero on each are kept.  A row with values of both signs on the rays
deletes the rays below it and adds one on each edge that it cuts.  While the rays are few, these
edges are found by :mod:`.pairs`; then all edges are kept, and those between the rays in the
hyperplane of the row come from :mod:`.ridges`.  The rays' numbers are integers of 64 bits, as
in :mod:`.small`, until one is too large, and then as in :mod:`.signs`.  All signs are certain,
so the result is the cone's by construction.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from polyrelax.polytopes.engines.fast.combination import combine
from polyrelax.polytopes.engines.fast.compiled import compiled, entry, inlined
from polyrelax.polytopes.engines.fast.copies import copy_rows, negatives
from polyrelax.polytopes.engines.fast.pairs import adjacent, slots_in_use, slots_with
from polyrelax.polytopes.engines.fast.polygons import Horizon
from polyrelax.polytopes.engines.fast.problem import (
    DONE,
    FREE,
    IMPLIED,
    TOO_LARGE,
    TORN,
    Cut,
    Outcome,
    Problem,
    Rays,
    Shorts,
    Signs,
    Words,
)
from polyrelax.polytopes.engines.fast.ridges import new_edges
from polyrelax.polytopes.engines.fast.signs import classify
from polyrelax.polytopes.engines.fast.slots import simplicial, with_room
from polyrelax.polytopes.engines.fast.small import classify_small, combine_small, enlarge

_ONE = np.uint64(1)


class Edges(NamedTuple):
    """The edges between rays, if they are kept."""

    kept: bool
    pairs: Shorts


@entry
def describe(problem: Problem, many: int) -> Outcome:
    """Return the extreme rays of the cone on which no row is negative.

    ``IMPLIED`` at a row says that the row is zero on the whole cone, ``BAD_PRIME`` that other
    primes are needed.  Once there are so ``many`` pairs to compare at a row, with rows enough
    to come, edges are kept.
    """
    row = problem.rows.shape[2]
    status, small, rays, seen = simplicial(problem)
    edges = Edges(False, np.empty((0, 2), np.int32))
    while status == DONE and row < len(problem.rows):
        cut = Cut(problem, rays, row, seen)
        if small:
            classify_small(cut)
        else:
            status = classify(cut)
        below, above = slots_with(rays.signs, -1), slots_with(rays.signs, 1)
        if status == DONE and len(below) > 0:
            if len(above) == 0:
                return Outcome(IMPLIED, row, small, rays, seen)
            words = _words_before(row)
            if not edges.kept and _pays(cut, len(below) * len(above), many):
                edges = Edges(True, _all_edges(rays, words, problem.rows.shape[2]))
            status, rays, edges = _cut(cut, edges, small)
            if status == TOO_LARGE:  # nothing was cut: the same row once more
                enlarge(problem, rays)
                status, small = DONE, False
                continue
            seen[row >> 6] |= _ONE << np.uint64(row & 63)
        row += 1
    return Outcome(status, 0, small, rays, seen)


@compiled
def _words_before(row: int) -> int:
    """Return the number of words that the rows before one need."""
    return (row + 63) >> 6


@compiled
def _pays(cut: Cut, pairs: int, many: int) -> bool:
    """Whether to compare all pairs of rays once, so that no row to come compares any.

    That must be at most half of what the rows to come would compare, if each were like this
    one; else so many more pairs are needed.
    """
    rays = len(slots_in_use(cut.rays.signs))
    rest = len(cut.problem.rows) - cut.row
    share = max(1.0, 2.0 * float(rays) * float(rays) / (float(rest) * float(pairs)))
    return float(pairs) * _words_before(cut.row) >= many * share


@inlined
def _all_edges(rays: Rays, words: int, dim: int) -> Shorts:
    everyone = slots_in_use(rays.signs)
    return adjacent(rays.sets, words, dim, (everyone, everyone, everyone))


@inlined
def _cut(cut: Cut, edges: Edges, small: bool) -> tuple[int, Rays, Edges]:
    """Return a status, and the rays and edges of the part where the row is not negative."""
    horizon = _horizon(cut, edges)
    rays, horizon = _with_owners(cut.rays, horizon)
    cut = Cut(cut.problem, rays, cut.row, cut.seen)
    new = _new_rays(rays.signs, horizon)
    _set_sets(rays.sets, cut.row, new)
    status = combine_small(cut, new) if small else combine(cut, new)
    if status != DONE:
        return status, rays, edges
    if edges.kept:
        rank = cut.problem.rows.shape[2] - 2
        sets = (rays.sets, cut.problem.keys)
        matched, between = new_edges(rank, sets, rays.signs, edges.pairs, horizon)
        edges = Edges(True, _remaining(rays.signs, edges.pairs, horizon, between))
        status = DONE if matched else TORN
    _delete(cut, horizon.owners)
    return status, rays, edges


@inlined
def _horizon(cut: Cut, edges: Edges) -> Horizon:
    """Return the edges from below to above, and, if edges are kept, from below to the row."""
    signs = cut.rays.signs
    if edges.kept:
        return _horizon_of(signs, edges.pairs)
    groups = (slots_with(signs, -1), slots_with(signs, 1), slots_in_use(signs))
    dim = cut.problem.rows.shape[2]
    pairs = adjacent(cut.rays.sets, _words_before(cut.row), dim, groups)
    return Horizon(pairs, negatives(len(pairs)))


@compiled
def _horizon_of(signs: Signs, edges: Shorts) -> Horizon:
    """Return the edges from below to not below, without owners."""
    count = 0
    for k in range(len(edges)):
        count += (signs[edges[k, 0]] == -1) != (signs[edges[k, 1]] == -1)
    found = np.empty((count, 2), np.int32)
    count = 0
    for k in range(len(edges)):
        a, b = edges[k, 0], edges[k, 1]
        if (signs[a] == -1) != (signs[b] == -1):
            below = a if signs[a] == -1 else b
            found[count, 0], found[count, 1] = below, a + b - below
            count += 1
    return Horizon(found, negatives(count))


@inlined
def _with_owners(rays: Rays, horizon: Horizon) -> tuple[Rays, Horizon]:
    """Return rays with room for the new ones, and the horizon with slots for these."""
    wanted = 0
    for k in range(len(horizon.owners)):
        if rays.signs[horizon.edges[k, 1]] == 1:
            wanted += 1
        else:
            horizon.owners[k] = horizon.edges[k, 1]
    rays = with_room(rays, wanted)
    slot = 0
    for k in range(len(horizon.owners)):
        if horizon.owners[k] < 0:
            while rays.signs[slot] != FREE:
                slot += 1
            horizon.owners[k] = slot
            slot += 1
    return rays, horizon


@compiled
def _new_rays(signs: Signs, horizon: Horizon) -> Shorts:
    """Return the slots below and above, and that for the ray between, for each edge cut."""
    new, count = np.empty((len(horizon.owners), 3), np.int32), 0
    for k in range(len(horizon.owners)):
        if signs[horizon.edges[k, 1]] == 1:
            new[count, 0], new[count, 1] = horizon.edges[k]
            new[count, 2] = horizon.owners[k]
            count += 1
    return new[:count]


@compiled
def _set_sets(sets: Words, row: int, new: Shorts) -> None:
    """Set the rows that are zero on the new rays."""
    for k in range(len(new)):
        below, above, slot = new[k]
        for word in range(sets.shape[1]):
            sets[slot, word] = sets[below, word] & sets[above, word]
        sets[slot, row >> 6] |= _ONE << np.uint64(row & 63)


@compiled
def _delete(cut: Cut, owners: Shorts) -> None:
    """Free the slots below, and mark the rays on which the row is zero."""
    signs = cut.rays.signs
    for slot in range(len(signs)):
        if signs[slot] == 0:
            cut.rays.sets[slot, cut.row >> 6] |= _ONE << np.uint64(cut.row & 63)
        if signs[slot] == -1:
            signs[slot] = FREE
    for owner in owners:
        signs[owner] = 0


@compiled
def _remaining(signs: Signs, edges: Shorts, horizon: Horizon, between: Shorts) -> Shorts:
    """Return the edges not below, the upper parts of those cut, and those ``between``."""
    kept = np.empty((len(edges) + len(between), 2), np.int32)
    count = 0
    for k in range(len(edges)):
        if signs[edges[k, 0]] != -1 and signs[edges[k, 1]] != -1:
            kept[count, 0], kept[count, 1] = edges[k, 0], edges[k, 1]
            count += 1
    for k in range(len(horizon.owners)):
        if signs[horizon.edges[k, 1]] == 1:
            kept[count, 0], kept[count, 1] = horizon.edges[k, 1], horizon.owners[k]
            count += 1
    copy_rows(kept[count:], between)
    return kept[: count + len(between)]
