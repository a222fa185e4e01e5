r"""Networks: sequences of layers, evaluated exactly, composed and set side by side.

A network is :math:`f = f_L \circ \dots \circ f_1`; its *activations* at :math:`x` are
:math:`v^{(0)} = x` and :math:`v^{(i)} = f_i(v^{(i-1)})`.  Affine layers, layers of
neurons and identity layers count one each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias, assert_never, final

from polyrelax.arithmetic.arguments import all_of, listed, require, whole
from polyrelax.arithmetic.rational import ONE, ZERO, Scalar, SparseVector, Vector, shown
from polyrelax.arithmetic.words import amount
from polyrelax.errors import ArgumentError, DimensionError
from polyrelax.networks.dimensions import point_of
from polyrelax.networks.display import chain_latex
from polyrelax.networks.layers import (
    Affine,
    Identity,
    Layer,
    Neurons,
    ReLU,
    affine_part,
    bending,
    kind,
    rectified,
)

if TYPE_CHECKING:  # numpy takes longer to import than most small networks to bound
    import numpy.typing as npt


@final
@dataclass(frozen=True)
class Network:
    """A sequence of one or more layers, each reading what the one before gives.

    >>> from polyrelax.arithmetic.rational import vector
    >>> magnitude = network(([[1], [-1]], [0, 0]), ([[1, 1]], [0]))
    >>> magnitude.widths, magnitude(vector([-3]))
    ((1, 2, 2, 1), (Fraction(3, 1),))
    """

    layers: tuple[Layer, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", listed(self.layers, "layers"))
        for layer in self.layers:
            require(layer, Layer, "a layer")
        if not self.layers:
            raise DimensionError("found a network without layers, expected at least one")
        for i, (before, here) in enumerate(pairwise(self.layers), start=1):
            if before.out_dim != here.in_dim:
                raise DimensionError(
                    f"layer {i} ({here!r}) reads {amount(here.in_dim, 'value')}, "
                    f"layer {i - 1} ({before!r}) gives {before.out_dim}"
                )

    @classmethod
    def from_arrays(
        cls, weights: Sequence[npt.ArrayLike], biases: Sequence[npt.ArrayLike] | None = None
    ) -> Network:
        """Return affine maps with ReLUs between neighbours, floats being what they are exactly.

        A weight has a row for each output; without biases they are zero.  The door for
        floats: :func:`network` refuses them.

        >>> net = Network.from_arrays([[[0.5], [-1.0]], [[1, 1]]], [[0, 0.25], [0]])
        >>> [str(value) for value in net([3])]
        ['3/2']
        """
        given = listed(weights, "matrices")
        shifts = (None,) * len(given) if biases is None else listed(biases, "vectors")
        if len(given) != len(shifts) or not given:
            found = (
                f"{amount(len(given), 'weight')} and {amount(len(shifts), 'bias', 'biases')}"
            )
            raise DimensionError(f"found {found}, expected the same number, at least one")
        from polyrelax.networks.arrays import affine_of  # noqa: PLC0415

        maps = [affine_of(*pair) for pair in zip(given, shifts, strict=True)]
        return cls(rectified_between(maps))

    @property
    def in_dim(self) -> int:
        """The number of inputs."""
        return self.layers[0].in_dim

    @property
    def out_dim(self) -> int:
        """The number of outputs."""
        return self.layers[-1].out_dim

    @property
    def widths(self) -> tuple[int, ...]:
        """The number of inputs, then of values after each layer."""
        return (self.in_dim, *(layer.out_dim for layer in self.layers))

    @property
    def neuron_count(self) -> int:
        """The number of neurons, not counting what passes."""
        return sum(len(bending(layer)) for layer in self.layers)

    def __call__(self, x: Iterable[Scalar]) -> Vector:
        """Return the value at ``x``."""
        return self.activations(x)[-1]

    def activations(self, x: Iterable[Scalar]) -> tuple[Vector, ...]:
        """Return ``x`` and the value after each layer."""
        values = [point_of(x, self.in_dim)]
        for layer in self.layers:
            values.append(layer(values[-1]))
        return tuple(values)

    def prefix(self, depth: int) -> Network:
        """Return the first ``depth`` layers; an identity layer if there are none."""
        return Network(
            self.layers[: whole(depth, "a number of layers")] or (Identity(self.in_dim),)
        )

    def suffix(self, depth: int) -> Network:
        """Return the layers after the first ``depth``; an identity layer if there are none."""
        return Network(
            self.layers[whole(depth, "a number of layers") :] or (Identity(self.out_dim),)
        )

    def __matmul__(self, inner: Network) -> Network:
        """Return the network of ``x -> self(inner(x))``, all layers kept."""
        if not isinstance(inner, Network):
            return NotImplemented
        return Network((*inner.layers, *self.layers))

    def __repr__(self) -> str:
        return f"Network({' '.join(map(repr, self.layers))})"

    def _repr_latex_(self) -> str:
        names = map(kind, self.layers)
        return chain_latex(self.widths, (name[0].upper() + name[1:] for name in names))


WeightAndBias: TypeAlias = tuple[Iterable[Iterable[Scalar]], Iterable[Scalar]]


def network(*affine: WeightAndBias) -> Network:
    """Return the network of the given affine maps with a ReLU between neighbours.

    >>> network(([[2]], [1]), ([[1]], [0])).widths
    (1, 1, 1, 1)
    """
    return Network(rectified_between([Affine.dense(*pair) for pair in map(_pair, affine)]))


def rectified_between(maps: Iterable[Affine]) -> tuple[Layer, ...]:
    """Return affine maps as layers, with a ReLU between neighbours.

    >>> rectified_between([Affine.dense([[1]])] * 2)
    (Affine(1 -> 1), ReLU(width=1, neurons=None), Affine(1 -> 1))
    """
    affine = all_of(maps, Affine, "affine maps")
    layers = [layer for each in affine for layer in (each, ReLU(each.out_dim))]
    return tuple(layers[:-1])


def _pair(entry: WeightAndBias) -> WeightAndBias:
    match entry:
        case (weight, bias):
            return weight, bias
        case _:
            raise ArgumentError(f"found {shown(entry)}, expected a weight and a bias")


def compose(inner: Network, outer: Network) -> Network:
    """Return the network of ``x -> outer(inner(x))``, which is ``outer @ inner``.

    >>> increment = network(([[1]], [1]))
    >>> compose(increment, increment)((ONE,))
    (Fraction(3, 1),)
    """
    require(inner, Network)
    require(outer, Network)
    return outer @ inner


def concatenate(first: Network, second: Network) -> Network:
    """Return the network of ``x -> (first(x), second(x))``, layers side by side.

    Affine layers are paired with affine layers and neurons with neurons as far as they come
    in the same order; otherwise one network waits.

    >>> both = concatenate(network(([[1]], [1])), Network((ReLU(1),)))
    >>> [str(value) for value in both((-ONE,))]
    ['0', '0']
    """
    require(first, Network)
    require(second, Network)
    if first.in_dim != second.in_dim:
        raise DimensionError(
            f"the networks read {first.in_dim} and {amount(second.in_dim, 'value')}, "
            "expected the same number"
        )
    inputs = range(first.in_dim)
    copy = Affine.select([*inputs, *inputs], first.in_dim)
    start, *rest = _side_by_side(first, second)
    if isinstance(start, Affine):
        return Network((start.after(copy), *rest))
    return Network((copy, start, *rest))


def residual(branch: Network) -> Network:
    """Return the network of ``x -> x + branch(x)``: a skip connection.

    >>> residual(network(([[2]], [1])))((ONE,))
    (Fraction(4, 1),)
    """
    require(branch, Network)
    if branch.in_dim != branch.out_dim:
        raise DimensionError(
            f"found a branch from {branch.in_dim} to {amount(branch.out_dim, 'value')}, "
            "expected the same number"
        )
    width = branch.out_dim
    both = concatenate(Network((Identity(width),)), branch)
    rows = tuple(((j, ONE), (width + j, ONE)) for j in range(width))
    return Network((*both.layers, Affine(rows, (ZERO,) * width, 2 * width)))


def _side_by_side(first: Network, second: Network) -> Iterator[Layer]:
    """Yield layers that run ``first`` and ``second`` on two blocks of coordinates."""
    upper, lower = list(first.layers), list(second.layers)
    above, below = first.in_dim, second.in_dim
    while upper or lower:
        turn = min(_turn(layers[0]) for layers in (upper, lower) if layers)
        one = upper.pop(0) if upper and _turn(upper[0]) == turn else Identity(above)
        two = lower.pop(0) if lower and _turn(lower[0]) == turn else Identity(below)
        yield _beside(one, two)
        above, below = one.out_dim, two.out_dim


def _turn(layer: Layer) -> int:
    """Return when a layer comes: neurons wait for affine layers, these for identities."""
    match layer:
        case Identity():
            return 0
        case Affine():
            return 1
        case ReLU() | Neurons():
            return 2
        case _:
            assert_never(layer)


def _beside(one: Layer, two: Layer) -> Layer:
    """Return the layer of ``(x, y) -> (one(x), two(y))`` for layers that may be paired."""
    width = one.in_dim + two.in_dim
    if isinstance(one, Affine) or isinstance(two, Affine):
        above, below = _as_affine(one), _as_affine(two)
        rows = (*above.rows, *(_shift(row, one.in_dim) for row in below.rows))
        return Affine(rows, above.bias + below.bias, width)
    if isinstance(one, Identity) and isinstance(two, Identity):
        return Identity(width)
    if isinstance(one, Neurons) or isinstance(two, Neurons):
        placed = [(unit.neuron, unit.inputs) for unit in one.units]
        placed += [(u.neuron, tuple(one.in_dim + j for j in u.inputs)) for u in two.units]
        return Neurons(width, tuple(placed))
    neurons = (*rectified(one), *(one.width + j for j in rectified(two)))
    return ReLU(width, None if len(neurons) == width else neurons)


def _as_affine(layer: Layer) -> Affine:
    """Return an affine or an identity layer as an affine map."""
    return layer if isinstance(layer, Affine) else affine_part(layer, ())


def _shift(row: SparseVector, distance: int) -> SparseVector:
    return tuple((j + distance, value) for j, value in row)
