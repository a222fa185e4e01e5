r"""Systems of rows: linear programs whose answers are rows again.

A system is a value: it is extended, never changed.  It answers with the maximum of a form and
its evidence on both sides: multipliers of its rows, which make a row with its reason, and a
point.  There are three answers, as a linear program has: a bound, emptiness (with
multipliers), and no bound.

The system keeps all rows, for those that refer to them; the program that is solved has fewer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import final

from polyrelax.arithmetic.arguments import all_of, exact, exactly, listed, require
from polyrelax.arithmetic.rational import ONE, ZERO, SparseVector, Vector
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import UnboundedError
from polyrelax.lp import Infeasible, Optimizer, Unbounded
from polyrelax.lp import Row as ProgramRow
from polyrelax.networks.dimensions import point_of
from polyrelax.systems.places import Coordinate, PlacedUnit, Point
from polyrelax.systems.programs import AffineForm, program
from polyrelax.systems.rows import (
    Form,
    Leaf,
    Proved,
    Row,
    Terms,
    as_form,
    end,
    linear,
    piece_rows,
)


@final
@readable
@dataclass(frozen=True)
class Bound:
    """A bound of a form, multipliers that prove it, and what attains it where that is known."""

    form: Form
    value: Fraction
    terms: Terms
    system: System
    solution: Vector

    @cached_property
    def point(self) -> Point:
        """The point that attains the maximum, found when it is asked for."""
        return self.system.lifted(self.solution)

    @property
    def row(self) -> Row:
        """The inequality that the multipliers prove."""
        return Row(self.form, self.value, Proved((Leaf(self.terms),)))


@final
@readable
@dataclass(frozen=True)
class Empty:
    """Multipliers that combine rows to ``0 <= c`` with ``c`` negative."""

    terms: Terms


@final
@dataclass(frozen=True)
class Free:
    """No bound: the system does not bound the form."""


@final
@dataclass(frozen=True)
class System:
    """The points that satisfy rows.

    The program is smaller than the system.  An equation eliminates its greatest coordinate; a
    row of one coordinate alone is a bound of its column; and a *lemma*, a combination of rows
    of the system, is left out: it is kept for those that refer to it.  All of these get their
    multipliers afterwards, from what the multipliers of the other rows leave of a form.
    """

    rows: tuple[Row, ...] = ()

    def with_rows(self, rows: Iterable[Row]) -> System:
        """Return the system with more rows."""
        rows = all_of(rows, Row, "rows")
        return System((*self.rows, *rows))

    def in_piece(self, unit: PlacedUnit, piece: int) -> System:
        """Return the part of the system in one piece of a unit."""
        require(unit, PlacedUnit)
        return self.with_rows(piece_rows(unit, piece))

    def bound(self, form: Form) -> Bound | Empty | Free:
        """Return the maximum of a form with its evidence, in multipliers and a point."""
        form = as_form(form)
        if crossed := self._crossed:
            return Empty(crossed)
        objective, constant = self._reduced(form)
        if any(place not in self._columns for place, _ in objective):
            return Free()
        outcome = self._optimizer.maximize(self._numbered(objective))
        if isinstance(outcome, Unbounded):
            return Free()
        weights = [(self._wide[i], y) for i, y in outcome.multipliers]
        if isinstance(outcome, Infeasible):
            return Empty(self.combination((), weights))
        terms = self.combination(form, weights)
        return Bound(form, outcome.value + constant, terms, self, outcome.point)

    def combination(self, form: Form, weights: Iterable[tuple[Row, Fraction]]) -> Terms:
        """Return terms that combine to a form: the weights given, and others for the rest.

        The weights of inequalities are not negative.
        """
        form = as_form(form)
        terms = [(row, y) for row, y in _weighted(weights) if y]
        left = dict(linear([*form, *((p, -y * c) for row, y in terms for p, c in row.form)]))
        while left:
            place = max(left)
            row = self._definitions.get(place) or self._ends.get((place, left[place] > 0))
            if row is None:
                raise UnboundedError(f"found no row that bounds {place}, expected one")
            terms.append((row, left[place] / row.form[-1][1]))
            left = dict(_less(left, *terms[-1]))
        return tuple(terms)

    def lifted(self, values: Vector) -> Point:
        """Return the values of all coordinates, given those of the columns."""
        values = point_of(values, len(self._columns))
        point = dict(zip(self._columns, values, strict=True))
        for place, (form, constant) in self._affine.items():
            point[place] = constant + sum((c * point[p] for p, c in form), ZERO)
        return point

    @cached_property
    def _definitions(self) -> dict[Coordinate, Row]:
        """For each coordinate that is eliminated the first equation in which it is greatest."""
        found: dict[Coordinate, Row] = {}
        for row in self.rows:
            if row.is_equation and row.form:
                found.setdefault(row.form[-1][0], row)
        return found

    @cached_property
    def _affine(self) -> dict[Coordinate, tuple[Form, Fraction]]:
        """The eliminated coordinates as affine forms of the columns."""
        found: dict[Coordinate, tuple[Form, Fraction]] = {}
        for place, row in sorted(self._definitions.items()):
            scale = row.form[-1][1]
            form, constant = substituted([(p, -c / scale) for p, c in row.form[:-1]], found)
            found[place] = (form, constant + row.offset / scale)
        return found

    def _reduced(self, form: Form) -> tuple[Form, Fraction]:
        return substituted(form, self._affine)

    @cached_property
    def _columns(self) -> dict[Coordinate, int]:
        places = sorted({place for row in self.rows for place, _ in row.form})
        return {p: j for j, p in enumerate(p for p in places if p not in self._definitions)}

    @cached_property
    def _wide(self) -> tuple[Row, ...]:
        """The rows of the program."""
        present, defining = set(self.rows), set(self._definitions.values())
        others = (row for row in self.rows if row not in defining and not self._is_end(row))
        return tuple(row for row in others if not _is_lemma(row, present))

    def _is_end(self, row: Row) -> bool:
        """Whether a row bounds a column alone."""
        return len(row.form) == 1 and not row.is_equation and row.form[0][0] in self._columns

    @cached_property
    def _ends(self) -> dict[tuple[Coordinate, bool], Row]:
        """The tightest rows of one column alone, above if the second key is true."""
        ends: dict[tuple[Coordinate, bool], Row] = {}
        for row in filter(self._is_end, self.rows):
            ((place, c),) = row.form
            known = ends.get((place, c > 0))
            if known is None or (end(row) - end(known)) * c < 0:
                ends[place, c > 0] = row
        return ends

    @cached_property
    def _crossed(self) -> Terms:
        """Terms that prove a coordinate's bounds to contradict each other, if some do."""
        for (place, is_above), low in self._ends.items():
            high = self._ends.get((place, True))
            if not is_above and high and end(low) > end(high):
                return ((low, -1 / low.form[0][1]), (high, 1 / high.form[0][1]))
        return ()

    @cached_property
    def _optimizer(self) -> Optimizer:
        ends = ((self._end(p, False), self._end(p, True)) for p in self._columns)
        return Optimizer(program(ends, map(self._of_columns, self._wide)))

    def _of_columns(self, row: Row) -> ProgramRow:
        form, constant = self._reduced(row.form)
        affine = AffineForm(self._numbered(form), constant)
        return affine.row(row.offset, is_equation=row.is_equation)

    def _end(self, place: Coordinate, side: bool) -> Fraction | None:
        row = self._ends.get((place, side))
        return None if row is None else end(row)

    def _numbered(self, form: Form) -> SparseVector:
        return tuple((self._columns[place], c) for place, c in form)


def substituted(
    form: Iterable[tuple[Coordinate, Fraction]],
    affine: Mapping[Coordinate, tuple[Form, Fraction]],
) -> tuple[Form, Fraction]:
    """Return a form with coordinates replaced by affine forms, and the constant that arises."""
    terms, constant = [], ZERO
    for place, c in form:
        inner, shift = affine.get(place, (((place, ONE),), ZERO))
        terms += [(p, c * a) for p, a in inner]
        constant += c * shift
    return linear(terms), constant


def _weighted(weights: Iterable[tuple[Row, Fraction]]) -> Terms:
    """Return rows and their weights; raise an error for anything else."""
    pairs = [exactly(pair, 2, "a row and its weight") for pair in listed(weights, "weights")]
    for row, _ in pairs:
        require(row, Row)
    return tuple((row, exact(y)) for row, y in pairs)


def _less(form: Mapping[Coordinate, Fraction], row: Row, weight: Fraction) -> Form:
    """Return a form less a multiple of that of a row."""
    return linear([*form.items(), *((p, -weight * c) for p, c in row.form)])


def _is_lemma(row: Row, present: Set[Row]) -> bool:
    """Whether a row is a combination of rows that are present.

    One of no rows at all follows from equations of layers, which need not be present.
    """
    if not isinstance(row.reason, Proved) or not isinstance(row.reason.nodes[0], Leaf):
        return False
    terms = row.reason.nodes[0].terms
    return bool(terms) and all(premise in present for premise, _ in terms)
