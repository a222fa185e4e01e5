"""Operators that arrange entries anew: shapes, slices, pieces, paddings and repetitions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from polyrelax.arithmetic.words import amount
from polyrelax.interop.onnx.call import Call
from polyrelax.interop.onnx.reals import Reals, alike, entry_type, is_real
from polyrelax.interop.onnx.sparse_rows import ABSENT
from polyrelax.interop.onnx.tensors import (
    Array,
    Computed,
    Constant,
    Coordinates,
    Outcome,
    Tensor,
    View,
    constant,
    mixture,
    require_size,
)


def identity(call: Call) -> Outcome:
    """Return the outcome of a node that gives what it reads.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> x = Computed(np.arange(2))
    >>> identity(Call(Node("Identity", ("x",), ("y",), {}), (x,))).tensors == (x,)
    True
    """
    return View((call[0],))


def drop_out(call: Call) -> Outcome:
    """Return the outcome of a Dropout node in inference, which drops nothing.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> x = Computed(np.arange(2))
    >>> drop_out(Call(Node("Dropout", ("x",), ("y", "m"), {}), (x,))).tensors[1].entries
    array([ True,  True])
    """
    node = call.node
    trains = call.has(2) and bool(np.any(call.constant(2)))
    if trains or (node.version < 7 and not node.integer("is_test", 0)):
        raise node.unsupported("is in training mode, where it is random")
    if node.version < 10:
        return View((call[0],))
    return View((call[0], Constant(np.ones(call[0].shape, dtype=np.bool_))))


def concatenate(call: Call) -> Outcome:
    """Return the outcome of a Concat node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> pair = (Computed(np.arange(2)), Constant(np.array([7.0])))
    >>> concatenate(Call(Node("Concat", ("x", "c"), ("y",), {"axis": 0}), pair)).rows.bias
    array([0., 0., 7.])
    """
    tensors = call.tensors
    axis = call.node.axis(call.node.integer("axis", 1), len(tensors[0].shape))
    shape = list(tensors[0].shape)
    shape[axis] = sum(each.shape[axis] for each in tensors)
    require_size(shape)
    arrays = [each.entries for each in tensors]
    if all(isinstance(each, Constant) for each in tensors):
        return constant(np.concatenate(_of_one_type(call, arrays), axis=axis))
    if all(isinstance(each, Computed) for each in tensors):
        is_integer = any(isinstance(each, Computed) and each.is_integer for each in tensors)
        return View((Computed(np.concatenate(arrays, axis=axis), is_integer),))
    parts = [_columns_and_bias(call, index) for index in range(len(tensors))]
    columns = np.concatenate([part[0] for part in parts], axis=axis)
    bias = np.concatenate(alike([part[1] for part in parts]), axis=axis)
    return mixture(columns, bias)


def cut(call: Call) -> Outcome:
    """Return the outcome of a Slice node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> node = Node("Slice", ("x",), ("y",), {"starts": [1], "ends": [9]})
    >>> cut(Call(node, (Computed(np.arange(3)),))).tensors[0].entries
    array([1, 2])
    """
    rank = len(call[0].shape)
    starts, ends = (call.attribute_or_input(key, i) for i, key in ((1, "starts"), (2, "ends")))
    axes = call.attribute_or_input("axes", 3)
    steps = call.integers(4) if call.has(4) else None
    if starts is None or ends is None:
        raise call.node.malformed("has no starts or ends")
    axes = list(range(len(starts))) if axes is None else axes
    steps = [1] * len(starts) if steps is None else steps
    if not len(starts) == len(ends) == len(axes) == len(steps) or 0 in steps:
        raise call.node.malformed(
            f"has starts {starts}, ends {ends}, axes {axes}, steps {steps}"
        )
    view = [slice(None)] * rank
    named = call.node.axes(axes, rank)
    for axis, start, end, step in zip(named, starts, ends, steps, strict=True):
        view[axis] = _clamped(start, end, step, call[0].shape[axis])
    return View((call[0].rearranged(lambda entries: entries[tuple(view)]),))


def gather(call: Call) -> Outcome:
    """Return the outcome of a Gather node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> pair = (Computed(np.arange(3)), Constant(np.array([-1, 0])))
    >>> gather(Call(Node("Gather", ("x", "i"), ("y",), {}), pair)).tensors[0].entries
    array([2, 0])
    """
    shape = call[0].shape
    axis = call.node.axis(call.node.integer("axis", 0), len(shape))
    indices = call.integers(1, "index")
    wrong = [index for index in indices if not -shape[axis] <= index < shape[axis]]
    if wrong:
        raise call.node.malformed(f"takes entry {wrong[0]} of {shape[axis]}")
    places = np.array(indices, dtype=np.int64).reshape(call[1].shape)
    require_size((*shape[:axis], *places.shape, *shape[axis + 1 :]))
    return View((call[0].rearranged(lambda entries: np.take(entries, places, axis=axis)),))


def split(call: Call) -> Outcome:
    """Return the outcome of a Split node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> node = Node("Split", ("x",), ("a", "b"), {})
    >>> [each.shape for each in split(Call(node, (Computed(np.arange(4)),))).tensors]
    [(2,), (2,)]
    """
    tensor = call[0]
    axis = call.node.axis(call.node.integer("axis", 0), len(tensor.shape))
    lengths = call.attribute_or_input("split", 1) or _equal_parts(call, tensor.shape[axis])
    if min(lengths) < 0 or sum(lengths) != tensor.shape[axis]:
        raise call.node.malformed(
            f"splits {amount(tensor.shape[axis], 'entry', 'entries')} into {lengths}"
        )
    if len(lengths) < len(call.node.outputs):
        raise call.node.malformed(f"gives {len(call.node.outputs)} of {len(lengths)} parts")
    ends = np.cumsum([0, *lengths]).tolist()
    return View(tuple(_part(tensor, axis, *pair) for pair in pairwise(ends)))


def expand(call: Call) -> Outcome:
    """Return the outcome of an Expand node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> pair = (Computed(np.arange(2)), Constant(np.array([2, 1])))
    >>> expand(Call(Node("Expand", ("x", "s"), ("y",), {}), pair)).tensors[0].shape
    (2, 2)
    """
    wanted = call.integers(1)
    if min(wanted, default=1) < 0:
        raise call.node.malformed(f"expands to shape {wanted}")
    shape = np.broadcast_shapes(call[0].shape, tuple(wanted))
    require_size(shape)
    return View((call[0].rearranged(lambda entries: np.broadcast_to(entries, shape)),))


def tile(call: Call) -> Outcome:
    """Return the outcome of a Tile node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> pair = (Computed(np.arange(2)), Constant(np.array([2])))
    >>> tile(Call(Node("Tile", ("x", "r"), ("y",), {}), pair)).tensors[0].entries
    array([0, 1, 0, 1])
    """
    repeats, shape = call.integers(1), call[0].shape
    if len(repeats) != len(shape) or min(repeats, default=0) < 0:
        raise call.node.malformed(f"repeats shape {shape} by {repeats}")
    require_size([size * count for size, count in zip(shape, repeats, strict=True)])
    return View((call[0].rearranged(lambda entries: np.tile(entries, repeats)),))


def _clamped(start: int, end: int, step: int, size: int) -> slice:
    """Return what the ends mean: ones beyond the axis are moved to its end, not left out."""
    start, end = (place + size if place < 0 else place for place in (start, end))
    if not size:
        return slice(0, 0)
    if step > 0:
        return slice(min(max(start, 0), size), min(max(end, 0), size), step)
    last = min(max(end, -1), size - 1)
    return slice(min(max(start, 0), size - 1), None if last < 0 else last, step)


def _part(tensor: Tensor, axis: int, start: int, end: int) -> Tensor:
    view = (slice(None),) * axis + (slice(start, end),)
    return tensor.rearranged(lambda entries: entries[view])


def _equal_parts(call: Call, length: int) -> list[int]:
    count = call.node.integer("num_outputs", len(call.node.outputs))
    if count < 1 or (call.node.version < 18 and length % count):
        raise call.node.malformed(
            f"splits {amount(length, 'entry', 'entries')} into {amount(count, 'part')}"
        )
    part = -(-length // count)
    return [max(min(part, length - k * part), 0) for k in range(count)]


def _columns_and_bias(call: Call, index: int) -> tuple[Coordinates, Reals]:
    if not call.is_constant(index):
        return call.computed(index), np.zeros(call[index].shape)
    return np.full(call[index].shape, ABSENT), call.reals(index)


def _of_one_type(call: Call, arrays: Sequence[Array]) -> list[Array]:
    real = [each for each in arrays if is_real(each)]
    if len(real) == len(arrays):
        return [*alike(real)]
    types = set(map(entry_type, arrays))
    if len(types) > 1:
        raise call.node.malformed(f"mixes {', '.join(sorted(types))}")
    return list(arrays)
