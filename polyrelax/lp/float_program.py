"""Linear programs in floats, whose multipliers are proposals and nothing more.

For programs over all layers of a large network: a float solver answers many objectives, each
from the basis of the last, also when the program has grown, and what it says is evaluated
exactly elsewhere, all at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, final

import numpy as np

from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.arithmetic.patterns import ranges

if TYPE_CHECKING:  # it makes programs of this file, and imports HiGHS
    from polyrelax.lp._highs import DualSimplex

_ROUNDS: Final = 6
_AT_ONCE: Final = 200
_SLACK: Final = 1e-6


@dataclass(frozen=True, eq=False)
class FloatRows:
    """Some rows of a program: the numbers of their entries, the entries, and the ends."""

    counts: Integers
    columns: Integers
    values: Doubles
    lower: Doubles
    upper: Doubles


@dataclass(frozen=True, eq=False)
class FloatProgram:
    """Bounds of columns, and compressed rows with bounds; infinite ends are none."""

    lower: Doubles
    upper: Doubles
    starts: Integers
    columns: Integers
    values: Doubles
    row_lower: Doubles
    row_upper: Doubles

    @classmethod
    def of(cls, lower: Doubles, upper: Doubles, rows: Sequence[FloatRows]) -> FloatProgram:
        """Return the program of columns and of one or more blocks of rows.

        >>> one = np.ones(1)
        >>> row = FloatRows(np.array([1]), np.array([0]), 2 * one, -np.inf * one, 3 * one)
        >>> FloatProgram.of(0 * one, 9 * one, [row, row]).starts  # 2 x <= 3, twice
        array([0, 1, 2])
        """
        return cls(
            lower,
            upper,
            np.concatenate([[0], *(block.counts for block in rows)]).cumsum(),
            np.concatenate([block.columns for block in rows]),
            np.concatenate([block.values for block in rows]),
            np.concatenate([block.lower for block in rows]),
            np.concatenate([block.upper for block in rows]),
        )

    def extends(self, known: FloatProgram) -> bool:
        """Whether a program's columns and rows are the first of this one.

        >>> one = np.ones(1)
        >>> row = FloatRows(np.array([1]), np.array([0]), 2 * one, -np.inf * one, 3 * one)
        >>> once, twice = (FloatProgram.of(0 * one, 9 * one, [row] * n) for n in (1, 2))
        >>> twice.extends(once), once.extends(twice)
        (True, False)
        """
        columns, rows = len(known.lower), len(known.row_lower)
        entries = len(known.columns)
        pairs = (
            (self.lower[:columns], known.lower),
            (self.upper[:columns], known.upper),
            (self.starts[: rows + 1], known.starts),
            (self.columns[:entries], known.columns),
            (self.values[:entries], known.values),
            (self.row_lower[:rows], known.row_lower),
            (self.row_upper[:rows], known.row_upper),
        )
        return all(np.array_equal(mine, other) for mine, other in pairs)


@dataclass(frozen=True, eq=False)
class Cuts:
    """Compressed rows, by their columns and values, that are at most ``upper``."""

    starts: Integers
    columns: Integers
    values: Doubles
    upper: Doubles

    @classmethod
    def joined(cls, parts: Sequence[Cuts]) -> Cuts:
        """Return the rows of all parts."""
        counts = np.concatenate([np.diff(part.starts) for part in parts])
        return cls(
            np.concatenate([[0], counts]).cumsum(),
            np.concatenate([part.columns for part in parts]),
            np.concatenate([part.values for part in parts]),
            np.concatenate([part.upper for part in parts]),
        )

    def some(self, chosen: Integers) -> Cuts:
        """Return some of the rows."""
        counts = np.diff(self.starts)[chosen]
        places = ranges(self.starts[chosen], counts)
        starts = np.concatenate([[0], counts]).cumsum()
        return Cuts(starts, self.columns[places], self.values[places], self.upper[chosen])

    @cached_property
    def _row_of(self) -> Integers:
        """The row of each entry."""
        return np.repeat(np.arange(len(self.upper)), np.diff(self.starts))

    def excess(self, point: Doubles) -> Doubles:
        """Return by how much each row is violated at a point, if it is positive."""
        terms = self.values * point[self.columns]
        return np.bincount(self._row_of, terms, minlength=len(self.upper)) - self.upper


def proposed_multipliers(
    program: FloatProgram, objectives: Iterable[Doubles], solver: FloatSolver | None = None
) -> Doubles:
    """Return, for each objective, multipliers of the rows that may prove its maximum.

    A row of the answer whose multipliers are not numbers says that the solver failed.  A
    ``solver`` of the program's first columns and rows is extended.

    >>> one = np.ones(1)
    >>> row = (np.array([0, 1]), np.zeros(1, dtype=np.int64), 2 * one, -np.inf * one, 3 * one)
    >>> program = FloatProgram(0 * one, 9 * one, *row)  # 2 x <= 3
    >>> proposed_multipliers(program, np.array([[1.0], [-1.0]])).tolist()
    [[0.5], [0.0]]
    """
    none = np.full(len(program.row_lower), np.nan)
    answers = (solver or FloatSolver()).extended(program, objectives)
    rows = [none if answer is None else answer[1] for answer in answers]
    return np.array(rows).reshape(len(rows), len(none))


def cut_multipliers(
    program: FloatProgram, objectives: Iterable[Doubles], cuts: Cuts
) -> tuple[Doubles, Doubles]:
    """Return multipliers of the rows, and of the cuts, for each objective.

    A cut joins the program when the optimum of an objective violates it, for that objective
    and those after it.  A row of the answer that is not numbers says that the solver failed.

    >>> one, none = np.ones(1), np.zeros(0)
    >>> square = FloatProgram(0 * one, 9 * one, np.array([0]), none, none, none, none)
    >>> half = Cuts(np.array([0, 1]), np.array([0]), 2 * one, 3 * one)  # 2 x <= 3
    >>> [found.tolist() for found in cut_multipliers(square, np.array([[1.0]]), half)]
    [[[]], [[0.5]]]
    """
    # Importing HiGHS takes longer than most small networks.
    from polyrelax.lp._highs import DualSimplex  # noqa: PLC0415

    session, rows = DualSimplex(), len(program.row_lower)
    session.load(program)
    added = np.zeros(0, dtype=np.int64)
    found, weights = list[Doubles](), list[Doubles]()
    for objective in objectives:
        answer = session.optimum(objective)
        for _ in range(_ROUNDS):
            if answer is None or not len(new := _violated(answer[0], cuts, added)):
                break
            session.add(cuts.some(new))
            added = np.concatenate([added, new])
            answer = session.optimum(objective)
        known = np.full(rows + len(added), np.nan) if answer is None else answer[1]
        found.append(known[:rows])
        weights.append(np.zeros(len(cuts.upper)))
        weights[-1][added] = known[rows:]
    count = len(found)
    return np.array(found).reshape(count, rows), np.array(weights).reshape(count, -1)


def _violated(point: Doubles, cuts: Cuts, added: Integers) -> Integers:
    """Return the cuts that a point violates most, and that are not there yet."""
    excess = cuts.excess(point)
    excess[added] = 0
    worst = np.argsort(-excess)[:_AT_ONCE]
    return worst[excess[worst] > _SLACK]


@final
class FloatSolver:
    """One solver for program after program; mutable.

    Starting one takes longer than many a small program.
    """

    @cached_property
    def _session(self) -> DualSimplex:
        # Importing HiGHS takes longer than most small networks.
        from polyrelax.lp._highs import DualSimplex  # noqa: PLC0415

        return DualSimplex()

    def proposed(
        self, program: FloatProgram, objective: Doubles
    ) -> tuple[Doubles, Doubles] | None:
        """Return a point and multipliers of the rows that may be those of the maximum.

        ``None`` if the solver failed.

        >>> one = np.ones(1)
        >>> row = (np.array([0, 1]), np.array([0]), 2 * one, -np.inf * one, 3 * one)
        >>> FloatSolver().proposed(FloatProgram(0 * one, 9 * one, *row), one)  # 2 x <= 3
        (array([1.5]), array([0.5]))
        """
        self._session.load(program)
        return self._session.optimum(objective)

    def extended(
        self, program: FloatProgram, objectives: Iterable[Doubles]
    ) -> Iterator[tuple[Doubles, Doubles] | None]:
        """Yield a point and multipliers for each objective, from the basis of the last one.

        That may be one of the program before, if this one extends it.

        >>> one = np.ones(1)
        >>> row = (np.array([0, 1]), np.array([0]), 2 * one, -np.inf * one, 3 * one)
        >>> program = FloatProgram(0 * one, 9 * one, *row)  # 2 x <= 3
        >>> next(FloatSolver().extended(program, [one]))
        (array([1.5]), array([0.5]))
        """
        self._session.extend(program)
        yield from map(self._session.optimum, objectives)


@final
@dataclass(frozen=True, eq=False)
class FloatOptimum:
    """A point and multipliers of the rows that may be those of a maximum."""

    point: Doubles
    multipliers: Doubles


@final
@dataclass(frozen=True, eq=False)
class FloatConflict:
    """Multipliers of the rows that may prove that a program has no point."""

    multipliers: Doubles


@final
class FloatCases:
    """The maxima of one objective on programs that differ in their ends; mutable.

    Each starts from where the last one ended.

    >>> one = np.ones(1)
    >>> row = (np.array([0, 1]), np.array([0]), 2 * one, -np.inf * one, 3 * one)
    >>> cases = FloatCases(FloatProgram(0 * one, 9 * one, *row), one)  # 2 x <= 3
    >>> cases.bound(0, 0 * one, one)
    >>> cases.answer()
    FloatOptimum(point=array([1.]), multipliers=array([0.]))
    >>> cases.bound(0, 2 * one, 3 * one)
    >>> cases.answer()
    FloatConflict(multipliers=array([0.5]))
    """

    def __init__(self, program: FloatProgram, objective: Doubles) -> None:
        # Importing HiGHS takes longer than most small networks.
        from polyrelax.lp._highs import DualSimplex  # noqa: PLC0415

        self._session = DualSimplex()
        self._session.load(program)
        self._objective = objective

    def bound(self, first: int, lower: Doubles, upper: Doubles) -> None:
        """Give some columns, from ``first`` on, new ends."""
        self._session.bound(first, lower, upper)

    def bound_rows(self, first: int, lower: Doubles, upper: Doubles) -> None:
        """Give some rows, from ``first`` on, new ends."""
        self._session.bound_rows(first, lower, upper)

    def answer(self) -> FloatOptimum | FloatConflict | None:
        """Return what the solver says, ``None`` if it failed."""
        found = self._session.optimum(self._objective)
        if found is not None:
            return FloatOptimum(*found)
        conflict = self._session.conflict
        return None if conflict is None else FloatConflict(conflict)
