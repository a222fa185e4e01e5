r"""Trained parameters, and the exact networks that they become.

Numbers are rounded towards zero to multiples of :math:`2^{-b}`: a row of 1-norm at most 1 stays
one, and its norm is at most 1 exactly, as the constructors of
:mod:`polyrelax.networks.lipschitz` ask.  A row of floats that add up to more, by rounding, is
divided by its norm before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, Protocol, TypeAlias, assert_never, final, get_args

from polyrelax.arithmetic.arguments import dimension, require
from polyrelax.arithmetic.limbs import Doubles
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, from_float, shown
from polyrelax.errors import UnknownNameError
from polyrelax.networks.layers import Affine, Layer, Neurons, ReLU
from polyrelax.networks.lipschitz import (
    distance_neurons,
    geometric_weights,
    group_sort,
    norm_bounded,
    sort_neurons,
)
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.absolute import Absolute

TERMS: Final = 10
"""The terms of a sort that the short form of SortNet keeps."""

Activation: TypeAlias = Literal["absolute", "maxmin"]


class Trained(Protocol):
    """Parameters of a network in floats."""

    def network(self, bits: int) -> Network:
        """Return the network of the parameters as multiples of ``2**-bits``."""


@final
@dataclass(frozen=True, eq=False)
class SortNet:
    """Centres of the neurons of each layer, and what is added to the distances of the last.

    The first layer has distances; behind it neurons weigh sorted distances by powers of
    ``ratio``.  Scores are minus the values of the last layer.
    """

    centers: tuple[Doubles, ...]
    bias: Doubles
    ratio: Fraction

    def network(self, bits: int, terms: int | None = None) -> Network:
        """Return the network, with sorts of all terms, or normalised of the first ones alone.

        >>> import numpy as np
        >>> centers = (np.array([[0.0, 1.0]]), np.array([[0.5], [3.0]]))
        >>> net = SortNet(centers, np.zeros(2), Fraction(1, 4)).network(8)
        >>> [str(y) for y in net([2, 0])]  # |(2, -1)| = 2, and 3/4 of |2 - 1/2| and |2 - 3|
        ['-9/8', '-3/4']
        """
        first, *others = self.centers
        layers = [*distance_neurons(rounded(first, bits), [ZERO] * len(first)).layers]
        for centers in others:
            weights = geometric_weights(self.ratio, centers.shape[1], terms)
            rows = [_rounded(weights, bits)] * len(centers)
            layers += sort_neurons(rows, rounded(-centers, bits)).layers
        (bias,) = rounded(-self.bias[None], bits)
        minus = (((k, -ONE),) for k in range(len(bias)))
        return Network((*layers, Affine(minus, bias, len(bias))))


@final
@dataclass(frozen=True, eq=False)
class NormBounded:
    """Affine maps with rows of 1-norm at most 1, and an activation between neighbours.

    Raises :class:`UnknownNameError` for another activation.
    """

    weights: tuple[Doubles, ...]
    biases: tuple[Doubles, ...]
    activation: Activation

    def __post_init__(self) -> None:
        require_activation(self.activation)

    def network(self, bits: int) -> Network:
        """Return the network; MaxMin takes neighbours in pairs.

        >>> import numpy as np
        >>> rows = np.eye(2), np.array([[0.5, 0.5]])
        >>> NormBounded(rows, (np.zeros(2), np.zeros(1)), "absolute").network(4)([-1, 2])
        (Fraction(3, 2),)
        """
        maps = []
        for weight, bias in zip(self.weights, self.biases, strict=True):
            rows = [_rounded(_shrunk(row), bits) for row in weight.tolist()]
            (shifts,) = rounded(bias[None], bits)
            maps.append(norm_bounded(Affine.dense(rows, shifts)))
        return _chain(maps, [_bent(each.out_dim, self.activation) for each in maps[:-1]])


@final
@dataclass(frozen=True, eq=False)
class Rectified:
    """Affine maps, with ReLUs between neighbours."""

    weights: tuple[Doubles, ...]
    biases: tuple[Doubles, ...]

    def network(self, bits: int) -> Network:
        """Return the network.

        >>> import numpy as np
        >>> net = Rectified((np.array([[3.3]]), np.array([[-1.0]])), (np.zeros(1),) * 2)
        >>> net.network(1)([2])  # 3.3 is rounded to 3
        (Fraction(-6, 1),)
        """
        pairs = zip(self.weights, self.biases, strict=True)
        maps = [_affine(weight, bias, bits) for weight, bias in pairs]
        return _chain(maps, [ReLU(each.out_dim) for each in maps[:-1]])


def require_activation(name: str) -> None:
    """Raise :class:`UnknownNameError` unless an activation has this name.

    >>> require_activation("relu")
    Traceback (most recent call last):
    polyrelax.errors.UnknownNameError: found activation 'relu', expected absolute or maxmin
    """
    require(name, str)
    known = get_args(Activation)
    if name not in known:
        raise UnknownNameError(f"found activation {shown(name)}, expected {' or '.join(known)}")


def rounded(values: Doubles, bits: int) -> tuple[Vector, ...]:
    """Return the rows of an array, rounded towards zero to multiples of ``2**-bits``.

    >>> import numpy as np
    >>> [[str(a) for a in row] for row in rounded(np.array([[0.7, -0.7]]), 2)]
    [['1/2', '-1/2']]
    """
    return tuple(_rounded(_exact(row), bits) for row in values.tolist())


def _rounded(row: Vector, bits: int) -> Vector:
    unit = 2 ** dimension(bits, "a number of bits")
    return tuple(Fraction(int(a * unit), unit) for a in row)


def _exact(row: Iterable[float]) -> Vector:
    return tuple(map(from_float, row))


def _shrunk(row: Iterable[float]) -> Vector:
    """Return a row, divided by its 1-norm if that is more than 1."""
    given = _exact(row)
    norm = max(sum(map(abs, given), ZERO), ONE)
    return tuple(a / norm for a in given)


def _affine(weight: Doubles, bias: Doubles, bits: int) -> Affine:
    return Affine.dense(rounded(weight, bits), rounded(bias[None], bits)[0])


def _bent(width: int, activation: Activation) -> Neurons:
    match activation:
        case "absolute":
            return Neurons(width, tuple((Absolute(), (j,)) for j in range(width)))
        case "maxmin":
            return group_sort(width, 2)
        case _:
            assert_never(activation)


def _chain(maps: Sequence[Affine], bent: Sequence[Layer]) -> Network:
    """Return the network of affine maps, and what bends their values between them."""
    pairs = zip(maps, bent, strict=False)
    return Network((*(layer for pair in pairs for layer in pair), maps[-1]))
