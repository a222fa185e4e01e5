r"""The network itself: exact sets, region by region.

The set after layer :math:`i` is the convex hull of :math:`f_i(\dots f_1(X))`, whose vertices
lie among the images of the vertices of the linear regions.  Its bounds are exact; the
cost is the number of regions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from polyrelax.networks.network import Network
from polyrelax.networks.regions import trace_vertices
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.progress import NOBODY, Kind, Listener, Piece, told


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

    def sets(self, network: Network, domain: Polytope) -> Iterator[Polytope]:
        """Yield the domain and the hull of the values after each layer."""
        runs = tuple(told(trace_vertices(network, domain), Piece(Kind.REGION), self.work))
        for index in range(len(network.layers) + 1):
            values = {run[index] for run in runs}
            yield Polytope.hull(sorted(values), len(runs[0][index]))
