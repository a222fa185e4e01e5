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

from polyrelax.polytopes.engines.fast.bits import popcount, trailing_zeros
from polyrelax.polytopes.engines.fast.compiled import compiled
from polyrelax.polytopes.engines.fast.problem import Cut, Ints, Rays, Shorts, Signs, Words

_ONE = np.uint64(1)


class Horizon(NamedTuple):
    """The edges that the row cuts, each from below to not below, and their owners."""

    edges: Shorts  # edges, two
    owners: Shorts


class Polygons(NamedTuple):
    """Sets of rows, given by an edge and by a third ray or, as ``-1 - row``, a row less."""

    keys: Words
    faces: Shorts  # polygons, three
    owners: Shorts
    filled: Ints  # a single number: how many there are


class Neighbours(NamedTuple):
    """The neighbours of ray ``i``: from ``starts[i]`` to ``starts[i + 1]``."""

    starts: Shorts
    slots: Shorts


@compiled
def new_edges(cut: Cut, edges: Shorts, horizon: Horizon) -> tuple[bool, Shorts]:
    """Return whether all polygons match, and the edges between owners."""
    rank = cut.problem.rows.shape[1] - 2
    if rank == 0:
        return True, np.empty((0, 2), np.int32)
    sizes = _sizes(cut.rays, horizon)
    neighbours = _neighbours(len(cut.rays.signs), edges, bool(np.any(sizes > rank)))
    polygons = _without_polygons(1024)
    for k in range(len(sizes)):
        if sizes[k] == rank:
            polygons = _with_room(polygons, rank)
            _add_of_simplex(cut, horizon, k, polygons)
        else:
            side = _smaller_side(neighbours, horizon.edges[k])
            around = neighbours.slots[neighbours.starts[side] : neighbours.starts[side + 1]]
            polygons = _with_room(polygons, len(around))
            _add_of_face(cut, horizon, k, around, polygons)
    matched, pairs = _matched(cut.rays, polygons)
    return matched, _without_known(cut.rays.signs, edges, pairs)


@compiled
def _sizes(rays: Rays, horizon: Horizon) -> Shorts:
    """Return the number of rows zero on each edge."""
    sizes = np.zeros(len(horizon.owners), np.int32)
    for k in range(len(sizes)):
        n, o = horizon.edges[k]
        for word in range(rays.sets.shape[1]):
            sizes[k] += popcount(rays.sets[n, word] & rays.sets[o, word])
    return sizes


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
        a, b = edges[k]
        found[ends[a]] = b
        found[ends[b]] = a
        ends[a] += 1
        ends[b] += 1
    return Neighbours(starts, found)


@compiled
def _without_polygons(room: int) -> Polygons:
    return Polygons(
        np.empty(room, np.uint64),
        np.empty((room, 3), np.int32),
        np.empty(room, np.int32),
        np.zeros(1, np.int64),
    )


@compiled
def _with_room(polygons: Polygons, room: int) -> Polygons:
    """Return the same polygons in arrays with room for more."""
    count = polygons.filled[0]
    if count + room <= len(polygons.keys):
        return polygons
    larger = _without_polygons(2 * count + room)
    larger.keys[:count] = polygons.keys[:count]
    larger.faces[:count] = polygons.faces[:count]
    larger.owners[:count] = polygons.owners[:count]
    larger.filled[0] = count
    return larger


@compiled
def _add_of_simplex(cut: Cut, horizon: Horizon, k: int, polygons: Polygons) -> None:
    """Add the edge's set of rows less each one."""
    sets, names = cut.rays.sets, cut.problem.keys
    keys, faces, owners = polygons.keys, polygons.faces, polygons.owners
    n, o, owner = horizon.edges[k, 0], horizon.edges[k, 1], horizon.owners[k]
    start, key = polygons.filled[0], np.uint64(0)
    count = start
    for word in range(sets.shape[1]):
        rest = sets[n, word] & sets[o, word]
        while rest:
            row = 64 * word + trailing_zeros(rest)
            key ^= names[row]
            keys[count] = names[row]
            faces[count, 0], faces[count, 1], faces[count, 2] = n, o, -1 - row
            owners[count] = owner
            rest &= rest - _ONE
            count += 1
    for i in range(start, count):
        keys[i] ^= key
    polygons.filled[0] = count


@compiled
def _smaller_side(neighbours: Neighbours, edge: Shorts) -> int:
    a, b = edge
    starts = neighbours.starts
    return int(a if starts[a + 1] - starts[a] <= starts[b + 1] - starts[b] else b)


@compiled
def _add_of_face(
    cut: Cut, horizon: Horizon, k: int, around: Shorts, polygons: Polygons
) -> None:
    """Add the maximal sets among the edge's with each neighbour's."""
    sets, names = cut.rays.sets, cut.problem.keys
    n, o = horizon.edges[k]
    words, face = _face_words(sets, n, o)
    sizes = _common_sizes(sets, words, face, around)
    start = count = polygons.filled[0]
    for i in np.argsort(-sizes):
        third = around[i]
        if sizes[i] < cut.problem.rows.shape[1] - 3:
            break
        if third in (n, o):
            continue
        if _is_maximal(sets, words, face, third, polygons.faces[start:count]):
            polygons.faces[count, 0], polygons.faces[count, 1] = n, o
            polygons.faces[count, 2] = third
            polygons.owners[count] = horizon.owners[k]
            polygons.keys[count] = _key(names, words, face, sets[third])
            count += 1
    polygons.filled[0] = count


@compiled
def _face_words(sets: Words, n: int, o: int) -> tuple[Shorts, Words]:
    """Return the indices and the contents of the words of an edge that are not zero."""
    words, face = (
        np.empty(sets.shape[1], np.int32),
        np.empty(sets.shape[1], np.uint64),
    )
    count = 0
    for word in range(sets.shape[1]):
        common = sets[n, word] & sets[o, word]
        if common:
            words[count], face[count] = word, common
            count += 1
    return words[:count], face[:count]


@compiled
def _common_sizes(sets: Words, words: Shorts, face: Words, around: Shorts) -> Shorts:
    sizes = np.zeros(len(around), np.int32)
    for i in range(len(around)):
        total = np.int64(0)
        for j in range(len(words)):
            total += popcount(face[j] & sets[around[i], words[j]])
        sizes[i] = total
    return sizes


@compiled
def _is_maximal(sets: Words, words: Shorts, face: Words, third: int, larger: Shorts) -> bool:
    """Whether the edge's set with ``third`` lies in none of those with the ``larger``."""
    for k in range(len(larger)):
        inside = True
        for j in range(len(words)):
            if face[j] & sets[third, words[j]] & ~sets[larger[k, 2], words[j]]:
                inside = False
                break
        if inside:
            return False
    return True


@compiled
def _key(names: Words, words: Shorts, face: Words, members: Words) -> np.uint64:
    key = np.uint64(0)
    for j in range(len(words)):
        rest = face[j] & members[words[j]]
        while rest:
            row = 64 * words[j] + trailing_zeros(rest)
            key ^= names[row]
            rest &= rest - _ONE
    return key


@compiled
def _matched(rays: Rays, polygons: Polygons) -> tuple[bool, Shorts]:
    """Return whether each polygon occurs twice, and the pairs of owners."""
    sets, keys, faces, owners = rays.sets, polygons.keys, polygons.faces, polygons.owners
    count = polygons.filled[0]
    mask = _table_size(count) - 1
    table = np.full(mask + 1, -1, np.int32)
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
    table = np.full((_table_size(count), 2), -1, np.int32)
    for k in range(len(edges)):
        a, b = edges[k]
        if signs[a] == 0 and signs[b] == 0:
            table[_place(table, a, b)[1]] = edges[k]
    return table


@compiled
def _place(table: Shorts, a: int, b: int) -> tuple[bool, int]:
    """Return whether the edge is in the table, and where it is or would be."""
    mask = len(table) - 1
    place = ((min(a, b) * 7_368_787) ^ (max(a, b) * 1_299_709)) & mask
    while table[place, 0] >= 0:
        first, second = table[place]
        if (first == a and second == b) or (first == b and second == a):
            return True, place
        place = (place + 1) & mask
    return False, place
