r"""Which rays are adjacent, by comparing their sets of rows: best where there are few rays.

Two extreme rays of a pointed cone in dimension :math:`d` are adjacent iff the rows that are
zero on both have rank :math:`d - 2`, or, equivalently, are all zero on no third ray.  If one of
the two has no more than :math:`d - 1` rows, these are independent, and it suffices to count.
A third ray on which all common rows are zero has at least so many in common with each of the
two, so it is only sought among the rays *close* to the first one, with at least :math:`d - 2`
rows in common.  These are found for 64 rays at once.
"""

from __future__ import annotations

import numpy as np

from polyrelax.polytopes.engines.fast.bits import popcount, trailing_zeros
from polyrelax.polytopes.engines.fast.compiled import compiled
from polyrelax.polytopes.engines.fast.copies import copy_rows
from polyrelax.polytopes.engines.fast.problem import FREE, Ints, Shorts, Signs, Words

_ONE = np.uint64(1)
_BLOCK = 64  # rays, one for each bit of a word


@compiled
def slots_with(signs: Signs, sign: int) -> Shorts:
    """Return the slots of the rays of this sign."""
    found = np.empty(len(signs), np.int32)
    count = 0
    for slot in range(len(signs)):
        if signs[slot] == sign:
            found[count] = slot
            count += 1
    return found[:count]


@compiled
def slots_in_use(signs: Signs) -> Shorts:
    """Return the slots of all rays."""
    found = np.empty(len(signs), np.int32)
    count = 0
    for slot in range(len(signs)):
        if signs[slot] != FREE:
            found[count] = slot
            count += 1
    return found[:count]


@compiled
def adjacent(
    sets: Words, words: int, dim: int, groups: tuple[Shorts, Shorts, Shorts]
) -> Shorts:
    """Return the adjacent pairs of a ray of the first group and one of the second.

    The third group has all rays.  A pair that is in both groups is given once.  Only so many
    ``words`` of the sets are not zero.
    """
    first, second, rays = groups
    others, everyone = _by_words(sets, words, second), _by_words(sets, words, rays)
    marks = np.empty(others.shape[1] // _BLOCK, np.uint64)
    close = np.empty((len(rays), words), np.uint64)
    found, count = np.empty((256, 2), np.int32), 0
    both = len(first) == len(rays)
    for a in first:
        found = _with_room(found, count + len(second))
        simple, gathered = _size(sets[a]) == dim - 1, -1
        _mark_close(sets[a], others, dim - 2, marks)
        for k in _marked(marks, len(second)):
            b = second[k]
            if both and b <= a:
                continue
            if not simple and _size(sets[b]) != dim - 1:
                if gathered < 0:
                    gathered = _gather_close(sets[a], everyone, dim - 2, close)
                if not _is_alone(sets, (a, b), close[:gathered]):
                    continue
            found[count, 0], found[count, 1] = a, b
            count += 1
    return found[:count]


@compiled
def _by_words(sets: Words, words: int, slots: Shorts) -> Words:
    """Return the words of some sets, first words first; zeros fill the last block."""
    found = np.zeros((words, -(-len(slots) // _BLOCK) * _BLOCK), np.uint64)
    for k in range(len(slots)):
        for word in range(words):
            found[word, k] = sets[slots[k], word]
    return found


@compiled
def _with_room(pairs: Shorts, wanted: int) -> Shorts:
    if wanted <= len(pairs):
        return pairs
    larger = np.empty((2 * wanted, 2), np.int32)
    copy_rows(larger, pairs)
    return larger


@compiled
def _size(members: Words) -> int:
    size = 0
    for word in range(len(members)):
        size += int(popcount(members[word]))
    return size


@compiled
def _mark_close(members: Words, others: Words, least: int, marks: Words) -> None:
    """Mark the rays whose sets have at least so many elements in common with one set."""
    if len(others) == 1:
        _mark_close_by_word(members[0], others[0], least, marks)
        return
    sizes = np.zeros(others.shape[1], np.int64)
    for word in range(len(others)):
        mine = members[word]
        if mine:
            for k in range(len(sizes)):
                sizes[k] += popcount(mine & others[word, k])
    for block in range(len(marks)):
        mark = np.uint64(0)
        for k in range(_BLOCK):
            mark |= np.uint64(sizes[_BLOCK * block + k] >= least) << np.uint64(k)
        marks[block] = mark


@compiled
def _mark_close_by_word(mine: np.uint64, others: Words, least: int, marks: Words) -> None:
    """Do the same for sets of one word, several times faster."""
    for block in range(len(marks)):
        mark = np.uint64(0)
        for k in range(_BLOCK):
            size = popcount(mine & others[_BLOCK * block + k])
            mark |= np.uint64(size >= least) << np.uint64(k)
        marks[block] = mark


@compiled
def _marked(marks: Words, size: int) -> Ints:
    """Return the places of the marks, below the number of rays."""
    count = np.int64(0)
    for mark in marks:
        count += popcount(mark)
    places = np.empty(count, np.int64)
    count = np.int64(0)
    for block in range(len(marks)):
        rest = marks[block]
        while rest:
            places[count] = _BLOCK * block + trailing_zeros(rest)
            count += places[count] < size
            rest &= rest - _ONE
    return places[:count]


@compiled
def _gather_close(members: Words, everyone: Words, least: int, close: Words) -> int:
    """Set the start of ``close`` to the sets close to one; return their number."""
    marks = np.empty(everyone.shape[1] // _BLOCK, np.uint64)
    _mark_close(members, everyone, least, marks)
    places = _marked(marks, len(close))
    for i in range(len(places)):
        for word in range(close.shape[1]):
            close[i, word] = everyone[word, places[i]]
    return len(places)


@compiled
def _is_alone(sets: Words, pair: tuple[int, int], close: Words) -> bool:
    """Whether only two rays have all the rows that a pair of them has in common."""
    count = 0
    for k in range(len(close)):
        missing = np.uint64(0)
        for word in range(close.shape[1]):
            missing |= sets[pair[0], word] & sets[pair[1], word] & ~close[k, word]
        count += missing == 0
        if count > 2:
            return False
    return True
