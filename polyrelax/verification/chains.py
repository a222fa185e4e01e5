r"""Networks as chains: affine maps in turn with units, each of which reads values of its own.

.. math:: f = A_L \circ \sigma_L \circ A_{L-1} \circ \dots \circ \sigma_1 \circ A_0

where the units of a *stage* :math:`\sigma_l` read the values before it one after the other, no
value twice: one that several units read is given several times.  So the Jacobian is a product
of matrices and of one block for each unit, and the blocks are chosen independently.

Between affine layers that follow one another all values pass, so that bounds of products are
those of the layers as they are.  A sort of more than two numbers, which has a piece for each
order, is written as stages that put the greatest number first, then the next one
(:mod:`polyrelax.networks.neurons.selection`), behind a stage of the other units of its layer.
Whatever the pieces, these stages only give values in another order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from types import UnionType
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
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.component import Component, whole_of
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.minimum import Minimum
from polyrelax.networks.neurons.neuron import Neuron
from polyrelax.networks.neurons.passing import Pass
from polyrelax.networks.neurons.selection import Selection
from polyrelax.networks.neurons.sort import Sort

MOST_ENTRIES: Final = 2**24
"""Of the matrices of a chain; more take gigabytes."""
MOST_PIECES: Final = 120


@final
@dataclass(frozen=True)
class Stage:
    """An affine map, and the units behind it.

    They stand for those units of layer ``depth``, from 1, that ``numbers`` names one by one.
    If they are a step of its sorts, ``rank`` says how many values of each come before, and
    ``left`` how many stages of that layer behind.
    """

    affine: Affine
    units: tuple[Unit, ...]
    depth: int
    numbers: tuple[int, ...]
    rank: int | None = None
    left: int = 0


@final
@dataclass(frozen=True)
class Chain:
    """Stages, and the affine map behind them.

    Where it ``has_boxes``, bounds of a box may tell which pieces are live.  They may not in
    networks of other neurons than rectifiers, whose certificates know no such bounds.

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
        for depth, layer in enumerate(network.layers, start=1):
            if bending(layer):
                stages += _stages(pending, layer, depth)
                pending = _picked(layer)
            elif isinstance(layer, Neurons):
                before = _identity(layer.in_dim) if pending is None else pending
                pending = affine_part(layer, ()).after(before)
            elif isinstance(layer, Affine):
                if pending is not None:
                    stages += _stages(pending, Identity(layer.in_dim), depth)
                pending = layer
        last = _identity(network.out_dim) if pending is None else pending
        return cls(tuple(stages), last, is_rectified(network))

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
    """Whether the matrices of a network's chain are too large, or too many for one unit.

    >>> from polyrelax.networks.lipschitz import group_sort
    >>> [is_too_wide(Network((group_sort(4096, size),))) for size in (2, 64)]
    [False, True]
    """
    require(network, Network)
    wide = (_widest(layer, Sort | Maximum | Minimum) for layer in network.layers)
    return max(wide) > MOST_PIECES or sum(map(_entries, network.layers)) > MOST_ENTRIES


def _widest(layer: Layer, kinds: UnionType | type) -> int:
    """Return the greatest number of values that a neuron of some kinds reads."""
    if isinstance(layer, Affine):
        return 0
    wholes = (whole_of(unit.neuron) for unit in units(layer))
    return max((whole.in_dim for whole in wholes if isinstance(whole, kinds)), default=0)


def _entries(layer: Layer) -> int:
    sort, extreme = _widest(layer, Sort), _widest(layer, Maximum | Minimum)
    steps = sort * (sort + 1) // 2 * layer.in_dim**2
    return steps + max(extreme, 1) * layer.in_dim * layer.out_dim


def is_rectified(network: Network) -> bool:
    """Whether all neurons are rectifiers in layers of them.

    >>> from polyrelax.networks.gallery import tent
    >>> is_rectified(tent())
    True
    """
    require(network, Network)
    return not any(isinstance(layer, Neurons) for layer in network.layers)


def _stages(before: Affine | None, layer: Layer, depth: int) -> Iterator[Stage]:
    """Yield the stages of a layer and of the affine map before it, if there is one."""
    read = [j for unit in units(layer) for j in unit.inputs]
    affine = _identity(layer.in_dim) if before is None else before
    if read != list(range(layer.in_dim)):
        affine = Affine.select(read, layer.in_dim).after(affine)
    neurons = [unit.neuron for unit in units(layer)]
    steps = max((_sorted_by(neuron) for neuron in neurons), default=0) - 1
    others = [_others(neuron) for neuron in neurons]
    if steps < 1 or any(each != _passes(len(each)) for each in others):
        yield _stage(affine, others, depth)
        affine = _identity(sum(neuron.out_dim for each in others for neuron in each))
    for rank in range(steps):
        step = [_step(neuron, rank) for neuron in neurons]
        yield replace(_stage(affine, step, depth), rank=rank, left=steps - 1 - rank)
        affine = _identity(affine.out_dim)


def _stage(affine: Affine, neurons: Sequence[Sequence[Neuron]], depth: int) -> Stage:
    """Return the stage of neurons side by side, listed by the units that they stand for."""
    placed: list[Unit] = []
    start = end = 0
    for neuron in (neuron for each in neurons for neuron in each):
        reads = tuple(range(start, start + neuron.in_dim))
        placed.append(Unit(neuron, reads, tuple(range(end, end + neuron.out_dim))))
        start, end = start + neuron.in_dim, end + neuron.out_dim
    numbers = tuple(number for number, each in enumerate(neurons) for _ in each)
    return Stage(affine, tuple(placed), depth, numbers)


def _sorted_by(neuron: Neuron) -> int:
    """Return how many values a neuron puts in order step by step."""
    whole = whole_of(neuron)
    return whole.size if isinstance(whole, Sort) and whole.size > 2 else 0


def _passes(count: int) -> list[Neuron]:
    return [Pass()] * count


def _others(neuron: Neuron) -> list[Neuron]:
    """Return the neurons of the stage before the steps of sorts."""
    size = _sorted_by(neuron)
    return _passes(size) if size else [neuron]


def _step(neuron: Neuron, rank: int) -> list[Neuron]:
    """Return the neurons of the step of sorts that finds the values of one rank."""
    size = _sorted_by(neuron)
    if size > rank + 1:
        return [*_passes(rank), Selection(size - rank)]
    return _passes(size or neuron.out_dim)


def _picked(layer: Layer) -> Affine | None:
    """Return what takes single outputs of sorts from all their values, if any is taken."""
    kept, width = [], 0
    for neuron in (unit.neuron for unit in units(layer)):
        size = _sorted_by(neuron)
        if isinstance(neuron, Component) and size:
            kept.append(width + neuron.output)
        else:
            kept += range(width, width + neuron.out_dim)
        width += size or neuron.out_dim
    return None if len(kept) == width else Affine.select(kept, width)


def _identity(width: int) -> Affine:
    return Affine.select(range(width), width)
