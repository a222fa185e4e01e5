r"""The triangle relaxation in arrays: slopes proposed in floats, bounds proved in integers.

Layer by layer, back-substitution with the slopes of CROWN bounds each value; where a point
within the triangles does not attain that bound, linear programs in floats
(:mod:`polyrelax.relaxations.triangle_program`), or dual ascent
(:mod:`polyrelax.relaxations.dual_ascent`), propose the slopes below rectifiers that the optimum
over all triangles needs, for each value its own; and one pass over all values in integers
(:mod:`polyrelax.relaxations.integer_substitution`) proves what they give.  The better of both
bounds is taken.  How near it is to the optimum is not claimed; it is a bound whatever the
floats were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Protocol, TypeAlias, final

import numpy as np

from polyrelax.arithmetic.integer_matrix import Forms
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.limbs import Integers
from polyrelax.arithmetic.rational import Vector
from polyrelax.arithmetic.readable import readable
from polyrelax.networks.images import layer_box
from polyrelax.networks.layers import Affine, Layer, rectified
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.support import Support
from polyrelax.relaxations.deeppoly import CROWN
from polyrelax.relaxations.dual_ascent import STEPS, ascended_wishes, settled_wishes
from polyrelax.relaxations.float_steps import (
    FloatAffine,
    FloatStep,
    FloatTriangles,
    groups_of_rows,
)
from polyrelax.relaxations.integer_substitution import unit_forms
from polyrelax.relaxations.layerwise import Layerwise
from polyrelax.relaxations.lines import Lines, Step
from polyrelax.relaxations.program_set import ProgramSet
from polyrelax.relaxations.progress import NOBODY, Listener
from polyrelax.relaxations.substitution import SubstitutedSet
from polyrelax.relaxations.triangle_program import Programs, proposed_wishes
from polyrelax.relaxations.wishes import Wishes

Box: TypeAlias = tuple[Interval, ...]
Proposer: TypeAlias = Callable[[SubstitutedSet, Sequence[FloatStep], Forms], Wishes | None]
"""What wishes for multipliers of forms of values: a set, its steps in floats, and forms."""
Proof: TypeAlias = tuple[Integers, Wishes]
"""The multipliers that prove the maxima of some values, and of their opposites."""


@readable
@dataclass(frozen=True)
class GivenBounds:
    """The relaxation whose bounds after each layer are known."""

    boxes: tuple[Box, ...]
    bits: int
    name: str = "given"

    def sets(self, _network: Network, _domain: Polytope) -> Iterator[Polytope]:
        """Yield the boxes."""
        for box in self.boxes:
            yield Polytope.box([x.lower for x in box], [x.upper for x in box])


@final
@dataclass(frozen=True)
class BoundedSet:
    """The values after the layers of ``network`` that its triangles allow.

    ``boxes`` bound the values after each of these layers, from the input on; ``lines`` are
    the layers so far with CROWN's lines on these boxes, and ``proofs`` the multipliers by which
    the last bounds were proved where those are not as good.
    """

    network: Network = field(repr=False)
    domain: Polytope
    boxes: tuple[Box, ...] = field(repr=False)
    bits: int
    lines: SubstitutedSet = field(compare=False, repr=False)
    proofs: tuple[Proof, ...] = field(default=(), compare=False, repr=False)

    @property
    def dim(self) -> int:
        """The dimension of the space."""
        return len(self.bounds)

    @property
    def bounds(self) -> Box:
        """The bounds of each coordinate."""
        return self.boxes[-1]

    @cached_property
    def _program(self) -> ProgramSet:
        given = GivenBounds(self.boxes, self.bits)
        depth = len(self.boxes) - 1
        *_, last = Layerwise(self.bits, given).sets(self.network.prefix(depth), self.domain)
        return last

    def support(self, direction: Vector) -> Support:
        """Return the exact support in ``direction`` and a point that attains it."""
        return self._program.support(direction)


class Chooser(Protocol):
    """What chooses the values that are worth multipliers of their own."""

    def __call__(self, box: Box, after: Layer | None) -> Integers:
        """Return some of the values in a box, which the layer after them reads."""


def every_value(box: Box, after: Layer | None) -> Integers:
    """Return all values.

    >>> every_value((Interval(0, 1), Interval(-1, 1)), None)
    array([0, 1])
    """
    del after
    return np.arange(len(box))


def unstable_values(box: Box, after: Layer | None) -> Integers:
    """Return the values that may have both signs, where the next layer rectifies them.

    >>> from polyrelax.networks.layers import ReLU
    >>> unstable_values((Interval(0, 1), Interval(-1, 1)), ReLU(2))
    array([1])
    """
    named = () if after is None else rectified(after)
    chosen = [j for j in named if box[j].lower < 0 < box[j].upper]
    return np.array(chosen, dtype=np.int64)


@final
@dataclass(frozen=True, eq=False)
class Tightening:
    """Which values behind an affine layer get multipliers of their own, and whose."""

    proposed: Proposer
    chosen: Chooser = every_value


def bounded_sets(
    network: Network,
    domain: Polytope,
    bits: int,
    work: Listener = NOBODY,
    *,
    tightening: Tightening | None = None,
) -> Iterator[BoundedSet]:
    """Yield the box of inputs and the set after each layer of a ReLU network.

    By default linear programs propose multipliers for all values.

    >>> from polyrelax.networks.gallery import maximum
    >>> sets = bounded_sets(maximum(2), Polytope.box([0, 0], [1, 1]), 8)
    >>> [str(relaxed.bounds[0]) for relaxed in sets][-1]
    '[0, 3/2]'
    """
    chosen = tightening or Tightening(partial(_by_programs, programs=Programs(work)))
    method, relaxed = replace(CROWN, bits=bits), SubstitutedSet(domain, bits=bits, work=work)
    found = BoundedSet(network, domain, (domain.bounds,), bits, relaxed)
    steps = FloatSteps()
    yield found
    for index, layer in enumerate(network.layers):
        relaxed = method.after(relaxed, index, layer, found)
        proofs: tuple[Proof, ...] = ()
        if relaxed.integers() is not None:  # otherwise numbers are no floats, now and later
            steps.grow(relaxed.steps, rectified(layer))
        if isinstance(layer, Affine):
            after = network.layers[index + 1] if index + 1 < len(network.layers) else None
            box, proofs = _tightened(relaxed, steps.steps, chosen, after)
        else:
            box = tuple(y.rounded(bits) for y in layer_box(layer, found.bounds))
        found = replace(found, boxes=(*found.boxes, box), lines=relaxed, proofs=proofs)
        yield found


def _by_programs(
    relaxed: SubstitutedSet,
    steps: Sequence[FloatStep],
    forms: Forms,
    *,
    programs: Programs,
) -> Wishes | None:
    """Return multipliers by linear programs where those of substitution are not the best.

    They are for a sixth to a half of the values of trained networks.  To ascend first takes
    longer than the programs that it saves.
    """
    known = settled_wishes(relaxed.domain.bounds, steps, forms)
    if known is None or not len(known[1]):
        return known and known[0]
    wishes, loose = known
    some = Forms(forms.numbers[loose], forms.columns, forms.exponent)
    asked = proposed_wishes(relaxed.domain.bounds, steps, some, programs=programs)
    return {k: w.with_rows(loose, asked[k]) for k, w in wishes.items()} if asked else wishes


def by_ascent(
    relaxed: SubstitutedSet, steps: Sequence[FloatStep], forms: Forms, *, taken: int = STEPS
) -> Wishes | None:
    """Return multipliers by dual ascent of so many steps.

    >>> segment = Polytope.box([-1], [1])
    >>> by_ascent(SubstitutedSet(segment), [], unit_forms(np.array([0]))) is None
    True
    """
    return ascended_wishes(relaxed.domain.bounds, steps, forms, taken=taken)


class FloatSteps:
    """The steps of a substitution in floats; a builder, which grows."""

    def __init__(self) -> None:
        self.steps: list[FloatStep] = []

    def grow(self, steps: Sequence[Step], rectifiers: Sequence[int]) -> None:
        """Take in the steps that are new."""
        for step in steps[len(self.steps) :]:
            if isinstance(step, Lines):
                self.steps.append(FloatTriangles.of(step, rectifiers))
            else:
                self.steps.append(FloatAffine.of(step))


def _tightened(
    relaxed: SubstitutedSet,
    steps: Sequence[FloatStep],
    tightening: Tightening,
    after: Layer | None,
) -> tuple[Box, tuple[Proof, ...]]:
    """Return bounds of the values behind an affine layer, and the slopes that prove them."""
    known, substitution = list(relaxed.bounds), relaxed.integers()
    if substitution is None:
        return relaxed.bounds, ()
    last = steps[-1]
    assert isinstance(last, FloatAffine), "the layer is affine"
    chosen = tightening.chosen(relaxed.bounds, after)
    proofs: list[Proof] = []
    for rows in _chosen_groups(last, chosen):
        wishes = tightening.proposed(relaxed, steps, unit_forms(rows))
        if wishes is None:
            continue
        try:
            ends = tuple(substitution.ends(rows, wishes))
        except OverflowError:  # coefficients that are no floats
            continue
        proofs.append((rows, wishes))
        for j, bound in ends:
            known[j] = known[j].meet(bound)
    return tuple(known), tuple(proofs)


def _chosen_groups(layer: FloatAffine, chosen: Integers) -> Iterator[Integers]:
    """Yield the chosen rows that read almost the same values, together."""
    for group in groups_of_rows(layer):
        rows = np.intersect1d(group, chosen)
        if len(rows):
            yield rows
