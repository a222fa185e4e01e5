r"""Bounds of the Jacobians of a chain in which some pieces are chosen.

For a direction :math:`d` two passes bound all products with the Jacobian
:math:`J = W_L D_L W_{L-1} \cdots D_1 W_0`, by intervals: forward,
:math:`u_l \ni W_l D_l \cdots W_0 d`, and back, :math:`c_l \ni W_L D_L \cdots W_{l+1} D_{l+1}`.
Each block is replaced by the hull of what its pieces make of a vector, so that a sort or an
absolute value makes none longer.  Wherever they meet, :math:`J d \in c_l u_l`, and the best of
these is taken.

Stages that only put values in order, as the steps of sorts, make of a product of two vectors
:math:`\sum_i c_i u_{\pi(i)}` with a permutation :math:`\pi`, and by the rearrangement
inequality

.. math:: \textstyle\sum_i c_i u_{\pi(i)}
          \le \sum_i c^+_{[i]} u^+_{[i]} - \sum_i c^-_{[i]} u^+_{[k+1-i]}
          - \sum_i c^+_{[i]} u^-_{[k+1-i]} + \sum_i c^-_{[i]} u^-_{[i]} ,

:math:`a^\pm` the positive and negative parts, of the ends that make it greatest, and
:math:`a_{[i]}` the :math:`i`-th greatest entry.

The operator norm is read off the products :math:`s^\top J d` with the extreme points of the
unit ball of inputs and of the dual one of outputs.  These are unit vectors on one side and, on
the inputs' for the maximum norm, on the outputs' for the 1-norm, signs (one of each pair of
opposites) on the other, while these are few.  Else the entries of :math:`J` are bounded one by
one and added up.

The same code runs on floats and on integers.  In floats a sum or product is off by a factor
:math:`1 + \delta` with :math:`|\delta| \le 2^{-53}`, and no path through the passes has more of
them than :math:`N`, so that no bound is off by more than
:math:`\gamma_N = N 2^{-53} / (1 - N 2^{-53})` times the norm of
:math:`|W_L| \hat D_L |W_{L-1}| \cdots \hat D_1 |W_0|`, where :math:`\hat D_l` has the greatest
absolute values of the pieces (a unit has at most one in a row and a column, or they are added).
That is computed once, and twice that is added to every bound.  Kernel: arrays inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, Literal, TypeAlias, final

import numpy as np

from polyrelax.arithmetic.limbs import Integers
from polyrelax.verification.matrices import Array, Matrices, Ordering, Signed

Norm: TypeAlias = Literal["inf", "1"]
Ends: TypeAlias = tuple[Array, Array]
"""The lower and the upper ends of an array of intervals."""
Live: TypeAlias = tuple[Integers, ...]
"""For each stage the pieces that a unit may be in, a row a unit; its first one repeats."""

MOST_SIGNED: Final = 8
"""Up to so many inputs (maximum norm) or outputs (1-norm) all signs are looked at."""


@final
@dataclass(frozen=True, eq=False)
class Passes:
    """What the passes say: a bound ``size`` of the norm, and what reaches each stage.

    ``forward[l]`` bounds what becomes of directions before stage ``l``, ``back[l]`` how outputs
    depend on the values behind it.  ``steep`` are the directions that make the size.
    """

    size: float | int
    forward: tuple[Ends, ...]
    back: tuple[Ends, ...]
    steep: slice


@final
@dataclass(frozen=True, eq=False)
class Reader:
    """How matrices are read as bounds of an operator norm, by extreme points of balls.

    The columns of ``directions`` are those of the unit ball of inputs, the rows of ``outputs``
    those of the dual one.  If there were too many of either, they are unit vectors, and the
    entries of the product are added along ``axis``.
    """

    matrices: Matrices
    directions: Array
    outputs: Signed
    axis: int | None

    @classmethod
    def of(cls, matrices: Matrices, norm: Norm) -> Reader:
        """Return the reader of a norm."""
        width, count = matrices.weights[0].whole.shape[1], matrices.weights[-1].whole.shape[0]
        signed = width if norm == "inf" else count
        units = np.eye(count if norm == "inf" else width, dtype=np.int64)
        corners = _corners(signed) if signed <= MOST_SIGNED else np.eye(signed, dtype=np.int64)
        kind = matrices.weights[0].whole.dtype
        outputs, inputs = (units, corners.T) if norm == "inf" else (corners, units)
        axis = None if signed <= MOST_SIGNED else int(norm == "inf")
        return cls(matrices, inputs.astype(kind), Signed.of(outputs.astype(kind)), axis)

    def passes(self, live: Live) -> Passes:
        """Return bounds for all Jacobians that the live pieces allow."""
        weights = self.matrices.weights
        pairs = zip(self.matrices.blocks, live, strict=True)
        chosen = [blocks.chosen(pieces) for blocks, pieces in pairs]
        forward, back = self._forward(chosen), []
        found = _from_left(self.outputs, forward.pop())
        orderings = self._orderings(live)
        ends = (self.outputs.whole @ weights[-1].whole,) * 2
        for number, (block, weight, met) in reversed(
            list(enumerate(zip(chosen, weights[:-1], forward, strict=True)))
        ):
            back.append(ends)
            ends = _before(ends, block)
            if met[0] is met[1] or self.axis is None:  # else it costs more than it helps
                if number in orderings:
                    last = back[len(chosen) - 1 - orderings[number].last]
                    found = _met(found, _ordered(orderings[number], last, met))
                if number in orderings or self.matrices.orderings[number] is None:
                    found = _met(found, _products(ends, met))
            ends = _times(ends, weight)
        found = _met(found, _products(ends, (self.directions, self.directions)))
        size, steep = self.read(np.maximum(found[1], -found[0]))
        return Passes(size, tuple(forward), tuple(reversed(back)), steep)

    def read(self, entries: Array) -> tuple[float | int, slice]:
        """Return the norm of products of such sizes, and the directions that make it."""
        sizes = entries if self.axis is None else entries.sum(axis=self.axis, keepdims=True)
        if self.axis == 1:
            return sizes.max(keepdims=True).item(), slice(None)
        best = int(sizes.max(axis=0).argmax())
        return sizes[:, best].max(keepdims=True).item(), slice(best, best + 1)

    def _orderings(self, live: Live) -> dict[int, Ordering]:
        """Return the orderings of steps of sorts from the first one on that is open."""
        firsts: dict[int, tuple[int, Ordering]] = {}
        for number, ordering in enumerate(self.matrices.orderings):
            if ordering is not None and not is_chosen(live[number]):
                firsts.setdefault(ordering.last, (number, ordering))
        return dict(firsts.values())

    def _forward(self, chosen: Sequence[Signed]) -> list[Ends]:
        start = self.matrices.weights[0].whole @ self.directions
        found = [(start, start)]
        for block, weight in zip(chosen, self.matrices.weights[1:], strict=True):
            low, high = _behind(block, found[-1])
            if np.array_equal(low, high):
                value = weight.whole @ low
                found.append((value, value))
            else:
                found.append(_from_left(weight, (low, high)))
        return found


def is_chosen(pieces: Integers) -> bool:
    """Whether one piece of each unit is live.

    >>> is_chosen(np.array([[0, 1], [1, 1]]))
    False
    """
    return bool((pieces == pieces[:, :1]).all())


def _corners(dim: int) -> Integers:
    """Return the signs of all coordinates, one of each pair of opposites, as rows."""
    return np.array([(1, *signs) for signs in product((1, -1), repeat=dim - 1)])


def _from_left(weight: Signed, ends: Ends) -> Ends:
    low, high = ends
    return (
        weight.positive @ low + weight.negative @ high,
        weight.positive @ high + weight.negative @ low,
    )


def _behind(block: Signed, ends: Ends) -> Ends:
    """Return the hull of what the live pieces make of columns."""
    low, high = ends
    if low is high:
        images = block.whole @ low
        return images.min(axis=0), images.max(axis=0)
    return (
        (block.positive @ low + block.negative @ high).min(axis=0),
        (block.positive @ high + block.negative @ low).max(axis=0),
    )


def _before(ends: Ends, block: Signed) -> Ends:
    """Return the hull of rows times the blocks of the live pieces."""
    low, high = ends
    return (
        (low @ block.positive + high @ block.negative).min(axis=0),
        (high @ block.positive + low @ block.negative).max(axis=0),
    )


def _times(ends: Ends, weight: Signed) -> Ends:
    low, high = ends
    return (
        low @ weight.positive + high @ weight.negative,
        high @ weight.positive + low @ weight.negative,
    )


def _products(rows: Ends, columns: Ends) -> Ends:
    """Return the products of matrices of intervals."""
    if columns[0] is columns[1]:
        return _times(rows, Signed.of(columns[0]))
    corners = [row[:, :, None] * column[None] for row in rows for column in columns]
    low = np.minimum(np.minimum(corners[0], corners[1]), np.minimum(corners[2], corners[3]))
    high = np.maximum(np.maximum(corners[0], corners[1]), np.maximum(corners[2], corners[3]))
    return low.sum(axis=1), high.sum(axis=1)


def _ordered(ordering: Ordering, rows: Ends, columns: Ends) -> Ends:
    """Return the products of intervals where some columns' values come in any order."""
    low, high = _products(_taken(rows, 1, ordering.others), _taken(columns, 0, ordering.others))
    for group in ordering.groups:
        (a, b), u = _taken(rows, 1, group), _taken(columns, 0, group)
        low, high = low - _rearranged((-b, -a), u), high + _rearranged((a, b), u)
    return low, high


def _taken(ends: Ends, axis: int, places: Integers) -> Ends:
    low, high = (end.take(places, axis) for end in ends)
    return low, high


def _rearranged(rows: Ends, columns: Ends) -> Array:
    """Return upper bounds of the products of rows with columns in any order."""
    (least, most), (low, high) = rows, columns
    up, down = np.sort(np.maximum(most, 0)), np.sort(np.maximum(-most, 0))
    kept, lost = np.sort(np.maximum(least, 0)), np.sort(np.maximum(-least, 0))
    ends = (np.maximum(end, 0) for end in (high, low, -high, -low))
    over, under, short, deep = (np.sort(end, axis=0) for end in ends)
    found: Array = up @ over - down @ under[::-1] - kept @ short[::-1] + lost @ deep
    return found


def _met(one: Ends, two: Ends) -> Ends:
    return np.maximum(one[0], two[0]), np.minimum(one[1], two[1])
