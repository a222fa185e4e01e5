r"""Networks of neurons of all kinds, written with rectifiers alone.

A curve with kinks :math:`x_1 < \dots < x_m` is, with :math:`\delta_i` the change of its slope
at :math:`x_i`,

.. math:: y = y_1 + s\,(z - x_1) + \sum_i \delta_i \max(z - x_i, 0),

where :math:`s` is its slope on the left, and maxima, minima and sorts are made of

.. math:: \max(a, b) = b + \max(a - b, 0), \qquad \min(a, b) = a - \max(a - b, 0).

The function is the same; relaxations that look at single neurons may find less of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import ONE, ZERO, SparseVector
from polyrelax.errors import UnsupportedNeuronError
from polyrelax.networks.layers import Affine, Identity, Layer, Neurons, ReLU, units
from polyrelax.networks.network import Network, concatenate
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.broken_line import BrokenLine
from polyrelax.networks.neurons.clip import Clip
from polyrelax.networks.neurons.curve import Curve
from polyrelax.networks.neurons.leaky import LeakyReLU
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.minimum import Minimum
from polyrelax.networks.neurons.neuron import Neuron
from polyrelax.networks.neurons.passing import Pass
from polyrelax.networks.neurons.relu import Rectifier
from polyrelax.networks.neurons.sort import Sort
from polyrelax.networks.rewrite import fold


def with_rectifiers(inner: Network) -> Network:
    """Return a network of affine, ReLU and identity layers that computes the same.

    >>> from polyrelax.arithmetic.rational import vector
    >>> lowered = with_rectifiers(Network((Neurons(2, ((MaxMin(), (0, 1)),)),)))
    >>> lowered.widths, [str(y) for y in lowered(vector([1, 3]))]
    ((2, 3, 3, 2), ['3', '1'])
    """
    require(inner, Network)
    return fold([plain for layer in inner.layers for plain in _plain(layer)])


def _plain(layer: Layer) -> tuple[Layer, ...]:
    return _rewritten(layer, _layers) if isinstance(layer, Neurons) else (layer,)


def _rewritten(layer: Layer, layers: Callable[[Neuron], Iterator[Layer]]) -> tuple[Layer, ...]:
    """Return the layers of a layer of neurons whose neurons are rewritten side by side."""
    networks = (
        fold([Affine.select(unit.inputs, layer.in_dim), *layers(unit.neuron)])
        for unit in units(layer)
    )
    return reduce(concatenate, networks).layers


def _layers(neuron: Neuron) -> Iterator[Layer]:
    match neuron:
        case Pass():
            yield Identity(1)
        case Rectifier():
            yield ReLU(1)
        case LeakyReLU() | Absolute() | Clip() | BrokenLine():
            yield from _curve(neuron.curve)
        case Maximum():
            yield from _greatest(neuron.size)
        case Minimum():
            yield from (_negation(neuron.size), *_greatest(neuron.size), _negation(1))
        case MaxMin():
            yield from _sorted(2)
        case Sort():
            yield from _sorted(neuron.size)
        case _:
            raise UnsupportedNeuronError(
                f"found the neuron {neuron.name}, expected one that has a form in rectifiers"
            )


def _curve(curve: Curve) -> tuple[Layer, ...]:
    """Return the layers of a curve: its input, with a rectifier for each kink."""
    size = len(curve.kinks)
    slopes = [curve.slope(k) for k in range(curve.count)]
    x, y = curve.kinks[0]
    shifts = (ZERO, *(-kink for kink, _ in curve.kinks))
    inner = Affine((((0, ONE),),) * (size + 1), shifts, 1)
    changes = enumerate((slopes[k] - slopes[k - 1] for k in range(1, size + 1)), start=1)
    row = tuple((k, a) for k, a in ((0, slopes[0]), *changes) if a)
    relu = ReLU(size + 1, tuple(range(1, size + 1)))
    return inner, relu, Affine((row,), (y - slopes[0] * x,), size + 1)


def _greatest(size: int) -> Iterator[Layer]:
    """Yield the layers of a maximum: of pairs, until one number is left."""
    if size == 1:
        yield Identity(1)
    while size > 1:
        pairs = [(j, j + 1) for j in range(0, size - 1, 2)]
        yield from _compared(size, pairs)
        yield Affine.select(range(0, size, 2), size)
        size -= len(pairs)


def _sorted(size: int) -> Iterator[Layer]:
    """Yield the layers of a sort: neighbours in turn, ``size`` times."""
    if size == 1:
        yield Identity(1)
    for pairs in _turns(size):
        yield from _compared(size, pairs)


def _turns(size: int) -> Iterator[list[tuple[int, int]]]:
    """Yield the pairs of neighbours that are compared in each turn of a sort."""
    turns = ([(j, j + 1) for j in range(turn % 2, size - 1, 2)] for turn in range(size))
    return (pairs for pairs in turns if pairs)


def _compared(size: int, pairs: Sequence[tuple[int, int]]) -> Iterator[Layer]:
    """Yield the layers that put the greater number of each pair in its first place."""
    wide = size + len(pairs)
    inner = [((j, ONE),) for j in range(size)]
    differences = [((i, ONE), (j, -ONE)) for i, j in pairs]
    outer: list[SparseVector] = [((j, ONE),) for j in range(size)]
    for k, (i, j) in enumerate(pairs, start=size):
        outer[i], outer[j] = ((j, ONE), (k, ONE)), ((i, ONE), (k, -ONE))
    yield Affine((*inner, *differences), (ZERO,) * wide, size)
    yield ReLU(wide, tuple(range(size, wide)))
    yield Affine(tuple(outer), (ZERO,) * size, wide)


def _negation(size: int) -> Affine:
    return Affine(tuple(((j, -ONE),) for j in range(size)), (ZERO,) * size, size)
