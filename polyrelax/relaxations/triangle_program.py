r"""The triangles' linear program in floats, which proposes multipliers.

For the values behind an affine layer, the program has a column for each input, and for each
unstable neuron before a column of its input :math:`z = \langle w, v\rangle + b` and one of its
output :math:`h \ge 0`, with the rows :math:`h \ge z` and
:math:`h \le \lambda z + c`; active neurons are substituted, and of a convolution only what some
values depend on is there.  The multiplier of the equation that defines :math:`z` is the
coefficient of :math:`z` in a proof of the optimum, which is all that back-substitution needs:
:math:`z` has no bounds of its own that multipliers could be hidden in.

Nothing here is exact: floats propose, and
:mod:`polyrelax.relaxations.integer_substitution` proves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, final

import numpy as np

from polyrelax.arithmetic.integer_matrix import Forms
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.lp.float_program import (
    Cuts,
    FloatProgram,
    FloatRows,
    FloatSolver,
    cut_multipliers,
    proposed_multipliers,
)
from polyrelax.relaxations.float_steps import FloatAffine, FloatStep, FloatTriangles, needed
from polyrelax.relaxations.group_facets import NO_FACETS, Facets
from polyrelax.relaxations.progress import NOBODY, Kind, Listener, Piece
from polyrelax.relaxations.wishes import Wanted, Wishes

_MOST_NUMBERS: Final = 1 << 25


@final
class Programs:
    """What solves linear programs, one after the other, and who hears of each; mutable."""

    def __init__(self, work: Listener = NOBODY) -> None:
        self.work: Final = work
        self.solver: Final = FloatSolver()


def proposed_wishes(
    box: Sequence[Interval],
    steps: Sequence[FloatStep],
    forms: Forms,
    *,
    facets: Mapping[int, Facets] = NO_FACETS,
    programs: Programs | None = None,
) -> Wishes | None:
    """Return multipliers for the maxima of some forms of values.

    The values are those behind ``steps``, the last of which is affine.  Returns ``None`` where
    nothing is unstable, so that plain back-substitution is exact, or where the program would
    be too large.  ``facets`` are rows of groups at some of the steps, which join the program
    where they cut something off.  ``programs`` that have solved one of fewer layers extend it.

    A rectifier over ``[-1, 1]`` is at most ``(x + 1)/2``, a half of its input:

    >>> from polyrelax.networks.affine import Affine
    >>> from polyrelax.relaxations.integer_substitution import unit_forms
    >>> identity = FloatAffine.of(Affine.dense([[1]]))
    >>> first = np.array([0])
    >>> triangle = FloatTriangles(first, first[:0], np.array([0.5]), np.array([0.5]))
    >>> steps = [identity, triangle, identity]
    >>> wishes = proposed_wishes((Interval(-1, 1),), steps, unit_forms(first))
    >>> [(k, float(wanted.multipliers[0, 0])) for k, wanted in (wishes or {}).items()]
    [(1, 0.5)]
    """
    *inner, last = steps
    assert isinstance(last, FloatAffine), "the last step is affine"
    places = needed(steps, forms.columns)
    program = _Growing(box, places[0])
    for k, step in enumerate(inner):
        if program.is_too_large:
            return None
        program.after(k, step, places[k], places[k + 1])
    if not program.equations:
        return None
    objectives = forms.doubles() @ program.image(last, places[-2], forms.columns)
    programs = programs or Programs()
    told, seen = _told(objectives, programs.work), _seen(facets, program)
    if not seen:
        answers = proposed_multipliers(program.finished(), told, programs.solver)
        return {k: _wanted(named, answers) for k, named in program.equations.items()}
    return _cut_wishes(program, told, seen)


def _wanted(named: _Named, answers: Doubles) -> Wanted:
    return Wanted(named.unstable, named.slopes, -answers[:, named.rows])


def _seen(facets: Mapping[int, Facets], program: _Growing) -> dict[int, Facets]:
    """Return the facets of groups that are all in a program, by their steps."""
    known = [k for k in program.equations if k in facets]
    found = {k: facets[k].within(program.equations[k].unstable) for k in known}
    return {k: some for k, some in found.items() if some.offsets}


def _cut_wishes(
    program: _Growing, objectives: Iterator[Doubles], facets: Mapping[int, Facets]
) -> Wishes:
    """Return multipliers, and the weights of those facets that are used at all."""
    whole = Cuts.joined([_cuts(program.equations[k], some) for k, some in facets.items()])
    answers, weights = cut_multipliers(program.finished(), objectives, whole)
    wishes = {k: _wanted(named, answers) for k, named in program.equations.items()}
    start = 0
    for k, some in facets.items():
        here = weights[:, start : start + len(some.offsets)]
        used = np.flatnonzero((here > 0).any(axis=0))
        wishes[k] = replace(wishes[k], facets=some.some(used), weights=here[:, used])
        start += len(some.offsets)
    return wishes


def _cuts(named: _Named, facets: Facets) -> Cuts:
    """Return facets as rows of a program's columns."""
    z = named.first + np.searchsorted(named.unstable, facets.neurons)
    values, offsets = facets.doubles()
    columns = np.stack([z, z + len(named.unstable)], axis=1)
    return Cuts(2 * facets.starts, columns.ravel(), values.ravel(), offsets)


def _told(objectives: Doubles, work: Listener) -> Iterator[Doubles]:
    for objective in objectives:
        work(Piece(Kind.PROGRAM))
        yield objective


@dataclass(frozen=True, eq=False)
class _Named:
    """The unstable neurons of a step: slopes, rows of their equations, the first column."""

    unstable: Integers
    slopes: Doubles
    rows: Integers
    first: int


class _Growing:
    """A program over more and more layers; a builder, which grows.

    The needed values after the layers so far are ``forms`` of the columns, plus ``shifts``.
    """

    def __init__(self, box: Sequence[Interval], inputs: Integers) -> None:
        self._lower = [np.array([float(box[j].lower) for j in inputs])]
        self._upper = [np.array([float(box[j].upper) for j in inputs])]
        self._rows: list[FloatRows] = []
        self._forms = np.eye(len(inputs))
        self._shifts = np.zeros(len(inputs))
        self._is_start = True
        self.equations: dict[int, _Named] = {}

    @property
    def _count(self) -> int:
        return sum(map(len, self._lower))

    @property
    def is_too_large(self) -> bool:
        """Whether forms and columns are too many to be written down."""
        return self._forms.size > _MOST_NUMBERS

    def after(self, k: int, step: FloatStep, before: Integers, after: Integers) -> None:
        """Go on behind step ``k``, from needed values to needed values."""
        if isinstance(step, FloatAffine):
            block = step.block(after, before)
            self._shifts = block @ self._shifts + step.bias[after]
            self._forms = self._composed(block)
            self._is_start = False
        else:
            self._add_triangles(k, step, after)

    def image(self, layer: FloatAffine, before: Integers, rows: Integers) -> Doubles:
        """Return values behind one more layer as forms of the columns."""
        return self._composed(layer.block(rows, before))

    def _composed(self, block: Doubles) -> Doubles:
        return block if self._is_start else block @ self._forms  # which are the inputs at first

    def _add_triangles(self, k: int, step: FloatTriangles, needed: Integers) -> None:
        unstable, here, _ = np.intersect1d(needed, step.unstable, return_indices=True)
        old, new = self._count, len(unstable)
        if not new:
            return
        z = old + np.arange(new)
        self._lower += [np.full(new, -np.inf), np.zeros(new)]
        self._upper += [np.full(new, np.inf)] * 2
        first = sum(len(rows.lower) for rows in self._rows)
        slopes, limits = step.slopes[unstable], step.intercepts[unstable]
        self.equations[k] = _Named(unstable, slopes, first + np.arange(new), old)
        free, one = np.full(new, np.inf), np.ones(new)
        self._rows += [
            _equations(self._forms[here], z, -self._shifts[here]),
            _pairs(z, -one, 0 * one, free),
            _pairs(z, -slopes, -free, limits),
        ]
        self._is_start = False
        self._forms = np.pad(self._forms, ((0, 0), (0, 2 * new)))
        self._forms[here] = 0
        self._forms[here, z + new] = 1
        self._shifts[here] = 0

    def finished(self) -> FloatProgram:
        """Return the program."""
        ends = np.concatenate(self._lower), np.concatenate(self._upper)
        return FloatProgram.of(*ends, self._rows)


def _equations(forms: Doubles, names: Integers, ends: Doubles) -> FloatRows:
    """Return the rows ``form - name == end``."""
    row_of, columns = np.nonzero(forms)
    counts = np.bincount(row_of, minlength=len(names))
    last = np.cumsum(counts)
    return FloatRows(
        counts + 1,
        np.insert(columns, last, names),
        np.insert(forms[row_of, columns], last, -1.0),
        ends,
        ends,
    )


def _pairs(z: Integers, factors: Doubles, lower: Doubles, upper: Doubles) -> FloatRows:
    """Return the rows of ``h + factor * z``, where the columns ``h`` follow all ``z``."""
    columns = np.stack([z, z + len(z)], axis=1).ravel()
    values = np.stack([factors, np.ones(len(z))], axis=1).ravel()
    return FloatRows(np.full(len(z), 2), columns, values, lower, upper)
