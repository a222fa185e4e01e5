"""Float proposals of optimal bases and multipliers, by HiGHS; the only importer of highspy.

Nothing here is exact, and nothing that leaves this file is believed: the exact simplex method
starts from the basis, and the multipliers are rounded and evaluated exactly.

Rows and columns are scaled by powers of two towards boxes and entries of size one: without
that, HiGHS's absolute tolerances make its bases wrong on weights of size 1000.  Every
objective starts from the basis of the rows, not from the last optimum: on triangle
relaxations with 650 variables and 900 rows that takes 18 ms instead of 42, because the optima
are far apart while the first basis becomes dual feasible by moving variables to their other
bound.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import final

import flint
import highspy
import numpy as np
from numpy.typing import NDArray

from polyrelax.arithmetic.rational import quotient
from polyrelax.lp._integer_program import IntegerProgram, IntegerRow, Numbers
from polyrelax.lp.float_program import Cuts, FloatProgram
from polyrelax.lp.proposal import Proposal

_PASSES = 3
_OPTIONS: dict[str, bool | int | float | str] = {
    "output_flag": False,
    "presolve": "off",
    "solver": "simplex",
    "simplex_scale_strategy": 0,
    "threads": 1,
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
}
_DUAL_OPTIONS: dict[str, bool | int | float | str] = {
    "primal_feasibility_tolerance": 1e-7,
    "dual_feasibility_tolerance": 1e-7,
    "simplex_strategy": 1,
    "simplex_scale_strategy": 1,
}


@final
class Highs:
    """A HiGHS session on one program; mutable."""

    def __init__(self, program: IntegerProgram) -> None:
        self._program = program
        self._rows, self._columns = _exponents(program)
        # Unlike highspy.Highs it sets no callbacks, which prints a banner whatever the options.
        self._solver = highspy._Highs()  # type: ignore[attr-defined]
        for name, value in _OPTIONS.items():
            self._solver.setOptionValue(name, value)
        # A float method may cycle; the exact one takes over wherever it stopped.
        self._solver.setOptionValue("simplex_iteration_limit", 100 * len(program.lower) + 1000)
        self._solver.passModel(self._model())

    def _model(self) -> highspy.HighsLp:
        model, program, dim = highspy.HighsLp(), self._program, self._program.dim
        model.num_col_, model.num_row_ = dim, len(program.rows)
        model.col_cost_ = np.zeros(dim)
        model.col_lower_ = self._bounds(program.lower[:dim], -self._columns, -math.inf)
        model.col_upper_ = self._bounds(program.upper[:dim], -self._columns, math.inf)
        model.row_lower_ = self._bounds(program.lower[dim:], self._rows, -math.inf)
        model.row_upper_ = self._bounds(program.upper[dim:], self._rows, math.inf)
        matrix = model.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.start_ = np.cumsum([0, *map(len, program.rows)])
        matrix.index_ = np.array([j for row in program.rows for j in row], dtype=np.int32)
        matrix.value_ = np.array(list(self._entries()))
        return model

    def _entries(self) -> Iterable[float]:
        for row, r in zip(self._program.rows, self._rows.tolist(), strict=True):
            for j, a in row.items():
                yield _scaled(a, 1, r + int(self._columns[j]))

    @staticmethod
    def _bounds(
        values: Sequence[flint.fmpq | None], exponents: NDArray[np.int64], missing: float
    ) -> NDArray[np.float64]:
        pairs = zip(values, exponents.tolist(), strict=True)
        return np.array(
            [missing if v is None else _scaled(int(v.p), int(v.q), e) for v, e in pairs],
            dtype=float,
        )

    def propose(self, objective: Numbers) -> Proposal | None:
        """Return the final basis and multipliers of HiGHS, or ``None`` if it failed."""
        size = max(
            (_exponent(c) + int(self._columns[j]) for j, c in objective.items()), default=0
        )
        costs = np.zeros(self._program.dim)
        for j, c in objective.items():
            costs[j] = -_scaled(int(c.p), int(c.q), int(self._columns[j]) - size)
        every = np.arange(self._program.dim, dtype=np.int32)
        self._solver.changeColsCost(len(every), every, costs)
        self._solver.clearSolver()
        self._solver.run()
        basis = self._solver.getBasis()
        if not basis.valid:
            return None
        return self._proposal([*basis.col_status, *basis.row_status], size)

    def _proposal(self, statuses: Sequence[object], size: int) -> Proposal:
        basic = frozenset(
            v for v, s in enumerate(statuses) if s == highspy.HighsBasisStatus.kBasic
        )
        upper = frozenset(
            v for v, s in enumerate(statuses) if s == highspy.HighsBasisStatus.kUpper
        )
        return Proposal(basic, upper, self._multipliers(size))

    def _multipliers(self, size: int) -> tuple[float, ...]:
        """Return the multipliers of the unscaled rows; HiGHS minimised the opposite."""
        duals = np.array(self._solver.getSolution().row_dual, dtype=float)
        if len(duals) != len(self._rows):
            return (0.0,) * len(self._rows)
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            return tuple(np.ldexp(-duals, (self._rows + size).astype(np.int32)).tolist())


def _exponents(program: IntegerProgram) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return powers of two for rows and columns that bring boxes and entries near one.

    A column is scaled by the box of its variable, or by its entries if it has none; a row by
    its greatest entry.  Scaling bounded columns by their entries as well lets a few tiny
    weights of a trained network push bounds to 1e26, where HiGHS gives up.
    """
    row_of = np.array([i for i, row in enumerate(program.rows) for _ in row], dtype=np.int64)
    column_of = np.array([j for row in program.rows for j in row], dtype=np.int64)
    sizes = np.array(list(_sizes(program.rows)), dtype=np.int64)
    boxes = [_box_exponent(program.lower[j], program.upper[j]) for j in range(program.dim)]
    boxed = np.array([box is not None for box in boxes], dtype=bool)
    columns = np.array([box or 0 for box in boxes], dtype=np.int64)
    for _ in range(_PASSES):
        rows = -_greatest(sizes + columns[column_of], row_of, len(program.rows))
        free = -_greatest(sizes + rows[row_of], column_of, program.dim)
        columns = np.where(boxed, columns, free)
    return rows, columns


def _box_exponent(lower: flint.fmpq | None, upper: flint.fmpq | None) -> int | None:
    """Return the size of the greatest end of a bounded variable, if it is not zero."""
    if lower is None or upper is None or not (lower or upper):
        return None
    return max(_exponent(end) for end in (lower, upper) if end)


def _sizes(rows: Iterable[IntegerRow]) -> Iterable[int]:
    return (abs(a).bit_length() for row in rows for a in row.values())


def _greatest(
    sizes: NDArray[np.int64], group_of: NDArray[np.int64], count: int
) -> NDArray[np.int64]:
    """Return the greatest size of each group, 0 for a group without members."""
    none = -(np.int64(1) << 40)
    found = np.full(count, none)
    np.maximum.at(found, group_of, sizes)
    return np.where(found > none, found, 0)


def _exponent(value: flint.fmpq) -> int:
    return int(value.p).bit_length() - int(value.q).bit_length()


def _scaled(numerator: int, denominator: int, exponent: int) -> float:
    """Return the quotient times a power of two, infinite where floats end."""
    up, down = max(exponent, 0), max(-exponent, 0)
    return quotient(numerator << up, denominator << down)


@final
class DualSimplex:
    """The dual simplex method on a program in floats, warm between objectives; mutable.

    On the triangle relaxation of a network of 200 neurons, with rows of two entries for each
    neuron, that takes three quarters of the time from scratch; the primal method takes three
    to four times as long.
    """

    conflict: NDArray[np.float64] | None = None
    """Multipliers that may prove that there was no point, after no optimum."""

    def __init__(self) -> None:
        self._every = np.zeros(0, dtype=np.int32)
        self._program: FloatProgram | None = None
        self._solver = highspy._Highs()  # type: ignore[attr-defined]
        for name, value in {**_OPTIONS, **_DUAL_OPTIONS}.items():
            self._solver.setOptionValue(name, value)

    def load(self, program: FloatProgram) -> None:
        """Go on to a program, from the start."""
        is_taken = self._solver.passModel(_float_model(program)) != highspy.HighsStatus.kError
        self._know(program, is_taken=is_taken)

    def extend(self, program: FloatProgram) -> None:
        """Go on to a program, from where the last one ended if this one extends it."""
        known = self._program
        if known is not None and program.extends(known) and self._grow(known, program):
            self._know(program, is_taken=True)
        else:
            self.load(program)

    def _grow(self, known: FloatProgram, program: FloatProgram) -> bool:
        """Add what a program has more; return whether the solver has taken it."""
        columns, rows, entries = len(known.lower), len(known.row_lower), len(known.columns)
        none, count = np.zeros(0), len(program.lower) - columns
        ends = program.lower[columns:], program.upper[columns:]
        empty = np.zeros(count, dtype=np.int32)
        wide = self._solver.addCols(count, np.zeros(count), *ends, 0, empty, empty[:0], none)
        long = self._solver.addRows(
            len(program.row_lower) - rows,
            program.row_lower[rows:],
            program.row_upper[rows:],
            len(program.columns) - entries,
            (program.starts[rows:-1] - entries).astype(np.int32),
            program.columns[entries:].astype(np.int32),
            program.values[entries:],
        )
        return highspy.HighsStatus.kError not in (wide, long)

    def _know(self, program: FloatProgram, *, is_taken: bool) -> None:
        self._program = program if is_taken else None
        self._every = np.arange(len(program.lower), dtype=np.int32)
        limit = 100 * len(program.lower) + 1000
        self._solver.setOptionValue("simplex_iteration_limit", limit)

    def optimum(
        self, objective: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
        """Return a point and multipliers for the maximum, or ``None`` if the method failed."""
        if self._solver.getNumCol() != len(objective):
            return None  # the solver has not taken the program
        costs = np.ascontiguousarray(-objective)
        self._solver.changeColsCost(len(self._every), self._every, costs)
        self._solver.run()
        self.conflict = None
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            self._keep_conflict()
            return None
        found = self._solver.getSolution()
        return np.array(found.col_value, dtype=float), -np.array(found.row_dual, dtype=float)

    def _keep_conflict(self) -> None:
        """Keep the proof that there is no point, or forget what the method was at."""
        if self._solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            _, is_known, ray = self._solver.getDualRay()
            self.conflict = -np.array(ray, dtype=float) if is_known else None
        else:
            self._solver.clearSolver()

    def bound(self, first: int, lower: NDArray[np.float64], upper: NDArray[np.float64]) -> None:
        """Give some columns, from ``first`` on, new ends."""
        some = np.arange(first, first + len(lower), dtype=np.int32)
        self._solver.changeColsBounds(len(some), some, lower, upper)

    def bound_rows(
        self, first: int, lower: NDArray[np.float64], upper: NDArray[np.float64]
    ) -> None:
        """Give some rows, from ``first`` on, new ends."""
        some = np.arange(first, first + len(lower), dtype=np.int32)
        self._solver.changeRowsBounds(len(some), some, lower, upper)

    def add(self, cuts: Cuts) -> None:
        """Add rows, behind those that there are."""
        self._program = None
        count, entries = len(cuts.upper), len(cuts.values)
        below, starts = np.full(count, -np.inf), cuts.starts[:-1].astype(np.int32)
        columns = cuts.columns.astype(np.int32)
        self._solver.addRows(count, below, cuts.upper, entries, starts, columns, cuts.values)


def _float_model(program: FloatProgram) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(program.lower), len(program.row_lower)
    model.col_cost_ = np.zeros(len(program.lower))
    model.col_lower_, model.col_upper_ = program.lower, program.upper
    model.row_lower_, model.row_upper_ = program.row_lower, program.row_upper
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_ = program.starts
    matrix.index_ = program.columns.astype(np.int32)
    matrix.value_ = program.values
    return model
