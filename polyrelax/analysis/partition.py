r"""Branch and bound on the phases of neurons.

To prove :math:`f \le \beta` on :math:`X`, a node of the tree fixes the signs of some
neurons' inputs, which adds :math:`z \ge 0` or :math:`z \le 0` to the relaxation and makes
the neuron linear.  A node whose bound is at most :math:`\beta`, or that is infeasible, is a
leaf; another one splits its next unstable neuron.  The number of leaves depends on the order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from polyrelax.arithmetic.arguments import all_of, exactly, listed, wholes
from polyrelax.arithmetic.rational import shown
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import ArgumentError, EmptySetError, FalseBoundError
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layerwise import Phase, is_unstable
from polyrelax.relaxations.trace import Trace, propagate
from polyrelax.relaxations.triangle import Triangle
from polyrelax.systems.tree import CaseTree, Key

Neuron = tuple[int, int]
Order = Callable[[list[Neuron]], Neuron]


def neurons_of(neurons: Iterable[Neuron]) -> tuple[Neuron, ...]:
    """Return neurons, one or more, each of which is a layer and a number, as a tuple.

    >>> neurons_of([(1, 0), 2])
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found 2, expected a layer and a neuron
    """
    several = listed(neurons, "neurons")
    if not several:
        raise ArgumentError("found no neurons, expected at least one")
    for neuron in several:
        wholes(exactly(neuron, 2, "a layer and a neuron"), "a layer and a neuron")
    return several


def first_layer_first(neurons: list[Neuron]) -> Neuron:
    """Return the unstable neuron nearest to the input.

    >>> first_layer_first([(3, 0), (1, 2), (1, 1)])
    (1, 1)
    """
    return min(neurons_of(neurons))


def last_layer_first(neurons: list[Neuron]) -> Neuron:
    """Return the unstable neuron nearest to the output.

    >>> last_layer_first([(3, 0), (1, 2), (1, 1)])
    (3, 0)
    """
    return max(neurons_of(neurons))


@readable
@dataclass(frozen=True)
class PhaseSearch:
    """The proof that output 0 of ``network`` is at most ``limit`` on ``domain``.

    >>> from polyrelax.networks.gallery import maximum
    >>> square = Polytope.box([0, 0], [1, 1])
    >>> search = PhaseSearch(maximum(2), square, Fraction(1), first_layer_first)
    >>> len(list(search.leaves()))
    2
    """

    network: Network
    domain: Polytope
    limit: Fraction
    order: Order

    def leaves(self, phases: tuple[Phase, ...] = ()) -> Iterator[tuple[Phase, ...]]:
        """Yield the fixed phases of each leaf; the tree is finite as neurons are."""
        phases = all_of(phases, Phase, "phases")
        tree: CaseTree[tuple[Phase, ...], None] = CaseTree(_depth_first, tuple)
        tree.open(phases)
        for _, case in tree.cases():
            free = self._free(case)
            if not free:
                yield case
                continue
            layer, neuron = self.order(free)
            for active in (False, True):
                tree.open((*case, Phase(layer, neuron, active)))

    def _free(self, phases: tuple[Phase, ...]) -> list[Neuron]:
        """Return the neurons that may be split in a case; none if it is proved."""
        try:
            trace = propagate(self.network, self.domain, Triangle(phases=phases))
        except EmptySetError:
            return []
        if trace.output[0].upper <= self.limit:
            return []
        free = _free(trace, phases)
        if not free:  # every neuron is linear, so the relaxation is exact here
            raise FalseBoundError(
                f"found {shown(trace.output[0].upper)}, expected <= {shown(self.limit)}"
            )
        return free


def _depth_first(phases: tuple[Phase, ...]) -> Key:
    return tuple(int(phase.active) for phase in all_of(phases, Phase, "phases"))


def _free(trace: Trace, phases: tuple[Phase, ...]) -> list[Neuron]:
    fixed = {(phase.layer, phase.neuron) for phase in phases}
    return [
        (layer, neuron)
        for layer, neuron, bounds in trace.neurons()
        if is_unstable(bounds) and (layer, neuron) not in fixed
    ]
