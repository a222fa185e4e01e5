r"""Cases of properties excluded by one bound on their whole box, for networks of many inputs.

A case does not occur if one of its rows, :math:`\langle c, f(x)\rangle \le b`, holds nowhere,
and that is so if a proved upper bound of :math:`-\langle c, f(x)\rangle` is below :math:`-b`.
The bounds are those of LP-ALL, which floats approach by ascent and integers prove
(:mod:`polyrelax.relaxations.barrier`).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Final

import numpy as np

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.integer_matrix import Forms
from polyrelax.errors import TooLargeError, UnsupportedNeuronError
from polyrelax.networks.network import Network
from polyrelax.networks.properties import Case, Row
from polyrelax.relaxations.barrier import LP_ALL

_LARGEST: Final = 1 << 40


def is_excluded(network: Network, case: Case) -> bool:
    """Whether a bound on the box of a case's inputs shows that it does not occur.

    >>> from polyrelax.networks.gallery import maximum
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> cases = (Case(Polytope.box([0, 0], [1, 1]), (Row((), ((0, -1),), -k),)) for k in (1, 2))
    >>> [is_excluded(maximum(2), case) for case in cases]
    [False, True]
    """
    require(network, Network)
    require(case, Case)
    rows = [row for row in case.rows if row.outputs and not row.inputs]
    forms = _opposites(rows, network.out_dim)
    if forms is None or not case.inputs.is_box:
        return False
    try:
        values = LP_ALL.proved(network, case.inputs, forms).values
    except (UnsupportedNeuronError, TooLargeError):
        return False
    pairs = zip(rows, values, strict=True)
    return any(_is_never(row, value / _scale(row)) for row, value in pairs)


def _is_never(row: Row, most: Fraction) -> bool:
    """Whether a row holds nowhere where its form's opposite is at most a value."""
    return most <= -row.offset if row.is_strict else most < -row.offset


def _opposites(rows: Sequence[Row], out_dim: int) -> Forms | None:
    """Return the opposites of rows' forms, times their scales; ``None`` if they are long."""
    numbers = [[0] * out_dim for _ in rows]
    for form, row in zip(numbers, rows, strict=True):
        for j, c in row.outputs:
            form[j] = int(-c * _scale(row))
    if not rows or max(abs(entry) for form in numbers for entry in form) > _LARGEST:
        return None
    return Forms(np.array(numbers, dtype=np.int64), np.arange(out_dim), 0)


def _scale(row: Row) -> int:
    return lcm(*(c.denominator for _, c in row.outputs))
