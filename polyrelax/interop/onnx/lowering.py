r"""Piecewise linear operators, written as affine maps and ReLUs, exactly.

.. math::
   \max(a, b) &= b + \max(a - b, 0), \qquad |x| = x + 2 \max(-x, 0), \\
   \mathrm{leaky}_\alpha(x) &= \alpha x + (1 - \alpha) \max(x, 0), \\
   \min(\max(x, l), u) &= u - \max(u - l - \max(x - l, 0), 0).

The greatest of several numbers is that of the greatest of pairs, in a tree.  Each equation
holds for all numbers, so that the network computes the same function; what a relaxation finds
of it may be looser than what it would find of a neuron that computes the left side.
"""

from __future__ import annotations

from functools import reduce

import numpy as np
import numpy.typing as npt

from polyrelax.interop.onnx.call import Call
from polyrelax.interop.onnx.reals import Reals, alike, plus, real, real_of, times
from polyrelax.interop.onnx.sparse_rows import ABSENT, SparseRows, rows_of, selection, stacked
from polyrelax.interop.onnx.tensors import (
    Array,
    Computed,
    Constant,
    Coordinates,
    Outcome,
    Rectified,
    Rows,
    Stage,
    Staged,
    View,
    constant,
    require_size,
)

_MINUS_ONE = real(-1)


def rectify(call: Call) -> Outcome:
    """Return the outcome of a Relu node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> rectify(Call(Node("Relu", ("x",), ("y",), {}), (Computed(np.arange(2)),)))
    Rectified(entries=array([0, 1]))
    """
    if call.is_constant(0):
        entries = call.constant(0)
        kept = call.reals(0) if entries.dtype.kind in "fO" else entries
        return constant(np.where(np.greater(kept, 0), kept, np.multiply(kept, 0)))
    return Rectified(call.computed(0))


def leaky(call: Call) -> Outcome:
    """Return the outcome of a LeakyRelu node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> node = Node("LeakyRelu", ("x",), ("y",), {"alpha": 0.25})
    >>> leaky(Call(node, (Computed(np.arange(1)),))).stages[0].rows.factors
    array([0.25, 0.75])
    """
    entries = call.computed(0)
    return _sloped(entries, real(call.node.number("alpha", 0.01)))


def parametric(call: Call) -> Outcome:
    """Return the outcome of a PRelu node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> pair = (Computed(np.arange(2)), Constant(np.array([0.0, -1.0])))
    >>> parametric(Call(Node("PRelu", ("x", "s"), ("y",), {}), pair)).stages[0].rows.factors
    array([ 1., -1.,  2.])
    """
    entries, slope = call.computed(0), call.reals(1, "slope")
    if call.node.version < 7 and slope.size > 1:  # one for each channel
        slope = slope.reshape(-1, *(1,) * (entries.ndim - 2))
    if np.broadcast_shapes(entries.shape, slope.shape) != entries.shape:
        raise call.node.malformed(f"has inputs of shapes {call.shapes}")
    return _sloped(entries, np.broadcast_to(slope, entries.shape).ravel())


def magnitude(call: Call) -> Outcome:
    """Return the outcome of an Abs node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> magnitude(Call(Node("Abs", ("x",), ("y",), {}), (Computed(np.arange(1)),))).shape
    (1,)
    """
    if call.is_constant(0):
        return constant(np.abs(call.constant(0)))
    x = call.computed(0).ravel()
    size = x.size
    first = stacked(selection(x), _signed(x, -1))
    sums = np.stack([np.arange(size), np.arange(size, 2 * size)], axis=-1)
    last = rows_of(sums, np.array([1.0, 2.0]), real(0))
    stage = Stage(np.arange(size, 2 * size), last)
    return Staged(first, (stage,), call[0].shape)


def clip(call: Call) -> Outcome:
    """Return the outcome of a Clip node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> node = Node("Clip", ("x",), ("y",), {"min": 0.0}, version=6)
    >>> clip(Call(node, (Computed(np.arange(1)),)))
    Rectified(entries=array([0]))
    """
    low, high = _end(call, "min", 1, -np.inf), _end(call, "max", 2, np.inf)
    if call.is_constant(0):
        entries = call.constant(0)
        for end, pick in ((low, np.maximum), (high, np.minimum)):
            entries = entries if end is None else pick(entries, end)
        return constant(entries)
    x, shape = call.computed(0), call[0].shape
    if low is not None and high is None and low == 0:
        return Rectified(x)
    return _clipped(x.ravel(), shape, low, high)


def hard_sigmoid(call: Call) -> Outcome:
    """Return the outcome of a HardSigmoid node, ``min(max(alpha x + beta, 0), 1)``.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> node = Node("HardSigmoid", ("x",), ("y",), {"alpha": 0.25, "beta": 0.5})
    >>> hard_sigmoid(Call(node, (Computed(np.arange(1)),))).first.factors
    array([0.25])
    """
    x = call.computed(0)
    slope, shift = (real(call.node.number(*each)) for each in (("alpha", 0.2), ("beta", 0.5)))
    size, one = x.size, real(1)
    first = rows_of(x.reshape(size, 1), slope.reshape(1), shift)
    neurons = np.arange(size)
    rest = rows_of(neurons[:, np.newaxis], _MINUS_ONE.reshape(1), one)
    return Staged(first, (Stage(neurons, rest), Stage(neurons, rest)), x.shape)


def maximum(call: Call) -> Outcome:
    """Return the outcome of a Max or Min node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> pair = (Computed(np.arange(2)), Computed(np.arange(2)))
    >>> maximum(Call(Node("Max", ("x", "x"), ("y",), {}), pair)).shape
    (2,)
    """
    sign = -1 if call.node.operator == "Min" else 1
    tensors = call.tensors
    shape = np.broadcast_shapes(*(each.shape for each in tensors))
    require_size((len(tensors), *shape))
    if len(tensors) == 1:
        return View((tensors[0],))
    if all(isinstance(each, Constant) for each in tensors):
        return constant(_extreme_constant(call, sign))
    columns, offsets = [], []
    for index, tensor in enumerate(tensors):
        fixed = isinstance(tensor, Constant)
        entries = np.full((), ABSENT) if fixed else call.computed(index)
        columns.append(np.broadcast_to(entries, shape).ravel())
        numbers = call.reals(index) if fixed else real(0)
        offsets.append(np.broadcast_to(numbers, shape).ravel())
    table = np.stack(columns, axis=-1)
    bias = np.stack(alike(offsets), axis=-1)
    return greatest(table, np.ones(table.shape, dtype=np.bool_), bias, shape, sign=sign)


def greatest(
    columns: Coordinates,
    present: npt.NDArray[np.bool_],
    offsets: Reals,
    shape: tuple[int, ...],
    *,
    sign: int = 1,
) -> Outcome:
    """Return the greatest of the numbers along the last axis, or the least if ``sign`` is -1.

    A number is the coordinate in its column, if there is one, and its offset.  At least one of
    each row must be present.

    Algorithm: a tournament; each round compares pairs and takes one layer of ReLUs.

    >>> pair = np.array([[0, 1]])
    >>> rounds = greatest(pair, pair >= 0, np.zeros(1), (1,))
    >>> rounds.first.factors, rounds.stages[0].rows.columns
    (array([ 1., -1.,  1.]), array([0, 1]))
    """
    size = columns.shape[-1]
    order = np.argsort(~present.reshape(-1, size), axis=-1, kind="stable")
    flat = np.broadcast_to(offsets, columns.shape).reshape(-1, size)
    players = np.take_along_axis(columns.reshape(-1, size), order, axis=-1)[..., np.newaxis]
    counts = np.count_nonzero(present.reshape(-1, size), axis=-1)
    signed = times(np.take_along_axis(flat, order, axis=-1), real(sign))
    rounds: list[SparseRows] = []
    compared: list[Coordinates] = []
    factor = float(sign)
    while players.shape[1] > 1:
        rows, players, neurons = _round(players, counts, signed, factor)
        rounds.append(rows)
        compared.append(np.arange(neurons))
        counts, factor, signed = -(-counts // 2), 1.0, np.zeros((1, 1))
    bias = times(np.broadcast_to(signed, players.shape[:2])[:, 0], real(sign))
    last = rows_of(players[:, 0], np.array([factor * sign]), bias)
    if not rounds:
        return Rows(last, shape)
    stages = zip(compared, [*rounds[1:], last], strict=True)
    return Staged(rounds[0], tuple(Stage(*each) for each in stages), shape)


def _round(
    players: Coordinates, counts: Coordinates, offsets: Reals, factor: float
) -> tuple[SparseRows, Coordinates, int]:
    """Return the rows of one round, the players of the next, and how many pairs there are.

    A player is a sum of coordinates, times the factor, and an offset; ``counts`` says how many
    there are of each tournament.
    """
    count, size, terms = players.shape
    if size % 2:
        players = np.concatenate([players, np.full((count, 1, terms), ABSENT)], axis=1)
    offsets = np.broadcast_to(offsets, (count, size))
    spare = np.zeros((count, size % 2))
    bias = np.concatenate(alike([offsets, spare]), axis=1)
    one, two = players[:, 0::2], players[:, 1::2]
    place = 2 * np.arange(one.shape[1])
    plays, alone = place + 1 < counts[:, np.newaxis], place + 1 == counts[:, np.newaxis]
    signs = np.repeat([factor, -factor], terms)
    minus = times(bias[:, 1::2][plays], _MINUS_ONE)
    differences = rows_of(
        np.concatenate([one[plays], two[plays]], axis=-1),
        signs,
        plus(bias[:, 0::2][plays], minus),
    )
    carries = plays | alone
    kept = np.where(plays[..., np.newaxis], two, one)[carries]
    shift = np.where(plays, bias[:, 1::2], bias[:, 0::2])[carries]
    rows = stacked(differences, rows_of(kept, np.array([factor]), shift))
    pairs = int(np.count_nonzero(plays))
    after = np.full((count, one.shape[1], 2), ABSENT)
    after[..., 0][carries] = pairs + np.arange(int(np.count_nonzero(carries)))
    after[..., 1][plays] = np.arange(pairs)
    return rows, after, pairs


def _sloped(entries: Coordinates, slope: Reals) -> Outcome:
    """Return ``slope x + (1 - slope) max(x, 0)``, entry by entry."""
    x, size = entries.ravel(), entries.size
    columns = np.stack([np.arange(size), np.arange(size, 2 * size)], axis=-1)
    other = plus(real(1), times(slope, _MINUS_ONE))
    factors = np.stack(alike([slope, other]), axis=-1)
    stage = Stage(np.arange(size, 2 * size), rows_of(columns, factors, real(0)))
    return Staged(stacked(selection(x), selection(x)), (stage,), entries.shape)


def _clipped(
    x: Coordinates, shape: tuple[int, ...], low: Reals | None, high: Reals | None
) -> Outcome:
    if low is None and high is None:
        return View((Computed(x.reshape(shape)),))
    steps: list[tuple[Reals, Reals]] = (
        [] if low is None else [(real(1), times(low, _MINUS_ONE))]
    )
    if high is not None:
        rest = high if low is None else plus(high, times(low, _MINUS_ONE))
        steps += [(_MINUS_ONE, rest), (_MINUS_ONE, high)]
    elif low is not None:
        steps.append((real(1), low))
    neurons = np.arange(x.size)
    rows = [
        rows_of((neurons if k else x)[:, np.newaxis], factor.reshape(1), shift)
        for k, (factor, shift) in enumerate(steps)
    ]
    return Staged(rows[0], tuple(Stage(neurons, each) for each in rows[1:]), shape)


def _end(call: Call, key: str, index: int, absent: float) -> Reals | None:
    """Return one end of a Clip, from an attribute or an input, none where it is infinite."""
    if call.has(index):
        value = call.constant(index, key)
    elif key in call.node.attributes:
        value = np.asarray(call.node.attributes[key], dtype=np.float64)
    else:
        return None
    if value.size != 1:
        raise call.node.malformed(f"has {key} of shape {value.shape}, expected one number")
    if value.dtype.kind == "f" and not np.isfinite(value):
        if value.item() == absent:
            return None
        raise call.node.malformed(f"has {key}={value.item()}, expected a number")
    return real_of(value).reshape(())


def _extreme_constant(call: Call, sign: int) -> Array:
    arrays = [call.constant(index) for index in range(len(call.inputs))]
    pick = np.maximum if sign == 1 else np.minimum
    if any(array.dtype.kind in "fO" for array in arrays):
        arrays = [*alike([call.reals(index) for index in range(len(arrays))])]
    return reduce(pick, arrays)


def _signed(x: Coordinates, sign: int) -> SparseRows:
    return rows_of(x[:, np.newaxis], np.array([float(sign)]), real(0))
