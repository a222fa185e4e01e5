r"""A basis of a small program, kept as an explicit integer matrix.

Kernel; FLINT inside.  The matrix :math:`T` and the integer :math:`D` write the basic
variables as :math:`D x_B = T x_N`.  All entries are minors of the program's rows.  To
exchange the variables of row ``r`` and column ``p`` (with unit vectors :math:`e_r, e_p`) is one
fraction-free step,

.. math::

   D' = T_{rp}, \qquad
   T' = \bigl(T_{rp} T - (T e_p + D e_r)(e_r^\top T - D e_p^\top)\bigr) / D .
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import final

import flint

from polyrelax.lp._integer_program import IntegerProgram, Numbers

_ZERO = flint.fmpq(0)


@final
class Tableau:
    """The basic variables as linear forms of the nonbasic ones; mutable."""

    def __init__(self, program: IntegerProgram) -> None:
        columns, count = range(program.dim), len(program.rows)
        self._nonbasic = list(columns)
        self._basic = list(range(program.dim, program.dim + count))
        self._place = {v: v for v in columns} | {v: i for i, v in enumerate(self._basic)}
        entries = [row.get(j, 0) for row in program.rows for j in columns]
        self._matrix = flint.fmpz_mat(count, program.dim, entries)
        self._denominator = flint.fmpz(1)

    @property
    def basic(self) -> list[int]:
        """The basic variables."""
        return self._basic

    def form(self, objective: Mapping[int, flint.fmpq]) -> Numbers:
        """Return a linear form in all variables as one in the nonbasic variables."""
        weights, common = _integers(objective.get(v, _ZERO) for v in self._basic)
        divisor = common * self._denominator
        total = (flint.fmpz_mat(1, len(weights), weights) * self._matrix).entries()
        form = {
            v: flint.fmpq(t, divisor) for v, t in zip(self._nonbasic, total, strict=True) if t
        }
        for v in objective.keys() & self._nonbasic:
            form[v] = form.get(v, _ZERO) + objective[v]
        return {v: c for v, c in form.items() if c}

    def column(self, nonbasic: int) -> Numbers:
        """Return the coefficients of one nonbasic variable in the basic ones."""
        p, denominator = self._place[nonbasic], self._denominator
        column = ((b, self._matrix[i, p]) for i, b in enumerate(self._basic))
        return {b: flint.fmpq(t, denominator) for b, t in column if t}

    def evaluate(self, values: Mapping[int, flint.fmpq]) -> Numbers:
        """Return the basic variables' values, given those of the nonbasic ones."""
        point, common = _integers(values[v] for v in self._nonbasic)
        found = (self._matrix * flint.fmpz_mat(len(point), 1, point)).entries()
        divisor = common * self._denominator
        return {b: flint.fmpq(x, divisor) for b, x in zip(self._basic, found, strict=True)}

    def exchange(self, leaving: int, entering: int) -> None:
        """Make ``entering`` basic in the place of ``leaving``."""
        r, p = self._place[leaving], self._place[entering]
        matrix, old = self._matrix, self._denominator
        height, width = matrix.nrows(), matrix.ncols()
        column = flint.fmpz_mat(height, 1, [matrix[i, p] for i in range(height)])
        row = flint.fmpz_mat(1, width, [matrix[r, q] for q in range(width)])
        pivot = matrix[r, p]
        column[r, 0] += old
        row[0, p] -= old
        self._matrix = (matrix * pivot - column * row) / old
        self._denominator = pivot
        self._basic[r], self._nonbasic[p] = entering, leaving
        self._place[entering], self._place[leaving] = r, p


def _integers(values: Iterable[flint.fmpq]) -> tuple[list[int], int]:
    """Return integers that are the values times a common denominator, and that."""
    fractions = tuple(values)
    common = math.lcm(*{int(x.q) for x in fractions})
    return [int(x.p) * (common // int(x.q)) for x in fractions], common
