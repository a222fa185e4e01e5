"""Where the neurons of a layer bend: the hyperplanes that cut out their pieces.

A *plane* is an affine form of what a layer reads; it has *bit* 1 where it is positive.  Each
side of a piece is a plane with a bit, and a piece holds where all its bits do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias, final

import numpy as np
import numpy.typing as npt

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.arithmetic.rational import SparseVector, sparse
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import TooLargeError
from polyrelax.networks.layers import Affine, Identity, Neurons, ReLU
from polyrelax.networks.neurons.neuron import MOST_PIECES, Neuron
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.face_arrays import Grown

_LOST: Final = 2.0**-900
"""Numbers below this are no floats here, so that nothing is decided by what they lose."""
Bits: TypeAlias = npt.NDArray[np.bool_]
Bending: TypeAlias = ReLU | Identity | Neurons


@final
@readable
@dataclass(frozen=True)
class Plane:
    """The form ``<terms, z> - offset`` of the values that a layer reads."""

    terms: SparseVector
    offset: Fraction


@final
@dataclass(frozen=True, eq=False)
class Group:
    """Neurons of one kind: what they read and give, and their planes, one row a neuron.

    ``pieces`` has for each piece the places of its planes in a row, and their bits.
    """

    neuron: Neuron
    inputs: Integers
    outputs: Integers
    units: Integers
    planes: Integers
    pieces: tuple[tuple[tuple[int, bool], ...], ...]

    def chosen(self, bits: Bits) -> Integers:
        """Return the first piece that holds, from the bits of planes (cells, planes)."""
        own = bits[:, self.planes]
        found = np.zeros(own.shape[:2], dtype=np.int64)
        for k in range(len(self.pieces) - 1, -1, -1):
            holds = np.ones(own.shape[:2], dtype=np.bool_)
            for place, bit in self.pieces[k]:
                holds &= own[:, :, place] == bit
            found[holds] = k
        return found


@final
@dataclass(frozen=True, eq=False)
class Bends:
    """The planes of a layer, and its neurons in groups of a kind."""

    layer: Bending
    planes: tuple[Plane, ...]
    groups: tuple[Group, ...]

    @classmethod
    def of(cls, layer: Bending) -> Bends:
        """Return the planes of a layer.

        Raises :class:`TooLargeError` for neurons of more pieces than can be listed.

        >>> found = Bends.of(ReLU(2, (1,)))
        >>> found.planes
        (Plane(terms=((1, Fraction(1, 1)),), offset=Fraction(0, 1)),)
        """
        require(layer, Bending, "a layer of neurons")
        planes: list[Plane] = []
        groups: list[Group] = []
        for neuron in dict.fromkeys(unit.neuron for unit in layer.units):
            groups.append(_group(layer, neuron, planes))
        return cls(layer, tuple(planes), tuple(groups))

    def pieces(self, bits: Bits) -> Integers:
        """Return the numbers of the pieces of all units, a row for each cell."""
        found = np.zeros((len(bits), len(self.layer.units)), dtype=np.int64)
        for group in self.groups:
            found[:, group.units] = group.chosen(bits)
        return found


@final
class PackedBits:
    """A row of bits for each cell; mutable.

    >>> bits = PackedBits(2, 9)
    >>> bits.set(8, np.array([True, False]))
    >>> bits.unpacked()[:, 8].tolist()
    [True, False]
    """

    def __init__(self, cells: int, count: int) -> None:
        self._count = count
        self._bytes = Grown(np.zeros((cells, -(-count // 8)), dtype=np.uint8))

    def set(self, place: int, where: Bits) -> None:
        """Set a bit of some cells."""
        self._bytes.all[where, place // 8] |= np.uint8(1 << place % 8)

    def copy(self, cells: Integers) -> None:
        """Append cells with the bits of others."""
        self._bytes.append(self._bytes.all[cells])

    def clear(self, place: int, first: int) -> None:
        """Clear a bit of the cells from ``first`` on."""
        self._bytes.all[first:, place // 8] &= np.uint8(255 ^ (1 << place % 8))

    def unpacked(self, cells: Integers | None = None) -> Bits:
        """Return the bits of some cells, or of all, a row for each."""
        chosen = self._bytes.all if cells is None else self._bytes.all[cells]
        found = np.unpackbits(chosen, axis=1, bitorder="little")
        return found[:, : self._count].view(np.bool_)


def _group(layer: Bending, neuron: Neuron, planes: list[Plane]) -> Group:
    """Return the neurons of one kind; their planes are appended to those known."""
    if neuron.count > MOST_PIECES:
        found = f"found {neuron.name} of {neuron.count} pieces"
        raise TooLargeError(f"{found}, expected at most {MOST_PIECES}")
    alike = [(i, unit) for i, unit in enumerate(layer.units) if unit.neuron == neuron]
    sides: list[Constraint] = []
    pieces = tuple(
        tuple(_bit(side, sides) for side in neuron.piece(k).where) for k in range(neuron.count)
    )
    start = len(planes)
    for _, unit in alike:
        planes.extend(Plane(unit.form(sparse(side.normal)), side.offset) for side in sides)
    places = np.arange(start, len(planes)).reshape(len(alike), len(sides))
    return Group(
        neuron,
        np.array([unit.inputs for _, unit in alike]),
        np.array([unit.outputs for _, unit in alike]),
        np.array([i for i, _ in alike]),
        places,
        pieces,
    )


def _bit(side: Constraint, sides: list[Constraint]) -> tuple[int, bool]:
    """Return the place and the bit of a side among some; it is appended if it is new.

    So where a plane is zero throughout, its bit is that of the first piece that it bounds.
    """
    for place, known in enumerate(sides):
        if known.primitive() == side.primitive():
            return place, False
        if known.complement().primitive() == side.primitive():
            return place, True
    sides.append(side)
    return len(sides) - 1, False


def float_rows(layer: Affine) -> tuple[Doubles, Doubles]:
    """Return the weight and the bias of a layer as the nearest floats.

    >>> [part.tolist() for part in float_rows(Affine.dense([["1/2", 0]], [3]))]
    [[[0.5, 0.0]], [3.0]]
    """
    require(layer, Affine)
    weight = np.zeros((layer.out_dim, layer.in_dim))
    for i, row in enumerate(layer.rows):
        for j, a in row:
            weight[i, j] = nearest(a)
    return weight, np.array([nearest(b) for b in layer.bias])


def nearest(value: Fraction) -> float:
    """Return the nearest float, which may be infinite; none for what is nearly or all lost.

    >>> nearest(Fraction(-(10**400))), nearest(Fraction(1, 10**400))
    (-inf, nan)
    """
    try:
        found = value.numerator / value.denominator
    except OverflowError:
        return float("-inf") if value < 0 else float("inf")
    return float("nan") if value and abs(found) < _LOST else found


def sparse_rows(planes: Sequence[Plane], width: int) -> Doubles:
    """Return the terms of planes as dense rows, in the nearest floats.

    >>> sparse_rows([Plane(((1, Fraction(1, 2)),), Fraction(0))], 3).tolist()
    [[0.0, 0.5, 0.0]]
    """
    rows = np.zeros((len(planes), width))
    for i, plane in enumerate(planes):
        for j, a in plane.terms:
            rows[i, j] = nearest(a)
    return rows
