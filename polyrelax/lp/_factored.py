r"""A basis of a large program, kept as the square matrix that defines it.

Kernel; FLINT inside.  If ``k`` rows are active (their variables nonbasic), then ``k`` of the
program's own variables are basic, and everything about the basis is a solution of a linear
system with the ``k`` by ``k`` matrix of those rows and columns or its transpose.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import final

import flint

from polyrelax.lp._integer_program import IntegerProgram, Numbers


@final
class Factored:
    """The basic variables as linear forms of the nonbasic ones; mutable.

    What is no basis shows by :class:`ZeroDivisionError`, here or in the first question.
    """

    def __init__(self, program: IntegerProgram, basic: Iterable[int]) -> None:
        self._program = program
        self._basic = set(basic)
        if not self._basic <= set(range(len(program.lower))):
            raise ZeroDivisionError
        self._factor()

    def _factor(self) -> None:
        dim, rows = self._program.dim, self._program.rows
        self._columns = sorted(v for v in self._basic if v < dim)
        self._active = [i for i in range(len(rows)) if dim + i not in self._basic]
        if len(self._active) != len(self._columns):
            raise ZeroDivisionError
        place = {v: k for k, v in enumerate(self._columns)}
        size = len(place)
        entries = [0] * (size * size)
        for start, i in enumerate(self._active):
            for j, a in rows[i].items():
                if j in place:
                    entries[start * size + place[j]] = a
        self._matrix = flint.fmpz_mat(size, size, entries)

    @property
    def basic(self) -> list[int]:
        """The basic variables."""
        return sorted(self._basic)

    def form(self, objective: Mapping[int, flint.fmpq]) -> Numbers:
        """Return a linear form in all variables as one in the nonbasic variables."""
        dim = self._program.dim
        own = self._own({v: c for v, c in objective.items() if v < dim or v in self._basic})
        right = [own.get(j, flint.fmpq(0)) for j in self._columns]
        solution = _solve(self._matrix.transpose(), right)
        active = {dim + i: y for i, y in zip(self._active, solution, strict=True)}
        rest = self._own({**own, **{v: -y for v, y in active.items()}})
        kept = {v: y + objective.get(v, 0) for v, y in active.items()}
        return {**rest, **{v: c for v, c in kept.items() if c}}

    def _own(self, form: Mapping[int, flint.fmpq]) -> Numbers:
        """Return a form in the program's own variables, by writing out its rows."""
        dim, common = self._program.dim, _common_denominator(form.values())
        total = {v: _numerator(c, common) for v, c in form.items() if v < dim}
        for v, c in form.items():
            if v >= dim:
                factor = _numerator(c, common)
                for j, a in self._program.rows[v - dim].items():
                    total[j] = total.get(j, 0) + factor * a
        return {j: flint.fmpq(t, common) for j, t in total.items() if t}

    def column(self, nonbasic: int) -> Numbers:
        """Return the coefficients of one nonbasic variable in the basic ones."""
        row_values = [flint.fmpq(nonbasic == self._program.dim + i) for i in self._active]
        own = {nonbasic: flint.fmpq(1)} if nonbasic < self._program.dim else {}
        return {v: a for v, a in self._complete(own, row_values).items() if a}

    def evaluate(self, values: Mapping[int, flint.fmpq]) -> Numbers:
        """Return the basic variables' values, given those of the nonbasic ones."""
        own = {v: x for v, x in values.items() if v < self._program.dim and x}
        return self._complete(own, [values[self._program.dim + i] for i in self._active])

    def _complete(self, own: Numbers, row_values: list[flint.fmpq]) -> Numbers:
        """Return the basic variables' values from the nonbasic own ones and the active rows."""
        done = self._row_values(self._active, own)
        right = [r - s for r, s in zip(row_values, done, strict=True)]
        solution = dict(zip(self._columns, _solve(self._matrix, right), strict=True))
        inactive = [v - self._program.dim for v in self.basic if v >= self._program.dim]
        found = self._row_values(inactive, {**own, **solution})
        rows = (self._program.dim + i for i in inactive)
        return {**solution, **dict(zip(rows, found, strict=True))}

    def _row_values(self, rows: Iterable[int], point: Numbers) -> list[flint.fmpq]:
        common = _common_denominator(point.values())
        scaled = {j: _numerator(x, common) for j, x in point.items()}
        sums = (
            sum(a * scaled[j] for j, a in self._program.rows[i].items() if j in scaled)
            for i in rows
        )
        return [flint.fmpq(total, common) for total in sums]

    def exchange(self, leaving: int, entering: int) -> None:
        """Make ``entering`` basic in the place of ``leaving``."""
        self._basic.remove(leaving)
        self._basic.add(entering)
        self._factor()


def _solve(matrix: flint.fmpz_mat, right: list[flint.fmpq]) -> list[flint.fmpq]:
    if not right:
        return []
    common = _common_denominator(right)
    column = flint.fmpz_mat(len(right), 1, [_numerator(x, common) for x in right])
    return [x / common for x in matrix.solve(column).entries()]


def _common_denominator(values: Iterable[flint.fmpq]) -> int:
    return math.lcm(*{int(value.q) for value in values})


def _numerator(value: flint.fmpq, common: int) -> int:
    return int(value.p) * (common // int(value.q))
