r"""P_1, the hull of each layer: the tightest relaxation that glues single layers.

An affine layer is kept exactly and a ReLU layer is replaced by the convex hull of its graph
over the set before it; glued together, the sets after the layers are

.. math:: S_{i+1} = A_i(S_i), \qquad S_{i+1} = \operatorname{conv} \max(S_i, 0),

[mao2024, v4], as in the authors' Lean file `P1RelaxedSet`.  So vertices suffice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from polyrelax.networks.layers import Affine, Layer, ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.relu_graph import relu_image_hull


@dataclass(frozen=True)
class LayerHull:
    """The relaxation P_1.

    >>> from polyrelax.networks.gallery import tent
    >>> [str(s.bounds[0]) for s in LayerHull().sets(tent(), Polytope.box([-1], [1]))][-1]
    '[0, 2]'
    """

    name: ClassVar[str] = "p:1"
    bits: ClassVar[None] = None

    def sets(self, network: Network, domain: Polytope) -> Iterator[Polytope]:
        """Yield the domain and the polytope after each layer."""
        yield domain
        for layer in network.layers:
            domain = hull_after(domain, layer)
            yield domain


def hull_after(domain: Polytope, layer: Layer) -> Polytope:
    """Return the convex hull of a layer's image of ``domain``.

    >>> hull_after(Polytope.box([-1], [2]), ReLU(1)) == Polytope.box([0], [2])
    True
    """
    if isinstance(layer, Affine):
        return domain.affine_map(layer.weight, layer.bias)
    if isinstance(layer, ReLU):
        return relu_image_hull(domain, layer.active)
    return domain
