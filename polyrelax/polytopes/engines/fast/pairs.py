r"""Which rays are adjacent, by comparing their sets of rows: best where there are few rays.

Two extreme rays of a pointed cone in dimension :math:`d` are adjacent iff the rows that are
zero on both have rank :math:`d - 2`, or, equivalently, are all zero on no third ray.  If one of
the two has no more than :math:`d - 1` rows, these are independent, and it suffices to count.
"""

from __future__ import annotations

import numpy as np

from polyrelax.polytopes.engines.fast.bits import popcount
from polyrelax.polytopes.engines.fast.compiled import compiled
from polyrelax.polytopes.engines.fast.problem import FREE, Ints, Shorts, Signs, Words


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
    sizes, missing = np.empty(len(second), np.int64), np.empty(len(rays), np.uint64)
    found, count = np.empty((256, 2), np.int32), 0
    both = len(first) == len(rays)
    for a in first:
        found = _with_room(found, count + len(second))
        simple = _size(sets[a]) == dim - 1
        _count_common(sets[a], others, sizes)
        for k in range(len(second)):
            b = second[k]
            if sizes[k] < dim - 2 or (both and b <= a):
                continue
            if (
                simple
                or _size(sets[b]) == dim - 1
                or _is_alone(sets, (a, b), everyone, missing)
            ):
                found[count, 0], found[count, 1] = a, b
                count += 1
    return found[:count]


@compiled
def _by_words(sets: Words, words: int, slots: Shorts) -> Words:
    """Return the words of some sets, all first words before all second ones."""
    found = np.empty((words, len(slots)), np.uint64)
    for k in range(len(slots)):
        for word in range(len(found)):
            found[word, k] = sets[slots[k], word]
    return found


@compiled
def _with_room(pairs: Shorts, wanted: int) -> Shorts:
    if wanted <= len(pairs):
        return pairs
    larger = np.empty((2 * wanted, 2), np.int32)
    larger[: len(pairs)] = pairs
    return larger


@compiled
def _size(members: Words) -> int:
    size = 0
    for word in range(len(members)):
        size += int(popcount(members[word]))
    return size


@compiled
def _count_common(members: Words, others: Words, sizes: Ints) -> None:
    """Set ``sizes`` to the number of elements that a set has in common with each other."""
    sizes[:] = 0
    for word in range(len(others)):
        mine = members[word]
        if mine:
            for k in range(len(sizes)):
                sizes[k] += popcount(mine & others[word, k])


@compiled
def _is_alone(sets: Words, pair: tuple[int, int], everyone: Words, missing: Words) -> bool:
    """Whether only two rays have all the rows that a pair of them has in common."""
    missing[:] = 0
    for word in range(len(everyone)):
        common = sets[pair[0], word] & sets[pair[1], word]
        if common:
            for k in range(len(missing)):
                missing[k] |= common & ~everyone[word, k]
    count = 0
    for k in range(len(missing)):
        count += missing[k] == 0
    return count == 2
