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

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from polyrelax.arithmetic.integer_matrix import Forms, IntegerMatrix
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.networks.affine import Affine
from polyrelax.relaxations.lines import Lines, Step

GUARD: Final = 12
"""Bits that multipliers have beyond those of the bounds."""

_MOST_NUMBERS: Final = 1 << 20
_MARGIN: Final = 1 + 2.0**-10
"""More than the rounding of a sum of up to 2^40 nonnegative floats, in any direction."""


def bounds_of(
    box: Sequence[Interval], steps: Sequence[Step], bits: int
) -> tuple[Interval, ...] | None:
    """Return bounds of each value after the last step, rounded to multiples of ``2**-bits``.

    The steps are at least one, and ``box`` holds the inputs of the first.  Returns ``None``
    where values are beyond all floats.

    >>> half = Affine.dense([["1/2", "-1/2"]])
    >>> str(bounds_of([Interval(Fraction(0), Fraction(1))] * 2, [half], 1)[0])
    '[-1/2, 1/2]'
    """
    last = steps[-1]
    matrix = (last if isinstance(last, Affine) else last.upper).integers()[0]
    ends = np.zeros((2, last.out_dim), dtype=object)
    try:
        run = _Run(box, steps, bits)
        for forms in unit_forms(matrix):
            ends[:, forms.columns] = np.reshape(run.maxima(forms), (2, -1))
    except OverflowError:  # a number that is no float
        return None
    unit = 1 << bits
    pairs = zip(*ends.tolist(), strict=True)
    return tuple(Interval(Fraction(-low, unit), Fraction(up, unit)) for up, low in pairs)


class _Run:
    """The back-substitution of forms of the values after the last of some steps."""

    def __init__(self, box: Sequence[Interval], steps: Sequence[Step], bits: int) -> None:
        self._steps: Final = steps
        self._bits: Final = bits
        self._sizes: Final = _magnitudes(box, steps)
        self._ends: Final = [IntegerMatrix.column([x[side] for x in box]) for side in (0, 1)]

    def maxima(self, forms: Forms) -> list[int]:
        """Return an upper bound of each form, rounded up to integers times ``2**-bits``."""
        sums = _Sums(len(forms.numbers))
        for step, size in zip(self._steps[::-1], self._sizes[-2::-1], strict=True):
            forms = _substituted(forms, step, size, sums, self._bits + GUARD)
        sums.add_split(forms, *self._ends)
        return sums.ceilings(self._bits)


def unit_forms(matrix: IntegerMatrix) -> Iterator[Forms]:
    """Yield the coordinates of a matrix's output and their opposites, in batches.

    Rows that read the same columns come together, as their forms stay as short as these.
    """
    rest = np.setdiff1d(np.arange(matrix.shape[0]), _rows(matrix))
    size = max(1, _MOST_NUMBERS // max(matrix.shape))
    for rows in (*(block.rows for block in matrix.blocks), rest):
        for start in range(0, len(rows), size):
            some = rows[start : start + size]
            one = np.eye(len(some), dtype=np.int64)
            yield Forms(np.concatenate([one, -one]), some, 0)


def _rows(matrix: IntegerMatrix) -> Integers:
    none = np.zeros(0, dtype=np.int64)
    return np.concatenate([none, *(block.rows for block in matrix.blocks)])


def _substituted(forms: Forms, step: Step, size: Doubles, sums: _Sums, bits: int) -> Forms:
    """Return upper bounds of ``forms`` as forms of the step's input, at most ``size``."""
    if isinstance(step, Affine):
        matrix, bias = step.integers()
        sums.add(forms, bias)
        before = matrix.product(forms)
        sums.lose(forms, matrix, size)
    else:
        above, below = _parts(forms)
        (upper, top), (lower, bottom) = step.upper.integers(), step.lower.integers()
        sums.add(above, top)
        sums.add(below, bottom)
        sums.lose(above, upper, size)
        sums.lose(below, lower, size)
        before = upper.product(above).plus(lower.product(below), bits)
    sums.charge(before.loss * 2.0**-before.exponent * float(size[before.columns].sum()))
    return before


def _parts(forms: Forms) -> tuple[Forms, Forms]:
    """Return the positive and the negative part."""
    above = np.maximum(forms.numbers, 0)
    return (
        Forms(above, forms.columns, forms.exponent),
        Forms(forms.numbers - above, forms.columns, forms.exponent),
    )


@dataclass
class _Sums:
    """The constants of a batch of forms as they come up; a builder, which grows."""

    count: int

    def __post_init__(self) -> None:
        self._terms: list[Forms] = []
        self._charges: list[Doubles | float] = []

    def add(self, forms: Forms, values: IntegerMatrix) -> None:
        """Add the values of forms at a point."""
        product = values.product(forms)
        if len(product.columns):
            self._terms.append(product)
        self.lose(forms, values, np.ones(1))

    def add_split(self, forms: Forms, lower: IntegerMatrix, upper: IntegerMatrix) -> None:
        """Add the maxima of forms over a box."""
        above, below = _parts(forms)
        self.add(above, upper)
        self.add(below, lower)

    def lose(self, forms: Forms, matrix: IntegerMatrix, size: Doubles) -> None:
        """Charge for what the entries of a matrix were rounded by."""
        if matrix.slack is not None:
            weights = np.abs(forms.numbers).sum(axis=1, dtype=np.float64)
            unit = 2.0 ** -(forms.exponent + matrix.slack)
            self._charges.append(weights * unit * float(size.sum()))

    def charge(self, amount: float) -> None:
        """Add an amount to every bound."""
        self._charges.append(amount)

    def ceilings(self, bits: int) -> list[int]:
        """Return the sums, rounded up to integers times ``2**-bits``."""
        exponent = max([bits, *(term.exponent for term in self._terms)])
        totals = [_ceiling(charge, exponent) for charge in self._total_charges()]
        for term in self._terms:
            shift = exponent - term.exponent
            numbers = term.numbers[:, 0].tolist()
            totals = [
                t + ((n + term.loss) << shift) for t, n in zip(totals, numbers, strict=True)
            ]
        return [-(-total >> (exponent - bits)) for total in totals]

    def _total_charges(self) -> list[float]:
        total = np.zeros(self.count)
        for charge in self._charges:
            total = total + charge
        return [float(charge) for charge in total * _MARGIN]


def _ceiling(value: float, bits: int) -> int:
    p, q = value.as_integer_ratio()
    return -((-p << bits) // q)


def _magnitudes(box: Sequence[Interval], steps: Sequence[Step]) -> list[Doubles]:
    """Return bounds of the absolute values before each step and after the last.

    Raises :class:`OverflowError` where there is one that is no float.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        sizes = list(_sizes(box, steps))
    if not all(np.isfinite(size).all() for size in sizes):
        raise OverflowError("found values beyond all floats, expected smaller ones")
    return sizes


def _sizes(box: Sequence[Interval], steps: Sequence[Step]) -> list[Doubles]:
    sizes = [_largest(box)]
    for step in steps:
        if isinstance(step, Lines):
            sizes[-1] = np.minimum(sizes[-1], _largest(step.box))
            sides = [_image(side, sizes[-1]) for side in (step.lower, step.upper)]
            sizes.append(np.maximum(*sides))
        else:
            sizes.append(_image(step, sizes[-1]))
    return sizes


def _largest(box: Sequence[Interval]) -> Doubles:
    sizes = np.array([float(max(-x.lower, x.upper)) for x in box], dtype=np.float64)
    return sizes * _MARGIN


def _image(layer: Affine, size: Doubles) -> Doubles:
    shifts = np.array([abs(float(b)) for b in layer.bias])
    image: Doubles = layer.integers()[0].magnitudes(size) + shifts
    return image * _MARGIN
