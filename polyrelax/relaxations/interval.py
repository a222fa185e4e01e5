r"""Interval bound propagation (IBP).

A box :math:`[l, u]` goes through an affine layer to
:math:`[W^+ l + W^- u + b,\; W^+ u + W^- l + b]` and through a ReLU to
:math:`[l^+, u^+]`, with :math:`a^\pm` the positive and negative parts
:cite:p:`gowal2018`.  Each step is the tightest box; their composition is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from polyrelax.arithmetic.interval import Interval, require_bits
from polyrelax.arithmetic.rational import SparseVector
from polyrelax.networks.layers import Affine, Layer, ReLU
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
        yield domain
        box = tuple(domain.bounds)
        for layer in network.layers:
            box = tuple(x.rounded(self.bits) for x in layer_box(layer, box))
            yield Polytope.box([x.lower for x in box], [x.upper for x in box])


def layer_box(layer: Layer, box: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """Return the least box that contains the image of ``box`` under one layer.

    >>> signed = Interval(Fraction(-1), Fraction(2))
    >>> print(*layer_box(ReLU(2, (0,)), (signed, signed)))
    [0, 2] [-1, 2]
    """
    if isinstance(layer, Affine):
        return tuple(
            affine_interval(row, offset, box)
            for row, offset in zip(layer.rows, layer.bias, strict=True)
        )
    if isinstance(layer, ReLU):
        active = set(layer.active)
        return tuple(x.rectified() if j in active else x for j, x in enumerate(box))
    return box


def affine_interval(row: SparseVector, offset: Fraction, box: Sequence[Interval]) -> Interval:
    """Return the range over ``box`` of the affine form ``<row, x> + offset``.

    >>> unit = Interval(Fraction(0), Fraction(1))
    >>> str(affine_interval(((0, Fraction(2)), (1, Fraction(-1))), Fraction(0), [unit, unit]))
    '[-1, 2]'
    """
    lower = upper = offset
    for j, weight in row:
        low, high = (weight * end for end in box[j])
        lower += min(low, high)
        upper += max(low, high)
    return Interval(lower, upper)
