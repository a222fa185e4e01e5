r"""The branch and bound for the greatest norm of a Jacobian.

A *case* is a choice of pieces for some units, with the hyperplanes that these pieces are cut
out by; the pieces of stage 1 come first, so that every hyperplane is one of inputs.  Its size
bounds the norms of all Jacobians that the choice allows
(:mod:`polyrelax.verification.gradients`).  The open case of the greatest size is next.  If no
input is strictly within its hyperplanes, then its cells have no interior and it is closed.
Otherwise one such input attains the norm of its own cell, which is a lower bound; and unless
the size is not above the greatest of these, the unit that matters most for the size is split.

Only cases whose size is above the constant are ever split or looked for an input, and a case in
which all pieces are chosen attains its size.  Sizes in floats have an error of at most
``slack``; where this is too much to tell a size from the lower bound, integers decide.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TypeAlias, final

import numpy as np

from polyrelax.arithmetic.rational import ONE, ZERO, Vector
from polyrelax.networks.layers import Unit
from polyrelax.systems.tree import CaseTree, Key
from polyrelax.verification.affine_forms import ChainForms, Forms
from polyrelax.verification.cells import Cut, Flat, Place, Room
from polyrelax.verification.gradients import Live, is_chosen
from polyrelax.verification.sizes import Sizes, all_live, live_on

Choice: TypeAlias = tuple[int, int, int]
"""A stage, a unit of it, and the number of its piece."""


@final
@dataclass(frozen=True)
class Side:
    """A cut of inputs that a piece of a unit asks for: side ``number`` of the piece."""

    cut: Cut
    choice: Choice
    number: int


@final
@dataclass(frozen=True)
class Split:
    """The cases of a unit's pieces, by their places in the tree."""

    stage: int
    unit: int
    cases: tuple[tuple[int, int], ...]


@final
@dataclass(frozen=True)
class Closed:
    """A case without interior: multipliers of its sides, and of the inputs' inequalities.

    These add up to ``0 <= -gap`` at most; without a gap the case lies in a hyperplane.
    """

    sides: tuple[tuple[Fraction, Side], ...]
    inputs: tuple[tuple[Fraction, int], ...]
    gap: Fraction


@final
@dataclass(frozen=True)
class Twin:
    """A case that has the cells of another one, where a unit reads a constant at a kink."""

    other: int


TreeNode: TypeAlias = Split | Closed | Twin
"""What is written of a case; nothing if its size is no greater than the upper bound."""


@final
@dataclass(frozen=True, eq=False)
class Case:
    """An open case; ``forms`` are what stage ``stage`` reads, the first that has choices."""

    live: Live
    sides: tuple[Side, ...]
    stage: int
    forms: Forms
    size: Fraction
    point: Place | None


@final
@dataclass(frozen=True)
class Attained:
    """The norm of the Jacobian at an input, in the interior of the cell of some pieces."""

    value: Fraction
    point: Place
    pieces: tuple[tuple[int, ...], ...]


def largest_first(case: Case) -> Key:
    """Return a key that puts the case of the greatest size first.

    >>> from polyrelax.verification.affine_forms import Forms
    >>> small, large = (Case((), (), 0, Forms.of([], 1), size, None) for size in (ZERO, ONE))
    >>> min(small, large, key=largest_first).size
    Fraction(1, 1)
    """
    return (-case.size,)


@final
@dataclass
class Search:
    """The tree in the making: mutable, it grows until it is closed."""

    chain: ChainForms
    room: Room
    sizes: Sizes
    best: Attained | None = None
    tree: CaseTree[Case, TreeNode] = field(init=False)

    def __post_init__(self) -> None:
        self.tree = CaseTree(largest_first, Case)
        chain, box = self.chain.chain, self.room.box
        live = live_on(chain, box) if box and chain.has_boxes else all_live(chain)
        self._add(Case(live, (), 0, self.chain.maps[0], ZERO, None))

    @property
    def lower(self) -> Fraction:
        """The greatest norm so far that is attained, or 0."""
        return self.best.value if self.best else ZERO

    @property
    def upper(self) -> Fraction:
        """A bound of all norms: the greatest size of an open case, if that is more."""
        first = self.tree.first
        return self.lower if first is None else max(self.lower, first.size)

    def run(self) -> Iterator[None]:
        """Close one case after the other, until none is open."""
        for place, case in self.tree.cases():
            if not self._is_short(case):
                self.tree.nodes[place] = self._opened(case)
            yield

    def _add(self, case: Case) -> int:
        """Return the place of a case, which is open unless it is short already."""
        added = replace(case, size=self.sizes.bound(case.live))
        is_open = self.best is None or added.size > self.lower
        return self.tree.open(added) if is_open else self.tree.write(None)

    def _is_short(self, case: Case) -> bool:
        """Whether no Jacobian of a case has a greater norm than the greatest attained one."""
        if self.best is None or case.size - 2 * self.sizes.slack > self.lower:
            return False
        return case.size <= self.lower or self.sizes.exact(case.live) <= self.lower

    def _opened(self, case: Case) -> TreeNode | None:
        """Look for an input of a case, and return its split if it is not short."""
        point = case.point or self.room.point([side.cut for side in case.sides])
        if isinstance(point, Flat):
            return _closed(case, point)
        if case.point is None or all(map(is_chosen, case.live)):
            self._attain(case.live, point)
        if self._is_short(case):
            return None
        return self._split(self._ahead(replace(case, point=point)), point)

    def _attain(self, live: Live, point: Place) -> None:
        """Take the norm at an input, if it is more and the input is within a cell."""
        pieces = pieces_at(self.chain, point, live)
        if pieces is None:
            return
        chosen = tuple(np.array(numbers)[:, None] for numbers in pieces)
        if self.best is None or self.sizes.bound(chosen) > self.lower:
            value = self.sizes.exact(chosen)
            if self.best is None or value > self.lower:
                self.best = Attained(value, point, pieces)

    def _ahead(self, case: Case) -> Case:
        """Return a case with the forms of the first stage that has choices left."""
        stage, forms = case.stage, case.forms
        while is_chosen(case.live[stage]):
            forms = self.chain.behind(stage, case.live[stage][:, 0].tolist(), forms)
            stage += 1
        return replace(case, stage=stage, forms=forms)

    def _split(self, case: Case, point: Place) -> Split:
        """Open a case for each piece of the unit that matters most."""
        number = self._choice(case)
        stage = self.chain.chain.stages[case.stage]
        unit, is_last = stage.units[number], not stage.left  # later ranks need its own order
        cases: list[tuple[int, int]] = []
        whole: int | None = None
        for piece in sorted(set(case.live[case.stage][number].tolist())):
            choice = (case.stage, number, piece)
            where = (case.forms.cut(unit, side) for side in unit.neuron.piece(piece).where)
            sides = [Side(cut, choice, k) for k, cut in enumerate(where)]
            place = self._case(replace(case, point=point), choice, sides, whole=whole)
            if is_last and all(side.cut.is_trivial for side in sides):
                whole = place if whole is None else whole
            cases.append((piece, place))
        return Split(case.stage, number, tuple(cases))

    def _case(
        self, case: Case, choice: Choice, sides: Sequence[Side], *, whole: int | None
    ) -> int:
        """Return the place of a piece's case; ``whole`` is one that has all of ``case``."""
        false = next((side for side in sides if side.cut.is_false), None)
        if false is not None:
            gap = Fraction(-false.cut.offset, false.cut.scale)
            return self.tree.write(Closed(((ONE, false),), (), gap))
        proper = tuple(side for side in sides if not side.cut.is_trivial)
        if not proper and whole is not None:
            return self.tree.write(Twin(whole))
        kept = case.point and all(side.cut.has_inside(case.point) for side in proper)
        more = replace(case, live=_with(case.live, choice), sides=(*case.sides, *proper))
        return self._add(more if kept else replace(more, point=None))

    def _choice(self, case: Case) -> int:
        """Return the unit of a case's stage whose choice may change the size most."""
        reader = self.sizes.fast
        passes, blocks = reader.passes(case.live), reader.matrices.blocks[case.stage]
        pieces = case.live[case.stage]
        columns = passes.forward[case.stage][0][:, passes.steep]
        images = blocks.chosen(pieces).whole @ columns
        low, high = passes.back[case.stage]
        spread = (images.max(axis=0) - images.min(axis=0)).sum(axis=1)
        matter = np.maximum(-low, high).max(axis=0) * spread
        total = np.zeros(len(pieces), dtype=matter.dtype)
        np.add.at(total, blocks.units, matter)
        return int(np.where((pieces == pieces[:, :1]).all(axis=1), -1, total).argmax())


def pieces_at(chain: ChainForms, x: Place, live: Live) -> tuple[tuple[int, ...], ...] | None:
    """Return the pieces that all units are in at an input, of those that are live.

    ``None`` if the input is on the border of a piece that is not the only one.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> from polyrelax.verification.chains import Chain
    >>> chain = Chain.of(absolute_value())
    >>> forms, live = ChainForms.of(chain), all_live(chain)
    >>> pieces_at(forms, Place((ONE,)), live), pieces_at(forms, Place((ZERO,)), live)
    (((1, 0),), None)
    """
    found = []
    for forms, stage, rows in zip(chain.maps, chain.chain.stages, live, strict=False):
        z, numbers = forms.at(x).x, []
        values: list[Fraction] = []
        for unit, row in zip(stage.units, rows.tolist(), strict=True):
            read = tuple(z[j] for j in unit.inputs)
            piece = _strictly_in(unit, read, dict.fromkeys(row))
            if piece is None:
                return None
            numbers.append(piece)
            values += unit.neuron.piece(piece).image(read)
        found.append(tuple(numbers))
        x = Place(tuple(values))
    return tuple(found)


def _strictly_in(unit: Unit, z: Vector, live: Collection[int]) -> int | None:
    if len(live) == 1:
        return next(iter(live))
    pieces = ((k, unit.neuron.piece(k).where) for k in live)
    return next((k for k, where in pieces if all(s.slack(z) > 0 for s in where)), None)


def _with(live: Live, choice: Choice) -> Live:
    """Return the live pieces with one unit's piece chosen."""
    stage, unit, piece = choice
    changed = live[stage].copy()
    changed[unit] = piece
    return (*live[:stage], changed, *live[stage + 1 :])


def _closed(case: Case, flat: Flat) -> Closed:
    count = len(case.sides)
    return Closed(
        tuple((y, case.sides[k]) for k, y in flat.multipliers if k < count),
        tuple((y, k - count) for k, y in flat.multipliers if k >= count),
        flat.gap,
    )
