r"""Forms of the outputs by groups of neurons: beyond what single neurons can tell.

``krelu:2`` bounds, layer after layer, octahedra of pairs of unstable neurons
(:mod:`polyrelax.relaxations.octahedra`), by dual ascent over all triangles so far; the facets
over them (:mod:`polyrelax.relaxations.group_facets`) join the linear programs that propose
multipliers where they cut something off, for the unstable neurons of later layers and for the
forms.  ``krelu:3`` does so for triples, too, of fewer neurons.  Everything is proved in
integers: octahedra, the offsets of facets, and the bounds.  How near these are to the optimum
is not claimed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final, final

import numpy as np

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.integer_matrix import Forms
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.limbs import Integers, floors
from polyrelax.errors import TooLargeError
from polyrelax.networks.affine import Affine
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.array_triangle import Tightening, bounded_sets, unstable_values
from polyrelax.relaxations.barrier import (
    BITS,
    ProvedForms,
    ProvedOctahedra,
    float_steps,
    proved_forms,
)
from polyrelax.relaxations.dual_ascent import ascended_wishes
from polyrelax.relaxations.float_bounds import BEYOND
from polyrelax.relaxations.float_steps import FloatAffine, FloatStep, FloatTriangles
from polyrelax.relaxations.group_facets import Facets, facets_of
from polyrelax.relaxations.lines import Lines
from polyrelax.relaxations.octahedra import LONGEST, Octahedra, directions
from polyrelax.relaxations.substitution import SubstitutedSet
from polyrelax.relaxations.trace import Trace
from polyrelax.relaxations.triangle_program import proposed_wishes
from polyrelax.relaxations.wishes import NO_WISHES, Wishes

MOST_NEURONS: Final = {2: 42, 3: 10}
"""Of more unstable neurons in a layer, those with the largest triangles are in groups of a
size."""
_AT_ONCE: Final = 1600
_LARGEST: Final = 1 << (LONGEST - BITS - 2)
"""Neurons with inputs beyond this are in no group: sums would be too long for a word."""


@final
@dataclass
class GroupProposer:
    """What wishes for multipliers and facets of groups; a builder, which remembers these."""

    most: int
    facets: dict[int, Facets] = field(default_factory=dict)
    octahedra: dict[int, tuple[ProvedOctahedra, ...]] = field(default_factory=dict)

    def __call__(
        self, relaxed: SubstitutedSet, steps: Sequence[FloatStep], forms: Forms
    ) -> Wishes | None:
        """Return wishes for forms of the values behind the steps, if any are unstable."""
        if not any(isinstance(step, FloatTriangles) for step in steps):
            return None
        for k, step in enumerate(steps):
            if isinstance(step, FloatTriangles) and k not in self.facets:
                self.octahedra[k] = self._bounded(_before(relaxed, k), steps, k)
                found = (facets_of(each.octahedra) for each in self.octahedra[k])
                self.facets[k] = Facets.joined(found)
        box, facets = relaxed.domain.bounds, self.facets
        return proposed_wishes(box, _with_affine_end(steps), forms, facets=facets)

    def _bounded(
        self, after: SubstitutedSet, steps: Sequence[FloatStep], k: int
    ) -> tuple[ProvedOctahedra, ...]:
        """Return the octahedra of groups at step ``k``, behind which a set is, by size."""
        lines, step = after.steps[k], steps[k]
        assert isinstance(lines, Lines), "the step is a layer of neurons"
        assert isinstance(step, FloatTriangles), "and so it is in floats"
        sizes = range(2, self.most + 1)
        groups = [_groups(step.unstable, lines.box, size) for size in sizes]
        return tuple(_proved_octahedra(after, steps[:k], some) for some in groups)


def _with_affine_end(steps: Sequence[FloatStep]) -> Sequence[FloatStep]:
    """Return steps that end as linear programs do: with an affine one."""
    match steps:
        case [*_, FloatTriangles() as last]:
            width = len(last.slopes)
            return [*steps, FloatAffine.of(Affine.select(range(width), width))]
        case _:
            return steps


@final
@dataclass(frozen=True)
class GroupMethod:
    """The relaxation of pairs, or of pairs and triples, as a method beside single neurons'."""

    most: int

    @property
    def name(self) -> str:
        """The name of the relaxation."""
        return f"krelu:{self.most}"

    def proved(self, network: Network, domain: Polytope, forms: Forms) -> ProvedForms:
        """Return proved upper bounds of forms of the outputs on a box of inputs.

        They are multiples of ``2**-BITS``.  Raises :class:`UnsupportedNeuronError` for other
        neurons than rectifiers, :class:`TooLargeError` for numbers beyond all floats.

        >>> from polyrelax.networks.gallery import maximum
        >>> from polyrelax.relaxations.integer_substitution import unit_forms
        >>> square, forms = Polytope.box([0, 0], [1, 1]), unit_forms(np.array([0]))
        >>> found = PAIRS.proved(maximum(2), square, forms)
        >>> [round(float(value), 6) for value in found.values]
        [1.5, 0.0]
        """
        require(network, Network)
        require(domain, Polytope)
        require(forms, Forms)
        proposer = GroupProposer(self.most)
        tightening = Tightening(proposer, unstable_values)
        sets = tuple(bounded_sets(network, domain, BITS, tightening=tightening))
        lines = sets[-1].lines
        if lines.integers() is None:
            raise TooLargeError(BEYOND)
        wishes = proposer(lines, float_steps(network, lines), forms) or NO_WISHES
        trace = Trace(self.name, network, sets, BITS)
        return proved_forms(trace, domain, forms, wishes, octahedra=proposer.octahedra)


PAIRS: Final = GroupMethod(2)
TRIPLES: Final = GroupMethod(3)
GROUPS: Final = (PAIRS, TRIPLES)
"""From the looser to the tighter."""


def _before(relaxed: SubstitutedSet, k: int) -> SubstitutedSet:
    """Return the set that step ``k`` acts on, with that step as the next."""
    while len(relaxed.steps) > k + 1:
        assert relaxed.before is not None, "only the first set has none before it"
        relaxed = relaxed.before
    return relaxed


def _proved_octahedra(
    after: SubstitutedSet, steps: Sequence[FloatStep], groups: Integers
) -> ProvedOctahedra:
    """Return the octahedra of groups of the values after steps, which the next one reads."""
    lines, before = after.steps[len(steps)], after.before
    assert isinstance(lines, Lines), "the step is a layer of neurons"
    assert before is not None, "there is something before it"
    substitution, bits = before.integers(), after.bits or 0
    assert substitution is not None, "bounds were found in integers"
    sides = directions(groups.shape[1])
    sums = sides[2 * groups.shape[1] :]
    batches, found = [], [np.zeros((0, len(sums)), dtype=np.int64)]
    most = _AT_ONCE // len(sums)
    for start in range(0, len(groups), most):
        forms = _sums(groups[start : start + most], sums)
        wishes = ascended_wishes(after.domain.bounds, steps, forms) or NO_WISHES
        batches.append((forms, wishes))
        maxima = np.array(substitution.maxima(forms, wishes), dtype=np.int64)
        found.append(maxima.reshape(-1, len(sums)))
    offsets = np.concatenate([_box_offsets(groups, lines.box, bits), np.concatenate(found)], 1)
    return ProvedOctahedra(Octahedra(groups, offsets, bits), tuple(batches))


def _groups(unstable: Integers, box: Sequence[Interval], size: int) -> Integers:
    """Return the groups of the unstable neurons with the largest triangles."""
    short = [j for j in unstable.tolist() if max(-box[j].lower, box[j].upper) < _LARGEST]
    largest = sorted(short, key=lambda j: box[j].lower * box[j].upper)
    chosen = sorted(largest[: MOST_NEURONS[size]])
    return np.array(list(combinations(chosen, size)), dtype=np.int64).reshape(-1, size)


def _sums(groups: Integers, sums: Integers) -> Forms:
    """Return sums and differences of the neurons of each group."""
    columns = np.unique(groups)
    numbers = np.zeros((len(sums) * len(groups), len(columns)), dtype=np.int64)
    rows = np.arange(len(numbers)).reshape(-1, len(sums))
    for side, signs in enumerate(sums.T):
        places = np.searchsorted(columns, groups[:, side])
        numbers[rows, places[:, None]] = signs
    return Forms(numbers, columns, 0)


def _box_offsets(groups: Integers, box: Sequence[Interval], bits: int) -> Integers:
    """Return the ends of all neurons, of which each is a multiple of the unit."""
    ends = []
    for neurons in groups.T.tolist():
        inputs = [box[j] for j in neurons]
        ends.append(floors([z.upper for z in inputs], bits))
        ends.append([-end for end in floors([z.lower for z in inputs], bits)])
    return np.array(ends, dtype=np.int64).T
