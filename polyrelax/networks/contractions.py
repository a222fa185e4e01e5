r"""Contractions: networks no layer of which expands the maximum norm.

A layer is a *contraction* if the rows of its affine maps, and of the maps of its neurons'
pieces, have 1-norm at most 1.  Then so is the network: by induction over the layers,

.. math:: \lVert g(x) - g(y) \rVert_\infty \le \lVert x - y \rVert_\infty .

Sorts, MaxMin, maxima and minima give inputs of theirs, on each of which pieces have rows of
1-norm 1; these are not listed one by one, as a sort of 64 numbers has :math:`64!` pieces.
The distance and SortNet neurons of :mod:`polyrelax.networks.lipschitz` are contractions too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import ONE, ZERO, SparseVector, shown
from polyrelax.errors import ShapeError
from polyrelax.networks.layers import Affine, Layer, units
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.component import whole_of
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
            norm = _size(row)
            if norm > 1:
                raise ShapeError(
                    f"found {place} of layer {number} with 1-norm {shown(norm)}, "
                    "expected at most 1"
                )


def row_norms(network: Network) -> tuple[Fraction, ...]:
    """Return for each layer the greatest 1-norm of a row of it, or of its neurons' pieces.

    No layer expands the maximum norm by more, and so the network by no more than their product.

    >>> from polyrelax.networks.gallery import tent
    >>> [str(norm) for norm in row_norms(tent())]
    ['1', '1', '2', '1', '2']
    """
    require(network, Network)
    return tuple(
        max((_size(row) for _, row in _rows(layer)), default=ZERO) for layer in network.layers
    )


def column_norms(network: Network) -> tuple[Fraction, ...]:
    """Return for each layer a bound of how much it expands the 1-norm.

    Of an affine map it is the greatest 1-norm of a column; of neurons that of a column of their
    pieces, added where several read one value.

    >>> from polyrelax.networks.gallery import tent
    >>> [str(norm) for norm in column_norms(tent())]
    ['2', '1', '2', '1', '1']
    """
    require(network, Network)
    return tuple(map(_column_norm, network.layers))


def _size(row: SparseVector) -> Fraction:
    return sum((abs(a) for _, a in row), ZERO)


def _column_norm(layer: Layer) -> Fraction:
    if isinstance(layer, Affine):
        return max(_columns(layer.rows).values(), default=ZERO)
    pieces = {neuron: _piece_norm(neuron) for neuron in _kinds(layer)}
    read = [(j, pieces[unit.neuron]) for unit in units(layer) for j in unit.inputs]
    return max(_columns([read]).values(), default=ZERO)


def _piece_norm(neuron: Neuron) -> Fraction:
    """Return the greatest 1-norm of a column of a neuron's pieces."""
    if _gives_inputs(neuron):
        return ONE
    images = (neuron.piece(k).image for k in range(neuron.count))
    return max((a for image in images for a in _columns(image.rows).values()), default=ZERO)


def _columns(rows: Iterable[Iterable[tuple[int, Fraction]]]) -> Mapping[int, Fraction]:
    """Return the 1-norms of the columns of sparse rows."""
    found: defaultdict[int, Fraction] = defaultdict(Fraction)
    for row in rows:
        for j, a in row:
            found[j] += abs(a)
    return found


def _kinds(layer: Layer) -> Iterable[Neuron]:
    return dict.fromkeys(unit.neuron for unit in units(layer))


def _rows(layer: Layer) -> Iterator[tuple[str, SparseVector]]:
    """Yield the rows of a layer, and of the pieces of its neurons, with their names."""
    if isinstance(layer, Affine):
        yield from ((f"row {i}", row) for i, row in enumerate(layer.rows))
    else:
        for neuron in _kinds(layer):
            yield from ((f"the neuron {neuron.name}", row) for row in _images(neuron))


def _images(neuron: Neuron) -> Iterable[SparseVector]:
    """Yield the rows of a neuron's pieces; one of those of a neuron that gives its inputs."""
    if _gives_inputs(neuron):
        return (((0, ONE),),)
    return (row for k in range(neuron.count) for row in neuron.piece(k).image.rows)


def _gives_inputs(neuron: Neuron) -> bool:
    """Whether each output of a neuron is one of its inputs, no two the same."""
    return isinstance(whole_of(neuron), Sort | MaxMin | Maximum | Minimum)
