r"""Interval bound propagation (IBP).

A box :math:`[l, u]` goes through an affine layer to
:math:`[W^+ l + W^- u + b,\; W^+ u + W^- l + b]` and through a ReLU to
:math:`[l^+, u^+]`, with :math:`a^\pm` the positive and negative parts
:cite:p:`gowal2018`.  Each step is the tightest box; their composition is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, islice

from polyrelax.arithmetic.interval import Interval, require_bits
from polyrelax.networks.images import layer_box
from polyrelax.networks.input_sets import require_read
from polyrelax.networks.layers import Affine, Layer
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope


@dataclass(frozen=True)
class IBP:
    """Interval bound propagation; a general input polytope is first boxed in.

    ``bits`` rounds each box outward to multiples of ``2**-bits``.

    >>> from polyrelax.networks.gallery import tent
    >>> [str(box.bounds[0]) for box in IBP().sets(tent(), Polytope.box([-1], [1]))][-1]
    '[0, 2]'
    """

    bits: int | None = None
    name: str = "ibp"

    def __post_init__(self) -> None:
        require_bits(self.bits)

    def sets(self, network: Network, domain: Polytope) -> Iterator[Polytope]:
        """Yield the domain and the box after each layer."""
        require_read(network, domain)
        yield domain
        boxes = accumulate(network.layers, self._image, initial=tuple(domain.bounds))
        for box in islice(boxes, 1, None):
            yield Polytope.box([x.lower for x in box], [x.upper for x in box])

    def _image(self, box: tuple[Interval, ...], layer: Layer) -> tuple[Interval, ...]:
        if self.bits is None or not isinstance(layer, Affine):
            return tuple(x.rounded(self.bits) for x in layer_box(layer, box))
        # Importing numpy takes longer than to bound most small networks.
        from polyrelax.relaxations.integer_boxes import affine_box  # noqa: PLC0415

        return affine_box(layer, box, self.bits)
