r"""A bound that holds whatever the floats are: one exact pass over the dual.

For integer rows :math:`A x \le b` and any :math:`y` (with the negative multipliers of
inequalities put to 0),

.. math::

   \max \langle c, x\rangle \le \langle y, b\rangle
   + \sum_j \max(r_j l_j, r_j u_j), \qquad r = c - A^\top y ,

by weak duality [Neumaier and Shcherbina 2004].  The multipliers are rounded to integers over
one power of two, so that the products are those of integers; the residual that the rounding
leaves costs about :math:`2^{-60}` of the largest term times the width of a variable.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from polyrelax.arithmetic.rational import ZERO, SparseVector
from polyrelax.lp._integer_program import IntegerProgram, IntegerRow, fraction

_BITS = 60


@dataclass(frozen=True)
class SafeBound:
    """What the pass needs of a program, prepared once."""

    rows: tuple[tuple[tuple[int, int], ...], ...]
    sizes: tuple[int, ...]
    offsets: tuple[Fraction, ...]
    equations: tuple[bool, ...]
    lower: tuple[Fraction | None, ...]
    upper: tuple[Fraction | None, ...]

    @classmethod
    def of(cls, program: IntegerProgram) -> SafeBound:
        """Return the prepared pass."""
        bounds = [
            tuple(None if end is None else fraction(end) for end in ends)
            for ends in (program.lower, program.upper)
        ]
        dim = program.dim
        return cls(
            tuple(tuple(row.items()) for row in program.rows),
            tuple(_size(row) for row in program.rows),
            tuple(end or ZERO for end in bounds[1][dim:]),
            tuple(end is not None for end in bounds[0][dim:]),
            bounds[0][:dim],
            bounds[1][:dim],
        )

    def upper_bound(
        self, objective: SparseVector, multipliers: Sequence[float]
    ) -> Fraction | None:
        """Return the bound that ``multipliers`` prove, or ``None`` if they prove none."""
        weights, shift = self._rounded(multipliers)
        sums = [0] * len(self.lower)
        for row, weight in zip(self.rows, weights, strict=True):
            if weight:
                for j, a in row:
                    sums[j] += weight * a
        terms = [(w, b) for w, b in zip(weights, self.offsets, strict=True) if w and b]
        box = self._box_terms(objective, sums, shift)
        return None if box is None else _total(terms + box) / (1 << shift)

    def _rounded(self, multipliers: Sequence[float]) -> tuple[list[int], int]:
        """Return clipped integers and a ``shift``: the multipliers times ``2**shift``."""
        parts = [
            math.frexp(y) if math.isfinite(y) and (equation or y > 0) else (0.0, 0)
            for y, equation in zip(multipliers, self.equations, strict=True)
        ]
        sized = list(zip(parts, self.sizes, strict=True))
        top = max((e + size for (m, e), size in sized if m), default=0)
        shift = max(0, _BITS - top + max(self.sizes, default=0))
        return [_shifted(m, e, _BITS - top + size, shift) for (m, e), size in sized], shift

    def _box_terms(
        self, objective: SparseVector, sums: list[int], shift: int
    ) -> list[tuple[int, Fraction]] | None:
        """Return factors whose products sum to the residual's maximum over the box."""
        costs, terms = dict(objective), []
        for j, total in enumerate(sums):
            cost = costs.get(j, ZERO)
            factor = (cost.numerator << shift) - total * cost.denominator
            if not factor:
                continue
            bound = self.upper[j] if factor > 0 else self.lower[j]
            if bound is None:
                return None
            terms.append((factor, bound / cost.denominator))
        return terms


def _size(row: IntegerRow) -> int:
    return max((abs(a).bit_length() for a in row.values()), default=0)


def _shifted(mantissa: float, exponent: int, bits: int, shift: int) -> int:
    """Return ``mantissa * 2**exponent``, kept to ``bits`` binary places, times ``2**shift``."""
    integer, move = int(mantissa * (1 << 53)), exponent - 53 + bits
    integer = integer << move if move >= 0 else integer >> -move
    return integer << (shift - bits)


def _total(terms: list[tuple[int, Fraction]]) -> Fraction:
    """Return the sum of the products, adding up terms of equal denominator first."""
    sums: dict[int, int] = {}
    for factor, bound in terms:
        q = bound.denominator
        sums[q] = sums.get(q, 0) + factor * bound.numerator
    return sum((Fraction(p, q) for q, p in sums.items()), ZERO)
