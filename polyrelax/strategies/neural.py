"""Strategies of layers and networks."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from polyrelax.arithmetic.rational import Vector
from polyrelax.networks.layers import Affine, Identity, Layer, ReLU
from polyrelax.networks.network import Network
from polyrelax.strategies.geometric import vectors

_MOST_NEURONS = 3
_MOST_LAYERS = 2


def affine_layers(in_dim: int, out_dim: int) -> st.SearchStrategy[Affine]:
    """Return a strategy of affine layers with small weights, which shrink to zero maps.

    >>> from hypothesis import find
    >>> find(affine_layers(2, 1), lambda layer: True).weight
    ((Fraction(0, 1), Fraction(0, 1)),)
    """
    weight = st.tuples(*(vectors(in_dim) for _ in range(out_dim)))
    return st.builds(Affine.dense, weight, vectors(out_dim))


@st.composite
def networks(
    draw: st.DrawFn, in_dim: int, widths: Sequence[int] | None = None, out_dim: int = 1
) -> Network:
    """Return a strategy of ReLU networks with hidden layers of the given widths.

    Without ``widths`` there are at most two hidden layers of at most three neurons, which
    shrink to none.

    >>> from hypothesis import find
    >>> find(networks(2), lambda network: True)
    Network(Affine(2 -> 1))
    """
    hidden, outputs = draw(_parameters(in_dim, widths, out_dim))
    layers: list[Layer] = []
    before = in_dim
    for neurons in hidden:
        layers += [_affine(neurons, before), ReLU(len(neurons))]
        before = len(neurons)
    return Network((*layers, _affine(outputs, before)))


@st.composite
def mixed_networks(
    draw: st.DrawFn, in_dim: int, widths: Sequence[int] | None = None, out_dim: int = 1
) -> Network:
    """Return a strategy of networks in which values may pass ReLUs, and layers do nothing.

    They are those of :func:`networks`, but each ReLU layer may apply to some of the coordinates
    only, even none, and identity layers may stand before any layer.

    >>> from hypothesis import find
    >>> find(mixed_networks(2), lambda network: True)
    Network(Affine(2 -> 1))
    """
    hidden, outputs = draw(_parameters(in_dim, widths, out_dim))
    layers: list[Layer] = []
    before = in_dim
    for neurons in hidden:
        size = len(neurons)
        passing = draw(st.sets(st.integers(0, size - 1), max_size=size))
        bent = tuple(j for j in range(size) if j not in passing)
        relu = ReLU(size, bent if passing else None)
        layers += [*_waits(draw, before), _affine(neurons, before), *_waits(draw, size), relu]
        before = size
    return Network((*layers, *_waits(draw, before), _affine(outputs, before)))


def _waits(draw: st.DrawFn, width: int) -> list[Identity]:
    return [Identity(width)] * draw(st.integers(0, 1))


def _parameters(
    in_dim: int, widths: Sequence[int] | None, out_dim: int
) -> st.SearchStrategy[tuple[Sequence[Sequence[Vector]], list[Vector]]]:
    """Return a strategy of hidden layers and outputs, more numbers for each than are used."""
    most = max(in_dim, *((_MOST_NEURONS,) if widths is None else widths))
    neuron = vectors(most + 1)  # of fixed length, so that the shrinker can leave out neurons
    outputs = st.lists(neuron, min_size=out_dim, max_size=out_dim)
    return st.tuples(_hidden(neuron, widths), outputs)


def _hidden(
    neuron: st.SearchStrategy[Vector], widths: Sequence[int] | None
) -> st.SearchStrategy[Sequence[Sequence[Vector]]]:
    if widths is None:
        layer = st.lists(neuron, min_size=1, max_size=_MOST_NEURONS)
        return st.lists(layer, max_size=_MOST_LAYERS)
    return st.tuples(*(st.lists(neuron, min_size=n, max_size=n) for n in widths))


def _affine(neurons: Sequence[Vector], in_dim: int) -> Affine:
    """Return the layer of neurons given by as many weights as are used, and a bias."""
    return Affine.dense([row[:in_dim] for row in neurons], [row[-1] for row in neurons])
