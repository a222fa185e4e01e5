r"""Networks as chains: affine maps in turn with units, each of which reads values of its own.

.. math:: f = A_L \circ \sigma_L \circ A_{L-1} \circ \dots \circ \sigma_1 \circ A_0

where the units of a *stage* :math:`\sigma_l` read the values before it one after the other, no
value twice: one that several units read is given several times.  So the Jacobian is a product
of matrices and of one block for each unit, and the blocks are chosen independently.

Between affine layers that follow one another all values pass, so that bounds of products are
those of the layers as they are.  Sorts, maxima and minima of more than two numbers, which have
a piece for each order, are written with comparisons of two
(:func:`~polyrelax.networks.lowering.with_comparisons`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, final

from polyrelax.arithmetic.arguments import numbered, require
from polyrelax.networks.layers import (
    Affine,
    Identity,
    Layer,
    Neurons,
    Unit,
    affine_part,
    bending,
    units,
)
from polyrelax.networks.lowering import with_comparisons
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.component import whole_of
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.minimum import Minimum
from polyrelax.networks.neurons.sort import Sort

MOST_ENTRIES: Final = 2**24
"""Of the matrices of a chain; more take gigabytes."""


@final
@dataclass(frozen=True)
class Stage:
    """An affine map, and the units behind it, which are those of layer ``depth``, from 1."""

    affine: Affine
    units: tuple[Unit, ...]
    depth: int


@final
@dataclass(frozen=True)
class Chain:
    """Stages, and the affine map behind them.

    Where it ``has_boxes``, bounds of a box may tell which pieces are live.  They may not in
    networks of other neurons than rectifiers, as far as these have certificates, which know no
    such bounds.

    >>> from polyrelax.networks.gallery import tent
    >>> found = Chain.of(tent())
    >>> [stage.depth for stage in found.stages], found.last
    ([2, 4], Affine(2 -> 1))
    """

    stages: tuple[Stage, ...]
    last: Affine
    has_boxes: bool = True

    @property
    def in_dim(self) -> int:
        """The number of inputs."""
        return (self.stages[0].affine if self.stages else self.last).in_dim

    @classmethod
    def of(cls, network: Network) -> Chain:
        """Return the chain of a network."""
        require(network, Network)
        stages: list[Stage] = []
        pending: Affine | None = None
        narrow = with_comparisons(network)
        for depth, layer in enumerate(narrow.layers, start=1):
            if bending(layer):
                stages.append(_stage(pending, layer, depth))
                pending = None
            elif isinstance(layer, Neurons):
                before = _identity(layer.in_dim) if pending is None else pending
                pending = affine_part(layer, ()).after(before)
            elif isinstance(layer, Affine):
                if pending is not None:
                    stages.append(_stage(pending, Identity(layer.in_dim), depth))
                pending = layer
        last = _identity(network.out_dim) if pending is None else pending
        has_boxes = narrow is not network or is_rectified(network)
        return cls(tuple(stages), last, has_boxes)

    def with_output(self, output: int) -> Chain:
        """Return the chain of one output.

        >>> from polyrelax.networks.layers import ReLU
        >>> Chain.of(Network((ReLU(2),))).with_output(1).last.rows
        (((1, Fraction(1, 1)),),)
        """
        output = numbered(output, self.last.out_dim, "output")
        row, shift = self.last.rows[output], self.last.bias[output]
        return replace(self, last=Affine((row,), (shift,), self.last.in_dim))


def is_too_wide(network: Network) -> bool:
    """Whether the matrices of a network, its sorts written with comparisons, are too large.

    >>> from polyrelax.networks.lipschitz import group_sort
    >>> [is_too_wide(Network((group_sort(4096, size),))) for size in (2, 64)]
    [False, True]
    """
    require(network, Network)
    return sum(map(_entries, network.layers)) > MOST_ENTRIES


def _entries(layer: Layer) -> int:
    if isinstance(layer, Affine):
        return layer.in_dim * layer.out_dim
    wholes = (whole_of(unit.neuron) for unit in units(layer))
    wide = [whole.size for whole in wholes if isinstance(whole, Sort | Maximum | Minimum)]
    turns = math.ceil(math.log2(max(wide, default=1)))
    return layer.in_dim * layer.out_dim * (turns * (turns + 1) // 2)


def is_rectified(network: Network) -> bool:
    """Whether all neurons are rectifiers in layers of them.

    >>> from polyrelax.networks.gallery import tent
    >>> is_rectified(tent())
    True
    """
    require(network, Network)
    return not any(isinstance(layer, Neurons) for layer in network.layers)


def _stage(before: Affine | None, layer: Layer, depth: int) -> Stage:
    """Return the stage of a layer and of the affine map before it, if there is one."""
    read = [j for unit in units(layer) for j in unit.inputs]
    placed: list[Unit] = []
    for unit in units(layer):
        start = placed[-1].inputs[-1] + 1 if placed else 0
        inputs = tuple(range(start, start + unit.neuron.in_dim))
        placed.append(Unit(unit.neuron, inputs, unit.outputs))
    affine = _identity(layer.in_dim) if before is None else before
    if read != list(range(layer.in_dim)):
        affine = Affine.select(read, layer.in_dim).after(affine)
    return Stage(affine, tuple(placed), depth)


def _identity(width: int) -> Affine:
    return Affine.select(range(width), width)
