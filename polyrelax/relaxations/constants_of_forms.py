"""The constants that come up where forms are substituted, and what rounding cost.

A builder: the values of forms at points are summed as integers, and what was rounded is charged
in floats, each at least what it bounds.  Sums of nonnegative floats are off by less than a
factor; where products of floats would be so small that they are off by more, something larger
is charged instead.
"""

from __future__ import annotations

import math
from operator import add
from typing import Final

import numpy as np

from polyrelax.arithmetic.integer_matrix import Forms, IntegerMatrix
from polyrelax.arithmetic.limbs import Doubles

MARGIN: Final = 1 + 2.0**-10
"""More than the rounding of a sum of up to 2^40 nonnegative floats, in any direction."""
LEAST: Final = 2.0**-900
"""Sizes are at least this, so that the margin is more than what floats lose near 0, too."""

_TINY: Final = 2.0**-1000


class Constants:
    """The constants of a batch of forms as they come up; a builder, which grows.

    >>> from fractions import Fraction
    >>> constants, three = Constants(1), Forms(np.array([[3]]), np.array([0]), 0)
    >>> constants.add(three, IntegerMatrix.column([Fraction(1, 4)]))
    >>> constants.ceilings(1)  # 3/4, rounded up to 2/2
    [2]
    """

    def __init__(self, count: int) -> None:
        self._count: Final = count
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
        above, below = forms.parts()
        self.add(above, upper)
        self.add(below, lower)

    def round(self, forms: Forms, size: Doubles) -> None:
        """Charge for what forms of values of at most ``size`` have lost."""
        if forms.loss:
            reached = forms.loss * float(size[forms.columns].sum())
            self._charges.append(math.ldexp(reached, -forms.exponent) + _TINY)

    def lose(self, forms: Forms, matrix: IntegerMatrix, size: Doubles) -> None:
        """Charge for what the entries of a matrix were rounded by."""
        if matrix.slack is not None:
            weights = np.abs(forms.numbers).sum(axis=1, dtype=np.float64)
            with np.errstate(over="ignore", under="ignore"):
                amounts = np.ldexp(weights * size.sum(), -forms.exponent - matrix.slack)
            self._charges.append(amounts + _TINY)

    def ceilings(self, bits: int) -> list[int]:
        """Return the sums, rounded up to integers times ``2**-bits``.

        Raises :class:`OverflowError` where a charge is beyond all floats.
        """
        exponent = max([bits, *(term.exponent for term in self._terms)])
        totals = [_ceiling(charge, exponent) for charge in self._total_charges()]
        for term in self._terms:
            shift = exponent - term.exponent
            numbers = term.numbers[:, 0].tolist()
            more = [(number + term.loss) << shift for number in numbers]
            totals = list(map(add, totals, more))
        return [-(-total >> (exponent - bits)) for total in totals]

    def _total_charges(self) -> list[float]:
        total = np.zeros(self._count)
        with np.errstate(over="ignore"):
            for charge in self._charges:
                total = total + charge
            return [float(charge) for charge in total * MARGIN]


def _ceiling(value: float, bits: int) -> int:
    p, q = value.as_integer_ratio()
    return -((-p << bits) // q)
