r"""The simplex method with bounded variables in exact arithmetic.

Kernel; FLINT inside.  A basis writes some (basic) variables as linear forms of the others,
which lie within their bounds.  Two phases, each started from any basis:

* *restore*: while a basic variable violates a bound, move it onto that bound and exchange it
  for a nonbasic variable that can compensate; if there is none, its row is a Farkas
  conflict.  The choice of the compensating variable keeps the reduced costs' signs if they
  were right (dual simplex), and takes the costs as zero otherwise;
* *improve*: while a nonbasic variable with a reduced cost of the right sign can move, move it
  as far as the bounds allow (primal simplex); if nothing stops it, it is a ray.

Either phase first chooses the steepest candidate and, after a number of exchanges, the one of
smallest index (Bland's rule), under which no basis recurs: both phases end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias, final

import flint

from polyrelax.lp._integer_program import IntegerProgram, Numbers

_ZERO = flint.fmpq(0)


class Dictionary(Protocol):
    """A basis: the basic variables as linear forms of the nonbasic ones."""

    @property
    def basic(self) -> list[int]:
        """The basic variables."""

    def form(self, objective: Mapping[int, flint.fmpq]) -> Numbers:
        """Return a linear form in all variables as one in the nonbasic variables."""

    def column(self, nonbasic: int) -> Numbers:
        """Return the coefficients of one nonbasic variable in the basic ones."""

    def evaluate(self, values: Mapping[int, flint.fmpq]) -> Numbers:
        """Return the basic variables' values, given those of the nonbasic ones."""

    def exchange(self, leaving: int, entering: int) -> None:
        """Make ``entering`` basic in the place of ``leaving``."""


@dataclass(frozen=True)
class Optimal:
    """The reduced costs of the nonbasic variables, all of the right sign."""

    costs: Numbers


@dataclass(frozen=True)
class Conflict:
    """A form that is 0 identically, and negative within the bounds."""

    form: Numbers


@dataclass(frozen=True)
class Ray:
    """A direction of all variables that no bound stops."""

    direction: Numbers


Verdict: TypeAlias = Optimal | Conflict | Ray


@final
class Simplex:
    """A program, a basis of it and the values of all variables; mutable.

    ``exchanges`` counts the changes of basis since the beginning, and ``patience`` is how
    many of them one phase may take before Bland's rule.
    """

    def __init__(
        self, program: IntegerProgram, dictionary: Dictionary, nonbasic: Numbers
    ) -> None:
        self._program = program
        self._dictionary = dictionary
        self.values = {**nonbasic, **dictionary.evaluate(nonbasic)}
        self.exchanges = 0
        self.patience = 2 * len(program.lower)

    def maximize(self, objective: Numbers) -> Verdict:
        """Find a basis that is optimal for ``objective``, or proves that there is none."""
        return self._restore(objective) or self._improve(objective)

    def _restore(self, objective: Numbers) -> Conflict | None:
        violations = self._violations()
        kept = objective if violations and self._is_dual_feasible(objective) else {}
        deadline = self.exchanges + self.patience
        while violations:
            steepest = self.exchanges < deadline
            leaving = _choose(violations, steepest=steepest)
            gap = violations[leaving]
            row = self._dictionary.form({leaving: flint.fmpq(1)})
            able = {v: a for v, a in row.items() if self._can_move(v, a * gap)}
            if not able:
                return _conflict(row, leaving, gap)
            entering = self._least_cost(able, kept)
            self._move(entering, gap / row[entering], leaving)
            violations = self._violations()
        return None

    def _is_dual_feasible(self, objective: Numbers) -> bool:
        costs = self._dictionary.form(objective)
        return not any(self._can_move(v, d) for v, d in costs.items())

    def _violations(self) -> Numbers:
        """Return, for each basic variable outside its bounds, the step back onto them."""
        found = {}
        for v in self._dictionary.basic:
            x, lower, upper = self.values[v], self._program.lower[v], self._program.upper[v]
            if lower is not None and x < lower:
                found[v] = lower - x
            elif upper is not None and x > upper:
                found[v] = upper - x
        return found

    def _least_cost(self, able: Numbers, objective: Numbers) -> int:
        costs = self._dictionary.form(objective) if objective else {}
        return min(able, key=lambda v: (abs(costs.get(v, _ZERO) / able[v]), v))

    def _improve(self, objective: Numbers) -> Optimal | Ray:
        deadline = self.exchanges + self.patience
        while True:
            costs = self._dictionary.form(objective)
            able = {v: d for v, d in costs.items() if self._can_move(v, d)}
            if not able:
                return Optimal(costs)
            entering = _choose(able, steepest=self.exchanges < deadline)
            sign = flint.fmpq(1 if able[entering] > 0 else -1)
            column = {v: a * sign for v, a in self._dictionary.column(entering).items()}
            column[entering] = sign
            blocking = self._first_blocked(column)
            if blocking is None:
                return Ray(column)
            step, leaving = blocking
            self._move(entering, step * sign, leaving)

    def _first_blocked(self, column: Numbers) -> tuple[flint.fmpq, int] | None:
        """Return how far the variables can move along ``column``, and which one stops."""
        limits = []
        for v, a in column.items():
            bound = self._program.upper[v] if a > 0 else self._program.lower[v]
            if bound is not None:
                limits.append(((bound - self.values[v]) / a, v))
        return min(limits, default=None)

    def _can_move(self, v: int, direction: flint.fmpq) -> bool:
        """Whether a variable within its bounds can move a little."""
        bound = self._program.upper[v] if direction > 0 else self._program.lower[v]
        return bound is None or bound != self.values[v]

    def _move(self, entering: int, step: flint.fmpq, leaving: int) -> None:
        """Move one nonbasic variable, the basic ones with it, and exchange."""
        if step:
            self.values[entering] += step
            for v, a in self._dictionary.column(entering).items():
                self.values[v] += a * step
        if leaving != entering:
            self._dictionary.exchange(leaving, entering)
        self.exchanges += 1


def _choose(candidates: Numbers, *, steepest: bool) -> int:
    if not steepest:
        return min(candidates)
    key: Callable[[int], tuple[flint.fmpq, int]] = lambda v: (-abs(candidates[v]), v)  # noqa: E731
    return min(candidates, key=key)


def _conflict(row: Numbers, leaving: int, gap: flint.fmpq) -> Conflict:
    sign = 1 if gap > 0 else -1
    return Conflict({**{v: sign * a for v, a in row.items()}, leaving: flint.fmpq(-sign)})
