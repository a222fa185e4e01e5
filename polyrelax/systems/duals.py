r"""Duals: bounds of forms by multipliers of what rectifiers read, whatever these are.

Let :math:`p` be the coefficients of a form of :math:`h = \max(z, 0)` with
:math:`l \le z \le u`.  For any multipliers :math:`\mu`

.. math:: \langle p, h\rangle \;\le\; \langle \mu, z\rangle
          + \sum_j \max_{(z, h)} (p_j h - \mu_j z),

where :math:`(z, h)` are the corners of the triangle around the graph:
:math:`(l_j, \max(l_j, 0))`, :math:`(u_j, \max(u_j, 0))` and, if :math:`l_j < 0 < u_j`,
:math:`(0, 0)`.  A form of the outputs of an affine layer is one of its inputs; so forms are
carried back to the inputs, where they are bounded over their box.

What is kept are multipliers alone: all numbers that follow from them are left to whoever
carries the forms back.  A rectifier without multipliers has *slopes*, with which a positive
and a negative coefficient are multiplied; one of a single phase needs neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias, final

from polyrelax.arithmetic.readable import readable

Slopes: TypeAlias = Mapping[int, Mapping[int, tuple[int, int]]]
"""Slopes below and above rectifiers, by the number of layers up to them."""
Multipliers: TypeAlias = Mapping[int, Mapping[int, tuple[int, ...]]]
"""Multipliers of what rectifiers read, one for each form, by the number of layers to them."""


@final
@readable
@dataclass(frozen=True)
class Batch:
    """Values of a layer that are bounded above, and values that are bounded below.

    The forms are those of the former, and then the opposites of the latter.
    """

    upper: tuple[int, ...]
    lower: tuple[int, ...]
    multipliers: Multipliers


@final
@readable
@dataclass(frozen=True, eq=False)
class Ends:
    """Bounds of the values after ``after`` layers: by intervals, met with those of duals.

    ``before`` has bounds of earlier layers.  All numbers are over ``2**bits``.
    """

    before: Ends | None
    after: int
    bits: int
    slopes: Slopes
    batches: tuple[Batch, ...] = ()


@final
@dataclass(frozen=True, eq=False)
class Dual:
    """The reason of a row of values after one layer that multipliers prove."""

    ends: Ends
    bits: int
    multipliers: Multipliers
