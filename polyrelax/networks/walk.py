"""One walk through the layers of a network, for whatever is carried from layer to layer.

A relaxation carries a set, a function of one input its pieces, a program the forms of its
columns.  What an affine layer and a layer of neurons do to it are two functions; identity
layers leave it as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias, TypeVar, assert_never

from polyrelax.arithmetic.arguments import require, require_function
from polyrelax.networks.layers import Affine, Identity, Neurons, ReLU
from polyrelax.networks.network import Network

S = TypeVar("S")
Bending: TypeAlias = ReLU | Neurons
"""A layer of neurons."""
AffineStep: TypeAlias = Callable[[S, Affine, int], S]
"""What is behind an affine layer, given what is before it, and the number of the layer."""
BendingStep: TypeAlias = Callable[[S, Bending, int], S]
"""The same for a layer of neurons."""


def states(
    network: Network, start: S, affine: AffineStep[S], bending: BendingStep[S]
) -> Iterator[S]:
    """Yield what is there before the first layer, and then behind each.

    >>> from polyrelax.networks.gallery import tent
    >>> found = states(tent(), 0, lambda n, _layer, _index: n, lambda n, _layer, _index: n + 1)
    >>> list(found)
    [0, 0, 1, 1, 2, 2]
    """
    require(network, Network)
    require_function(affine)
    require_function(bending)
    state = start
    yield state
    for index, layer in enumerate(network.layers):
        match layer:
            case Affine():
                state = affine(state, layer, index)
            case ReLU() | Neurons():
                state = bending(state, layer, index)
            case Identity():
                pass
            case _:
                assert_never(layer)
        yield state


def last_state(network: Network, start: S, affine: AffineStep[S], bending: BendingStep[S]) -> S:
    """Return what is there behind the last layer.

    >>> from polyrelax.networks.gallery import tent
    >>> last_state(tent(), 1, lambda _n, layer, _index: layer.out_dim, lambda n, _layer, _i: n)
    1
    """
    *_, last = states(network, start, affine, bending)
    return last
