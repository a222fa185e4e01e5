r"""Architectures that have too few linear regions for a function.

On a region of the layers before, a hidden layer of :math:`n` neurons is given by :math:`n`
hyperplanes in a space of dimension at most :math:`m`, the least width so far with the number
of inputs, and by Zaslavsky's theorem these make at most :math:`\sum_{j \le m} \binom{n}{j}`
regions.
So a network with hidden widths :math:`n_1, \dots, n_L` has at most

.. math:: \prod_{l=1}^L \sum_{j=0}^{m_l} \binom{n_l}{j}, \qquad
          m_l = \min(n_0, \dots, n_{l-1}),

linear regions.  A function with more affine maps on a polytope is computed by no such network.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from polyrelax.arithmetic.arguments import dimension, wholes
from polyrelax.networks.network import Network
from polyrelax.networks.regions import linear_regions
from polyrelax.polytopes.polytope import Polytope


@final
@dataclass(frozen=True)
class TooManyPieces:
    """How many affine maps a function has, and how many regions the networks at most."""

    pieces: int
    regions: int


def most_regions(in_dim: int, hidden: Sequence[int]) -> int:
    """Return the bound on the number of linear regions.

    >>> most_regions(1, [3]), most_regions(2, [3]), most_regions(1, [2, 2])
    (4, 7, 9)
    """
    in_dim = dimension(in_dim, "a dimension")
    hidden = wholes(hidden, "hidden")
    least, total = in_dim, 1
    for width in hidden:
        total *= sum(math.comb(width, j) for j in range(least + 1))
        least = min(least, width)
    return total


def too_many_pieces(
    network: Network, domain: Polytope, hidden: Sequence[int]
) -> TooManyPieces | None:
    """Return the count that forbids hidden widths for the network's function on a polytope.

    >>> from polyrelax.networks.gallery import hat
    >>> too_many_pieces(hat(), Polytope.box([-1], [1]), [1])
    TooManyPieces(pieces=3, regions=2)
    """
    hidden = wholes(hidden, "hidden")
    pieces = {region.linear for region in linear_regions(network, domain)}
    regions = most_regions(domain.dim, hidden)
    return TooManyPieces(len(pieces), regions) if len(pieces) > regions else None
