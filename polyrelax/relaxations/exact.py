r"""The network itself: exact sets, region by region or by branch and bound.

The set after layer :math:`i` is the convex hull of :math:`f_i(\dots f_1(X))`, whose vertices
lie among the images of the vertices of the linear regions.  Where there are few regions, all of
them are found.  Else, in a network of rectifiers, each bound is found by itself, by branch and
bound on the unstable neurons (:mod:`polyrelax.relaxations.phases`), however many inputs there
are.  Bounds are exact in both ways.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

from polyrelax.networks.input_sets import require_read
from polyrelax.networks.layers import bending
from polyrelax.networks.network import Network
from polyrelax.networks.regions import trace_vertices
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.counts import free_inputs
from polyrelax.relaxations.deeppoly import CROWN
from polyrelax.relaxations.layerwise import unstable
from polyrelax.relaxations.phases.estimates import is_by_phases
from polyrelax.relaxations.progress import NOBODY, Kind, Listener, Piece, told
from polyrelax.relaxations.relaxed_set import RelaxedSet
from polyrelax.relaxations.trace import Trace, propagate

_BITS: Final = 32
"""The bits of the bounds by which neurons count as unstable."""


@dataclass(frozen=True)
class Exact:
    """The hulls of the values that the network really takes.

    >>> from polyrelax.networks.gallery import tent
    >>> [str(s.bounds[0]) for s in Exact().sets(tent(), Polytope.box([-1], [1]))][-1]
    '[1, 2]'
    """

    name: ClassVar[str] = "exact"
    bits: ClassVar[None] = None
    work: Listener = field(default=NOBODY, compare=False, repr=False, kw_only=True)

    def sets(self, network: Network, domain: Polytope) -> Iterator[RelaxedSet]:
        """Yield the domain and the hull of the values after each layer."""
        require_read(network, domain)
        trace = _bounds_for_phases(network, domain)
        if trace is not None:
            # Importing numpy takes longer than the regions of a small network.
            from polyrelax.relaxations.phases.sets import branched_sets  # noqa: PLC0415

            yield from branched_sets(trace, domain, self.work)
            return
        runs = tuple(told(trace_vertices(network, domain), Piece(Kind.REGION), self.work))
        for index in range(len(network.layers) + 1):
            values = {run[index] for run in runs}
            yield Polytope.hull(sorted(values), len(runs[0][index]))


def _bounds_for_phases(network: Network, domain: Polytope) -> Trace | None:
    """Return bounds of all values if branch and bound on phases is worth it."""
    free, most = free_inputs(domain), [len(bending(layer)) for layer in network.layers]
    if not is_by_phases(network, most, free):
        return None
    trace = propagate(network, domain, replace(CROWN, bits=_BITS))
    pairs = zip(network.layers, trace.bounds, strict=False)
    counts = [len(unstable(layer, box)) for layer, box in pairs]
    return trace if is_by_phases(network, counts, free) else None
