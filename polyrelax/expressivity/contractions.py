r"""Contractions: networks no layer of which expands the maximum norm, and what each can reach.

A layer is a *contraction* if the rows of its affine maps, and of the maps of its neurons'
pieces, have 1-norm at most 1.  The *fan* of a network is the product over its layers of the
greatest number of values that a neuron reads: 1 if activations have one input each, as in
*standard* Lipschitz networks, and :math:`2^n` for :math:`n` layers of MaxMin.

**Lemma.**  For points :math:`p_i, q_i`, weights :math:`\mu_i \ge 0` and a contraction
:math:`g` of fan :math:`F`,

.. math:: \sum_i \mu_i |g(p_i) - g(q_i)| \le F \max_j \sum_i \mu_i |(p_i - q_i)_j| .

By induction over the layers: a row of 1-norm 1 takes a mean of such sums, up to signs, and a
neuron that reads :math:`k` values changes by no more than the greatest of their changes, so by
no more than their sum (derived).

The distance and SortNet neurons of :mod:`polyrelax.networks.lipschitz` are contractions too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import prod

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import ZERO, SparseVector, shown
from polyrelax.errors import ShapeError
from polyrelax.networks.layers import Affine, Layer, bending
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.neuron import Neuron


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


def fan(network: Network) -> int:
    """Return the product over layers of the greatest number of values that a neuron reads.

    >>> from polyrelax.networks.layers import Neurons
    >>> from polyrelax.networks.neurons.absolute import Absolute
    >>> from polyrelax.networks.neurons.sort import Sort
    >>> fan(Network((Neurons(3, ((Sort(3), (0, 1, 2)),)), Neurons(3, ((Absolute(), (0,)),)))))
    3
    """
    require(network, Network)
    sizes = ([unit.neuron.in_dim for unit in bending(layer)] for layer in network.layers)
    return prod(max(size, default=1) for size in sizes)


def _rows(layer: Layer) -> Iterator[tuple[str, SparseVector]]:
    """Yield the rows of a layer, and of the pieces of its neurons, with their names."""
    if isinstance(layer, Affine):
        yield from ((f"row {i}", row) for i, row in enumerate(layer.rows))
    else:
        for unit in bending(layer):
            yield from ((f"the neuron {unit.neuron.name}", row) for row in _images(unit.neuron))


def _images(neuron: Neuron) -> Iterable[SparseVector]:
    return (row for k in range(neuron.count) for row in neuron.piece(k).image.rows)
