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

Besides rows and neurons there are two layers of :cite:t:`zhang2022`, made of several here.  An
:math:`\ell_\infty`-*distance* neuron is :math:`x \mapsto \lVert x - w \rVert_\infty + b`, and a
*SortNet* neuron with the absolute value is :math:`\langle w, s \rangle`, where :math:`s` has
the entries of :math:`|x + b|`, greatest first, and :math:`\lVert w \rVert_1 \le 1`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import prod

from polyrelax.arithmetic.arguments import exact_vector, exact_vectors, require
from polyrelax.arithmetic.rational import ONE, ZERO, SparseVector, Vector, sparse, text
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.networks.layers import Affine, Layer, Neurons, bending
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.maximum import Maximum
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
                    f"found {place} of layer {number} with 1-norm {text(norm)}, "
                    "expected at most 1"
                )


def fan(network: Network) -> int:
    """Return the product over layers of the greatest number of values that a neuron reads.

    >>> fan(Network((Neurons(3, ((Sort(3), (0, 1, 2)),)), Neurons(3, ((Absolute(), (0,)),)))))
    3
    """
    require(network, Network)
    sizes = ([unit.neuron.in_dim for unit in bending(layer)] for layer in network.layers)
    return prod(max(size, default=1) for size in sizes)


def distance_layers(centres: Sequence[Vector], biases: Sequence[Fraction]) -> tuple[Layer, ...]:
    """Return the layers of distance neurons, one or more: each with its centre and its bias.

    >>> both = distance_layers([(ZERO, ONE)], [-ONE])
    >>> [str(y) for y in Network(both)((Fraction(3), Fraction(2)))]
    ['2']
    """
    centres, biases = exact_vectors(centres, "centres"), exact_vector(biases, "biases")
    dim = _dim(centres)
    shifts = [tuple(-w for w in centre) for centre in centres]
    greatest = _blocks(Maximum(dim), len(centres))
    last = Affine(_unit_rows(len(centres)), biases, len(centres))
    return (*_moved_sizes(shifts), greatest, last)


def sortnet_layers(weights: Sequence[Vector], shifts: Sequence[Vector]) -> tuple[Layer, ...]:
    """Return the layers of SortNet neurons, one or more: their weights, and what they add.

    Raises :class:`ShapeError` for weights of 1-norm above 1.

    >>> median = sortnet_layers([(ZERO, ONE, ZERO)], [(ZERO, ZERO, ZERO)])
    >>> [str(y) for y in Network(median)((Fraction(5), Fraction(-2), Fraction(1)))]
    ['2']
    """
    weights, shifts = exact_vectors(weights, "weights"), exact_vectors(shifts, "shifts")
    dim, count = _dim(shifts), len(shifts)
    if [*map(len, weights)] != [dim] * count:
        raise DimensionError(
            f"found weights of {[*map(len, weights)]} inputs, expected {[dim] * count}"
        )
    rows = tuple(
        tuple((k * dim + j, a) for j, a in sparse(row)) for k, row in enumerate(weights)
    )
    layers = (
        *_moved_sizes(shifts),
        _blocks(Sort(dim), count),
        Affine(rows, (ZERO,) * count, count * dim),
    )
    require_contraction(Network(layers))
    return layers


def _dim(points: Sequence[Vector]) -> int:
    """Return the dimension of points, which must be one."""
    sizes = sorted({len(point) for point in points})
    if len(sizes) != 1:
        raise DimensionError(
            f"found neurons of {sizes or 'no'} inputs, expected one number for all"
        )
    return sizes[0]


def _moved_sizes(shifts: Sequence[Vector]) -> tuple[Layer, Layer]:
    """Return the layers of ``|x + b|`` for each ``b``, one after the other."""
    dim, size = len(shifts[0]), sum(map(len, shifts))
    moved = Affine(_unit_rows(dim) * len(shifts), tuple(b for row in shifts for b in row), dim)
    return moved, Neurons(size, tuple((Absolute(), (j,)) for j in range(size)))


def _blocks(neuron: Neuron, count: int) -> Neurons:
    """Return a layer of equal neurons that read one block of values after the other."""
    size = neuron.in_dim
    starts = range(0, count * size, size)
    return Neurons(count * size, tuple((neuron, tuple(range(k, k + size))) for k in starts))


def _unit_rows(dim: int) -> tuple[SparseVector, ...]:
    return tuple(((j, ONE),) for j in range(dim))


def _rows(layer: Layer) -> Iterator[tuple[str, SparseVector]]:
    """Yield the rows of a layer, and of the pieces of its neurons, with their names."""
    if isinstance(layer, Affine):
        yield from ((f"row {i}", row) for i, row in enumerate(layer.rows))
    else:
        for unit in bending(layer):
            yield from ((f"the neuron {unit.neuron.name}", row) for row in _images(unit.neuron))


def _images(neuron: Neuron) -> Iterable[SparseVector]:
    return (row for k in range(neuron.count) for row in neuron.piece(k).image.rows)
