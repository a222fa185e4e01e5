r"""Contractions: networks no layer of which expands the maximum norm.

A layer is a *contraction* if the rows of its affine maps, and of the maps of its neurons'
pieces, have 1-norm at most 1.  Then so is the network: by induction over the layers,

.. math:: \lVert g(x) - g(y) \rVert_\infty \le \lVert x - y \rVert_\infty .

Sorts, MaxMin, maxima and minima give inputs of theirs, on each of which pieces have rows of
1-norm 1; these are not listed one by one, as a sort of 64 numbers has :math:`64!` pieces.
The distance and SortNet neurons of :mod:`polyrelax.networks.lipschitz` are contractions too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import ZERO, SparseVector, shown
from polyrelax.errors import ShapeError
from polyrelax.networks.layers import Affine, Layer, bending
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.minimum import Minimum
from polyrelax.networks.neurons.neuron import Neuron
from polyrelax.networks.neurons.sort import Sort


def require_contraction(network: Network) -> None:
    """Raise :class:`ShapeError` unless every layer of a network is a contraction.

    >>> require_contraction(Network((Affine.dense([["1/2", "-1/2"]]),)))
    """
    require(network, Network)
    for number, layer in enumerate(network.layers, start=1):
        for place, row in _rows(layer):
            norm = sum((abs(a) for _, a in row), ZERO)
            if norm > 1:
                raise ShapeError(
                    f"found {place} of layer {number} with 1-norm {shown(norm)}, "
                    "expected at most 1"
                )


def _rows(layer: Layer) -> Iterator[tuple[str, SparseVector]]:
    """Yield the rows of a layer, and of the pieces of its neurons, with their names."""
    if isinstance(layer, Affine):
        yield from ((f"row {i}", row) for i, row in enumerate(layer.rows))
    else:
        for neuron in dict.fromkeys(unit.neuron for unit in bending(layer)):
            yield from ((f"the neuron {neuron.name}", row) for row in _images(neuron))


def _images(neuron: Neuron) -> Iterable[SparseVector]:
    """Yield the rows of a neuron's pieces; none of one whose pieces all give inputs."""
    if isinstance(neuron, Sort | MaxMin | Maximum | Minimum):
        return ()
    return (row for k in range(neuron.count) for row in neuron.piece(k).image.rows)
