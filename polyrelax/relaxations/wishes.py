r"""Multipliers that forms should have of the inputs of rectifiers, and what they cost.

Whoever wishes for multipliers may be wrong in any way: what is chosen is near to what is wanted
and allowed, and every bound holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias, final

import numpy as np

from polyrelax.arithmetic.integer_matrix import Forms
from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.relaxations.constants_of_forms import MARGIN, Constants
from polyrelax.relaxations.group_facets import Facets
from polyrelax.relaxations.lines import Lines

_MOST_FACTOR: Final = 1 << 8
_FACTOR_BITS: Final = 59
_SPARE: Final = 4
"""Bits by which coefficients, factors and their sums stay below a word."""
_MOST_WEIGHT: Final = 2.0**10
_WEIGHT_BITS: Final = 24
_ROOM: Final = 8
"""Units by which factors exceed coefficients, more than products of few limbs lose."""


@final
@dataclass(frozen=True, eq=False)
class Wanted:
    """Multipliers that forms should have of the inputs of some rectifiers.

    ``slopes`` are those of the lines above, between 0 and 1.  Multipliers that are no numbers
    are no wish.  ``weights`` are how much of each facet of groups is to be used for each form.
    """

    columns: Integers
    slopes: Doubles
    multipliers: Doubles
    facets: Facets | None = None
    weights: Doubles | None = None

    def with_rows(self, rows: Integers, other: Wanted) -> Wanted:
        """Return these wishes with some forms' multipliers from elsewhere, where numbers.

        >>> one = np.ones(1)
        >>> none = Wanted(np.array([0]), one, np.array([[0.0], [0.5]]))
        >>> none.with_rows(np.array([1]), Wanted(np.array([0]), one, one[None])).multipliers
        array([[0.],
               [1.]])
        """
        multipliers = self.multipliers.copy()
        known = multipliers[rows]
        multipliers[rows] = np.where(np.isnan(other.multipliers), known, other.multipliers)
        return replace(self, multipliers=multipliers)


Wishes: TypeAlias = Mapping[int, Wanted]
"""What is wanted before some of the steps, by their numbers."""

NO_WISHES: Final[Wishes] = {}


@dataclass(frozen=True, eq=False)
class Relief:
    """Forms without what facets bound, what is wanted then, and what facets add before."""

    forms: Forms
    wanted: Wanted | None
    more: Forms | None = None


def relieved(
    forms: Forms, lines: Lines, wanted: Wanted | None, sums: Constants, exponent: int
) -> Relief:
    r"""Return what is left of forms after weights of facets are used.

    With :math:`\langle a, z\rangle + \langle b, y\rangle \le c` and :math:`\gamma \ge 0`,
    :math:`\langle f, y\rangle \le \langle f - \gamma b, y\rangle - \gamma \langle a, z\rangle
    + \gamma c`; so what lines are wanted to leave is :math:`\mu + \gamma a`.

    >>> from fractions import Fraction
    >>> from polyrelax.arithmetic.interval import Interval
    >>> from polyrelax.relaxations.lines import BLOCK, PASS
    >>> lines = Lines.of_pairs([(BLOCK, PASS)], (Interval(Fraction(0), Fraction(1)),))
    >>> forms = Forms(np.array([[2]]), np.array([0]), 0)
    >>> relieved(forms, lines, None, Constants(1), 20).forms is forms
    True
    """
    if wanted is None or wanted.facets is None or wanted.weights is None:
        return Relief(forms, wanted)
    a, b, c = wanted.facets.matrices(lines.out_dim)
    weights, size = whole_weights(wanted.weights), np.array(lines.reach) * MARGIN
    sums.add(weights, c)
    given, taken = a.product(weights), b.product(weights)
    less = Forms(-taken.numbers, taken.columns, taken.exponent, taken.loss)
    left = forms.plus(less, exponent)
    sums.round(left, size)
    aims = wanted.multipliers.copy()
    aims[:, np.searchsorted(wanted.columns, given.columns)] += given.doubles()
    more = Forms(-given.numbers, given.columns, given.exponent, given.loss)
    bare = Forms(left.numbers, left.columns, left.exponent)
    return Relief(bare, Wanted(wanted.columns, wanted.slopes, aims), more)


def whole_weights(weights: Doubles) -> Forms:
    """Return how much of each facet is used, in integers that are not negative.

    >>> whole_weights(np.array([[0.5, -1.0]])).doubles().tolist()
    [[0.5, 0.0]]
    """
    known = np.nan_to_num(np.clip(weights, 0, _MOST_WEIGHT))
    whole = np.rint(np.ldexp(known, _WEIGHT_BITS)).astype(np.int64)
    return Forms(whole, np.arange(weights.shape[1]), _WEIGHT_BITS)


def aimed(
    forms: Forms, lines: Lines, wanted: Wanted | None, sums: Constants, exponent: int
) -> tuple[Forms, Forms | None]:
    r"""Return forms without the coefficients that get what is wanted, and their multipliers.

    A rectifier satisfies :math:`y \ge 0`, :math:`y \ge z` and :math:`y \le \lambda z + c`, so
    :math:`f y \le \mu z + a c` for :math:`a \ge 0` and
    :math:`f - a + a \lambda \le \mu \le a \lambda`.  The least :math:`a` for which the wanted
    :math:`\mu` is allowed is :math:`\max(0, \mu / \lambda, (f - \mu) / (1 - \lambda))`; floats
    find it, and integers see to it that :math:`\mu` is in its range.

    >>> from fractions import Fraction
    >>> from polyrelax.arithmetic.interval import Interval
    >>> from polyrelax.relaxations.lines import BLOCK, Line
    >>> half, signed = Fraction(1, 2), Interval(Fraction(-1), Fraction(1))
    >>> lines = Lines.of_pairs([(BLOCK, Line(half, half))], (signed,))
    >>> wanted = Wanted(np.array([0]), np.array([0.5]), np.array([[1.0]]))
    >>> forms = Forms(np.array([[2]]), np.array([0]), 0)  # 2 y <= z + 1
    >>> rest, chosen = aimed(forms, lines, wanted, Constants(1), 20)
    >>> rest.doubles().tolist(), chosen.doubles().tolist()
    ([[0.0]], [[1.0]])
    """
    upper, shift = lines.upper.integers()
    if wanted is None or upper.slack is not None:
        return forms, None
    columns, here, there = np.intersect1d(forms.columns, wanted.columns, return_indices=True)
    unit, own = min(exponent, forms.finest - _SPARE), forms.numbers[:, here]
    least = -Forms(-own, columns, forms.exponent).at(unit).numbers
    aims, factors = _factors(least, wanted, there, unit)
    lifted = upper.product(Forms(factors, columns, unit)).at(unit)
    allowed = np.isfinite(aims) & (factors - least >= lifted.loss)
    lowest = least - factors + lifted.numbers + lifted.loss
    chosen = np.clip(np.where(allowed, aims, 0.0).astype(np.int64), lowest, lifted.numbers)
    sums.add(Forms(np.where(allowed, factors, 0), columns, unit), shift)
    numbers = forms.numbers.copy()
    numbers[:, here] = np.where(allowed, 0, own)
    rest = Forms(numbers, forms.columns, forms.exponent)
    return rest, Forms(np.where(allowed, chosen, 0), columns, unit)


def _factors(
    least: Integers, wanted: Wanted, there: Integers, unit: int
) -> tuple[Doubles, Integers]:
    """Return multipliers in units, not a number where unwanted, and factors of upper lines."""
    slopes = wanted.slopes[there]
    with np.errstate(over="ignore", invalid="ignore"):
        aims = np.rint(np.ldexp(wanted.multipliers[:, there], unit))
        needed = np.maximum(np.maximum(aims / slopes, (least - aims) / (1 - slopes)), 0.0)
        largest = _MOST_FACTOR * (np.abs(least).max(initial=0) + 1.0)
        aims = np.where(needed <= min(largest, 2.0**_FACTOR_BITS), aims, np.nan)
        whole = np.where(np.isnan(aims), 0.0, np.ceil(needed)).astype(np.int64)
    return aims, np.maximum(np.maximum(whole, least + _ROOM), 0)
