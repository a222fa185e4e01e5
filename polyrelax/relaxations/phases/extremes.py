r"""The exact maximum of a form of a network's outputs, by branch and bound on phases.

A *case* knows of some unstable neurons that they are off or on.  What bounds the form there are
multipliers that a linear program in floats proposes, and that are evaluated exactly
(:mod:`polyrelax.relaxations.phases.duals`); the inputs that attain the programs' optima are
evaluated exactly, too, and the greatest value so far is a lower bound of the maximum.  The open
case of the greatest bound is next: it is closed if that is no more than the lower bound, and
else split at the neuron whose output is farthest from what its input makes.

Rounded multipliers hardly ever prove the very maximum.  So where the bound is near the lower
bound, or no neuron is left to split, the case's program is solved in fractions: its optimum is
the bound then, and the input that attains it has this value, if all phases are known.  So the
search ends, whatever the floats are, and with equality.

Closed cases keep their multipliers: they are the evidence that nothing is greater.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, TypeAlias, final

import numpy as np

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.arithmetic.rational import ZERO, Vector, from_float
from polyrelax.lp.float_program import FloatConflict, FloatOptimum
from polyrelax.networks.dimensions import point_of
from polyrelax.polytopes.boxes import clamped
from polyrelax.polytopes.support import Support
from polyrelax.relaxations.phases.duals import FREE, OFF, ON, Multipliers, bound
from polyrelax.relaxations.phases.programs import FloatPhases, solved
from polyrelax.relaxations.phases.reduced import Reduced
from polyrelax.relaxations.progress import NOBODY, Kind, Listener, Piece
from polyrelax.systems.tree import CaseTree, Key

_NEAR: Final = 1 << 20
"""A bound is near by this part of the root's: fractions are tried then."""
_MORE: Final = 2.0**-40
"""The part by which a value in floats has to be greater to be evaluated exactly."""


@final
@dataclass(frozen=True)
class Split:
    """The places of the cases in which a neuron is off and on."""

    neuron: int
    cases: tuple[int, int]


@final
@dataclass(frozen=True, eq=False)
class Closed:
    """Multipliers that prove the maximum in a case, or that it has no input."""

    multipliers: Multipliers
    is_empty: bool


PhaseNode: TypeAlias = Split | Closed


@final
@dataclass(frozen=True, eq=False)
class Case:
    """An open case: what is known of each neuron, a proved bound, and where it may be split.

    Without a neuron to split only fractions can tell.
    """

    phases: Integers
    bound: Fraction
    multipliers: Multipliers
    neuron: int | None


@final
@dataclass(frozen=True, eq=False)
class Bounded:
    """A bound of a form of the outputs, and the tree of cases that proves it.

    Nodes stand in a list, the root first, and each before those below it.
    """

    direction: Vector
    value: Fraction
    nodes: tuple[PhaseNode, ...]

    @property
    def leaves(self) -> int:
        """How many cases are closed."""
        return sum(isinstance(node, Closed) for node in self.nodes)


@final
@dataclass(frozen=True, eq=False)
class Maximum:
    """The maximum of a form of the outputs as a proved bound, and an input that attains it."""

    proof: Bounded
    point: Vector

    @property
    def value(self) -> Fraction:
        """The maximum."""
        return self.proof.value


def greatest_first(case: Case) -> Key:
    """Return a key that puts the case of the greatest bound first.

    >>> none = Multipliers.of([])
    >>> cases = (Case(np.zeros(0), Fraction(k), none, None) for k in (1, 2))
    >>> str(min(cases, key=greatest_first).bound)
    '2'
    """
    return (-case.bound,)


@final
class MaximumSearch:
    """The search for the maximum of a form of outputs; mutable, its tree grows.

    Cases are closed if their bound is no more than what is attained, or is ``enough``.
    """

    def __init__(
        self,
        reduced: Reduced,
        direction: Vector,
        work: Listener = NOBODY,
        *,
        enough: Callable[[Fraction], bool] = lambda _: False,
    ) -> None:
        self.best: Support | None = None
        self._enough: Final = enough
        self.tree: Final[CaseTree[Case, PhaseNode]] = CaseTree(greatest_first, Case)
        self._reduced: Final = reduced
        self._work: Final = work
        self._form: Final = reduced.combined(direction)
        self._row: Final = reduced.row(self._form)
        self._zero: Final = reduced.row((ZERO,) * len(self._form))
        self._floats: Final = FloatPhases(reduced, self._row.doubles[0])
        self._direction: Final = direction
        self._values: list[Fraction] = []
        self._seen = -math.inf
        none = Multipliers.of([ZERO] * (reduced.count + len(reduced.sides)))
        phases = np.full(reduced.count, FREE)
        top = bound(reduced, self._row, none, phases)
        self._near: Final = abs(top) / _NEAR
        self._add(Case(phases, top, none, None))

    @property
    def upper(self) -> Fraction:
        """A bound of the maximum: the greatest bound of an open case, if that is more."""
        first = self.tree.first
        if first is None or (self.best is not None and first.bound <= self.best.value):
            assert self.best is not None, "a set of inputs that is not empty has a maximum"
            return self.best.value
        return first.bound

    def bounded(self) -> Bounded:
        """Return the proof that the search has ended with."""
        nodes = tuple(node for node in self.tree.nodes if node)
        return Bounded(self._direction, max(self._values), nodes)

    def run(self) -> Iterator[None]:
        """Close or split one case after the other, until none is open."""
        for place, case in self.tree.cases():
            self.tree.nodes[place] = self._node(case)
            yield

    def _node(self, case: Case) -> PhaseNode:
        """Return what becomes of a case."""
        if self._is_short(case.bound):
            return self._closed(case.multipliers, case.bound)
        if case.neuron is None or self._is_near(case.bound):
            exact = solved(self._reduced, self._form, case.phases)
            if exact.value is None:
                return Closed(exact.multipliers, is_empty=True)
            self._look(exact.point)
            if self._is_short(exact.value):
                return self._closed(exact.multipliers, exact.value)
        neuron = self._choice(case)
        off, on = (self._add(_known(case, neuron, phase)) for phase in (OFF, ON))
        return Split(neuron, (off, on))

    def _choice(self, case: Case) -> int:
        """Return a neuron that is not known in a case."""
        if case.neuron is not None:
            return case.neuron
        return int(np.flatnonzero(case.phases == FREE)[0])

    def _add(self, case: Case) -> int:
        """Return the place of a case, which is open unless it is closed at once."""
        self._work(Piece(Kind.PROGRAM))
        found = self._floats.answer(case.phases)
        if isinstance(found, FloatConflict):
            size = np.abs(found.multipliers).max(initial=0.0) or 1.0
            multipliers = self._rounded(found.multipliers / size)
            if bound(self._reduced, self._zero, multipliers, case.phases) < 0:
                return self.tree.write(Closed(multipliers, is_empty=True))
        elif isinstance(found, FloatOptimum):
            case = self._bounded(case, found)
            if self._is_short(case.bound):
                return self.tree.write(self._closed(case.multipliers, case.bound))
        return self.tree.open(case)

    def _closed(self, multipliers: Multipliers, value: Fraction) -> Closed:
        """Return a closed case that has inputs, and keep the greatest of their bounds."""
        self._values = [max(value, *self._values)] if self._values else [value]
        return Closed(multipliers, is_empty=False)

    def _bounded(self, case: Case, found: FloatOptimum) -> Case:
        """Return a case with what floats propose, if that is better than what there is."""
        self._glance(found.point)
        multipliers = self._rounded(found.multipliers)
        value = bound(self._reduced, self._row, multipliers, case.phases)
        neuron = self._floats.loosest(found, case.phases)
        if value < case.bound:
            return Case(case.phases, value, multipliers, neuron)
        return replace(case, neuron=neuron)

    def _rounded(self, multipliers: Doubles) -> Multipliers:
        return Multipliers.rounded(multipliers, self._reduced.count)

    def _is_short(self, value: Fraction) -> bool:
        """Whether a bound is no more than what is attained, or enough."""
        return (self.best is not None and value <= self.best.value) or self._enough(value)

    def _is_near(self, value: Fraction) -> bool:
        return self.best is not None and value - self.best.value <= self._near

    def _glance(self, point: Doubles) -> None:
        """Look at the inputs of a point in floats, if they seem to attain more."""
        x = point[: len(self._reduced.box)]
        value = self._floats.value(x)
        if not value <= self._seen + _MORE * abs(self._seen):
            self._seen = max(value, self._seen)
            self._look(clamped(self._reduced.box, tuple(from_float(c) for c in x.tolist())))

    def _look(self, x: Vector) -> None:
        """Take the value at an input, if it is more than what is attained."""
        if not all(side.is_satisfied_by(x) for side in self._reduced.sides):
            return
        value = self._reduced.value(self._row, x)
        if self.best is None or value > self.best.value:
            self.best = Support(value, x)


def _known(case: Case, neuron: int, phase: int) -> Case:
    """Return a case in which a neuron is known, with the bound of before."""
    phases = case.phases.copy()
    phases[neuron] = phase
    return replace(case, phases=phases, neuron=None)


def maximum(reduced: Reduced, direction: Vector, *, work: Listener = NOBODY) -> Maximum:
    """Return the maximum of a linear form of a network's outputs.

    ``work`` hears of each linear program.

    >>> from polyrelax.arithmetic.interval import Interval
    >>> from polyrelax.networks.gallery import absolute_value
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> ends = Interval(Fraction(-2), Fraction(1)), Interval(Fraction(-1), Fraction(2))
    >>> found = Reduced.of(absolute_value(), Polytope.box([-2], [1]), [ends[:1], ends])
    >>> best = maximum(found, (Fraction(1),))
    >>> str(best.value), [str(c) for c in best.point]
    ('2', ['-2'])
    """
    require(reduced, Reduced)
    require(work, Listener)
    direction = point_of(direction, len(reduced.outputs))
    search = MaximumSearch(reduced, direction, work)
    for _ in search.run():
        pass
    assert search.best is not None, "a set of inputs that is not empty has a maximum"
    return Maximum(search.bounded(), search.best.point)
