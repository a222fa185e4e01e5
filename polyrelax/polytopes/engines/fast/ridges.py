r"""Which of the new rays are adjacent, in time linear in their number.

Let :math:`h` be the row that cuts.  Its *horizon* consists of the edges between a ray
:math:`n` below it and a ray :math:`o` that is above it or on it: where :math:`o` is above,
there is a new ray on the edge, its *owner*; where it is on :math:`h`, the owner is :math:`o`.

The faces of dimension three that an edge of the horizon bounds are cones over polygons, of
which :math:`h` cuts off an arc.  So each such *polygon* has exactly two edges in the horizon,
and meets the hyperplane in the segment between their two owners: an edge of the new cone, if
the owners are two rays and were not neighbours before.  All its new edges in the hyperplane
arise so, each from one polygon.

In terms of rows: an edge is the set :math:`R` of rows zero on both ends, a polygon a smaller
set.  If :math:`R` has no more rows than its rank, then each row less is a polygon; else the
polygons are the maximal sets among :math:`R \cap R_m`, for the neighbours :math:`m` of one end
with their sets :math:`R_m`.  Polygons are matched by a hash of their sets, and compared.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from polyrelax.polytopes.engines.fast.bits import popcount
from polyrelax.polytopes.engines.fast.compiled import compiled
from polyrelax.polytopes.engines.fast.copies import copy, negatives
from polyrelax.polytopes.engines.fast.polygons import (
    Horizon,
    Polygons,
    add_of_face,
    add_of_simplex,
    intersect,
    scratch,
    with_room,
    without_polygons,
)
from polyrelax.polytopes.engines.fast.problem import Shorts, Signs, Words

_ONE = np.uint64(1)


class Neighbours(NamedTuple):
    """The neighbours of ray ``i``: from ``starts[i]`` to ``starts[i + 1]``."""

    starts: Shorts
    slots: Shorts


@compiled
def new_edges(
    rank: int, rows: tuple[Words, Words], signs: Signs, edges: Shorts, horizon: Horizon
) -> tuple[bool, Shorts]:
    """Return whether all polygons match, and the edges between owners.

    Given are the rank of an edge, the sets of the rays and the random words of the rows.
    """
    if rank == 0:
        return True, np.empty((0, 2), np.int32)
    sets, names = rows
    sizes = _sizes(sets, horizon)
    neighbours = _neighbours(len(signs), edges, _has_more(sizes, rank))
    polygons = without_polygons(1024)
    room = scratch(_greatest_degree(neighbours), sets.shape[1])
    for k in range(len(sizes)):
        if sizes[k] == rank:
            polygons = with_room(polygons, rank)
            add_of_simplex(rows, horizon, k, polygons)
        else:
            around = _around(neighbours, horizon.edges[k])
            commons = intersect(sets, horizon.edges[k], around, rank - 1, room)
            polygons = with_room(polygons, len(around))
            add_of_face(names, horizon, k, polygons, commons)
    matched, pairs = _matched(sets, polygons)
    return matched, _without_known(signs, edges, pairs)


@compiled
def _sizes(sets: Words, horizon: Horizon) -> Shorts:
    """Return the number of rows zero on each edge."""
    sizes = np.zeros(len(horizon.owners), np.int32)
    for k in range(len(sizes)):
        n, o = horizon.edges[k, 0], horizon.edges[k, 1]
        for word in range(sets.shape[1]):
            sizes[k] += popcount(sets[n, word] & sets[o, word])
    return sizes


@compiled
def _has_more(sizes: Shorts, rank: int) -> bool:
    """Whether some size exceeds the rank."""
    found = False
    for k in range(len(sizes)):
        found = found or sizes[k] > rank
    return found


@compiled
def _greatest_degree(neighbours: Neighbours) -> int:
    greatest = 0
    for slot in range(len(neighbours.starts) - 1):
        greatest = max(greatest, neighbours.starts[slot + 1] - neighbours.starts[slot])
    return greatest


@compiled
def _neighbours(slots: int, edges: Shorts, wanted: bool) -> Neighbours:
    starts = np.zeros(slots + 1, np.int32)
    if not wanted:
        return Neighbours(starts, starts[:0])
    for k in range(len(edges)):
        starts[edges[k, 0] + 1] += 1
        starts[edges[k, 1] + 1] += 1
    for slot in range(slots):
        starts[slot + 1] += starts[slot]
    ends = starts[:-1].copy()
    found = np.empty(2 * len(edges), np.int32)
    for k in range(len(edges)):
        a, b = edges[k, 0], edges[k, 1]
        found[ends[a]] = b
        found[ends[b]] = a
        ends[a] += 1
        ends[b] += 1
    return Neighbours(starts, found)


@compiled
def _around(neighbours: Neighbours, edge: Shorts) -> Shorts:
    """Return the neighbours of that end of an edge which has fewer."""
    starts = neighbours.starts
    a, b = edge[0], edge[1]
    slot = a if starts[a + 1] - starts[a] <= starts[b + 1] - starts[b] else b
    return neighbours.slots[starts[slot] : starts[slot + 1]]


@compiled
def _matched(sets: Words, polygons: Polygons) -> tuple[bool, Shorts]:
    """Return whether each polygon occurs twice, and the pairs of owners."""
    keys, faces, owners = polygons.keys, polygons.faces, polygons.owners
    count = polygons.filled[0]
    mask = _table_size(count) - 1
    table = negatives(mask + 1)
    pairs = np.empty((count // 2, 2), np.int32)
    found = 0
    for k in range(count):
        place = np.int64(keys[k] >> np.uint64(1)) & mask
        other = table[place]
        while other >= 0 and (keys[other] != keys[k] or not _same(sets, faces, other, k)):
            place = (place + 1) & mask
            other = table[place]
        if other < 0:
            table[place] = k
        elif found == len(pairs):
            return False, pairs
        else:
            pairs[found, 0], pairs[found, 1] = owners[other], owners[k]
            found += 1
    return 2 * found == count, pairs


@compiled
def _table_size(count: int) -> int:
    """Return a power of two that leaves half of a hash table empty."""
    size = 4
    while size < 2 * count:
        size *= 2
    return size


@compiled
def _same(sets: Words, faces: Shorts, i: int, k: int) -> bool:
    """Whether two polygons have the same rows."""
    for word in range(sets.shape[1]):
        if _word(sets, faces, i, word) != _word(sets, faces, k, word):
            return False
    return True


@compiled
def _word(sets: Words, faces: Shorts, i: int, word: int) -> np.uint64:
    """Return 64 rows of a polygon."""
    common = sets[faces[i, 0], word] & sets[faces[i, 1], word]
    third = faces[i, 2]
    if third >= 0:
        return np.uint64(common & sets[third, word])
    row = -1 - third
    if row >> 6 == word:
        return np.uint64(common & ~(_ONE << np.uint64(row & 63)))
    return np.uint64(common)


@compiled
def _without_known(signs: Signs, edges: Shorts, pairs: Shorts) -> Shorts:
    """Return the pairs of two rays that are no edges yet, in place."""
    known = _flat_edges(signs, edges)
    count = 0
    for k in range(len(pairs)):
        a, b = pairs[k]
        if a == b or (signs[a] == 0 and signs[b] == 0 and _place(known, a, b)[0]):
            continue
        pairs[count, 0], pairs[count, 1] = a, b
        count += 1
    return pairs[:count]


@compiled
def _flat_edges(signs: Signs, edges: Shorts) -> Shorts:
    """Return a hash table of the edges in the hyperplane."""
    count = 0
    for k in range(len(edges)):
        count += signs[edges[k, 0]] == 0 and signs[edges[k, 1]] == 0
    table = negatives(2 * _table_size(count)).reshape((-1, 2))
    for k in range(len(edges)):
        a, b = edges[k, 0], edges[k, 1]
        if signs[a] == 0 and signs[b] == 0:
            copy(table[_place(table, a, b)[1]], edges[k])
    return table


@compiled
def _place(table: Shorts, a: int, b: int) -> tuple[bool, int]:
    """Return whether the edge is in the table, and where it is or would be."""
    mask = len(table) - 1
    place = ((min(a, b) * 7_368_787) ^ (max(a, b) * 1_299_709)) & mask
    while table[place, 0] >= 0:
        first, second = table[place, 0], table[place, 1]
        if (first == a and second == b) or (first == b and second == a):
            return True, place
        place = (place + 1) & mask
    return False, place
