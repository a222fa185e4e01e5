"""Operators that give the same entries another shape, or other axes."""

from __future__ import annotations

from math import prod

import numpy as np

from polyrelax.interop.onnx.call import Call
from polyrelax.interop.onnx.tensors import Outcome, View


def flatten(call: Call) -> Outcome:
    """Return the outcome of a Flatten node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Computed, Constant
    >>> x = Computed(np.arange(8).reshape(2, 2, 2))
    >>> flatten(Call(Node("Flatten", ("x",), ("y",), {}), (x,))).tensors[0].shape
    (2, 4)
    """
    tensor, axis = call[0], call.node.integer("axis", 1)
    rank = len(tensor.shape)
    if not -rank <= axis <= rank:
        raise call.node.malformed(f"has axis {axis} and shape {tensor.shape}")
    axis += rank if axis < 0 else 0
    shape = (prod(tensor.shape[:axis]), prod(tensor.shape[axis:]))
    return View((tensor.rearranged(lambda entries: entries.reshape(shape)),))


def reshape(call: Call) -> Outcome:
    """Return the outcome of a Reshape node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Computed, Constant
    >>> pair = (Computed(np.arange(6)), Constant(np.array([2, -1])))
    >>> reshape(Call(Node("Reshape", ("x", "s"), ("y",), {}), pair)).tensors[0].shape
    (2, 3)
    """
    tensor = call[0]
    wanted = call.attribute_or_input("shape", 1) or []
    if not call.node.integer("allowzero", 0):  # zero stands for the size that was there
        wanted = [size or _length(call, axis) for axis, size in enumerate(wanted)]
    fits = wanted.count(-1) <= 1 and all(size >= -1 for size in wanted)
    known = prod(size for size in wanted if size != -1)
    size = tensor.entries.size
    if not fits or (size % known if -1 in wanted and known else size != known):
        raise call.node.malformed(f"makes shape {wanted} of {tensor.shape}")
    if -1 in wanted:
        wanted[wanted.index(-1)] = size // known
    return View((tensor.rearranged(lambda entries: entries.reshape(wanted)),))


def transpose(call: Call) -> Outcome:
    """Return the outcome of a Transpose node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Computed, Constant
    >>> x = Computed(np.arange(4).reshape(2, 2))
    >>> transpose(Call(Node("Transpose", ("x",), ("y",), {}), (x,))).tensors[0].entries.tolist()
    [[0, 2], [1, 3]]
    """
    rank = len(call[0].shape)
    order = call.node.integers("perm") or tuple(reversed(range(rank)))
    if sorted(order) != list(range(rank)):
        raise call.node.malformed(f"has perm {list(order)} and shape {call[0].shape}")
    return View((call[0].rearranged(lambda entries: entries.transpose(order)),))


def squeeze(call: Call) -> Outcome:
    """Return the outcome of a Squeeze node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Computed, Constant
    >>> x = Computed(np.arange(2).reshape(1, 2, 1))
    >>> squeeze(Call(Node("Squeeze", ("x",), ("y",), {}), (x,))).tensors[0].shape
    (2,)
    """
    shape = call[0].shape
    given = call.attribute_or_input("axes", 1)
    ones = [axis for axis, size in enumerate(shape) if size == 1]
    axes = ones if given is None else call.node.axes(given, len(shape))
    if not set(axes) <= set(ones):
        raise call.node.malformed(f"squeezes axes {list(axes)} of shape {shape}")
    kept = tuple(size for axis, size in enumerate(shape) if axis not in axes)
    return View((call[0].rearranged(lambda entries: entries.reshape(kept)),))


def unsqueeze(call: Call) -> Outcome:
    """Return the outcome of an Unsqueeze node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Computed, Constant
    >>> node = Node("Unsqueeze", ("x",), ("y",), {"axes": [0]})
    >>> unsqueeze(Call(node, (Computed(np.arange(2)),))).tensors[0].shape
    (1, 2)
    """
    given = call.attribute_or_input("axes", 1) or []
    axes = call.node.axes(given, len(call[0].shape) + len(given))
    return View((call[0].rearranged(lambda entries: np.expand_dims(entries, axes)),))


def _length(call: Call, axis: int) -> int:
    shape = call[0].shape
    if axis >= len(shape):
        raise call.node.malformed(f"copies length {axis} of shape {shape}")
    return shape[axis]
