r"""Networks whose numbers are rounded to floats, and by how much they differ.

The network that is written then is another one: a number :math:`q` becomes the float
:math:`\tilde q` nearest to it, of two the even one, and what is said is how many numbers that
changed and the greatest :math:`|\tilde q - q|`.  Bounds of one network are none of the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias, assert_never

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.outward import Width
from polyrelax.arithmetic.rational import ZERO
from polyrelax.audit.readings import Reading, read_as
from polyrelax.networks.layers import Affine, Identity, Layer, Neurons, ReLU
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.kinds import kind_of, of_kind
from polyrelax.networks.neurons.neuron import Neuron

_READINGS: Final = {Width.FLOAT64: Reading.FLOAT64, Width.FLOAT32: Reading.FLOAT32}
_Nearest: TypeAlias = Mapping[Fraction, Fraction]


@dataclass(frozen=True)
class Rounded:
    """A network in floats, how many of its numbers were others, and the greatest difference.

    Numbers are weights that are not zero, biases, slopes and ends.
    """

    network: Network
    count: int
    changed: int
    greatest: Fraction


def rounded(network: Network, width: Width) -> Rounded:
    """Return a network with its numbers rounded to the nearest floats.

    Raises :class:`TooLargeError` for numbers beyond the floats.

    >>> found = rounded(Network((Affine.dense([["1/2", "1/3"]]),)), Width.FLOAT32)
    >>> found.count, found.changed, found.greatest == Fraction(1, 3 * 2**25)
    (3, 1, True)
    """
    require(network, Network)
    require(width, Width)
    numbers = [value for layer in network.layers for value in _numbers(layer)]
    distinct = tuple(dict.fromkeys(numbers))
    nearest = dict(zip(distinct, read_as(distinct, _READINGS[width]), strict=True))
    changed = sum(nearest[value] != value for value in numbers)
    greatest = max((abs(nearest[value] - value) for value in distinct), default=ZERO)
    layers = tuple(_layer(layer, nearest) for layer in network.layers)
    return Rounded(Network(layers), len(numbers), changed, greatest)


def _numbers(layer: Layer) -> Iterable[Fraction]:
    match layer:
        case Affine():
            return (*(a for row in layer.rows for _, a in row), *layer.bias)
        case Neurons():
            return tuple(a for neuron, _ in layer.placed for a in kind_of(neuron)[1].values())
        case ReLU() | Identity():
            return ()
        case _:
            assert_never(layer)


def _layer(layer: Layer, nearest: _Nearest) -> Layer:
    match layer:
        case Affine():
            rows = tuple(tuple((j, nearest[a]) for j, a in row) for row in layer.rows)
            return Affine(rows, tuple(nearest[b] for b in layer.bias), layer.in_dim)
        case Neurons():
            placed = ((_neuron(neuron, nearest), read) for neuron, read in layer.placed)
            return Neurons(layer.in_dim, tuple(placed))
        case ReLU() | Identity():
            return layer
        case _:
            assert_never(layer)


def _neuron(neuron: Neuron, nearest: _Nearest) -> Neuron:
    kind, numbers = kind_of(neuron)
    return of_kind(kind, neuron.in_dim, {key: nearest[a] for key, a in numbers.items()})
