r"""P_1, the hull of each layer: the tightest relaxation that glues single layers.

An affine layer is kept exactly and a layer of neurons is replaced by the convex hull of its
graph over the set before it; glued together, the sets after the layers are

.. math:: S_{i+1} = \operatorname{conv} f_i(S_i), \qquad
          \text{such as } \operatorname{conv} \max(S_i, 0),

[mao2024, v4], as in the authors' Lean file `P1RelaxedSet`.  So vertices suffice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import ClassVar

from polyrelax.networks.hulls import image_hull
from polyrelax.networks.input_sets import require_read
from polyrelax.networks.layers import Layer, bending
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.progress import NOBODY, Kind, Listener, Piece


@dataclass(frozen=True)
class LayerHull:
    """The relaxation P_1.

    >>> from polyrelax.networks.gallery import tent
    >>> [str(s.bounds[0]) for s in LayerHull().sets(tent(), Polytope.box([-1], [1]))][-1]
    '[0, 2]'
    """

    name: ClassVar[str] = "p:1"
    bits: ClassVar[None] = None
    work: Listener = field(default=NOBODY, compare=False, repr=False, kw_only=True)

    def sets(self, network: Network, domain: Polytope) -> Iterator[Polytope]:
        """Yield the domain and the polytope after each layer."""
        require_read(network, domain)
        return accumulate(network.layers, self._image, initial=domain)

    def _image(self, domain: Polytope, layer: Layer) -> Polytope:
        if bending(layer):
            self.work(Piece(Kind.HULL, f"in dimension {layer.in_dim}"))
        return image_hull(layer, domain)
