r"""Forms of the outputs by single-neuron relaxations: LP-GREEDY, LP-LAST, LP-ALL.

:cite:t:`salman2019` compare three ways to bound a form of a network's outputs that look at one
neuron at a time; each uses the triangles over some bounds of the neurons.

============== ============================== ===========================================
``lp-greedy``  bounds by Fast-Lin's slopes    Fast-Lin's slopes for the form too
``lp-last``    bounds by Fast-Lin's slopes    the optimum over all triangles for the form
``lp-all``     optima over all triangles      the optimum over all triangles for the form
============== ============================== ===========================================

The optima are approached by dual ascent (:mod:`polyrelax.relaxations.dual_ascent`): what is
returned is a bound, proved in integers, whatever the floats were; that it is the optimum is not
claimed.  In ``lp-all`` only neurons that CROWN's slopes leave unstable are bounded anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final, final

from polyrelax.arithmetic.arguments import all_of, require
from polyrelax.arithmetic.integer_matrix import Forms
from polyrelax.arithmetic.rational import Vector, shown
from polyrelax.errors import ArgumentError, TooLargeError
from polyrelax.networks.input_sets import require_read
from polyrelax.networks.layers import Identity, rectified
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.array_triangle import (
    BoundedSet,
    FloatSteps,
    Tightening,
    bounded_sets,
    by_ascent,
    unstable_values,
)
from polyrelax.relaxations.deeppoly import FAST_LIN
from polyrelax.relaxations.dual_ascent import (
    STEPS,
    adaptive_ends,
    ascended_wishes,
    parallel_ends,
)
from polyrelax.relaxations.float_bounds import BEYOND, FloatMethod
from polyrelax.relaxations.float_steps import FloatStep
from polyrelax.relaxations.octahedra import Octahedra
from polyrelax.relaxations.relaxed_set import RelaxedSet
from polyrelax.relaxations.substitution import SubstitutedSet
from polyrelax.relaxations.trace import Trace, propagate
from polyrelax.relaxations.wishes import NO_WISHES, Wanted, Wishes

BITS: Final = 32
LAST_STEPS: Final = 60
"""Steps of ascent for the few forms of the outputs, which decide."""


@final
@dataclass(frozen=True, eq=False)
class ProvedOctahedra:
    """The sums and differences of groups that were bounded before a layer, and how."""

    octahedra: Octahedra
    batches: tuple[tuple[Forms, Wishes], ...]


NO_OCTAHEDRA: Final[Mapping[int, tuple[ProvedOctahedra, ...]]] = {}


@final
@dataclass(frozen=True, eq=False)
class ProvedForms:
    """Upper bounds of forms of the outputs, and how they were proved.

    ``trace`` has the bounds of all neurons; ``wishes`` are multipliers for the forms, where
    those of its lines alone are not as good.  ``octahedra`` are those of groups
    at steps, by size.
    """

    trace: Trace
    domain: Polytope
    forms: Forms
    wishes: Wishes
    values: Vector
    octahedra: Mapping[int, tuple[ProvedOctahedra, ...]] = field(default_factory=dict)


@final
@dataclass(frozen=True)
class BarrierMethod:
    """One of the three: which bounds are improved by ascent, beside those of fixed slopes."""

    name: str
    improves_neurons: bool
    improves_forms: bool

    @property
    def in_floats(self) -> FloatMethod:
        """The same method in floats, which proves nothing."""
        ends = adaptive_ends if self.improves_neurons else parallel_ends
        steps = STEPS if self.improves_neurons else 0
        return FloatMethod(ends, steps, LAST_STEPS if self.improves_forms else 0)

    def proved(self, network: Network, domain: Polytope, forms: Forms) -> ProvedForms:
        """Return proved upper bounds of forms of the outputs on a box of inputs.

        They are multiples of ``2**-BITS``.  Raises :class:`UnsupportedNeuronError` for other
        neurons than rectifiers, :class:`TooLargeError` for numbers beyond all floats.

        >>> import numpy as np
        >>> from polyrelax.networks.gallery import maximum
        >>> from polyrelax.relaxations.integer_substitution import unit_forms
        >>> square, forms = Polytope.box([0, 0], [1, 1]), unit_forms(np.array([0]))
        >>> [str(value) for value in LP_GREEDY.proved(maximum(2), square, forms).values]
        ['3/2', '0']
        """
        require(network, Network)
        require(domain, Polytope)
        require(forms, Forms)
        trace = self.trace(network, domain)
        lines = lines_of(trace.sets[-1])
        if lines.integers() is None:
            raise TooLargeError(BEYOND)
        return proved_forms(trace, domain, forms, self._wishes(network, lines, forms))

    def trace(self, network: Network, domain: Polytope) -> Trace:
        """Return bounds of all values on a box of inputs.

        >>> from polyrelax.networks.gallery import maximum
        >>> trace = LP_ALL.trace(maximum(2), Polytope.box([0, 0], [1, 1]))
        >>> str(trace.bounds[1][0])
        '[-1, 1]'
        """
        require_read(network, domain)
        if not self.improves_neurons:
            return replace(
                propagate(network, domain, replace(FAST_LIN, bits=BITS)), relaxation=self.name
            )
        tightening = Tightening(by_ascent, unstable_values)
        sets = bounded_sets(network, domain, BITS, tightening=tightening)
        return Trace(self.name, network, tuple(sets), BITS)

    def _wishes(self, network: Network, lines: SubstitutedSet, forms: Forms) -> Wishes:
        if not self.improves_forms:
            return NO_WISHES
        steps = float_steps(network, lines)
        box = lines.domain.bounds
        return ascended_wishes(box, steps, forms, taken=LAST_STEPS) or NO_WISHES


def proved_forms(
    trace: Trace,
    domain: Polytope,
    forms: Forms,
    wishes: Wishes,
    *,
    octahedra: Mapping[int, tuple[ProvedOctahedra, ...]] = NO_OCTAHEDRA,
) -> ProvedForms:
    """Return the better of the bounds that lines alone and wishes give each form.

    Raises :class:`TooLargeError` for numbers beyond all floats.

    >>> from polyrelax.networks.gallery import maximum
    >>> from polyrelax.relaxations.integer_substitution import unit_forms
    >>> import numpy as np
    >>> square, forms = Polytope.box([0, 0], [1, 1]), unit_forms(np.array([0]))
    >>> trace = LP_GREEDY.proved(maximum(2), square, forms).trace
    >>> [str(value) for value in proved_forms(trace, square, forms, NO_WISHES).values]
    ['3/2', '0']
    """
    require(trace, Trace)
    require(forms, Forms)
    require(wishes, Mapping, "wishes by the numbers of steps")
    all_of(wishes.values(), Wanted, "wishes")
    substitution = lines_of(trace.sets[-1]).integers()
    try:
        if substitution is None:
            raise OverflowError
        maxima = [substitution.maxima(forms, w) for w in (NO_WISHES, wishes)]
    except OverflowError:
        raise TooLargeError(BEYOND) from None
    values = (Fraction(min(pair), 1 << BITS) for pair in zip(*maxima, strict=True))
    return ProvedForms(trace, domain, forms, wishes, tuple(values), octahedra)


LP_GREEDY: Final = BarrierMethod("lp-greedy", improves_neurons=False, improves_forms=False)
LP_LAST: Final = BarrierMethod("lp-last", improves_neurons=False, improves_forms=True)
LP_ALL: Final = BarrierMethod("lp-all", improves_neurons=True, improves_forms=True)
METHODS: Final = (LP_GREEDY, LP_LAST, LP_ALL)
"""From the loosest to the tightest."""


def lines_of(relaxed: RelaxedSet) -> SubstitutedSet:
    """Return the lines by which a set of one of the methods is bounded.

    >>> unit = Polytope.box([0], [1])
    >>> lines_of(SubstitutedSet(unit)).domain == unit
    True
    """
    lines = relaxed.lines if isinstance(relaxed, BoundedSet) else relaxed
    if not isinstance(lines, SubstitutedSet):
        raise ArgumentError(f"found {shown(lines)}, expected a set bounded by lines")
    return lines


def float_steps(network: Network, lines: SubstitutedSet) -> Sequence[FloatStep]:
    """Return the steps of a network in floats, with the triangles of some lines.

    >>> from polyrelax.networks.gallery import tent
    >>> float_steps(tent(), SubstitutedSet(Polytope.box([-1], [1])))
    []
    """
    require(network, Network)
    require(lines, SubstitutedSet)
    steps = FloatSteps()
    acting = [layer for layer in network.layers if not isinstance(layer, Identity)]
    for k, layer in enumerate(acting, start=1):
        steps.grow(lines.steps[:k], rectified(layer))
    return steps.steps
