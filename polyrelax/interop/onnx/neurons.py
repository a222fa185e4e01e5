r"""Piecewise linear operators: neurons that read entries of tensors.

Relu, Abs, LeakyRelu, PRelu, Clip and HardSigmoid are neurons of one entry each, pools and the
greatest or least of several tensors are maxima and minima of many.  What two constants would do
to one entry is one clip.  To have rectifiers alone, see :mod:`polyrelax.networks.lowering`.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import reduce

import numpy as np

from polyrelax.interop.onnx.call import Call
from polyrelax.interop.onnx.reals import Reals, alike, fractions, real, real_of
from polyrelax.interop.onnx.sparse_rows import ABSENT, rows_of, selection
from polyrelax.interop.onnx.tensors import (
    Array,
    Bent,
    Computed,
    Constant,
    Coordinates,
    Outcome,
    Rectified,
    Rows,
    View,
    constant,
    require_size,
)
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.clip import Clip
from polyrelax.networks.neurons.leaky import LeakyReLU
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.minimum import Minimum
from polyrelax.networks.neurons.neuron import Neuron
from polyrelax.networks.neurons.passing import Pass
from polyrelax.networks.neurons.relu import Rectifier


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
    >>> [neuron.name for neuron in leaky(Call(node, (Computed(np.arange(1)),))).neurons]
    ['leaky relu 1/4']
    """
    entries = call.computed(0)
    slope = real(call.node.number("alpha", 0.01))
    return _entrywise(entries, [_sloped(*fractions(slope))] * entries.size)


def parametric(call: Call) -> Outcome:
    """Return the outcome of a PRelu node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> pair = (Computed(np.arange(2)), Constant(np.array([0.0, -1.0])))
    >>> outcome = parametric(Call(Node("PRelu", ("x", "s"), ("y",), {}), pair))
    >>> [neuron.name for neuron in outcome.neurons]
    ['relu', 'leaky relu -1']
    """
    entries, slope = call.computed(0), call.reals(1, "slope")
    if call.node.version < 7 and slope.size > 1:  # one for each channel
        slope = slope.reshape(-1, *(1,) * (entries.ndim - 2))
    if np.broadcast_shapes(entries.shape, slope.shape) != entries.shape:
        raise call.node.malformed(f"has inputs of shapes {call.shapes}")
    slopes = np.broadcast_to(slope, entries.shape).ravel()
    return _entrywise(entries, map(_sloped, fractions(slopes)))


def magnitude(call: Call) -> Outcome:
    """Return the outcome of an Abs node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> magnitude(Call(Node("Abs", ("x",), ("y",), {}), (Computed(np.arange(1)),))).neurons
    (Absolute(),)
    """
    if call.is_constant(0):
        return constant(np.abs(call.constant(0)))
    entries = call.computed(0)
    return _entrywise(entries, [Absolute()] * entries.size)


def clip(call: Call) -> Outcome:
    """Return the outcome of a Clip node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> node = Node("Clip", ("x",), ("y",), {"min": 0.0, "max": 6.0}, version=6)
    >>> [neuron.name for neuron in clip(Call(node, (Computed(np.arange(1)),))).neurons]
    ['clip 0 .. 6']
    """
    low, high = _end(call, "min", 1, -np.inf), _end(call, "max", 2, np.inf)
    if call.is_constant(0):
        entries = call.constant(0)
        for end, pick in ((low, np.maximum), (high, np.minimum)):
            entries = entries if end is None else pick(entries, end)
        return constant(entries)
    entries = call.computed(0)
    ends = [None if end is None else fractions(end)[0] for end in (low, high)]
    return _clipped(entries, *ends)


def hard_sigmoid(call: Call) -> Outcome:
    """Return the outcome of a HardSigmoid node, ``min(max(alpha x + beta, 0), 1)``.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> node = Node("HardSigmoid", ("x",), ("y",), {"alpha": 0.25, "beta": 0.5})
    >>> hard_sigmoid(Call(node, (Computed(np.arange(1)),))).rows.factors
    array([0.25])
    """
    x = call.computed(0)
    slope, shift = (real(call.node.number(*each)) for each in (("alpha", 0.2), ("beta", 0.5)))
    rows = rows_of(x.reshape(x.size, 1), slope.reshape(1), shift)
    return Bent(rows, (Clip(Fraction(0), Fraction(1)),) * x.size, x.shape)


def maximum(call: Call) -> Outcome:
    """Return the outcome of a Max or Min node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> pair = (Computed(np.arange(1)), Computed(np.arange(1)))
    >>> maximum(Call(Node("Max", ("x", "x"), ("y",), {}), pair)).neurons
    (Maximum(size=2),)
    """
    sign = -1 if call.node.operator == "Min" else 1
    tensors = call.tensors
    shape = np.broadcast_shapes(*(each.shape for each in tensors))
    require_size((len(tensors), *shape))
    if len(tensors) == 1:
        return View((tensors[0],))
    fixed = [index for index, each in enumerate(tensors) if isinstance(each, Constant)]
    if len(fixed) == len(tensors):
        return constant(_extreme(call, fixed, sign))
    computed = [
        np.broadcast_to(call.computed(index), shape).ravel()
        for index in range(len(tensors))
        if index not in fixed
    ]
    columns = np.stack(computed, axis=-1)
    if not fixed:
        return greatest(columns, shape, sign=sign)
    ends = np.broadcast_to(real_of(_extreme(call, fixed, sign)), shape).ravel()
    return _with_ends(columns, ends, shape, sign=sign)


def greatest(columns: Coordinates, shape: tuple[int, ...], *, sign: int = 1) -> Outcome:
    """Return the greatest of the entries along the last axis, or the least if ``sign`` is -1.

    Columns may be absent, but not all of a row.

    >>> outcome = greatest(np.array([[0, 1], [2, ABSENT]]), (2,))
    >>> outcome.rows.columns, [neuron.name for neuron in outcome.neurons]
    (array([0, 1, 2]), ['maximum of 2', 'pass'])
    """
    table = columns.reshape(-1, columns.shape[-1])
    present = table != ABSENT
    sizes = np.count_nonzero(present, axis=-1).tolist()
    kinds = {size: _extreme_of(size, sign) for size in set(sizes)}
    return Bent(selection(table[present]), tuple(kinds[size] for size in sizes), shape)


def _with_ends(
    columns: Coordinates, ends: Reals, shape: tuple[int, ...], *, sign: int
) -> Outcome:
    """Return the greatest of entries and a constant, row by row; for one entry it is a clip."""
    if columns.shape[-1] == 1:
        clips = (Clip(end, None) if sign > 0 else Clip(None, end) for end in fractions(ends))
        return _entrywise(columns.reshape(shape), clips)
    absent = np.full((len(columns), 1), ABSENT)
    table = np.concatenate([columns, absent], axis=-1)
    bias = np.where(table == ABSENT, ends[:, np.newaxis], real(0))
    rows = rows_of(table.reshape(-1, 1), np.ones(1), bias.ravel())
    return Bent(rows, (_extreme_of(table.shape[-1], sign),) * len(table), shape)


def _extreme_of(size: int, sign: int) -> Neuron:
    if size == 1:
        return Pass()
    return Maximum(size) if sign > 0 else Minimum(size)


def _entrywise(entries: Coordinates, neurons: Iterable[Neuron]) -> Outcome:
    """Return the outcome of a neuron for each entry."""
    placed = tuple(neurons)
    if all(isinstance(neuron, Rectifier) for neuron in placed):
        return Rectified(entries)
    return Bent(selection(entries), placed, entries.shape)


def _sloped(slope: Fraction) -> Neuron:
    known: dict[Fraction, Neuron] = {Fraction(0): Rectifier(), Fraction(1): Pass()}
    return known.get(slope) or LeakyReLU(slope)


def _clipped(entries: Coordinates, low: Fraction | None, high: Fraction | None) -> Outcome:
    if low is None and high is None:
        return View((Computed(entries),))
    if low is not None and high is not None and low >= high:  # all values are the second end
        absent = np.full((entries.size, 1), ABSENT)
        return Rows(rows_of(absent, np.ones(1), real(high)), entries.shape)
    neuron = Rectifier() if low == 0 and high is None else Clip(low, high)
    return _entrywise(entries, [neuron] * entries.size)


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


def _extreme(call: Call, indices: list[int], sign: int) -> Array:
    """Return the greatest or the least of constant inputs, entry by entry."""
    arrays = [call.constant(index) for index in indices]
    pick = np.maximum if sign == 1 else np.minimum
    if any(array.dtype.kind in "fO" for array in arrays):
        arrays = [*alike([call.reals(index) for index in indices])]
    return reduce(pick, arrays)
