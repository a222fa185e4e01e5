"""A linear program as the kernels of this room see it: integer rows, FLINT bounds.

Kernel; FLINT inside.  Variable ``j < dim`` is the program's own, and variable ``dim + i`` is
the value of row ``i`` scaled to integers, so that a program is nothing but bounds on variables
``0, 1, ..., dim + len(rows) - 1`` of which the last are linear in the first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import flint

from polyrelax.arithmetic.rational import ZERO, SparseVector
from polyrelax.lp.linear_program import LinearProgram, Row

IntegerRow: TypeAlias = dict[int, int]
Numbers: TypeAlias = dict[int, flint.fmpq]


@dataclass(frozen=True)
class IntegerProgram:
    """The scaled rows, the scales, and the bounds of all variables."""

    dim: int
    rows: tuple[IntegerRow, ...]
    scales: tuple[int, ...]
    lower: tuple[flint.fmpq | None, ...]
    upper: tuple[flint.fmpq | None, ...]

    @classmethod
    def of(cls, program: LinearProgram) -> IntegerProgram:
        """Return ``program`` with each row multiplied by the least positive integer."""
        scales = tuple(_scale(row) for row in program.rows)
        rows = tuple(_integers(row, s) for row, s in zip(program.rows, scales, strict=True))
        ends = [row.offset * s for row, s in zip(program.rows, scales, strict=True)]
        starts = [
            end if row.is_equation else None
            for row, end in zip(program.rows, ends, strict=True)
        ]
        return cls(
            program.dim,
            rows,
            scales,
            tuple(map(_bound, (*program.lower, *starts))),
            tuple(map(_bound, (*program.upper, *ends))),
        )

    def multipliers(self, numbers: Mapping[int, flint.fmpq]) -> SparseVector:
        """Return the coefficients of row variables as multipliers of the program's rows."""
        found = sorted((v - self.dim, y) for v, y in numbers.items() if v >= self.dim and y)
        return tuple((i, fraction(y) * self.scales[i]) for i, y in found)

    def point(self, numbers: Mapping[int, flint.fmpq]) -> tuple[Fraction, ...]:
        """Return the values of the program's own variables, zero where not given."""
        return tuple(fraction(numbers[j]) if j in numbers else ZERO for j in range(self.dim))


def _scale(row: Row) -> int:
    return math.lcm(*(a.denominator for _, a in row.coefficients))


def _integers(row: Row, scale: int) -> IntegerRow:
    return {j: a.numerator * (scale // a.denominator) for j, a in row.coefficients if a}


def _bound(value: Fraction | None) -> flint.fmpq | None:
    return None if value is None else number(value)


def number(value: Fraction) -> flint.fmpq:
    """Return a fraction as FLINT's rational number."""
    return flint.fmpq(value.numerator, value.denominator)


def numbers(form: Iterable[tuple[int, Fraction]]) -> Numbers:
    """Return the nonzero coefficients of a linear form as FLINT's rational numbers."""
    return {j: number(c) for j, c in form if c}


def fraction(value: flint.fmpq) -> Fraction:
    """Return FLINT's rational number as a fraction."""
    return Fraction(int(value.p), int(value.q))
