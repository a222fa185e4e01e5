r"""The faces of a polyhedral complex in arrays, cut by a hyperplane all at once.

Let :math:`h` be continuous, and affine on each cell.  A face of dimension :math:`k` that has
vertices with :math:`h > 0` and others with :math:`h < 0` is *split* into the parts on either
side, of dimension :math:`k`, and its *cut* :math:`\{h = 0\}`, of dimension :math:`k - 1`.  The
facets of the cut are the cuts of facets that are split, and the facets of facets on which
:math:`h` vanishes: one of each pair that meets there has :math:`h > 0`.  So signs at vertices
decide everything, also where a hyperplane passes through vertices or contains faces.

Each face carries the number of a *home*, a set that contains it, and the numbers of ``n - k``
independent equations (*sides*) that hold on it, from which its vertices can be solved for.

Kernel: arrays inside, and no loop but over dimensions.  The double description of one
polytope, which :mod:`.pieces` cuts with its vertices alone, is the case of one cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar, final

import numpy as np
import numpy.typing as npt

Places: TypeAlias = npt.NDArray[np.int32]
Masks: TypeAlias = npt.NDArray[np.uint8]
T = TypeVar("T", bound=np.generic)

ABOVE, BELOW, SPLIT = 1, 2, 3
"""Masks of faces: some vertex is above, some is below, or both; on the hyperplane, none."""


@final
class Grown(Generic[T]):
    """An array to which rows are appended; mutable.

    >>> rows = Grown(np.array([1, 2]))
    >>> rows.append(np.array([3]))
    >>> rows.all.tolist()
    [1, 2, 3]
    """

    def __init__(self, first: npt.NDArray[T]) -> None:
        self._room, self._size = first, len(first)

    @property
    def all(self) -> npt.NDArray[T]:
        """The rows so far, which can be written to."""
        return self._room[: self._size]

    def __len__(self) -> int:
        return self._size

    def append(self, *parts: npt.NDArray[T]) -> None:
        """Append rows."""
        size = self._size + sum(map(len, parts))
        if size > len(self._room):
            room = np.empty((2 * size, *self._room.shape[1:]), dtype=self._room.dtype)
            room[: self._size] = self.all
            self._room = room
        for part in parts:
            self._room[self._size : self._size + len(part)] = part
            self._size += len(part)


@final
class Level:
    """The faces of one dimension: their homes and sides, and pairs of a face and a facet."""

    def __init__(self, homes: Places, sides: Places, owners: Places, facets: Places) -> None:
        self.homes, self.sides = Grown(homes), Grown(sides)
        self.owners, self.facets = Grown(owners), Grown(facets)

    def __len__(self) -> int:
        return len(self.homes)

    def masks(self, below: Masks) -> Masks:
        """Return the masks of the faces, given those of their facets."""
        owners, found = self.owners.all, below[self.facets.all]
        if not below.all():
            some = np.flatnonzero(found)
            owners, found = owners[some], found[some]
        masks = np.zeros(len(self), dtype=np.uint8)
        masks[owners] = found  # that of one facet, with which the others agree or not
        masks[owners[np.flatnonzero(masks[owners] != found)]] = SPLIT
        return masks


@final
@dataclass(frozen=True, eq=False)
class Halving:
    """The faces of one dimension that are split, and where their parts and cuts are."""

    size: int
    split: Places
    minus: Places
    cut: Places

    @classmethod
    def of(cls, masks: Masks, below: Halving | None, size_below: int) -> Halving:
        """Return what becomes of faces: parts below follow them, cuts follow lower faces."""
        split = np.flatnonzero(masks == SPLIT).astype(np.int32)
        minus, cut = (np.full(len(masks), -1, dtype=np.int32) for _ in range(2))
        every = np.arange(len(split), dtype=np.int32)
        minus[split] = every + np.int32(len(masks))
        cut[split] = every + np.int32(size_below + (len(below.split) if below else 0))
        return cls(len(masks), split, minus, cut)


@final
class FaceArrays:
    """The faces of a complex of full dimension ``n``, level by level; mutable."""

    def __init__(self, levels: Sequence[Level]) -> None:
        self.levels = tuple(levels)

    @property
    def dim(self) -> int:
        """The dimension."""
        return len(self.levels) - 1

    @property
    def counts(self) -> tuple[int, ...]:
        """The numbers of faces of dimension 0, 1, ..."""
        return tuple(map(len, self.levels))

    def masks(self, vertices: Masks) -> list[Masks]:
        """Return the masks of all faces, given those of the vertices."""
        found = [vertices]
        for level in self.levels[1:]:
            found.append(level.masks(found[-1]))
        return found

    def split(self, masks: Sequence[Masks], side_of_home: Places) -> Places:
        """Split faces, and return the edges that have new vertices, which come last.

        ``side_of_home`` has the number of the new equation on each home that is split.
        """
        halvings: list[Halving] = [Halving.of(masks[0], None, 0)]
        for k in range(1, len(self.levels)):
            halvings.append(Halving.of(masks[k], halvings[-1], len(masks[k - 1])))
        pairs = [len(level.owners) for level in self.levels]
        for k in range(1, len(self.levels)):
            self._split_pairs(k, masks, halvings, pairs)
        for k in range(len(self.levels)):
            self._append_faces(k, halvings, side_of_home)
        return halvings[1].split if self.dim else halvings[0].split

    def _split_pairs(
        self, k: int, masks: Sequence[Masks], halvings: Sequence[Halving], pairs: Sequence[int]
    ) -> None:
        """Give the facets of split faces to their parts and cuts."""
        level, own, under = self.levels[k], halvings[k], halvings[k - 1]
        if not len(own.split):
            return
        owners, facets = level.owners.all[: pairs[k]], level.facets.all[: pairs[k]]
        chosen = np.flatnonzero(masks[k][owners] == SPLIT)
        whole, facet = owners[chosen], facets[chosen]
        kind = masks[k - 1][facet]
        moved, halved = kind == BELOW, kind == SPLIT
        owners[chosen[moved]] = own.minus[whole[moved]]
        broken, parts = whole[halved], facet[halved]
        if k > 1:
            lower = self.levels[k - 1]
            lower.owners.append(own.cut[broken])
            lower.facets.append(under.cut[parts])
            self._append_vanishing(k, masks, own, whole[kind == ABOVE], facet[kind == ABOVE])
        minus, cut = own.minus[own.split], own.cut[own.split]
        level.owners.append(own.minus[broken], own.split, minus)
        level.facets.append(under.minus[parts], cut, cut)

    def _append_vanishing(
        self, k: int, masks: Sequence[Masks], own: Halving, whole: Places, facet: Places
    ) -> None:
        """Give cuts the facets of facets above on which the function vanishes."""
        if masks[k - 2].all():
            return
        lower = self.levels[k - 1]
        owners, facets = lower.owners.all, lower.facets.all
        old = np.flatnonzero((owners < len(masks[k - 1])) & (facets < len(masks[k - 2])))
        owners, facets = owners[old], facets[old]
        found = (masks[k - 2][facets] == 0) & (masks[k - 1][owners] == ABOVE)
        vanishing = np.full(len(masks[k - 1]), -1, dtype=np.int32)
        vanishing[owners[found]] = facets[found]
        has = vanishing[facet] >= 0
        lower.owners.append(own.cut[whole[has]])
        lower.facets.append(vanishing[facet[has]])

    def _append_faces(self, k: int, halvings: Sequence[Halving], side_of_home: Places) -> None:
        """Append the parts below of split faces, and the cuts of the faces above them."""
        level, own = self.levels[k], halvings[k].split
        if k == self.dim:
            level.homes.append(level.homes.all[own])
            level.sides.append(level.sides.all[own])
            return
        above, split = self.levels[k + 1], halvings[k + 1].split
        homes = above.homes.all[split]
        sides = np.column_stack([above.sides.all[split], side_of_home[homes]])
        level.homes.append(level.homes.all[own], homes)
        level.sides.append(level.sides.all[own], sides.astype(np.int32))

    def make_homes(self) -> Places:
        """Make each cell a home of its own and return the homes that they had."""
        top = self.levels[-1].homes.all
        earlier = top.copy()
        top[:] = np.arange(len(top), dtype=np.int32)
        for level, lower in zip(self.levels[:0:-1], self.levels[-2::-1], strict=True):
            lower.homes.all[level.facets.all] = level.homes.all[level.owners.all]
        return earlier
