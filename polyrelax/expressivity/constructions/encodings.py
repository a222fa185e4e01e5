"""Encodings of monotone, convex and other functions, each in one or two hidden layers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import (
    ONE,
    ZERO,
    Scalar,
    SparseVector,
    Vector,
    matrix,
    vector,
)
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.expressivity.constructions.shapes import negative
from polyrelax.expressivity.piecewise import Piecewise
from polyrelax.networks.gallery import ConvexLayer, convex_split_encoding, input_convex
from polyrelax.networks.layers import Affine, Layer, ReLU, rectified
from polyrelax.networks.network import Network
from polyrelax.networks.rewrite import fold, negate

_Row = tuple[SparseVector, Fraction]


def monotone_encoding(function: Piecewise) -> Network:
    """Return a network of a monotone function with two hidden layers, precise for ``ibp``.

    Each inner piece is a ramp ``b - max(b - s max(x - x_i, 0), 0)``, each outer one a neuron.

    >>> ramp = Piecewise.of_slopes([0, 1, 0], [1, 2])
    >>> monotone_encoding(ramp).widths, Piecewise.of_network(monotone_encoding(ramp)) == ramp
    ((1, 1, 1, 1, 1, 1), True)
    """
    require(function, Piecewise)
    if not function.is_monotone:
        raise ShapeError(f"found {function}, expected a monotone function")
    if not function.breaks:
        return _affine(function)
    if max(function.slopes) <= 0:
        return negate(monotone_encoding(negative(function)))
    return _increasing(function)


def _affine(function: Piecewise) -> Network:
    (line,) = function.lines
    return Network((Affine.dense([[line.slope]], [line.offset]),))


def _increasing(function: Piecewise) -> Network:
    first, last = function.breaks[0], function.breaks[-1]
    left, *inner, right = function.slopes
    neurons: list[tuple[_Row, _Row, Fraction]] = []  # first layer, second layer, output weight
    for (a, b), slope in zip(pairwise(function.breaks), inner, strict=True):
        if slope:
            ramp = (((len(neurons), -slope),), slope * (b - a))
            neurons.append(((((0, ONE),), -a), ramp, -ONE))
    for slope, sign, kink in ((left, -ONE, first), (right, ONE, last)):
        if slope:
            through = (((len(neurons), ONE),), ZERO)
            neurons.append(((((0, sign),), -sign * kink), through, sign * slope))
    outputs = tuple((j, weight) for j, (_, _, weight) in enumerate(neurons))
    return Network(
        (
            _layer([row for row, _, _ in neurons], 1),
            ReLU(len(neurons)),
            _layer([row for _, row, _ in neurons], len(neurons)),
            ReLU(len(neurons)),
            _layer([(outputs, function(last))], len(neurons)),
        )
    )


def _layer(rows: Sequence[_Row], in_dim: int) -> Affine:
    return Affine(tuple(row for row, _ in rows), tuple(shift for _, shift in rows), in_dim)


def convex_minimal(function: Piecewise) -> Network:
    """Return the network of a convex function with the least neurons precise for ``dp0``.

    >>> absolute = Piecewise.of_slopes([-1, 1], [0])
    >>> convex_minimal(absolute).widths
    (1, 2, 2, 1)
    """
    require(function, Piecewise)
    if not function.is_convex:
        raise ShapeError(f"found {function}, expected a convex function")
    if not function.breaks:
        return _affine(function)
    at_first_kink = function(function.breaks[0])
    return convex_split_encoding(function.slopes, function.breaks, at_first_kink=at_first_kink)


def flat_encoding(function: Piecewise) -> Network:
    """Return the network with one hidden layer and a neuron max(x - x_i, 0) for each kink.

    The first line passes the ReLU.  The output is linear in the only ReLU layer, so P_1 is
    exact on every interval.

    >>> from polyrelax.networks.gallery import tent_merged
    >>> flat_encoding(Piecewise.of_network(tent_merged())).widths
    (1, 4, 4, 1)
    """
    require(function, Piecewise)
    kinks, first = function.breaks, function.lines[0]
    count = len(kinks)
    hidden = Affine.dense([[1]] * (count + 1), [*(-x for x in kinks), 0])
    changes = [after - before for before, after in pairwise(function.slopes)]
    output = Affine.dense([[*changes, first.slope]], [first.offset])
    return (
        Network((hidden, ReLU(count + 1, tuple(range(count))), output))
        if count
        else _affine(function)
    )


def maximum_of_affine(
    weights: Iterable[Iterable[Scalar]], offsets: Iterable[Scalar]
) -> Network:
    """Return the input-convex network of the greatest of some affine functions.

    With m_1 = a_1 it is m_k = max(m_(k-1) - a_k, 0) + a_k; P_1 is exact on every polytope.

    >>> top = maximum_of_affine([[1, 0], [0, 1], [-1, -1]], [0, 0, 0])
    >>> [str(top(vector(x))[0]) for x in ([3, 1], [-1, -1])]
    ['3', '2']
    """
    rows, shifts = matrix(weights), vector(offsets)
    if not rows or len(rows) != len(shifts):
        raise DimensionError(
            f"found {amount(len(rows), 'row')} and {amount(len(shifts), 'offset')}, "
            "expected the same number"
        )
    if len(rows) == 1:
        return Network((Affine.dense(rows, shifts),))
    hidden: list[ConvexLayer] = []
    for (before, b), (after, c) in pairwise(zip(rows, shifts, strict=True)):
        above: list[list[Fraction]] = [[ONE] if hidden else []]
        hidden.append((above, [_minus(before, after)], [b - c]))
    return input_convex(hidden, ([[ONE]], [rows[-1]], [shifts[-1]]))


def _minus(a: Vector, b: Vector) -> Vector:
    return tuple(x - y for x, y in zip(a, b, strict=True))


def merge_parallel(network: Network) -> Network:
    """Return the network with neurons made one whose inputs are positive multiples.

    As max(c z, 0) = c max(z, 0), the later ones become multiples of the first.

    >>> from polyrelax.networks.gallery import cancelling
    >>> merge_parallel(cancelling()).widths
    (1, 1, 1, 1)
    """
    require(network, Network)
    layers: list[Layer] = []
    for layer in network.layers:
        before = layers[-1] if layers else None
        active = rectified(layer)
        if active and isinstance(before, Affine):
            layers[-1:] = _merged(before, active)
        else:
            layers.append(layer)
    return fold(layers)


def _merged(inner: Affine, active: Sequence[int]) -> tuple[Layer, ...]:
    """Return the affine map to different neurons, the ReLU, and the map back."""
    kept: list[int] = []
    back: list[SparseVector] = []
    for i in range(inner.out_dim):
        same = [(k, _ratio(inner, i, j)) for k, j in enumerate(kept) if j in active]
        found = next(((k, c) for k, c in same if c > 0 and i in active), None)
        if found is None:
            found = (len(kept), ONE)
            kept.append(i)
        back.append((found,))
    first = Affine(
        tuple(inner.rows[i] for i in kept), tuple(inner.bias[i] for i in kept), inner.in_dim
    )
    bent = tuple(k for k, i in enumerate(kept) if i in active)
    after = Affine(tuple(back), (ZERO,) * inner.out_dim, len(kept))
    return first, ReLU(len(kept), bent), after


def _ratio(inner: Affine, i: int, j: int) -> Fraction:
    """Return the c with row i = c row j, or 0 if there is none."""
    mine = (*inner.weight[i], inner.bias[i])
    other = (*inner.weight[j], inner.bias[j])
    pivot = next((k for k, value in enumerate(other) if value), None)
    if pivot is None:
        return ZERO
    c = mine[pivot] / other[pivot]
    return c if mine == tuple(c * value for value in other) else ZERO
