r"""The matrices of a chain as arrays, in floats or in integers.

The Jacobian of a chain is :math:`W_L D_L W_{L-1} \cdots D_1 W_0`, where :math:`D_l` has a block
for each unit, one of those of its pieces.  In floats every entry is the nearest one; in
integers every matrix is multiplied by the least factor that makes it whole.

From each step of sorts to the last one of their layer, values are put in order only: those of
some groups, as far as they are not in their places.

Kernel: arrays inside.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast, final

import numpy as np

from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.arithmetic.rational import SparseVector
from polyrelax.errors import TooLargeError
from polyrelax.networks.affine import Affine
from polyrelax.networks.neurons.passing import Pass
from polyrelax.networks.neurons.selection import Selection
from polyrelax.verification.chains import MOST_PIECES, Chain, Stage

Array: TypeAlias = Doubles
"""Doubles, or in their place Python's integers, with which numpy computes in the same words."""


@final
@dataclass(frozen=True, eq=False)
class Signed:
    """A matrix, or a stack of them, and its positive and negative parts."""

    whole: Array
    positive: Array
    negative: Array

    @classmethod
    def of(cls, whole: Array) -> Signed:
        """Return a matrix with its parts.

        >>> [part.tolist() for part in vars(Signed.of(np.array([2.0, -3.0]))).values()]
        [[2.0, -3.0], [2.0, 0.0], [0.0, -3.0]]
        """
        return cls(whole, np.maximum(whole, 0), np.minimum(whole, 0))

    def at(self, place: tuple[Integers, Integers]) -> Signed:
        """Return the rows at given places of a stack."""
        return Signed(self.whole[place], self.positive[place], self.negative[place])


@final
@dataclass(frozen=True, eq=False)
class Blocks:
    """The blocks of all units of a stage in each piece; ``units`` has the unit of a row.

    A unit of fewer pieces than others has its last one in their place.
    """

    stack: Signed
    units: Integers

    def chosen(self, live: Integers) -> Signed:
        """Return the blocks of live pieces, a row of them for each unit."""
        return self.stack.at((live.T[:, self.units], np.arange(len(self.units))))


@final
@dataclass(frozen=True, eq=False)
class Ordering:
    """Groups of values that stages only put in order, others staying, up to stage ``last``."""

    groups: tuple[Integers, ...]
    others: Integers
    last: int

    @classmethod
    def of(cls, stage: Stage, number: int) -> Ordering | None:
        """Return what a stage of a number and those behind it do, if they only order."""
        if stage.rank is None:
            return None
        groups = [u.inputs for u in stage.units if isinstance(u.neuron, Selection)]
        others = [j for u in stage.units if isinstance(u.neuron, Pass) for j in u.inputs]
        found = tuple(map(np.array, groups))
        return cls(found, np.array(others, dtype=np.int64), number + stage.left)


@final
@dataclass(frozen=True, eq=False)
class Matrices:
    """The matrices of a chain, and the factor that their product is multiplied by."""

    weights: tuple[Signed, ...]
    blocks: tuple[Blocks, ...]
    orderings: tuple[Ordering | None, ...]
    factor: int

    @classmethod
    def in_floats(cls, chain: Chain) -> Matrices:
        """Return the matrices in floats.

        >>> from polyrelax.networks.gallery import absolute_value
        >>> Matrices.in_floats(Chain.of(absolute_value())).weights[0].whole.tolist()
        [[1.0], [-1.0]]
        """
        weights = tuple(Signed.of(_floats(a.rows, a.in_dim)) for a in _maps(chain))
        stacks = (_stack([_floats(r, w) for r, w in _images(stage)]) for stage in chain.stages)
        blocks = (Blocks(s, _units(t)) for s, t in zip(stacks, chain.stages, strict=True))
        return cls(weights, tuple(blocks), _orderings(chain), 1)

    @classmethod
    def in_integers(cls, chain: Chain) -> Matrices:
        """Return the matrices in integers.

        >>> from polyrelax.networks.network import network
        >>> found = Matrices.in_integers(Chain.of(network(([["1/2"]], [1]), ([["1/3"]], [0]))))
        >>> found.weights[1].whole.tolist(), found.factor
        ([[1]], 6)
        """
        maps = [(a.rows, a.in_dim) for a in _maps(chain)]
        factors = [_factor([rows]) for rows, _ in maps]
        weights = tuple(
            Signed.of(_whole(*each, factor)) for each, factor in zip(maps, factors, strict=True)
        )
        blocks = []
        for stage in chain.stages:
            images = list(_images(stage))
            factors.append(_factor([rows for rows, _ in images]))
            stack = _stack([_whole(*image, factors[-1]) for image in images])
            blocks.append(Blocks(stack, _units(stage)))
        return cls(weights, tuple(blocks), _orderings(chain), math.prod(factors))


def most_pieces(stage: Stage) -> int:
    """Return the greatest number of pieces of a stage's units.

    Raises :class:`TooLargeError` for more than ``MOST_PIECES``.

    >>> from polyrelax.networks.gallery import tent
    >>> most_pieces(Chain.of(tent()).stages[0])
    2
    """
    count, name = max((unit.neuron.count, unit.neuron.name) for unit in stage.units)
    if count > MOST_PIECES:
        raise TooLargeError(f"found {name} with {count} pieces, expected at most {MOST_PIECES}")
    return count


def _maps(chain: Chain) -> Iterable[Affine]:
    return (*(stage.affine for stage in chain.stages), chain.last)


Rows: TypeAlias = Sequence[SparseVector]


def _images(stage: Stage) -> Iterable[tuple[Rows, int]]:
    """Yield the linear part of a stage for each number of a piece, with its width."""
    width = stage.affine.out_dim
    for k in range(most_pieces(stage)):
        pieces = (
            (unit, unit.neuron.piece(min(k, unit.neuron.count - 1))) for unit in stage.units
        )
        yield [unit.form(row) for unit, piece in pieces for row in piece.image.rows], width


def _orderings(chain: Chain) -> tuple[Ordering | None, ...]:
    return tuple(Ordering.of(stage, number) for number, stage in enumerate(chain.stages))


def _units(stage: Stage) -> Integers:
    sizes = [unit.neuron.out_dim for unit in stage.units]
    return np.repeat(np.arange(len(sizes)), sizes)


def _stack(images: Sequence[Array]) -> Signed:
    return Signed.of(np.stack(images))


def _floats(rows: Rows, width: int) -> Array:
    dense = np.zeros((len(rows), width))
    for i, row in enumerate(rows):
        for j, a in row:
            dense[i, j] = float(a)
    return dense


def _whole(rows: Rows, width: int, factor: int) -> Array:
    dense = np.full((len(rows), width), 0, dtype=np.object_)
    for i, row in enumerate(rows):
        for j, a in row:
            dense[i, j] = a.numerator * (factor // a.denominator)
    return cast("Array", dense)


def _factor(matrices: Iterable[Rows]) -> int:
    return math.lcm(*(a.denominator for rows in matrices for row in rows for _, a in row))
