"""Networks, and the sets of inputs that they are asked about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, cast

from polyrelax.arithmetic.arguments import exact_vector, require
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Scalar, Vector, shown
from polyrelax.errors import ArgumentError, DimensionError
from polyrelax.networks.network import Network
from polyrelax.polytopes.checks import is_vector
from polyrelax.polytopes.polytope import Polytope

Ends: TypeAlias = Sequence[Scalar] | Scalar
"""The lower or upper ends of a box; a number alone is that of all coordinates."""
InputSet: TypeAlias = Polytope | tuple[Ends, Ends] | Sequence[Interval]
"""A polytope, lower and upper ends of a box, or its intervals."""


def input_set(network: Network, given: InputSet) -> Polytope:
    """Return a set of inputs of a network, which may be empty.

    Raises :class:`DimensionError` if the network does not read its points.

    >>> from polyrelax.networks.gallery import maximum
    >>> input_set(maximum(2), ([0, "1/2"], 1))
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found a list and a number, expected lower and upper ends; \
a ball is Polytope.around(center, epsilon)
    >>> input_set(maximum(2), (-1, 1)) == input_set(maximum(2), ([-1, -1], [1, 1]))
    True
    """
    require(network, Network)
    domain = given if isinstance(given, Polytope) else _box(given, network.in_dim)
    require_read(network, domain)
    return domain


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


def _box(given: tuple[Ends, Ends] | Sequence[Interval], dim: int) -> Polytope:
    if isinstance(given, (tuple, list)):
        if given and all(isinstance(each, Interval) for each in given):
            return Polytope.box(*zip(*given, strict=True))
        if len(given) == 2:
            kinds = [shown(ends) if is_vector(ends) else "a number" for ends in given]
            if kinds.count("a number") == 1:
                raise ArgumentError(
                    f"found {' and '.join(kinds)}, expected lower and upper ends; "
                    "a ball is Polytope.around(center, epsilon)"
                )
            return Polytope.box(*(_ends(ends, dim) for ends in given))
    raise ArgumentError(f"found {shown(given)}, expected a polytope or a pair (lower, upper)")


def _ends(given: Ends, dim: int) -> Vector:
    return exact_vector(given if is_vector(given) else [cast(Scalar, given)] * dim)
