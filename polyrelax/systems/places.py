r"""Where things are in a network: coordinates, and the units that compute them.

The *coordinate* :math:`(i, j)` is value :math:`j` after :math:`i` layers, layer 0 being the
inputs.  An affine layer is one unit of one piece here, so that rows know one kind of layer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, final

from polyrelax.arithmetic.arguments import exactly, listed, numbered, require, whole, wholes
from polyrelax.arithmetic.interval import Interval
from polyrelax.networks.layers import Affine, units
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.neuron import Neuron, Piece

Coordinate: TypeAlias = tuple[int, int]
Point: TypeAlias = Mapping[Coordinate, Fraction]


@final
@dataclass(frozen=True)
class PlacedUnit:
    """A unit and its place: number ``number`` of the layer that gives values ``depth``.

    ``neuron`` is the affine map itself where the layer is one.
    """

    depth: int
    number: int
    neuron: Neuron | Affine
    inputs: tuple[Coordinate, ...]
    outputs: tuple[Coordinate, ...]

    @property
    def place(self) -> Coordinate:
        """What tells it apart from other units of its network."""
        return (self.depth, self.number)

    @property
    def count(self) -> int:
        """The number of pieces."""
        return 1 if isinstance(self.neuron, Affine) else self.neuron.count

    def piece(self, index: int) -> Piece:
        """Return a piece by its number."""
        numbered(index, self.count, "piece")
        if isinstance(self.neuron, Affine):
            return Piece((), self.neuron)
        return self.neuron.piece(index)

    def agrees(self, point: Point) -> bool:
        """Whether a point gives this unit's outputs the values that its inputs have."""
        require(point, Mapping, "numbers by their coordinates")
        if not all(place in point for place in (*self.inputs, *self.outputs)):
            return False
        found = self.neuron(tuple(point[place] for place in self.inputs))
        return found == tuple(point[place] for place in self.outputs)


def placed_units(network: Network, depth: int) -> tuple[PlacedUnit, ...]:
    """Return the units of layer ``depth``, counted from 1.

    >>> from polyrelax.networks.gallery import tent
    >>> [unit.count for unit in placed_units(tent(), 2)]
    [2, 2]
    """
    require(network, Network)
    numbered(whole(depth, "a number of layers") - 1, len(network.layers), "layer")
    layer = network.layers[depth - 1]
    if isinstance(layer, Affine):
        inputs = tuple((depth - 1, j) for j in range(layer.in_dim))
        outputs = tuple((depth, j) for j in range(layer.out_dim))
        return (PlacedUnit(depth, 0, layer, inputs, outputs),)
    return tuple(
        PlacedUnit(
            depth,
            number,
            unit.neuron,
            tuple((depth - 1, j) for j in unit.inputs),
            tuple((depth, j) for j in unit.outputs),
        )
        for number, unit in enumerate(units(layer))
    )


def bending_units(network: Network, depth: int | None = None) -> Iterator[PlacedUnit]:
    """Yield the units of more than one piece, of the first ``depth`` layers or of all.

    >>> from polyrelax.networks.gallery import tent
    >>> [unit.place for unit in bending_units(tent(), 2)]
    [(2, 0), (2, 1)]
    """
    require(network, Network)
    require(depth, int | None, "a whole number, or None")
    last = len(network.layers) if depth is None else depth
    for i in range(1, last + 1):
        yield from (unit for unit in placed_units(network, i) if unit.count > 1)


def as_place(place: Iterable[int]) -> Coordinate:
    """Return a coordinate, a number of layers and a place behind them.

    >>> as_place(3)
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found 3, expected a number of layers and a place
    """
    depth, j = exactly(wholes(place, "a number of layers and a place"), 2, "two numbers")
    return depth, j


def interval_at(boxes: Sequence[Sequence[Interval]], place: Coordinate) -> Interval:
    """Return the interval of a coordinate in boxes of all values.

    >>> unit = Interval(0, 1)
    >>> interval_at([[unit]], (0, 3))
    Traceback (most recent call last):
    polyrelax.errors.DimensionError: found value 3, expected one of 1
    """
    depth, j = as_place(place)
    boxes = listed(boxes, "boxes")
    box = listed(boxes[numbered(depth, len(boxes), "layer")], "intervals")
    return box[numbered(j, len(box), "value")]
