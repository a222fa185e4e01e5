r"""What multipliers prove of a form of inputs and unstable neurons, exactly.

Take **any** multipliers :math:`\mu_i` of the neurons' equations, and :math:`\nu_k \ge 0` of the
sides :math:`s_k(x) \ge 0` of the inputs' set, and write

.. math:: f + \sum_i \mu_i z_i(x, h) + \sum_k \nu_k s_k(x)
   = c + \langle r, x\rangle + \langle p, h\rangle .

Then the form :math:`f` is at most

.. math:: c + \sum_j \max(r_j \underline x_j, r_j \overline x_j)
   + \sum_i \max_{(z, h)} (p_i h - \mu_i z),

where :math:`(z, h)` are the vertices :math:`(l, 0), (0, 0), (u, u)` of a neuron's triangle; one
that is off loses the last, one that is on the first.  Of the form 0 a negative bound is
Farkas' proof that the case has no input.

So multipliers may be rounded, and are, to multiples of :math:`2^{-32}`; what they then prove is
a fraction that is not rounded any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, final

import numpy as np

from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.relaxations.phases.reduced import Reduced, Whole, Wholes

FREE: Final = -1
OFF: Final = 0
ON: Final = 1
"""What is known of a neuron: nothing, that its input is at most 0, or that it is at least 0."""

_BITS: Final = 32
_MOST: Final = 2.0**200


@final
@dataclass(frozen=True, eq=False)
class Multipliers:
    """Multipliers of the rows of neurons, and of sides: integers over one positive scale."""

    numbers: Wholes
    scale: int

    @classmethod
    def rounded(cls, values: Doubles, count: int) -> Multipliers:
        """Return floats as multiples of ``2**-32``; what is no number, or long, is 0.

        Those from ``count`` on are of sides, and not negative.

        >>> Multipliers.rounded(np.array([0.5, -1.0, np.nan]), 1).numbers.tolist()
        [2147483648, 0, 0]
        """
        known = np.where(np.abs(values) < _MOST, values, 0.0)
        known[count:] = np.maximum(known[count:], 0.0)
        whole = np.rint(np.ldexp(known, _BITS))
        return cls(np.array([int(x) for x in whole], dtype=object), 1 << _BITS)

    @classmethod
    def of(cls, values: Sequence[Fraction]) -> Multipliers:
        """Return fractions.

        >>> Multipliers.of([Fraction(1, 2), Fraction(1)]).numbers.tolist()
        [1, 2]
        """
        whole = Whole.of([tuple(values)], len(values))
        return cls(whole.numbers[0], whole.scale)

    def __getitem__(self, k: int) -> Fraction:
        return Fraction(self.numbers[k], self.scale)


def remainder(reduced: Reduced, row: Whole, multipliers: Multipliers) -> Whole:
    """Return what is left of a form when multiples of all rows are added, as one row.

    >>> from polyrelax.arithmetic.interval import Interval
    >>> from polyrelax.networks.gallery import absolute_value
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> unit = Interval(Fraction(-1), Fraction(1))
    >>> found = Reduced.of(absolute_value(), Polytope.box([-1], [1]), [[unit], [unit] * 2])
    >>> remainder(found, found.row(found.outputs[0]), Multipliers.of([Fraction(2)] * 2))
    Whole(numbers=array([[0, 1, 1, 0]], dtype=object), scale=1)
    """
    known = reduced.known
    own = row.numbers[0] * (multipliers.scale * known.scale)
    more = known.rows.combined(multipliers.numbers.tolist())
    total = own + np.array(more, dtype=object) * row.scale
    return Whole(total[None], multipliers.scale * known.scale * row.scale)


def bound(reduced: Reduced, row: Whole, multipliers: Multipliers, phases: Integers) -> Fraction:
    """Return what multipliers prove of a form in some phases.

    >>> from polyrelax.arithmetic.interval import Interval
    >>> from polyrelax.networks.gallery import absolute_value
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> unit = Interval(Fraction(-1), Fraction(1))
    >>> found = Reduced.of(absolute_value(), Polytope.box([-1], [1]), [[unit], [unit] * 2])
    >>> halves = Multipliers.of([Fraction(1, 2)] * 2)
    >>> str(bound(found, found.row(found.outputs[0]), halves, np.array([FREE, FREE])))
    '1'
    """
    total, corners = remainder(reduced, row, multipliers), reduced.corners
    (numbers,), (lower, upper) = total.numbers, corners.numbers
    dim, m = len(reduced.box), reduced.count
    r, p = numbers[:dim], numbers[dim:-1]
    most = np.maximum(r * lower[:dim], r * upper[:dim]).sum()
    mu = multipliers.numbers[:m] * (total.scale // multipliers.scale)
    below = np.where(phases == ON, 0, -mu * lower[dim:])
    above = np.where(phases == OFF, 0, (p - mu) * upper[dim:])
    most += np.maximum(np.maximum(below, above), 0).sum()
    return Fraction(int(numbers[-1] * corners.scale + most), total.scale * corners.scale)
