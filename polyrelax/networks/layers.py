r"""The layers of a network: affine maps, and neurons side by side.

An affine layer is :math:`x \mapsto Wx + b`.  Every other layer is a row of *units*: neurons at
their places, each of which reads some of the values before the layer and gives the next of
those behind it; a value that passes is a unit too.  :class:`ReLU` applies
:math:`\max(\cdot, 0)` to the coordinates named and passes the others through: with that, skip
connections and networks side by side are sequences of layers.  :class:`Neurons` has units of
any kind.

Layers are values and functions; a layer does not know its place in a network.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, groupby
from typing import TypeAlias, assert_never, final

from polyrelax.arithmetic.arguments import all_of, dimension, listed, require, whole
from polyrelax.arithmetic.rational import ZERO, Scalar, SparseVector, Vector, cut, shown
from polyrelax.arithmetic.readable import readable
from polyrelax.arithmetic.words import amount
from polyrelax.arithmetic.working_form import working_form
from polyrelax.errors import ArgumentError, DimensionError, UnsupportedNeuronError
from polyrelax.networks.affine import Affine
from polyrelax.networks.dimensions import point_of
from polyrelax.networks.neurons.neuron import Neuron, Piece
from polyrelax.networks.neurons.passing import Pass
from polyrelax.networks.neurons.relu import Rectifier
from polyrelax.networks.units import Unit

__all__ = ["Affine", "Identity", "Layer", "Neurons", "ReLU", "Unit"]

_RECTIFIER = Rectifier()
_PASS = Pass()
_MOST_NAMES = 4


@final
@dataclass(frozen=True)
class ReLU:
    """The map ``max(x, 0)`` on the coordinates ``neurons``, all if ``None``.

    >>> from polyrelax.arithmetic.rational import vector
    >>> [str(value) for value in ReLU(2, (1,))(vector([-1, -2]))]
    ['-1', '0']
    """

    width: int
    neurons: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        width = dimension(self.width, "a width")
        named = tuple(
            whole(j, "a neuron")
            for j in listed(() if self.neurons is None else self.neurons, "neurons")
        )
        if self.neurons is not None and tuple(sorted(named)) == tuple(range(width)):
            object.__setattr__(self, "neurons", None)  # equal maps are equal values
        if len(set(named)) < len(named) or any(not 0 <= j < width for j in named):
            raise DimensionError(
                f"found neurons {cut(str(list(named)))}, expected distinct ones of {self.width}"
            )

    @property
    def in_dim(self) -> int:
        """The number of values that the layer reads."""
        return self.width

    @property
    def out_dim(self) -> int:
        """The number of values that the layer gives."""
        return self.width

    @working_form
    def units(self) -> tuple[Unit, ...]:
        """The rectifiers, and what passes."""
        named = set(self.active)
        return tuple(_alone(_RECTIFIER if j in named else _PASS, j) for j in range(self.width))

    @property
    def active(self) -> tuple[int, ...]:
        """The coordinates that the ReLU is applied to, in order."""
        return tuple(range(self.width)) if self.neurons is None else tuple(sorted(self.neurons))

    def __call__(self, x: Iterable[Scalar]) -> Vector:
        """Return the value at ``x``."""
        point, named = point_of(x, self.width), set(self.active)
        return tuple(max(a, ZERO) if j in named else a for j, a in enumerate(point))


@final
@dataclass(frozen=True)
class Identity:
    """The map ``x -> x``, a layer of its own: relaxations that look at layers count it.

    >>> from polyrelax.arithmetic.rational import vector
    >>> Identity(1)(vector([5]))
    (Fraction(5, 1),)
    """

    width: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "width", dimension(self.width, "a width"))

    @property
    def in_dim(self) -> int:
        """The number of values that the layer reads."""
        return self.width

    @property
    def out_dim(self) -> int:
        """The number of values that the layer gives."""
        return self.width

    @working_form
    def units(self) -> tuple[Unit, ...]:
        """Nothing but what passes."""
        return tuple(_alone(_PASS, j) for j in range(self.width))

    def __call__(self, x: Iterable[Scalar]) -> Vector:
        """Return the value at ``x``."""
        return point_of(x, self.width)


@final
@readable
@dataclass(frozen=True)
class Neurons:
    """A layer of neurons, each with the coordinates that it reads, in the order of its values.

    >>> from polyrelax.arithmetic.rational import vector
    >>> from polyrelax.networks.neurons.maximum import Maximum
    >>> pool = Neurons(4, ((Maximum(2), (0, 1)), (Maximum(2), (2, 3))))
    >>> pool, [str(value) for value in pool(vector([1, 5, 7, 3]))]
    (Neurons(4 -> 2: 2 x maximum of 2), ['5', '7'])
    """

    in_dim: int
    placed: tuple[tuple[Neuron, tuple[int, ...]], ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "in_dim", dimension(self.in_dim, "a number of inputs"))
        placed = tuple(map(_pair, listed(self.placed, "neurons")))
        object.__setattr__(self, "placed", placed)
        if not placed:
            raise DimensionError("found a layer without neurons, expected at least one")
        for neuron, read in placed:
            if len(read) != neuron.in_dim:
                raise DimensionError(
                    f"found the neuron {neuron.name} on {amount(len(read), 'value')}, "
                    f"expected {neuron.in_dim}"
                )
            if any(not 0 <= j < self.in_dim for j in read):
                raise DimensionError(
                    f"found a neuron on {list(read)}, expected coordinates of {self.in_dim}"
                )

    @property
    def out_dim(self) -> int:
        """The number of values that the layer gives."""
        return sum(neuron.out_dim for neuron, _ in self.placed)

    @working_form
    def units(self) -> tuple[Unit, ...]:
        """The neurons at their places."""
        ends = accumulate((neuron.out_dim for neuron, _ in self.placed), initial=0)
        return tuple(
            Unit(neuron, read, tuple(range(start, start + neuron.out_dim)))
            for (neuron, read), start in zip(self.placed, ends, strict=False)
        )

    def __call__(self, x: Iterable[Scalar]) -> Vector:
        """Return the value at ``x``."""
        point = point_of(x, self.in_dim)
        return tuple(y for n, read in self.placed for y in n(tuple(point[j] for j in read)))

    def __repr__(self) -> str:
        return f"Neurons({self.in_dim} -> {self.out_dim}: {_told(self.placed)})"


Layer: TypeAlias = Affine | ReLU | Identity | Neurons


def units(layer: Layer) -> tuple[Unit, ...]:
    """Return the neurons of a layer at their places; none of an affine layer.

    >>> [unit.neuron.name for unit in units(ReLU(2, (1,)))]
    ['pass', 'relu']
    """
    require(layer, Layer, "a layer")
    return () if isinstance(layer, Affine) else layer.units


def bending(layer: Layer) -> tuple[Unit, ...]:
    """Return the neurons of a layer that have more than one piece.

    >>> [unit.inputs for unit in bending(ReLU(3, (0, 2)))]
    [(0,), (2,)]
    """
    return tuple(unit for unit in units(layer) if unit.bends)


def affine_part(layer: ReLU | Identity | Neurons, pieces: Iterable[Piece]) -> Affine:
    """Return the map that a layer is where its bending neurons are in the given pieces.

    >>> affine_part(ReLU(2, (1,)), [Rectifier().piece(0)]).weight
    ((Fraction(1, 1), Fraction(0, 1)), (Fraction(0, 1), Fraction(0, 1)))
    """
    require(layer, Layer, "a layer")
    pieces = all_of(pieces, Piece, "pieces")
    count = sum(unit.bends for unit in layer.units)
    if len(pieces) != count:
        raise DimensionError(f"found {amount(len(pieces), 'piece')}, expected {count}")
    known = iter(pieces)
    rows: list[SparseVector] = []
    bias: list[Fraction] = []
    for unit in layer.units:
        image = (next(known) if unit.bends else unit.neuron.piece(0)).image
        rows += map(unit.form, image.rows)
        bias += image.bias
    return Affine(tuple(rows), tuple(bias), layer.in_dim)


def kind(layer: Layer) -> str:
    """Return what a layer is called.

    >>> kind(ReLU(2)), kind(Identity(2))
    ('ReLU', 'identity')
    """
    require(layer, Layer, "a layer")
    match layer:
        case Affine():
            return "affine"
        case ReLU():
            return "ReLU"
        case Identity():
            return "identity"
        case Neurons():
            return _few(list(dict.fromkeys(neuron.name for neuron, _ in layer.placed)))
        case _:
            assert_never(layer)


def rectified(layer: Layer) -> tuple[int, ...]:
    """Return the coordinates that a layer rectifies; the layer must have no other neurons.

    For what is about ReLU networks alone: raises :class:`UnsupportedNeuronError` for others.

    >>> rectified(ReLU(3, (0, 2))), rectified(Identity(3))
    ((0, 2), ())
    """
    require(layer, Layer, "a layer")
    match layer:
        case Affine() | Identity():
            return ()
        case ReLU():
            return layer.active
        case Neurons():
            raise UnsupportedNeuronError(
                f"found a layer of {kind(layer)}, expected affine, ReLU and identity layers"
            )
        case _:
            assert_never(layer)


def _alone(neuron: Neuron, place: int) -> Unit:
    return Unit(neuron, (place,), (place,))


def _pair(entry: tuple[Neuron, Iterable[int]]) -> tuple[Neuron, tuple[int, ...]]:
    """Return a neuron and the coordinates that it reads, which are given as a pair."""
    match entry:
        case (neuron, read) if hasattr(neuron, "component"):
            return neuron, tuple(whole(j, "a coordinate") for j in listed(read, "coordinates"))
        case _:
            raise ArgumentError(f"found {shown(entry)}, expected a neuron and its coordinates")


def _told(placed: Iterable[tuple[Neuron, tuple[int, ...]]]) -> str:
    """Return the names of neurons, those of equal neighbours once."""
    runs = ((name, sum(1 for _ in run)) for name, run in groupby(n.name for n, _ in placed))
    return _few([name if size == 1 else f"{size} x {name}" for name, size in runs])


def _few(names: Sequence[str]) -> str:
    """Return names one after the other, cut after some."""
    rest = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" and {rest} more" if rest > 0 else "")
