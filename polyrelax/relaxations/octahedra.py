r"""Octahedra of small groups of values, in integers, and where the axes cut them.

For a group of :math:`k` values the sums :math:`\langle d, z\rangle`,
:math:`d \in \{-1, 0, 1\}^k \setminus \{0\}`, have bounds: eight of two values, an octagon, and
26 of three.  Where bounds are integers times a unit, the points in which :math:`k` of their
planes and of the axes :math:`z_i = 0` meet are such multiples of a fraction of it, and which of
these are within the octahedron is decided in integers.  Cut by the axes, it has the parts on
which rectifiers are linear, with these points as vertices.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations, product
from math import lcm
from typing import Final, final

import numpy as np
import numpy.typing as npt

from polyrelax.arithmetic.limbs import Integers

LONGEST: Final = 54
"""The most bits of offsets whose vertices fit into a word."""
_FLAT: Final = 20
"""Octahedra grow by 2**-20 of their size so that none is flat."""


@cache
def directions(size: int) -> Integers:
    """Return the outer normals of the sides, first those of a box.

    >>> directions(2).tolist()
    [[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [1, -1], [-1, 1], [-1, -1]]
    """
    ends = [sign * row for row in np.eye(size, dtype=np.int64) for sign in (1, -1)]
    sums = [d for d in product((1, 0, -1), repeat=size) if np.count_nonzero(d) > 1]
    return np.array([*ends, *sums], dtype=np.int64)


@dataclass(frozen=True, eq=False)
class _Meetings:
    """Planes that meet in a point, the inverses of their normals, and one scale of all."""

    planes: Integers
    inverses: Integers
    scale: int


@cache
def _meetings(size: int) -> _Meetings:
    """Return all that meet: of the sides, by their numbers, and of the axes after them."""
    normals = np.concatenate([directions(size), np.eye(size, dtype=np.int64)])
    chosen = np.array(list(combinations(range(len(normals)), size)))
    found = np.rint(np.linalg.det(normals[chosen])).astype(np.int64)  # at most 4
    chosen, found = chosen[found != 0], found[found != 0]
    scale = lcm(*np.unique(np.abs(found)).tolist())
    inverses = np.rint(np.linalg.inv(normals[chosen]) * scale).astype(np.int64)
    return _Meetings(chosen, inverses, scale)


@final
@dataclass(frozen=True, eq=False)
class Octahedra:
    """Groups of as many neurons each, and bounds by direction in integers times 2**-bits."""

    groups: Integers
    offsets: Integers
    bits: int

    @property
    def size(self) -> int:
        """How many neurons a group has."""
        return int(self.groups.shape[1])

    @property
    def scale(self) -> int:
        """By what part of the unit vertices are measured."""
        return _meetings(self.size).scale

    def vertices(self) -> tuple[Integers, npt.NDArray[np.bool_]]:
        """Return points in parts of the unit, and which are vertices of parts.

        >>> square = Octahedra(np.array([[0, 1]]), np.array([[1, 1, 1, 1, 2, 2, 2, 2]]), 0)
        >>> points, there = square.vertices()
        >>> square.scale, sorted(set(map(tuple, points[there].tolist())))[:4]
        (2, [(-2, -2), (-2, 0), (-2, 2), (0, -2)])
        """
        meetings, sides = _meetings(self.size), directions(self.size)
        axes = np.zeros((len(self.groups), self.size), dtype=np.int64)
        ends = np.concatenate([self.offsets, axes], axis=1)[:, meetings.planes]
        points = (meetings.inverses * ends[:, :, None, :]).sum(axis=3)
        there = (points @ sides.T <= self.scale * self.offsets[:, None, :]).all(axis=2)
        return points, there

    def grown(self) -> Octahedra:
        """Return slightly larger ones, so that none is flat."""
        size = int(np.abs(self.offsets).max(initial=0)).bit_length()
        shift = max(0, min(_FLAT, LONGEST - size))
        finer = self.offsets << shift
        more = np.maximum(np.abs(finer).max(axis=1, keepdims=True) >> _FLAT, 1)
        sides = np.abs(directions(self.size)).sum(axis=1)
        return Octahedra(self.groups, finer + more * sides, self.bits + shift)

    def some(self, chosen: Integers) -> Octahedra:
        """Return some of them."""
        return Octahedra(self.groups[chosen], self.offsets[chosen], self.bits)
