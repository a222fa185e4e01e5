r"""Cases of properties excluded box by box, in integers: input splitting.

A case asks for :math:`v_i(x) = \langle c_i, f(x)\rangle - b_i \le 0` for all rows :math:`i`. It
occurs nowhere on a box where

.. math:: \sum_i \lambda_i v_i > 0, \qquad \lambda_i \ge 0,

and boxes where no bound shows that are halved.  The bound is that of back-substitution
:cite:p:`zhang2018crown`: for a rectifier :math:`h = \max(z, 0)` with :math:`l \le z \le u` and
any multiplier :math:`m` of its input,

.. math:: p h \ge m z + \min_{(z, h)} (p h - m z), \qquad (z, h) \in \{(l, 0), (0, 0), (u, u)\}.

So :math:`m` may be rounded, and is, to 22 bits at each layer; everything else is rounded
outward.  :math:`\lambda` is in sixteenths and chosen by floats, as is the input that is halved:
whatever they choose, what is proved is proved.  The bounds of values before rectifiers are
intervals and, where these do not decide the sign, back-substituted.

How exactly numbers are rounded is the meaning of a certificate's tree, and the checker
(:mod:`polyrelax.certificates.check`) does the same: what one of them proves, so does the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Final, final

import numpy as np

from polyrelax.arithmetic.arguments import exact
from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.arithmetic.rational import Vector
from polyrelax.networks.layers import Affine, ReLU
from polyrelax.networks.network import Network
from polyrelax.networks.properties import Row
from polyrelax.verification.halves_kernel import (
    ENDS,
    HIGH,
    KERNEL,
    LOW,
    ROWS_AT_ONCE,
    Bounds,
    Weights,
    explore,
)

NODES: Final = 256
"""How many nodes a step of the search writes at most."""
SETTLED: Final = -3
"""The node of a box that was excluded otherwise."""
_PATIENCE: Final = 4_000
"""After so many nodes, some seconds, boxes are hard."""
_WIDEST: Final = 256
_MOST_INPUTS: Final = 64
_DEPTH: Final = 2 + _MOST_INPUTS * 32
_MOST_SUM: Final = 1 << 31
_FARTHEST: Final = 1 << 28


@final
@dataclass(frozen=True)
class Step:
    """What a step of the search wrote, a point to look at, and the boxes that are open.

    ``boxes`` are the least and the greatest inputs of each one, to floats.
    """

    nodes: tuple[int | tuple[int, ...], ...]
    is_stuck: bool
    point: Vector | None
    boxes: Doubles


@final
@dataclass(frozen=True, eq=False)
class HardBox:
    """A box and bounds of the values before each layer of rectifiers, over ``2**ENDS``."""

    box: Integers
    lower: Integers
    upper: Integers


@final
@dataclass(frozen=True, eq=False)
class Halving:
    """A case in the kernel's arrays, over a box of inputs over ``2**ENDS``."""

    weights: Weights
    root: Integers
    least: int

    @classmethod
    def of(
        cls, network: Network, rows: Sequence[Row], root: Sequence[tuple[int, int]]
    ) -> Halving | None:
        """Return the search for inputs of a box that satisfy rows of outputs alone.

        ``None`` for networks that it is not made for: of other layers than affine ones with
        rectifiers between them, wider ones, or with weights of other sizes; and where there is
        no C compiler.
        """
        if not rows or not root or min(network.widths) == 0 or len(root) > _MOST_INPUTS:
            return None
        if KERNEL.functions is None:
            return None
        ends, layers = np.array(root, dtype=object).T, _scaled_layers(network)
        if layers is None or np.abs(ends).max() >= _FARTHEST:
            return None
        matrix, bias = layers[-1]
        layers[-1] = _outputs(matrix, bias, rows)
        weights = _weights(layers, len(root))
        least = 0 if all(row.is_strict for row in rows) else 1
        return None if weights is None else cls(weights, ends.astype(np.int64), least)

    def steps(self, settled: Callable[[HardBox], bool] | None = None) -> Iterator[Step]:
        """Yield what is found, until no box is open.

        After many nodes ``settled`` is asked about boxes that bounds do not decide: whether
        they are excluded otherwise.  Their node is ``SETTLED``.
        """
        many, dim = int(self.weights.widths[-1]), self.root.shape[1]
        stack = np.zeros((_DEPTH, 2, dim), np.int64)
        stack[:2] = self.root
        state, written = np.array([1, self.least, 0]), np.zeros((NODES, 1 + many), np.int64)
        places = _places(self.weights)
        total = 0
        while state[0]:
            is_hard = settled is not None and total >= _PATIENCE
            count = explore(
                self.weights, stack, state, written[: 1 if is_hard else NODES], places
            )
            total += count
            is_bounded = places.lower[0, 0] <= places.upper[0, 0]
            if is_hard and is_bounded and settled is not None and written[0, 0] >= 0:
                lower, upper = stack[state[0]], stack[state[0] - 1]  # its halves
                box = np.stack([lower[0], upper[1]])
                if settled(HardBox(box, places.lower, places.upper)):
                    state[0] -= 2
                    written[0, 0] = SETTLED
            rows = written[:count].tolist()
            nodes = tuple(tuple(row[1:]) if row[0] == -1 else row[0] for row in rows)
            point = tuple(Fraction(x, 1 << ENDS) for x in stack[-1, 0].tolist())
            boxes = stack[1 : 1 + state[0]].astype(np.float64) * 2.0**-ENDS
            yield Step(nodes, -2 in nodes, point if state[2] else None, boxes)


def whole_ends(lower: Fraction, upper: Fraction) -> tuple[int, int]:
    """Return the ends of an interval over ``2**ENDS``, rounded outward.

    >>> whole_ends(Fraction(0), Fraction(1, 2**27))
    (0, 1)
    """
    lower, upper = exact(lower), exact(upper)
    return (
        (lower.numerator << ENDS) // lower.denominator,
        -((-upper.numerator << ENDS) // upper.denominator),
    )


def _scaled_layers(network: Network) -> list[tuple[Integers, Integers]] | None:
    """Return the affine layers times ``2**LOW``, as fractions, if only ReLUs are between."""
    layers = network.layers
    if len(layers) % 2 == 0 or max(network.widths[1:]) > _WIDEST:
        return None
    found = []
    for k, layer in enumerate(layers):
        match layer:
            case Affine() if k % 2 == 0:
                found.append((_scaled(layer.weight), _scaled([layer.bias])[0]))
            case ReLU() if k % 2 == 1 and len(layer.active) == layer.width:
                continue
            case _:
                return None
    return found


def _scaled(rows: Sequence[Vector]) -> Integers:
    return np.array([[value * (1 << LOW) for value in row] for row in rows], dtype=object)


def _outputs(
    matrix: Integers, bias: Integers, rows: Sequence[Row]
) -> tuple[Integers, Integers]:
    """Return form minus offset of each row as a layer, the form's numbers coprime integers."""
    forms, offsets = [], []
    for row in rows:
        scale = lcm(*(c.denominator for _, c in row.outputs))
        common = gcd(*(int(c * scale) for _, c in row.outputs))
        form = [(j, int(c * scale) // common) for j, c in row.outputs]
        offset = -row.offset * scale * (1 << LOW) / common
        forms.append(sum(c * matrix[j] for j, c in form))
        shift = sum(c * bias[j] for j, c in form)
        offsets.append(Fraction(shift.__floor__() + offset.__floor__()))
    return np.array(forms, dtype=object), np.array(offsets, dtype=object)


def _weights(layers: Sequence[tuple[Integers, Integers]], dim: int) -> Weights | None:
    """Return the layers in limbs, if all sums of products stay small."""
    size = max(dim, *(len(matrix) for matrix, _ in layers))
    shape = len(layers), size, size
    high, low, doubles = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    bias = np.zeros((3, len(layers), size))
    slack = 0
    for k, fractions in enumerate(layers):
        (matrix, shift), rest = _floored(fractions)
        slack = max(slack, rest)
        place = k, slice(matrix.shape[0]), slice(matrix.shape[1])
        if max(np.abs(matrix).max(), np.abs(shift).max()) >= _MOST_SUM << (LOW - HIGH):
            return None
        high[place], low[place], doubles[place] = _limbs(matrix)
        bias[:, k, : len(shift)] = _limbs(shift)
    columns = max(np.abs(high).sum(axis=1).max(), np.abs(low).sum(axis=1).max())
    if max(columns, np.abs(bias[:2]).sum(axis=2).max()) >= _MOST_SUM:
        return None
    sums = [
        np.abs(part).sum(axis=2) + np.abs(b) for part, b in ((high, bias[0]), (low, bias[1]))
    ]
    widths = np.array([dim, *(len(matrix) for matrix, _ in layers)])
    return Weights(
        high, low, bias[0], bias[1], doubles, bias[2], widths, np.max(sums, axis=2), slack
    )


def _floored(
    layer: tuple[Integers, Integers],
) -> tuple[tuple[Integers, Integers], int]:
    """Return fractions rounded down to integers, and 1 if that changes one, else 0."""
    whole = np.vectorize(lambda value: value.__floor__(), otypes=[object])
    matrix, shift = whole(layer[0]), whole(layer[1])
    same = bool((matrix == layer[0]).all() and (shift == layer[1]).all())
    return (matrix, shift), int(not same)


def _limbs(values: Integers) -> tuple[Doubles, Doubles, Doubles]:
    """Return the limbs of numbers, and the nearest doubles."""
    cut = LOW - HIGH
    high = (values + (1 << (cut - 1))) >> cut
    whole = values.astype(np.float64) * 2.0**-LOW
    return high.astype(np.float64), (values - (high << cut)).astype(np.float64), whole


def _places(weights: Weights) -> Bounds:
    """Return room for the kernel."""
    layers, size = weights.high.shape[:2]
    whole, numbers = (np.zeros((layers, size), np.int64) for _ in range(2)), np.zeros(size)
    lower, upper = whole
    return Bounds(
        lower,
        upper,
        np.zeros_like(lower),
        np.zeros((2, size)),
        np.zeros(size, np.int64),
        numbers,
        np.zeros(size),
        np.zeros(size, np.int64),
        np.zeros(size + ROWS_AT_ONCE, np.int64),
        np.zeros(size + ROWS_AT_ONCE),
    )
