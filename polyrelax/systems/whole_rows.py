"""Forms of an affine layer's values as forms of its inputs, summed in whole numbers.

A sum of fractions costs ten times as much as one of whole numbers over a common denominator,
and a form of a convolution's values is a sum of a hundred thousand terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import final

from polyrelax.arithmetic.arguments import require
from polyrelax.networks.layers import Affine


@final
@dataclass(frozen=True)
class WholeRows:
    """The weights of an affine layer: whole numbers, to be divided by ``scale``."""

    scale: int
    rows: tuple[tuple[tuple[int, int], ...], ...]

    @classmethod
    def of(cls, layer: Affine) -> WholeRows:
        """Return the weights of a layer.

        >>> WholeRows.of(Affine.dense([["1/2", "1/3"]]))
        WholeRows(scale=6, rows=(((0, 3), (1, 2)),))
        """
        require(layer, Affine)
        scale = lcm(*{a.denominator for row in layer.rows for _, a in row})
        rows = (
            tuple((k, a.numerator * (scale // a.denominator)) for k, a in row)
            for row in layer.rows
        )
        return cls(scale, tuple(rows))

    def before(self, form: Mapping[int, Fraction]) -> dict[int, Fraction]:
        """Return a form of the layer's values as one of its inputs, without a constant.

        >>> found = WholeRows.of(Affine.dense([[1, 2], ["1/2", -2]])).before({0: 3, 1: 3})
        >>> {k: str(c) for k, c in found.items()}
        {0: '9/2'}
        """
        common = lcm(*(c.denominator for c in form.values()))
        total: dict[int, int] = {}
        for j, c in form.items():
            n = c.numerator * (common // c.denominator)
            for k, a in self.rows[j]:
                total[k] = total.get(k, 0) + n * a
        return {k: Fraction(n, common * self.scale) for k, n in total.items() if n}
