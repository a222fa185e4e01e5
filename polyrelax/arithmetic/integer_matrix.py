r"""Products of integer matrices, exact in float64.

A matrix of doubles or fractions is kept as limbs, :math:`W = \sum_k L_k 2^{e_k}`, in dense
blocks (:mod:`polyrelax.arithmetic.patterns`).  Let :math:`A` be a matrix of integers and

.. math:: \max_{r,i} |A_{ri}| \cdot \max_j \sum_i |L_{ij}| < 2^{53} .

Then the float64 product :math:`A L` is exact, in whatever order it is summed, with fused
multiplications or without: every product and every partial sum is an integer below
:math:`2^{53}` in absolute value, which a float holds, so that no operation has anything to
round.  Where :math:`A` is too large it is cut into parts that are not; the exact products of
parts and limbs are added up in integers of 64 bits.

Where the sum has more bits than these hold, each term is rounded down to a common unit; the
number of terms bounds what is lost.  Fractions that are no sums of few powers of two are
rounded down as well, to 60 bits below the largest entry; ``slack`` says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Final, final

import numpy as np

from polyrelax.arithmetic.limbs import (
    Doubles,
    Integers,
    Limb,
    exponent_of,
    floors,
    is_dyadic,
    limbs_of_doubles,
    limbs_of_integers,
    parts_of,
)
from polyrelax.arithmetic.patterns import Block, blocks_of
from polyrelax.arithmetic.rational import SparseVector

WIDTH: Final = 27
"""The bits of a limb: float32 weights of one network mostly span 54 bits, two limbs."""

_PRECISION: Final = 53
_WORD: Final = 61
_KEPT: Final = 60
_LONGEST: Final = 128
_MARGIN: Final = 1 + 2.0**-10
"""More than the rounding of a sum of up to 2^40 nonnegative floats, in any direction."""


@final
@dataclass(frozen=True, eq=False)
class Forms:
    """Linear forms, row by row: each number times ``2**-exponent`` and its column's coordinate.

    ``loss`` bounds what was rounded down: the true coefficients are at least these, and less
    than ``loss`` units more.
    """

    numbers: Integers
    columns: Integers
    exponent: int
    loss: int = 0

    @property
    def finest(self) -> int:
        """The greatest exponent at which the numbers still fit into a word."""
        return self.exponent + _WORD - int(np.abs(self.numbers).max(initial=0)).bit_length()

    def at(self, exponent: int) -> Forms:
        """Return the forms in multiples of ``2**-exponent``, rounded down if need be.

        The exponent is at most :attr:`finest`.

        >>> halves = Forms(np.array([[3]]), np.array([0]), 1)
        >>> halves.at(0).numbers.tolist(), halves.at(0).loss, halves.at(2).numbers.tolist()
        ([[1]], 1, [[6]])
        """
        shift = self.exponent - exponent
        if shift <= 0:
            finer = self.numbers << -shift
            return Forms(finer, self.columns, exponent, self.loss << -shift)
        lost = (self.loss >> shift) + 2 if self.loss else 1
        coarser = self.numbers >> min(shift, _WORD)
        return Forms(coarser, self.columns, exponent, lost)

    def doubles(self) -> Doubles:
        """Return the coefficients to the nearest double."""
        return np.ldexp(self.numbers.astype(np.float64), -self.exponent)

    def parts(self) -> tuple[Forms, Forms]:
        """Return the positive and the negative part.

        >>> above, below = Forms(np.array([[3, -2]]), np.arange(2), 0).parts()
        >>> above.numbers.tolist(), below.numbers.tolist()
        ([[3, 0]], [[0, -2]])
        """
        above = np.maximum(self.numbers, 0)
        below = self.numbers - above
        return (
            Forms(above, self.columns, self.exponent),
            Forms(below, self.columns, self.exponent),
        )

    def plus(self, other: Forms, exponent: int) -> Forms:
        """Return the sums, in multiples of ``2**-exponent`` or of as little as they fit in.

        >>> one = Forms(np.array([[1]]), np.array([0]), 0)
        >>> both = one.plus(Forms(np.array([[1]]), np.array([2]), 1), 9)
        >>> both.numbers.tolist(), both.columns.tolist(), both.exponent
        ([[2, 1]], [0, 2], 1)
        """
        terms = (self, other)
        unit = min(exponent, max(f.exponent for f in terms), *(f.finest for f in terms))
        first, second = (form.at(unit) for form in terms)
        columns = np.union1d(first.columns, second.columns)
        numbers = np.zeros((len(first.numbers), len(columns)), dtype=np.int64)
        for form in (first, second):
            numbers[:, np.searchsorted(columns, form.columns)] += form.numbers
        return Forms(numbers, columns, unit, first.loss + second.loss)


@final
@dataclass(frozen=True, eq=False)
class IntegerMatrix:
    """An exact matrix as limbs; entry ``a`` stands for a number in ``[a, a + 2**-slack)``.

    ``slack`` is ``None`` where entries are exactly what they stand for.

    >>> matrix = IntegerMatrix.of_rows([((0, Fraction(3)), (1, Fraction(1, 2)))], 2)
    >>> forms = matrix.product(Forms(np.array([[5]]), np.array([0]), 0))
    >>> forms.numbers.tolist(), forms.exponent
    ([[30, 5]], 1)
    """

    blocks: tuple[Block, ...]
    limbs: tuple[Limb, ...]
    shape: tuple[int, int]
    slack: int | None = None

    @classmethod
    def of_doubles(
        cls, starts: Integers, columns: Integers, values: Doubles, width: int
    ) -> IntegerMatrix:
        """Return the matrix of compressed rows of doubles, of ``width`` columns."""
        rows = len(starts) - 1
        limbs = tuple(limbs_of_doubles(values, _limb_width(rows, width)))
        return cls(blocks_of(starts, columns), limbs, (rows, width))

    @classmethod
    def of_rows(cls, rows: Sequence[SparseVector], width: int) -> IntegerMatrix:
        """Return the matrix of sparse rows of fractions, rounded down if need be."""
        values = [a for row in rows for _, a in row]
        exponent, is_exact = _unit(values)
        starts = np.cumsum([0, *map(len, rows)])
        columns = np.array([j for row in rows for j, _ in row], dtype=np.int64)
        integers, most = floors(values, exponent), _limb_width(len(rows), width)
        limbs = tuple(limbs_of_integers(integers, most, -exponent))
        shape = (len(rows), width)
        return cls(blocks_of(starts, columns), limbs, shape, None if is_exact else exponent)

    @classmethod
    def column(cls, values: Sequence[Fraction]) -> IntegerMatrix:
        """Return a vector as a matrix of one column.

        >>> IntegerMatrix.column([Fraction(1, 3)]).slack is None
        False
        """
        return cls.of_rows([((0, a),) if a else () for a in values], 1)

    @cached_property
    def _filled(self) -> tuple[tuple[Doubles, ...], ...]:
        """The limbs of each block."""
        return tuple(
            tuple(block.fill(limb.values) for limb in self.limbs) for block in self.blocks
        )

    @cached_property
    def _column_sums(self) -> tuple[int, ...]:
        """The greatest sum of absolute values of a column, of each limb."""
        return tuple(self._greatest(k, axis=0) for k in range(len(self.limbs)))

    @cached_property
    def _row_sums(self) -> tuple[int, ...]:
        """The greatest sum of absolute values of a row, of each limb."""
        return tuple(self._greatest(k, axis=1) for k in range(len(self.limbs)))

    def _greatest(self, limb: int, *, axis: int) -> int:
        sums = np.zeros(self.shape[1 - axis])
        for block, filled in zip(self.blocks, self._filled, strict=True):
            places = (block.columns, block.rows)[axis]
            sums[places] += block.sums(np.abs(filled[limb]), axis=axis)
        return int(sums.max(initial=0))

    def product(self, forms: Forms) -> Forms:
        """Return the forms of this matrix's input that forms of its output are.

        What ``forms.loss`` and ``slack`` lose is not counted in the answer's loss.
        """
        touched = tuple(self._touched(forms.columns))
        columns = _union([read for _, _, _, read in touched])
        places = np.zeros(self.shape[1], dtype=np.int64)
        places[columns] = np.arange(len(columns))

        def times(limb: int, part: Doubles) -> Doubles:
            total = np.zeros((len(part), len(columns)))
            for b, here, rows, read in touched:
                entries = self._filled[b][limb]
                product = self.blocks[b].product(part[:, here], entries, rows)
                total[:, places[read]] += product
            return total

        sums = tuple(zip(self.limbs, self._column_sums, strict=True))
        numbers, exponent, loss = _summed(forms, sums, times, len(columns))
        return Forms(numbers, columns, exponent, loss)

    def image(self, points: Forms, *, absolute: bool = False) -> Forms:
        """Return the images of points of all coordinates, by the absolute entries if asked.

        >>> matrix = IntegerMatrix.of_rows([((0, Fraction(-2)), (1, Fraction(3)))], 2)
        >>> point = Forms(np.array([[1, 1]]), np.arange(2), 0)
        >>> matrix.image(point).numbers, matrix.image(point, absolute=True).numbers
        (array([[1]]), array([[5]]))
        """

        def times(limb: int, part: Doubles) -> Doubles:
            total = np.zeros((len(part), self.shape[0]))
            for block, filled in zip(self.blocks, self._filled, strict=True):
                entries = np.abs(filled[limb]) if absolute else filled[limb]
                total[:, block.rows] = block.image(part[:, block.columns], entries)
            return total

        sums = tuple(zip(self.limbs, self._row_sums, strict=True))
        numbers, exponent, loss = _summed(points, sums, times, self.shape[0])
        return Forms(numbers, np.arange(self.shape[0]), exponent, loss)

    def magnitudes(self, points: Doubles) -> Doubles:
        """Return bounds of the absolute images of points of at most these absolute values."""
        total = np.zeros(self.shape[0])
        for block, filled in zip(self.blocks, self._filled, strict=True):
            for limb, entries in zip(self.limbs, filled, strict=True):
                image = block.image(points[block.columns], np.abs(entries))
                total[block.rows] += np.ldexp(image, limb.exponent)
        return total * _MARGIN + (0 if self.slack is None else points.sum() * 2.0**-self.slack)

    def _touched(self, columns: Integers) -> Iterator[tuple[int, Integers, Integers, Integers]]:
        """Yield blocks with rows among ``columns``: the places of these, and what they read."""
        where = np.full(self.shape[0], -1, dtype=np.int64)
        where[columns] = np.arange(len(columns))
        for b, block in enumerate(self.blocks):
            here = where[block.rows]
            rows = np.flatnonzero(here >= 0)
            if len(rows):
                yield b, here[rows], rows, block.read_by(rows)


def _summed(
    forms: Forms,
    limbs: Sequence[tuple[Limb, int]],
    times: Callable[[int, Doubles], Doubles],
    columns: int,
) -> tuple[Integers, int, int]:
    """Return the sum of the products of all parts and limbs, its exponent and its loss.

    The sum is bounded before it is made, so that it fits into a word; what single terms
    would overflow by on the way cancels, as integers of 64 bits wrap around.
    """
    size = int(np.abs(forms.numbers).max(initial=0))
    least = min((limb.exponent for limb, _ in limbs), default=0)
    greatest = size * sum(total << (limb.exponent - least) for limb, total in limbs)
    exponent = forms.exponent - least - max(0, greatest.bit_length() - _WORD)
    result, loss = np.zeros((len(forms.numbers), columns), dtype=np.int64), 0
    for k, (limb, total) in enumerate(limbs):
        for shift, part in parts_of(forms.numbers, _PRECISION - 1 - total.bit_length()):
            term = times(k, part).astype(np.int64)
            move = shift + limb.exponent - forms.exponent + exponent
            result += term << min(move, _WORD) if move >= 0 else term >> min(-move, _WORD)
            loss += move < 0
    return result, exponent, loss


def _unit(values: Sequence[Fraction]) -> tuple[int, bool]:
    """Return the exponent of a common unit, and whether all values are multiples of it."""
    top = exponent_of(values)
    lowest = max((value.denominator.bit_length() - 1 for value in values), default=0)
    if lowest + top <= _LONGEST and all(map(is_dyadic, values)):
        return lowest, True
    return _KEPT - top, False


def _limb_width(rows: int, columns: int) -> int:
    """Return a width of limbs that leaves at least two bits for the parts that they meet."""
    return min(WIDTH, _PRECISION - 3 - max(rows, columns).bit_length())


def _union(arrays: Sequence[Integers]) -> Integers:
    return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *arrays]))
