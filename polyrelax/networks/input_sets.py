"""Networks, and the sets of inputs that they are asked about."""

from __future__ import annotations

from polyrelax.arithmetic.arguments import require
from polyrelax.errors import DimensionError
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope


def require_read(network: Network, domain: Polytope) -> None:
    """Raise an error unless a network reads the points of a polytope, which may be empty.

    >>> from polyrelax.networks.gallery import tent
    >>> require_read(tent(), Polytope.box([0, 0], [1, 1]))
    Traceback (most recent call last):
    polyrelax.errors.DimensionError: the input set has dimension 2, the network reads 1
    """
    require(network, Network)
    require(domain, Polytope)
    if network.in_dim != domain.dim:
        raise DimensionError(
            f"the input set has dimension {domain.dim}, the network reads {network.in_dim}"
        )
