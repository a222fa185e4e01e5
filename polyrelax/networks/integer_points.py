r"""The values of a network at many points at once, exactly, in integers.

Points are rows of integers over one denominator.  An affine layer makes that a multiple of
itself; a maximum or a sort of numbers over one denominator is that of the integers, so that no
pieces are looked for, and a sort of 64 numbers costs what sorting costs.  Integers have 64 bits
where a bound of the layer's values proves that nothing overflows, and any length elsewhere.

Kernel: arrays inside.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias, cast, final

import numpy as np

from polyrelax.arithmetic.arguments import integer_of, require
from polyrelax.arithmetic.limbs import Integers
from polyrelax.arithmetic.rational import Scalar, Vector, matrix, shown
from polyrelax.errors import ArgumentError, DimensionError
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.minimum import Minimum
from polyrelax.networks.neurons.neuron import Neuron
from polyrelax.networks.neurons.passing import Pass
from polyrelax.networks.neurons.relu import Rectifier
from polyrelax.networks.neurons.sort import Sort
from polyrelax.networks.units import Unit
from polyrelax.networks.walk import Bending, last_state

Whole: TypeAlias = Integers
"""Integers of 64 bits, or in their place Python's, with which numpy computes likewise."""

_KNOWN: Final = (Pass, Rectifier, Absolute, Maximum, Minimum, MaxMin, Sort)
_SAFE: Final = 2**62


@final
@dataclass(frozen=True, eq=False)
class IntegerPoints:
    """Points, one a row of ``numbers``, whose entries count for ``1 / denominator`` each.

    Raises :class:`ArgumentError` for other arrays than rows of integers.
    """

    numbers: Whole
    denominator: int

    def __post_init__(self) -> None:
        require(self.numbers, np.ndarray)
        if self.numbers.ndim != 2:
            raise ArgumentError("found another array, expected rows of integers")
        object.__setattr__(self, "numbers", _safe(self.numbers))
        if integer_of(self.denominator) is None or self.denominator < 1:
            found = f"found the denominator {shown(self.denominator)}"
            raise ArgumentError(f"{found}, expected a whole number above 0")

    @classmethod
    def of(cls, points: Iterable[Iterable[Scalar]]) -> IntegerPoints:
        """Return some points, one at least.

        >>> found = IntegerPoints.of([["1/2", 1], [0, "1/3"]])
        >>> found.numbers.tolist(), found.denominator
        ([[3, 6], [0, 2]], 6)
        """
        rows = matrix(points)
        if not rows:
            raise DimensionError("found no points, expected one at least")
        common = math.lcm(*(a.denominator for row in rows for a in row))
        numbers = [[a.numerator * (common // a.denominator) for a in row] for row in rows]
        found = np.array(numbers, dtype=np.object_).reshape(len(rows), len(rows[0]))
        return cls(cast("Whole", found), common)

    def vectors(self) -> tuple[Vector, ...]:
        """Return the points as vectors.

        >>> [str(a) for a in IntegerPoints.of([["1/2", 1]]).vectors()[0]]
        ['1/2', '1']
        """
        common = self.denominator
        return tuple(tuple(Fraction(a, common) for a in row) for row in self.numbers.tolist())


def values_at(network: Network, points: IntegerPoints) -> IntegerPoints:
    """Return the values of a network at some points, in their order.

    >>> from polyrelax.networks.gallery import maximum
    >>> found = values_at(maximum(2), IntegerPoints.of([["1/2", 1], [3, "1/3"]]))
    >>> [str(y) for (y,) in found.vectors()]
    ['1', '3']
    """
    require(network, Network)
    require(points, IntegerPoints)
    if points.numbers.shape[1] != network.in_dim:
        raise DimensionError(
            f"found points of {points.numbers.shape[1]} coordinates, expected {network.in_dim}"
        )
    return last_state(network, points, _image, _behind)


def _behind(points: IntegerPoints, layer: Bending, _index: int) -> IntegerPoints:
    """Return the values of a layer of neurons."""
    if all(isinstance(unit.neuron, _KNOWN) for unit in layer.units):
        return IntegerPoints(
            _bent(layer.units, layer.out_dim, points.numbers), points.denominator
        )
    return IntegerPoints.of(layer(x) for x in points.vectors())


def _image(points: IntegerPoints, layer: Affine, _index: int) -> IntegerPoints:
    """Return the values of an affine map, each a sum over the places of its rows' entries."""
    entries = math.lcm(*(a.denominator for row in layer.rows for _, a in row))
    shifts = math.lcm(*(b.denominator for b in layer.bias))
    common = math.lcm(points.denominator * entries, shifts)
    scale = common // points.denominator
    rows = [[(j, a.numerator * (scale // a.denominator)) for j, a in row] for row in layer.rows]
    bias = [b.numerator * (common // b.denominator) for b in layer.bias]
    norm = max((sum(abs(a) for _, a in row) for row in rows), default=0) or 1
    largest = max(int(points.numbers.max(initial=1)), -int(points.numbers.min(initial=-1)))
    is_short = norm * largest + max(map(abs, bias), default=0) < _SAFE
    kind = np.int64 if is_short else np.object_
    numbers = cast("Whole", points.numbers.T.astype(kind, order="C"))
    total = np.zeros((len(rows), numbers.shape[1]), dtype=numbers.dtype)
    total += np.array(bias, dtype=numbers.dtype)[:, None]
    for k in range(max(map(len, rows), default=0)):
        column = [row[k] if k < len(row) else (0, 0) for row in rows]
        places, factors = zip(*column, strict=True)
        total += numbers[list(places)] * np.array(factors, dtype=numbers.dtype)[:, None]
    return IntegerPoints(total.T, common)


def _bent(units: Sequence[Unit], width: int, numbers: Whole) -> Whole:
    """Return the values of neurons, those of one kind at once."""
    across = np.ascontiguousarray(numbers.T)
    found = np.empty((width, len(numbers)), dtype=numbers.dtype)
    for neuron in dict.fromkeys(unit.neuron for unit in units):
        alike = [unit for unit in units if unit.neuron == neuron]
        read = np.array([unit.inputs for unit in alike])
        given = np.array([unit.outputs for unit in alike])
        found[given] = _value(neuron, across[read])
    return found.T


def _value(neuron: Neuron, z: Whole) -> Whole:
    """Return the values of a neuron of a kind that is known here, along the middle axis."""
    match neuron:
        case Rectifier():
            return np.maximum(z, 0)
        case Absolute():
            return abs(z)
        case Maximum():
            return cast("Whole", z.max(axis=1, keepdims=True))
        case Minimum():
            return cast("Whole", z.min(axis=1, keepdims=True))
        case MaxMin() | Sort():
            return np.sort(z, axis=1)[:, ::-1]
        case _:
            return z


def _safe(numbers: Whole) -> Whole:
    """Return integers in 64 bits if these hold them and their opposites, else Python's."""
    if numbers.dtype == np.int64 and np.all((numbers > -_SAFE) & (numbers < _SAFE)):
        return numbers
    entries = numbers.ravel().tolist()
    if not all(type(entry) is int for entry in entries):
        raise ArgumentError("found an array of other numbers, expected integers")
    is_short = all(-_SAFE < entry < _SAFE for entry in entries)
    return cast("Whole", numbers.astype(np.int64 if is_short else np.object_))
