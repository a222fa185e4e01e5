r"""Forms of the outputs by pairs of neurons: beyond what single neurons can tell.

``krelu:2`` bounds, layer after layer, octagons of pairs of unstable neurons
(:mod:`polyrelax.relaxations.pair_facets`), by dual ascent over all triangles so far; the facets
over them join the linear programs that propose multipliers where they cut something off, for
the unstable neurons of later layers and for the forms.  Everything is proved in integers:
octagons, the offsets of facets, and the bounds.  How near these are to the optimum is not
claimed.
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
    ProvedOctagons,
    float_steps,
    proved_forms,
)
from polyrelax.relaxations.dual_ascent import ascended_wishes
from polyrelax.relaxations.float_bounds import BEYOND
from polyrelax.relaxations.float_steps import FloatAffine, FloatStep, FloatTriangles
from polyrelax.relaxations.lines import Lines
from polyrelax.relaxations.pair_facets import (
    DIRECTIONS,
    LONGEST,
    Facets,
    Octagons,
    facets_of,
)
from polyrelax.relaxations.substitution import SubstitutedSet
from polyrelax.relaxations.trace import Trace
from polyrelax.relaxations.triangle_program import proposed_wishes
from polyrelax.relaxations.wishes import NO_WISHES, Wishes

MOST_NEURONS: Final = 42
"""Of more unstable neurons in a layer, those with the largest triangles are paired."""
_AT_ONCE: Final = 400
_LARGEST: Final = 1 << (LONGEST - BITS - 2)
"""Neurons with inputs beyond this are not paired: sums would be too long for a word."""


@final
@dataclass
class PairProposer:
    """What wishes for multipliers and facets of pairs; a builder, which remembers these."""

    facets: dict[int, Facets] = field(default_factory=dict)
    octagons: dict[int, ProvedOctagons] = field(default_factory=dict)

    def __call__(
        self, relaxed: SubstitutedSet, steps: Sequence[FloatStep], forms: Forms
    ) -> Wishes | None:
        """Return wishes for forms of the values behind the steps, if any are unstable."""
        if not any(isinstance(step, FloatTriangles) for step in steps):
            return None
        for k, step in enumerate(steps):
            if isinstance(step, FloatTriangles) and k not in self.facets:
                self.octagons[k] = _proved_octagons(_before(relaxed, k), steps, k)
                self.facets[k] = facets_of(self.octagons[k].octagons)
        box, facets = relaxed.domain.bounds, self.facets
        return proposed_wishes(box, _with_affine_end(steps), forms, facets=facets)


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
class PairMethod:
    """The relaxation of pairs, as a method beside those of single neurons."""

    name: str = "krelu:2"

    def proved(self, network: Network, domain: Polytope, forms: Forms) -> ProvedForms:
        """Return proved upper bounds of forms of the outputs on a box of inputs.

        They are multiples of ``2**-BITS``.  Raises :class:`UnsupportedNeuronError` for other
        neurons than rectifiers, :class:`TooLargeError` for numbers beyond all floats.

        >>> from polyrelax.networks.gallery import maximum
        >>> from polyrelax.relaxations.integer_substitution import unit_forms
        >>> square, forms = Polytope.box([0, 0], [1, 1]), unit_forms(np.array([0]))
        >>> found = PairMethod().proved(maximum(2), square, forms)
        >>> [round(float(value), 6) for value in found.values]
        [1.5, 0.0]
        """
        require(network, Network)
        require(domain, Polytope)
        require(forms, Forms)
        proposer = PairProposer()
        tightening = Tightening(proposer, unstable_values)
        sets = tuple(bounded_sets(network, domain, BITS, tightening=tightening))
        lines = sets[-1].lines
        if lines.integers() is None:
            raise TooLargeError(BEYOND)
        wishes = proposer(lines, float_steps(network, lines), forms) or NO_WISHES
        trace = Trace(self.name, network, sets, BITS)
        return proved_forms(trace, domain, forms, wishes, octagons=proposer.octagons)


PAIRS: Final = PairMethod()


def _before(relaxed: SubstitutedSet, k: int) -> SubstitutedSet:
    """Return the set that step ``k`` acts on, with that step as the next."""
    while len(relaxed.steps) > k + 1:
        assert relaxed.before is not None, "only the first set has none before it"
        relaxed = relaxed.before
    return relaxed


def _proved_octagons(
    after: SubstitutedSet, steps: Sequence[FloatStep], k: int
) -> ProvedOctagons:
    """Return the octagons of pairs of unstable neurons of step ``k``, behind which a set is."""
    lines, before = after.steps[k], after.before
    step = steps[k]
    assert isinstance(lines, Lines), "the step is a layer of neurons"
    assert isinstance(step, FloatTriangles), "and so it is in floats"
    assert before is not None, "there is something before it"
    substitution, bits = before.integers(), after.bits or 0
    assert substitution is not None, "bounds were found in integers"
    pairs = _pairs(step.unstable, lines.box)
    batches, sums = [], np.zeros((len(pairs), 4), dtype=np.int64)
    for start in range(0, len(pairs), _AT_ONCE):
        forms = _sums(pairs[start : start + _AT_ONCE])
        wishes = ascended_wishes(after.domain.bounds, steps[:k], forms) or NO_WISHES
        batches.append((forms, wishes))
        maxima = substitution.maxima(forms, wishes)
        sums[start : start + _AT_ONCE] = np.array(maxima, dtype=np.int64).reshape(-1, 4)
    offsets = np.concatenate([_box_offsets(pairs, lines.box, bits), sums], axis=1)
    return ProvedOctagons(Octagons(pairs, offsets, bits), tuple(batches))


def _pairs(unstable: Integers, box: Sequence[Interval]) -> Integers:
    """Return the pairs of the unstable neurons with the largest triangles."""
    short = [j for j in unstable.tolist() if max(-box[j].lower, box[j].upper) < _LARGEST]
    largest = sorted(short, key=lambda j: box[j].lower * box[j].upper)
    chosen = sorted(largest[:MOST_NEURONS])
    return np.array(list(combinations(chosen, 2)), dtype=np.int64).reshape(-1, 2)


def _sums(pairs: Integers) -> Forms:
    """Return the sums and differences of pairs, four forms each."""
    columns = np.unique(pairs)
    numbers = np.zeros((4 * len(pairs), len(columns)), dtype=np.int64)
    rows = np.arange(len(numbers)).reshape(-1, 4)
    for side in (0, 1):
        places = np.searchsorted(columns, pairs[:, side])
        numbers[rows, places[:, None]] = DIRECTIONS[4:, side]
    return Forms(numbers, columns, 0)


def _box_offsets(pairs: Integers, box: Sequence[Interval], bits: int) -> Integers:
    """Return the ends of both neurons, of which each is a multiple of the unit."""
    ends = []
    for side in (0, 1):
        inputs = [box[j] for j in pairs[:, side].tolist()]
        ends.append(floors([z.upper for z in inputs], bits))
        ends.append([-end for end in floors([z.lower for z in inputs], bits)])
    return np.array(ends, dtype=np.int64).T
