r"""The steps of a substitution in floats, for whoever proposes multipliers.

An affine layer keeps its entries to the nearest double, in compressed rows; its products go by
the blocks of :mod:`polyrelax.arithmetic.patterns`, so that a convolution costs what its entries
cost.  A layer of rectifiers keeps, for each neuron that bends, its upper line
:math:`y \le \lambda z + c`; others are silent, or pass on what they read.  Both can be
restricted to the coordinates that some values depend on, their *cone of influence*.

Nothing here is exact: floats propose, and
:mod:`polyrelax.relaxations.integer_substitution` proves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias, final

import numpy as np

from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.arithmetic.patterns import Block, blocks_of, ranges, similar_rows
from polyrelax.networks.affine import Affine
from polyrelax.networks.double_rows import DoubleRows
from polyrelax.polytopes.triangle import upper_slope
from polyrelax.relaxations.lines import Lines

_WASTE: Final = 1.1
_SMALL: Final = 1 << 17
"""Up to so many entries a matrix is multiplied as a dense one, whatever its zeros."""


@final
@dataclass(frozen=True, eq=False)
class FloatAffine:
    """An affine layer, its entries to the nearest double.

    ``exact`` is the layer itself, if these are all of its entries: it knows its blocks.
    """

    starts: Integers
    columns: Integers
    values: Doubles
    bias: Doubles
    width: int
    exact: Affine | None = None

    @classmethod
    def of(cls, layer: Affine) -> FloatAffine:
        """Return the layer in floats.

        >>> FloatAffine.of(Affine.dense([["1/2"]], [1])).block(np.array([0]), np.array([0]))
        array([[0.5]])
        """
        bias = np.array([float(b) for b in layer.bias])
        if isinstance(layer.stored, DoubleRows):
            stored = layer.stored
            entries = (stored.starts, stored.columns, stored.values)
            return cls(*entries, bias, layer.in_dim, layer)
        starts = np.cumsum([0, *map(len, layer.rows)])
        columns = np.array([j for row in layer.rows for j, _ in row], dtype=np.int64)
        values = np.array([float(a) for row in layer.rows for _, a in row])
        return cls(starts, columns, values, bias, layer.in_dim)

    def entries(self, rows: Integers) -> tuple[Integers, Integers]:
        """Return the places of the entries of some rows, and the row of each by its place."""
        counts = self.starts[rows + 1] - self.starts[rows]
        return ranges(self.starts[rows], counts), np.repeat(np.arange(len(rows)), counts)

    def block(self, rows: Integers, columns: Integers) -> Doubles:
        """Return the entries in some rows and columns, as a dense matrix."""
        some = self.restricted(rows, columns)
        dense = np.zeros((len(rows), len(columns)))
        row_of = np.repeat(np.arange(len(rows)), np.diff(some.starts))
        dense[row_of, some.columns] = some.values
        return dense

    def restricted(self, rows: Integers, columns: Integers) -> FloatAffine:
        """Return some values of the layer, where inputs but for some columns are 0.

        >>> layer = FloatAffine.of(Affine.dense([[1, 2], [3, 4]], [5, 6]))
        >>> layer.restricted(np.array([1]), np.array([1])).image(np.array([[1.0]]))
        array([[10.]])
        """
        where = np.full(self.width, -1, dtype=np.int64)
        where[columns] = np.arange(len(columns))
        places, row_of = self.entries(rows)
        column_of = where[self.columns[places]]
        there = column_of >= 0
        counts = np.bincount(row_of[there], minlength=len(rows))
        starts = np.concatenate([[0], np.cumsum(counts)])
        values = self.values[places[there]]
        return FloatAffine(starts, column_of[there], values, self.bias[rows], len(columns))

    @cached_property
    def _dense(self) -> Doubles | None:
        """The whole matrix, where that takes less time to multiply than its blocks."""
        if len(self.bias) * self.width > _SMALL:
            return None
        return self.block(np.arange(len(self.bias)), np.arange(self.width))

    @cached_property
    def _blocks(self) -> list[tuple[Block, Doubles]]:
        known = None if self.exact is None else self.exact.integers()[0].blocks
        blocks = blocks_of(self.starts, self.columns) if known is None else known
        return [(block, block.fill(self.values)) for block in blocks]

    def product(self, forms: Doubles) -> Doubles:
        """Return forms of the layer's values as forms of its inputs, without constants.

        >>> FloatAffine.of(Affine.dense([[1, 2]], [3])).product(np.array([[2.0]]))
        array([[2., 4.]])
        """
        if self._dense is not None:
            return forms @ self._dense
        total = np.zeros((len(forms), self.width))
        for block, entries in self._blocks:
            every = np.arange(len(block.rows))
            total[:, block.columns] += block.product(forms[:, block.rows], entries, every)
        return total

    def image(self, points: Doubles) -> Doubles:
        """Return the layer's values at points."""
        return self._linear(points) + self.bias

    def spread(self, radii: Doubles) -> Doubles:
        """Return how far values are at most from those at the center of a box."""
        return self._linear(radii, absolute=True)

    def _linear(self, points: Doubles, *, absolute: bool = False) -> Doubles:
        if self._dense is not None:
            return points @ (np.abs(self._dense) if absolute else self._dense).T
        total = np.zeros((len(points), len(self.bias)))
        for block, filled in self._blocks:
            entries = np.abs(filled) if absolute else filled
            total[:, block.rows] = block.image(points[:, block.columns], entries)
        return total


@final
@dataclass(frozen=True, eq=False)
class FloatTriangles:
    """The triangles of a layer: which neurons are unstable or silent, and upper lines."""

    unstable: Integers
    silent: Integers
    slopes: Doubles
    intercepts: Doubles

    @classmethod
    def of(cls, lines: Lines, rectified: Sequence[int]) -> FloatTriangles:
        """Return the triangles over the box of some lines."""
        named = np.isin(np.arange(lines.out_dim), rectified)
        negative = np.array([z.lower < 0 for z in lines.box])
        picks, bias = lines.upper.stored.picks or (), lines.upper.bias
        slopes = np.array([0.0 if pick is None else float(pick[1]) for pick in picks])
        bends = named & negative & (slopes > 0)
        return cls(
            np.flatnonzero(bends),
            np.flatnonzero(named & (slopes == 0)),
            slopes,
            np.array([float(b) for b in bias]),
        )

    @classmethod
    def over(cls, lower: Doubles, upper: Doubles, rectified: Sequence[int]) -> FloatTriangles:
        """Return the triangles over a box in floats.

        >>> ends = np.array([-1.0, 1.0, -2.0]), np.array([1.0, 2.0, -1.0])
        >>> found = FloatTriangles.over(*ends, range(3))
        >>> found.unstable.tolist(), found.silent.tolist(), found.slopes.tolist()
        ([0], [2], [0.5, 1.0, 0.0])
        """
        named = np.isin(np.arange(len(lower)), rectified)
        silent = named & (upper <= 0)
        bends = named & ~silent & (lower < 0)
        slopes = np.where(silent, 0.0, 1.0)
        slopes[bends] = upper_slope(lower[bends], upper[bends])
        intercepts = np.where(bends, -slopes * lower, 0.0)
        return cls(np.flatnonzero(bends), np.flatnonzero(silent), slopes, intercepts)

    def restricted(self, coordinates: Integers) -> FloatTriangles:
        """Return the triangles of some neurons.

        >>> one = np.ones(2)
        >>> both = FloatTriangles(np.array([1]), np.array([0]), one, one)
        >>> both.restricted(np.array([1])).unstable.tolist()
        [0]
        """
        return FloatTriangles(
            np.flatnonzero(np.isin(coordinates, self.unstable)),
            np.flatnonzero(np.isin(coordinates, self.silent)),
            self.slopes[coordinates],
            self.intercepts[coordinates],
        )


FloatStep: TypeAlias = FloatAffine | FloatTriangles


def groups_of_rows(layer: FloatAffine) -> list[Integers]:
    """Return the rows of a layer that read almost the same values, together.

    >>> groups_of_rows(FloatAffine.of(Affine.dense([[1, 2], [3, 4]])))
    [array([0, 1])]
    """
    return similar_rows(layer.starts, layer.columns, _WASTE)


def needed(steps: Sequence[FloatStep], rows: Integers) -> list[Integers]:
    """Return the coordinates before each step, and after the last, that some values read.

    >>> layer = FloatAffine.of(Affine.dense([[1, 2], [0, 4]]))
    >>> [places.tolist() for places in needed([layer], np.array([1]))]
    [[1], [1]]
    """
    found = [rows]
    for step in reversed(steps):
        if isinstance(step, FloatAffine):
            places, _ = step.entries(found[0])
            found.insert(0, np.unique(step.columns[places]))
        else:
            found[0] = np.setdiff1d(found[0], step.silent)
            found.insert(0, found[0])
    return found


def cone(steps: Sequence[FloatStep], places: Sequence[Integers]) -> tuple[FloatStep, ...]:
    """Return the steps between the coordinates that :func:`needed` gives.

    >>> layer = FloatAffine.of(Affine.dense([[1, 2], [0, 4]]))
    >>> cone([layer], needed([layer], np.array([1])))[0].image(np.array([[1.0]]))
    array([[4.]])
    """
    return tuple(
        step.restricted(after, before)
        if isinstance(step, FloatAffine)
        else step.restricted(after)
        for step, before, after in zip(steps, places, places[1:], strict=False)
    )
