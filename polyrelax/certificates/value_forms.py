"""Linear forms of a network's values, as statements of certificates have them."""

from __future__ import annotations

from collections.abc import Iterable

from polyrelax.arithmetic.arguments import listed, require, whole
from polyrelax.arithmetic.rational import ONE, Scalar, rational, shown
from polyrelax.certificates.certificate import Form, Term
from polyrelax.errors import ArgumentError, DimensionError
from polyrelax.networks.network import Network


def output_form(network: Network, output: int, sign: Scalar = ONE) -> Form:
    """Return a multiple of an output of a network.

    >>> from polyrelax.networks.gallery import tent
    >>> output_form(tent(), 0)
    ((Fraction(1, 1), 5, 0),)
    """
    require(network, Network)
    if not 0 <= whole(output, "the number of an output") < network.out_dim:
        raise DimensionError(f"found output {output}, expected one of {network.out_dim}")
    return ((rational(sign), len(network.layers), whole(output, "an output")),)


def form_of(network: Network, form: Iterable[tuple[Scalar, int, int]]) -> Form:
    """Return a form of a network's values; raise an error for any other thing.

    >>> from polyrelax.networks.gallery import tent
    >>> form_of(tent(), [("1/2", 5, 1)])
    Traceback (most recent call last):
    polyrelax.errors.DimensionError: found v(5, 1), expected one of the network's values
    """
    require(network, Network)
    return tuple(_term(network, term) for term in listed(form, "a form"))


def _term(network: Network, term: tuple[Scalar, int, int]) -> Term:
    match term:
        case (scale, depth, place):
            i, j = whole(depth, "a number of layers"), whole(place, "the number of a value")
        case _:
            raise ArgumentError(f"found {shown(term)}, expected a coefficient and a coordinate")
    if not (0 <= i < len(network.widths) and 0 <= j < network.widths[i]):
        raise DimensionError(f"found v({i}, {j}), expected one of the network's values")
    return rational(scale), i, j
