r"""The linear programs of a case: in floats, which propose, and in fractions, which decide.

In floats there is one program for all cases.  Its columns are the inputs, the neurons' inputs
:math:`z` and their outputs :math:`h`; its rows are the equations of :math:`z`, then
:math:`h \ge z`, then :math:`h \le \lambda (z - l)`, then the sides of the inputs' set.  A phase
changes ends of columns and of a row alone, so that the solver goes on from case to case.

In fractions a case has a program of its own, without the columns :math:`z`.  A neuron that is
on has one row, :math:`h = z`, and one that is off :math:`z \le 0` and the column 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, final

import numpy as np

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, sparse
from polyrelax.lp import Infeasible, Optimum, Row, maximize
from polyrelax.lp.float_program import (
    FloatCases,
    FloatConflict,
    FloatOptimum,
    FloatProgram,
    FloatRows,
)
from polyrelax.polytopes.triangle import upper_slope
from polyrelax.relaxations.phases.duals import FREE, OFF, ON, Multipliers
from polyrelax.relaxations.phases.reduced import Reduced, Whole
from polyrelax.systems.programs import AffineForm, combine, program


@final
class FloatPhases:
    """The maxima of one form in floats, case after case; mutable."""

    def __init__(self, reduced: Reduced, form: Doubles) -> None:
        self._dim: Final = len(reduced.box)
        self._count: Final = reduced.count
        self._form: Final = form
        self._rows: Final = reduced.known.doubles[: reduced.count]
        lower, upper = reduced.corners.doubles
        self._low: Final = lower[self._dim :]
        self._up: Final = upper[self._dim :]
        low, up = (
            np.concatenate([lower, np.zeros(self._count)]),
            np.concatenate([upper, self._up]),
        )
        known = FloatProgram.of(low, up, list(_float_rows(reduced)))
        objective = np.insert(form[:-1], self._dim, np.zeros(self._count))
        numbers = (known.lower, known.upper, known.values, objective)
        is_finite = all(np.isfinite(some).all() for some in numbers)
        self._cases: Final = FloatCases(known, objective) if is_finite else None

    def answer(self, phases: Integers) -> FloatOptimum | FloatConflict | None:
        """Return what may be the optimum of a case, with multipliers of neurons and sides.

        ``None`` where floats fail, or end.
        """
        if self._cases is None:
            return None
        is_on, is_off = phases == ON, phases == OFF
        up = np.where(is_off, 0.0, self._up)
        lower = np.concatenate([np.where(is_on, 0.0, self._low), np.zeros(self._count)])
        self._cases.bound(self._dim, lower, np.concatenate([up, up]))
        above = np.where(is_on, 0.0, np.inf)
        self._cases.bound_rows(self._count, np.zeros(self._count), above)
        found = self._cases.answer()
        match found:
            case FloatOptimum(point, multipliers):
                return FloatOptimum(point, self._named(multipliers))
            case FloatConflict(multipliers):
                return FloatConflict(self._named(multipliers))
            case None:
                return None

    def _named(self, rows: Doubles) -> Doubles:
        return np.concatenate([-rows[: self._count], rows[3 * self._count :]])

    def value(self, x: Doubles) -> float:
        """Return the form at an input."""
        point = np.concatenate([x, np.zeros(self._count), [1.0]])
        for k, row in enumerate(self._rows):
            point[self._dim + k] = max(float(row @ point), 0.0)
        return float(self._form @ point)

    def loosest(self, found: FloatOptimum, phases: Integers) -> int | None:
        """Return the neuron whose triangle costs the bound most, of those it gives too much.

        These are the ones whose output at the point is not what their input makes; ``None`` if
        there are none.  What a triangle costs is ``max p h - mu z`` over its vertices.
        """
        z, h = np.split(found.point[self._dim :], 2)
        mu = found.multipliers[: self._count]
        p = self._form[self._dim : -1] + mu @ self._rows[:, self._dim : -1]
        cost = np.maximum(np.maximum(-mu * self._low, (p - mu) * self._up), 0)
        is_loose = (phases == FREE) & (h != np.maximum(z, 0))
        return int(np.where(is_loose, cost, -1.0).argmax()) if is_loose.any() else None


def slope(z: Interval) -> Fraction:
    """Return the slope of the line above a rectifier, 0 over a point.

    >>> slope(Interval(Fraction(-1), Fraction(3)))
    Fraction(3, 4)
    """
    return upper_slope(*z) if z.lower < z.upper else ZERO


def _float_rows(reduced: Reduced) -> Iterator[FloatRows]:
    """Yield the rows of the program in floats."""
    m, dim, width = reduced.count, len(reduced.box), len(reduced.box) + 2 * reduced.count
    known, none = reduced.known.doubles, np.full(m, np.inf)
    every, z = np.arange(m), len(reduced.box) + np.arange(m)
    equations = np.zeros((m, width))
    equations[:, :dim], equations[:, dim + m :] = known[:m, :dim], known[:m, dim:-1]
    equations[every, z] = -1
    yield _rows(equations, -known[:m, -1], -known[:m, -1])
    lines = Whole.of([(slope(z), -slope(z) * z.lower) for z in reduced.ends], 2)
    slopes, shifts = lines.doubles.T
    for factor, lower, upper in ((-np.ones(m), np.zeros(m), none), (-slopes, -none, shifts)):
        pairs = np.zeros((m, width))
        pairs[every, z], pairs[every, z + m] = factor, 1
        yield _rows(pairs, lower, upper)
    sides = np.zeros((len(reduced.sides), width))
    sides[:, :dim] = -known[m:, :dim]
    yield _rows(sides, np.full(len(sides), -np.inf), known[m:, -1])


def _rows(dense: Doubles, lower: Doubles, upper: Doubles) -> FloatRows:
    row_of, columns = np.nonzero(dense)
    counts = np.bincount(row_of, minlength=len(dense))
    return FloatRows(counts, columns, dense[row_of, columns], lower, upper)


@final
@dataclass(frozen=True, eq=False)
class Solved:
    """The exact maximum of a case, and an input that attains it, if the case has one."""

    value: Fraction | None
    point: Vector
    multipliers: Multipliers


def solved(reduced: Reduced, form: Vector, phases: Integers) -> Solved:
    """Return the exact maximum of a form in a case.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> unit = Interval(-ONE, ONE)
    >>> found = Reduced.of(absolute_value(), Polytope.box([-1], [1]), [[unit], [unit] * 2])
    >>> least = tuple(-a for a in found.outputs[0])
    >>> str(solved(found, least, np.array([ON, OFF])).value)
    '0'
    """
    rows, pairs = list(_case_rows(reduced, phases)), zip(reduced.ends, phases, strict=True)
    ends = [(x.lower, x.upper) for x in reduced.box]
    ends += [(ZERO, ZERO if phase == OFF else z.upper) for z, phase in pairs]
    outcome = maximize(program(ends, (row for row, _, _ in rows)), sparse(form[:-1]))
    weights = [ZERO] * (reduced.count + len(reduced.sides))
    assert isinstance(outcome, Optimum | Infeasible), "all columns are bounded"
    for i, y in outcome.multipliers:
        _, k, factor = rows[i]
        weights[k] += y * factor
    multipliers = Multipliers.of(weights)
    if isinstance(outcome, Infeasible):
        return Solved(None, (), multipliers)
    return Solved(outcome.value + form[-1], outcome.point[: len(reduced.box)], multipliers)


def _case_rows(reduced: Reduced, phases: Integers) -> Iterator[tuple[Row, int, Fraction]]:
    """Yield the rows of a case, and what a multiplier of each is of a neuron's or a side's."""
    dim = len(reduced.box)
    parts = zip(reduced.neurons, reduced.ends, phases, strict=True)
    for k, (row, ends, phase) in enumerate(parts):
        forms = reduced.form(row), AffineForm.variable(dim + k)
        if phase == OFF:
            yield forms[0].row(ZERO), k, -ONE
            continue
        less = combine(((0, ONE), (1, -ONE)), forms)
        yield less.row(ZERO, is_equation=phase == ON), k, -ONE
        if phase == FREE:
            steep = slope(ends)
            yield combine(((0, -steep), (1, ONE)), forms).row(-steep * ends.lower), k, steep
    for k, side in enumerate(reduced.sides, start=reduced.count):
        yield Row(sparse(side.normal), side.offset), k, ONE
