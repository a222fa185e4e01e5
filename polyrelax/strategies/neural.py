"""Strategies of layers and networks."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from polyrelax.arithmetic.arguments import dimension, wholes
from polyrelax.arithmetic.rational import Vector
from polyrelax.networks.layers import Affine, Identity, Layer, Neurons, ReLU
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.clip import Clip
from polyrelax.networks.neurons.leaky import LeakyReLU
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.minimum import Minimum
from polyrelax.networks.neurons.neuron import Neuron
from polyrelax.networks.neurons.passing import Pass
from polyrelax.networks.neurons.relu import Rectifier
from polyrelax.networks.neurons.sort import Sort
from polyrelax.strategies.geometric import rationals, vectors

_MOST_NEURONS = 3
_MOST_LAYERS = 2


def affine_layers(in_dim: int, out_dim: int) -> st.SearchStrategy[Affine]:
    """Return a strategy of affine layers with small weights, which shrink to zero maps.

    >>> from hypothesis import find
    >>> find(affine_layers(2, 1), lambda layer: True).weight
    ((Fraction(0, 1), Fraction(0, 1)),)
    """
    in_dim = dimension(in_dim, "a dimension")
    out_dim = dimension(out_dim, "a dimension")
    weight = st.tuples(*(vectors(in_dim) for _ in range(out_dim)))
    return st.builds(Affine.dense, weight, vectors(out_dim))


def networks(
    in_dim: int, widths: Sequence[int] | None = None, out_dim: int = 1
) -> st.SearchStrategy[Network]:
    """Return a strategy of ReLU networks with hidden layers of the given widths.

    Without ``widths`` there are at most two hidden layers of at most three neurons, which
    shrink to none.

    >>> from hypothesis import find
    >>> find(networks(2), lambda network: True)
    Network(Affine(2 -> 1))
    """
    in_dim = dimension(in_dim, "a dimension")
    widths = None if widths is None else wholes(widths, "widths")
    out_dim = dimension(out_dim, "a dimension")
    return _networks(in_dim, widths, out_dim)


@st.composite
def _networks(
    draw: st.DrawFn, in_dim: int, widths: Sequence[int] | None, out_dim: int
) -> Network:
    hidden, outputs = draw(_parameters(in_dim, widths, out_dim))
    layers: list[Layer] = []
    before = in_dim
    for neurons in hidden:
        layers += [_affine(neurons, before), ReLU(len(neurons))]
        before = len(neurons)
    return Network((*layers, _affine(outputs, before)))


def mixed_networks(
    in_dim: int, widths: Sequence[int] | None = None, out_dim: int = 1
) -> st.SearchStrategy[Network]:
    """Return a strategy of networks in which values may pass ReLUs, and layers do nothing.

    They are those of :func:`networks`, but each ReLU layer may apply to some of the coordinates
    only, even none, and identity layers may stand before any layer.

    >>> from hypothesis import find
    >>> find(mixed_networks(2), lambda network: True)
    Network(Affine(2 -> 1))
    """
    in_dim = dimension(in_dim, "a dimension")
    widths = None if widths is None else wholes(widths, "widths")
    out_dim = dimension(out_dim, "a dimension")
    return _mixed_networks(in_dim, widths, out_dim)


@st.composite
def _mixed_networks(
    draw: st.DrawFn, in_dim: int, widths: Sequence[int] | None, out_dim: int
) -> Network:
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


def neurons() -> st.SearchStrategy[Neuron]:
    """Return a strategy of neurons of all kinds, of few inputs, which shrink to passing.

    >>> from hypothesis import find
    >>> find(neurons(), lambda neuron: neuron.count > 1)
    Rectifier()
    """
    fixed = st.sampled_from([Pass(), Rectifier(), Absolute(), MaxMin()])
    sized = st.builds(
        lambda kind, size: kind(size),
        st.sampled_from([Maximum, Minimum, Sort]),
        st.integers(1, _MOST_NEURONS),
    )
    ends = st.lists(rationals(), min_size=2, max_size=2, unique=True).map(sorted)
    clips = st.builds(lambda pair: Clip(*pair), ends)
    return st.one_of(fixed, st.builds(LeakyReLU, rationals()), clips, sized)


def neuron_networks(
    in_dim: int, *, most_layers: int = _MOST_LAYERS, out_dim: int = 1
) -> st.SearchStrategy[Network]:
    """Return a strategy of networks of neurons of all kinds, which shrink to affine maps.

    Between affine layers there are one or two neurons side by side, which may share inputs.

    >>> from hypothesis import find
    >>> find(neuron_networks(2), lambda network: True)
    Network(Affine(2 -> 1))
    """
    in_dim = dimension(in_dim, "a dimension")
    most_layers = dimension(most_layers, "a number of layers")
    out_dim = dimension(out_dim, "a dimension")
    return _neuron_networks(in_dim, most_layers=most_layers, out_dim=out_dim)


@st.composite
def _neuron_networks(
    draw: st.DrawFn, in_dim: int, *, most_layers: int, out_dim: int
) -> Network:
    layers: list[Layer] = []
    before = in_dim
    rows = st.lists(neurons(), min_size=1, max_size=2)
    for placed in draw(st.lists(rows, max_size=most_layers)):
        width = sum(neuron.in_dim for neuron in placed)
        places = st.integers(0, width - 1)
        reads = [draw(st.tuples(*[places] * neuron.in_dim)) for neuron in placed]
        layer = Neurons(width, tuple(zip(placed, reads, strict=True)))
        layers += [draw(affine_layers(before, width)), layer]
        before = layer.out_dim
    return Network((*layers, draw(affine_layers(before, out_dim))))


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
