r"""Images of boxes under affine maps, in integers and rounded outward.

A box of center :math:`c` and radii :math:`r` goes to the box of center :math:`Wc + b` and radii
:math:`|W| r`.  Ends are multiples of a common power of two, rounded outward to 60 bits of the
greatest; the products are those of :mod:`polyrelax.arithmetic.integer_matrix`, whose losses are
added to the radii.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import numpy as np

from polyrelax.arithmetic.integer_matrix import Forms
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.limbs import Integers, exponent_of, floors
from polyrelax.arithmetic.rational import ZERO
from polyrelax.networks.affine import Affine

_PRECISION: Final = 60


def affine_box(layer: Affine, box: Sequence[Interval], bits: int) -> tuple[Interval, ...]:
    """Return a box around the image of ``box``, its ends multiples of ``2**-bits``.

    >>> unit = Interval(Fraction(0), Fraction(1))
    >>> print(*affine_box(Affine.dense([["1/2", -1]], ["1/8"]), [unit, unit], 2))
    [-1, 3/4]
    """
    matrix, _ = layer.integers()
    sums, widths, exponent = _integer_ends(box)
    every = np.arange(len(box))
    center = matrix.image(Forms(sums, every, exponent))
    radius = matrix.image(Forms(widths, every, exponent), absolute=True)
    spare = _spare(box, matrix.slack)
    middles, radii = _fractions(center, 0), _fractions(radius, radius.loss)
    more = center.loss / Fraction(2) ** center.exponent
    return tuple(
        Interval(c - r + b - spare, c + more + r + b + spare).rounded(bits)
        for c, r, b in zip(middles, radii, layer.bias, strict=True)
    )


def _integer_ends(box: Sequence[Interval]) -> tuple[Integers, Integers, int]:
    """Return the sums of the ends and the widths, and the exponent of their unit.

    Ends are rounded outward to integers of at most 60 bits, and their halves are meant: the
    unit is half of theirs.
    """
    exponent = _PRECISION - exponent_of([end for x in box for end in x])
    lower = np.array(floors([x.lower for x in box], exponent), dtype=np.int64)
    upper = -np.array(floors([-x.upper for x in box], exponent), dtype=np.int64)
    return (lower + upper)[None], (upper - lower)[None], exponent + 1


def _fractions(forms: Forms, loss: int) -> list[Fraction]:
    unit = Fraction(2) ** -forms.exponent
    return [(number + loss) * unit for number in forms.numbers[0].tolist()]


def _spare(box: Sequence[Interval], slack: int | None) -> Fraction:
    """Return a bound of what entries rounded by ``2**-slack`` change in an image."""
    if slack is None:
        return ZERO
    return sum((max(-x.lower, x.upper) for x in box), ZERO) / Fraction(2) ** slack
