r"""The polygons at the edges of the horizon: see :mod:`.ridges`.

An edge with set of rows :math:`R`, of rank :math:`d - 2`, bounds the polygons whose sets
are the facets of :math:`R`, of rank :math:`d - 3`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from polyrelax.polytopes.engines.fast.bits import popcount, trailing_zeros
from polyrelax.polytopes.engines.fast.compiled import compiled
from polyrelax.polytopes.engines.fast.copies import copy, copy_rows
from polyrelax.polytopes.engines.fast.problem import Ints, Shorts, Words

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


class Scratch(NamedTuple):
    """Room for the sets that an edge has in common with the neighbours of one end."""

    commons: Words  # neighbours, words
    slots: Shorts
    sizes: Ints
    order: Ints


@compiled
def without_polygons(room: int) -> Polygons:
    """Return no polygons, in arrays with room for some."""
    return Polygons(
        np.empty(room, np.uint64),
        np.empty((room, 3), np.int32),
        np.empty(room, np.int32),
        np.zeros(1, np.int64),
    )


@compiled
def with_room(polygons: Polygons, room: int) -> Polygons:
    """Return the same polygons in arrays with room for more."""
    count = polygons.filled[0]
    if count + room <= len(polygons.keys):
        return polygons
    larger = without_polygons(2 * count + room)
    copy(larger.keys, polygons.keys[:count])
    copy_rows(larger.faces, polygons.faces[:count])
    copy(larger.owners, polygons.owners[:count])
    larger.filled[0] = count
    return larger


@compiled
def add_of_simplex(
    rows: tuple[Words, Words], horizon: Horizon, k: int, polygons: Polygons
) -> None:
    """Add the edge's set of rows less each one, given all sets and the rows' random words."""
    sets, names = rows
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
def scratch(neighbours: int, words: int) -> Scratch:
    """Return room for as many neighbours as any ray has."""
    return Scratch(
        np.empty((neighbours, words), np.uint64),
        np.empty(neighbours, np.int32),
        np.empty(neighbours, np.int64),
        np.empty(neighbours, np.int64),
    )


@compiled
def add_of_face(
    names: Words, horizon: Horizon, k: int, polygons: Polygons, room: Scratch
) -> None:
    """Add the maximal ones among the sets in ``room``, which the edge has with neighbours."""
    found = _maximal(room)
    start = polygons.filled[0]
    for i in range(found):
        place = room.order[i]
        polygons.faces[start + i, 0] = horizon.edges[k, 0]
        polygons.faces[start + i, 1] = horizon.edges[k, 1]
        polygons.faces[start + i, 2] = room.slots[place]
        polygons.owners[start + i] = horizon.owners[k]
        polygons.keys[start + i] = _key(names, room.commons, place)
    polygons.filled[0] = start + found


@compiled
def intersect(sets: Words, edge: Shorts, around: Shorts, least: int, room: Scratch) -> Scratch:
    """Return the sets of at least some size that an edge has in common with neighbours."""
    n, o = edge[0], edge[1]
    count = 0
    for third in around:
        size = np.int64(0)
        for word in range(sets.shape[1]):
            common = sets[n, word] & sets[o, word] & sets[third, word]
            room.commons[count, word] = common
            size += popcount(common)
        if size >= least and third not in (n, o):
            room.slots[count], room.sizes[count] = third, size
            count += 1
    return Scratch(room.commons[:count], room.slots, room.sizes[:count], room.order)


@compiled
def _maximal(room: Scratch) -> int:
    """Set the start of ``order`` to the places of the maximal sets; return their number."""
    commons, sizes, order = room.commons, room.sizes, room.order
    least, greatest = _range(sizes)
    found = 0
    for size in range(greatest, least - 1, -1):
        for i in range(len(sizes)):
            if sizes[i] == size and not _is_covered(commons, i, order, found):
                order[found] = i
                found += 1
    return found


@compiled
def _range(sizes: Ints) -> tuple[int, int]:
    """Return the least and the greatest of some sizes, of none an empty range."""
    least, greatest = np.int64(1), np.int64(0)
    for i in range(len(sizes)):
        least = sizes[i] if i == 0 else min(least, sizes[i])
        greatest = max(greatest, sizes[i])
    return int(least), int(greatest)


@compiled
def _is_covered(commons: Words, i: int, order: Ints, found: int) -> bool:
    """Whether a set lies in one of those that were found before."""
    for k in range(found):
        other = order[k]
        word = 0
        while word < commons.shape[1] and not commons[i, word] & ~commons[other, word]:
            word += 1
        if word == commons.shape[1]:
            return True
    return False


@compiled
def _key(names: Words, commons: Words, place: int) -> np.uint64:
    key = np.uint64(0)
    for word in range(commons.shape[1]):
        rest = commons[place, word]
        while rest:
            key ^= names[64 * word + trailing_zeros(rest)]
            rest &= rest - _ONE
    return key
