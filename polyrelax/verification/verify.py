"""Complete verification: a property is proved, or a point violates it, exactly.

Floats propose points, which are evaluated in exact numbers.  Then each case is excluded box by
box (:mod:`polyrelax.verification.halves`) where the network and the case allow that; or, of
many inputs or few neurons, by branch and bound on unstable neurons
(:mod:`polyrelax.verification.phases`), in large networks by one bound
(:mod:`polyrelax.verification.whole_bounds`); and else region by region
(:mod:`polyrelax.verification.cell_search`), which decides networks of all neurons, and strict
inequalities beside others, if there are few regions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Final, TypeAlias, final

import numpy as np

from polyrelax.arithmetic.arguments import require, require_function
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, from_float
from polyrelax.errors import DimensionError, TooLargeError
from polyrelax.networks.affine import Affine
from polyrelax.networks.network import Network
from polyrelax.networks.properties import Case, Property, difference
from polyrelax.polytopes.boxes import clamped
from polyrelax.verification.cell_search import occurrences, point_of_rows
from polyrelax.verification.halves import SETTLED, Halving, HardBox
from polyrelax.verification.phases import HardBoxes, Phases
from polyrelax.verification.proposals import proposed, proposed_within
from polyrelax.verification.statements import Statement, statements
from polyrelax.verification.verdicts import (
    Holds,
    PhaseTree,
    Proof,
    Tree,
    Unknown,
    Verdict,
    Violated,
)
from polyrelax.verification.whole_bounds import is_excluded

_MOST_BOXES: Final = 64
"""So many open boxes are looked at for points at a time."""
FEW: Final = 40
"""Networks of so many neurons are worth a look at their regions."""
_NODES_OF_FEW: Final = 4096

Node: TypeAlias = int | tuple[int, ...]


class _TimeIsUpError(Exception):
    """The caller wants no more."""


@final
@dataclass
class _Progress:
    """What is proved so far; mutable, the search tells it and looks whether to go on."""

    cases: int
    watch: tuple[Callable[[], bool], Callable[[Fraction, int], None]]
    done: int = 0
    part: Fraction = ZERO
    leaves: int = 0

    @property
    def share(self) -> Fraction:
        """The mean of the proved shares of the cases."""
        return (self.done + self.part) / self.cases if self.cases else ONE

    def tell(self, part: Fraction, leaves: int) -> None:
        """Note the proved part of the case in work, and so many more leaves."""
        self.part, self.leaves = part, self.leaves + leaves
        ended, report = self.watch
        report(self.share, self.leaves)
        if part < ONE and ended():
            raise _TimeIsUpError

    def next_case(self) -> None:
        """Note that a case is done."""
        self.done, self.part = self.done + 1, ZERO


@final
@dataclass
class _Found(Exception):  # noqa: N818 -- it is the way out of nested searches
    """A violation."""

    violation: Violated


def verified(
    network: Network,
    property_: Property,
    *,
    ended: Callable[[], bool] = lambda: False,
    report: Callable[[Fraction, int], None] = lambda _share, _leaves: None,
) -> Verdict:
    """Return whether a network has a property.

    ``ended`` is asked now and then whether to give up; ``report`` is told the proved share and
    how many boxes or regions are proved.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> from polyrelax.networks.properties import Row
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> above = Row((), ((0, Fraction(-1)),), Fraction(-3))
    >>> unit = Polytope.box([-1], [2])
    >>> verified(absolute_value(), Property(1, 1, (Case(unit, (above,)),))).word
    'holds'
    """
    require(network, Network)
    require(property_, Property)
    require_function(ended)
    require_function(report)
    _require_about(network, property_)
    progress = _Progress(len(property_.cases), (ended, report))
    told = statements(property_)
    search = _Search(network, property_, progress, Phases(network))
    try:
        trees: list[Proof | None] = []
        for number, statement in enumerate(told, start=1):
            trees.append(search.case(number, statement))
            progress.next_case()
        return Holds(tuple(trees))
    except _Found as found:
        return found.violation
    except _TimeIsUpError:
        return Unknown(progress.share)


def _require_about(network: Network, property_: Property) -> None:
    """Refuse a property of other inputs or outputs."""
    found = difference(property_, network)
    if found is not None:
        raise DimensionError(f"found a property of {found}")


@final
@dataclass
class _Search:
    """The search for violations of the cases of a property."""

    network: Network
    property_: Property
    progress: _Progress
    phases: Phases
    seen: set[Vector] = field(default_factory=set)

    def case(self, number: int, statement: Statement) -> Proof | None:
        """Return the tree that excludes a case; ``None`` if it was excluded otherwise."""
        case = statement.case
        if case.inputs.is_empty or _is_contradiction(case):
            return None
        if not any(row.outputs for row in case.rows):
            here = Affine.select(range(self.network.in_dim), self.network.in_dim)
            self._occurs(number, case, point_of_rows(case.inputs, here, case.rows))
            return None
        if any(low > high for low, high in statement.root):
            return None
        self.seen.clear()
        for x in proposed(self.network, case):
            self._propose(number, case, x.tolist())
        halving = Halving.of(self.network, statement.outputs, statement.root)
        if halving is not None:
            tree = self._halved(number, statement, halving)
            if tree is not None:
                return tree if SETTLED not in tree.nodes else None
        return self._whole(number, case)

    def _whole(self, number: int, case: Case) -> Proof | None:
        """Decide a case on all of its inputs at once: by phases, one bound, or regions."""
        if self.phases.can_decide(case):
            found = self.phases.decide(case, partial(self.progress.tell, ZERO, 1))
            if isinstance(found, PhaseTree):
                return found
            self._occurs(number, case, found)
        elif not is_excluded(self.network, case):
            self._by_regions(number, case)
        return None

    def _by_regions(self, number: int, case: Case) -> None:
        """Look at all linear regions; sets with too many vertices stay undecided."""
        try:
            for point in occurrences(self.network, case):
                self._occurs(number, case, point)
                self.progress.tell(ZERO, 1)
        except TooLargeError:
            raise _TimeIsUpError from None

    def _halved(self, number: int, statement: Statement, halving: Halving) -> Tree | None:
        """Return the tree of boxes that excludes a case; ``None`` to go on otherwise."""
        case, boxes = statement.case, HardBoxes.of(self.network, statement.outputs)
        few = self.network.neuron_count <= FEW
        depths, part = [0], ZERO
        nodes: list[Node] = []
        for step in halving.steps(boxes and partial(self._is_settled, number, case, boxes)):
            if step.point is not None:
                self._propose(number, case, step.point)
            x = proposed_within(self.network, case, step.boxes[-_MOST_BOXES:], len(nodes))
            if x is not None:
                self._propose(number, case, x.tolist())
            proved = list(_volumes(step.nodes, depths))
            part += sum(proved, ZERO)
            nodes += step.nodes
            self.progress.tell(part, len(proved))
            if few and (step.is_stuck or len(nodes) > _NODES_OF_FEW):
                return None
        if -2 in nodes:
            if self.phases.can_decide(case):  # what touches its bound, too
                return None
            raise _TimeIsUpError
        return Tree(tuple(nodes))

    def _is_settled(self, number: int, case: Case, boxes: HardBoxes, hard: HardBox) -> bool:
        """Whether phases exclude a box; a violation that they find ends the search."""
        found = boxes.decide(hard)
        if not isinstance(found, bool):
            self._decide(number, case, found)
        return found is True

    def _propose(self, number: int, case: Case, x: list[float] | Vector) -> None:
        """Look at a point exactly, moved into the box of the case's inputs."""
        for kind, point in _versions(case, x):
            if point not in self.seen:
                self.seen.add(point)
                self._decide(number, case, point, kind)

    def _occurs(self, number: int, case: Case, point: Vector | None) -> None:
        """End the search at a point where the case occurs, if there is one."""
        if point is not None:
            self._decide(number, case, point)
            raise AssertionError("a case occurs at the point that a region has for it")

    def _decide(self, number: int, case: Case, point: Vector, kind: str = "rational") -> None:
        """End the search if the case occurs at a point."""
        outputs = self.network(point)
        if case.holds(point, outputs):
            raise _Found(Violated(number, point, outputs, kind))


def _versions(case: Case, x: list[float] | Vector) -> Iterator[tuple[str, Vector]]:
    """Yield a point as it is in float32 and float64, where these are inputs, and itself."""
    numbers = np.array([float(value) for value in x])
    for kind, dtype in (("float32", np.float32), ("float64", np.float64)):
        with np.errstate(over="ignore"):
            read = numbers.astype(dtype)
        if not np.isfinite(read).all():
            continue
        rounded = tuple(from_float(float(value)) for value in read)
        if rounded in case.inputs:
            yield kind, rounded
        moved = clamped(case.inputs.bounds, rounded)
        if moved != rounded:
            yield "rational", moved


def _volumes(nodes: tuple[Node, ...], depths: list[int]) -> Iterator[Fraction]:
    """Yield the share of the root that each leaf proves; ``depths`` are of the open boxes."""
    for node in nodes:
        depth = depths.pop()
        if isinstance(node, tuple) or node == SETTLED:
            yield Fraction(1, 1 << depth)
        elif node >= 0:
            depths += [depth + 1, depth + 1]


def _is_contradiction(case: Case) -> bool:
    """Whether a row without terms does not hold."""
    rows = (row for row in case.rows if not row.inputs and not row.outputs)
    return not all(row.holds((), ()) for row in rows)
