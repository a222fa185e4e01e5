r"""Back-substitution in integers, rounded outward at each layer: numbers do not grow.

Let :math:`f` be a form of the values :math:`y` behind a layer with
:math:`\underline S z + \underline c \le y \le \overline S z + \overline c` for
:math:`l \le z \le u`.  For **any** form :math:`\mu` of :math:`z`,

.. math:: \langle f, y\rangle \;\le\; \langle \mu, z\rangle
   + \langle f^+, \overline c\rangle + \langle f^-, \underline c\rangle
   + \sum_j |r_j| \max(|l_j|, |u_j|), \qquad
   r = f^+ \overline S + f^- \underline S - \mu ,

so :math:`\mu` may be rounded to multiples of :math:`2^{-T}`, anew at each layer, for
:math:`2^{-T} \sum_j \max(|l_j|, |u_j|)` at most.  The products are those of
:mod:`polyrelax.arithmetic.integer_matrix`, exact but for a loss that is counted in the same
way; all losses together are added to the bound.  Nothing else is rounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final, final

import numpy as np

from polyrelax.arithmetic.integer_matrix import Forms, IntegerMatrix
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.networks.affine import Affine
from polyrelax.relaxations.constants_of_forms import LEAST, MARGIN, Constants
from polyrelax.relaxations.lines import Lines, Step, reach
from polyrelax.relaxations.wishes import NO_WISHES, Wishes, aimed, relieved

GUARD: Final = 12
"""Bits that multipliers have beyond those of the bounds."""

_MOST_NUMBERS: Final = 1 << 20
_SIZES: Final = 16
"""Powers of two that count as one size."""


@final
class Substitution:
    """The back-substitution of forms of the values after the last of some steps.

    >>> unit = Interval(Fraction(0), Fraction(1))
    >>> half = Affine.dense([["1/2", "-1/2"]])
    >>> str(Substitution.of([unit, unit], 1).then(half).bounds()[0])
    '[-1/2, 1/2]'
    """

    def __init__(
        self,
        box: tuple[IntegerMatrix, IntegerMatrix],
        bits: int,
        steps: tuple[Step, ...],
        sizes: tuple[Doubles, ...],
    ) -> None:
        self._box: Final = box
        self._bits: Final = bits
        self._steps: Final = steps
        self._sizes: Final = sizes

    @classmethod
    def of(cls, box: Sequence[Interval], bits: int) -> Substitution:
        """Return the box of inputs, with bounds to multiples of ``2**-bits``.

        Raises :class:`OverflowError` where values are beyond all floats.
        """
        lower, upper = (IntegerMatrix.column([x[side] for x in box]) for side in (0, 1))
        return cls((lower, upper), bits, (), (_finite(np.array(reach(box)) * MARGIN),))

    def then(self, step: Step) -> Substitution:
        """Return the substitution after one more step.

        Raises :class:`OverflowError` where values are beyond all floats.
        """
        *sizes, size = self._sizes
        with np.errstate(over="ignore", invalid="ignore"):
            if isinstance(step, Affine):
                after = _image(step, size)
            else:
                size = np.minimum(size, np.array(step.reach) * MARGIN)
                after = np.maximum(_image(step.lower, size), _image(step.upper, size))
        more = (*sizes, size, _finite(after))
        return Substitution(self._box, self._bits, (*self._steps, step), more)

    def bounds(self) -> tuple[Interval, ...]:
        """Return bounds of each value after the last step, of which there is one.

        Raises :class:`OverflowError` where coefficients are beyond all floats.
        """
        found = dict(pair for rows in self.batches() for pair in self.ends(rows))
        return tuple(found[j] for j in range(len(found)))

    def ends(
        self, rows: Integers, wishes: Wishes = NO_WISHES
    ) -> Iterator[tuple[int, Interval]]:
        """Yield bounds of some values after the last step."""
        maxima, unit, count = self.maxima(unit_forms(rows), wishes), 1 << self._bits, len(rows)
        for j, up, low in zip(rows.tolist(), maxima[:count], maxima[count:], strict=True):
            yield j, Interval(Fraction(-low, unit), Fraction(up, unit))

    def maxima(self, forms: Forms, wishes: Wishes = NO_WISHES) -> list[int]:
        """Return an upper bound of each form, rounded up to integers times ``2**-bits``.

        ``wishes`` are multipliers that forms should have of the inputs of rectifiers.
        """
        return self.traced(forms, wishes)[0]

    def traced(
        self, forms: Forms, wishes: Wishes = NO_WISHES
    ) -> tuple[list[int], Mapping[int, Forms]]:
        """Return the maxima, and the forms before each step of lines that gave them."""
        sums, exponent = Constants(len(forms.numbers)), self._bits + GUARD
        before: dict[int, Forms] = {}
        for k in reversed(range(len(self._steps))):
            step, size = self._steps[k], self._sizes[k]
            if isinstance(step, Affine):
                forms = _before_affine(forms, step, size, sums)
            else:
                relief = relieved(forms, step, wishes.get(k), sums, exponent)
                forms, chosen = aimed(relief.forms, step, relief.wanted, sums, exponent)
                forms = _before_lines(forms, step, size, sums, exponent)
                forms = forms if chosen is None else forms.plus(chosen, exponent)
                if relief.more is not None:
                    forms = forms.plus(relief.more, exponent)
                    sums.round(forms, size)
                before[k] = forms
        sums.add_split(forms, *self._box)
        return sums.ceilings(self._bits), before

    def batches(self) -> Iterator[Integers]:
        """Yield the values after the last step in the batches that :meth:`bounds` takes."""
        last = self._steps[-1]
        matrix = (last if isinstance(last, Affine) else last.upper).integers()[0]
        yield from _batches(matrix)


def unit_forms(rows: Integers) -> Forms:
    """Return some coordinates, and then their opposites.

    >>> unit_forms(np.array([5])).numbers.tolist()
    [[1], [-1]]
    """
    one = np.eye(len(rows), dtype=np.int64)
    return Forms(np.concatenate([one, -one]), rows, 0)


def _batches(matrix: IntegerMatrix) -> Iterator[Integers]:
    """Yield the rows of a matrix in batches.

    Rows that read the same columns come together, as their forms stay as short as these, but
    not rows of other sizes, as a batch has one unit.
    """
    rest = np.setdiff1d(np.arange(matrix.shape[0]), _rows(matrix))
    sizes = np.frexp(matrix.magnitudes(np.ones(matrix.shape[1])))[1] // _SIZES
    count = max(1, _MOST_NUMBERS // max(matrix.shape))
    for rows in (*(block.rows for block in matrix.blocks), rest):
        for size in np.unique(sizes[rows]):
            some = rows[sizes[rows] == size]
            yield from (some[start : start + count] for start in range(0, len(some), count))


def _rows(matrix: IntegerMatrix) -> Integers:
    none = np.zeros(0, dtype=np.int64)
    return np.concatenate([none, *(block.rows for block in matrix.blocks)])


def _before_affine(forms: Forms, layer: Affine, size: Doubles, sums: Constants) -> Forms:
    """Return ``forms`` as forms of the layer's inputs, which are at most ``size``."""
    matrix, bias = layer.integers()
    sums.add(forms, bias)
    sums.lose(forms, matrix, size)
    before = matrix.product(forms)
    sums.round(before, size)
    return before


def _before_lines(
    forms: Forms, lines: Lines, size: Doubles, sums: Constants, exponent: int
) -> Forms:
    """Return bounds of ``forms`` as forms of the layer's inputs, which are at most ``size``."""
    sides = zip(forms.parts(), (lines.upper, lines.lower), strict=True)
    terms = []
    for part, side in sides:
        matrix, shift = side.integers()
        sums.add(part, shift)
        sums.lose(part, matrix, size)
        terms.append(matrix.product(part))
    before = terms[0].plus(terms[1], exponent)
    sums.round(before, size)
    return before


def _finite(size: Doubles) -> Doubles:
    if not np.isfinite(size).all():
        raise OverflowError("found values beyond all floats, expected smaller ones")
    return np.maximum(size, LEAST)


def _image(layer: Affine, size: Doubles) -> Doubles:
    """Return bounds of the absolute values behind a layer."""
    matrix, bias = layer.integers()
    image: Doubles = matrix.magnitudes(size) + bias.magnitudes(np.ones(1))
    return image * MARGIN
