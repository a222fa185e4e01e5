"""Operators on constants that compute shapes: they wrap, divide and compare as integers do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import ceil, floor
from types import MappingProxyType
from typing import Final

import numpy as np

from polyrelax.interop.onnx.call import Call
from polyrelax.interop.onnx.reals import entry_type, fractional, fractions, real_of, reals
from polyrelax.interop.onnx.tensors import (
    Array,
    Outcome,
    constant,
    require_size,
)


def divided(a: Array, b: Array) -> Array:
    """Return the quotients of integers, truncated towards zero.

    >>> divided(np.array([7, -7]), np.array([2, 2])).tolist()
    [3, -3]
    """
    with np.errstate(all="ignore"):  # the least integer by -1 wraps
        down = np.floor_divide(a, b)
        is_inexact = np.multiply(down, b) != a
        is_negative = np.less(a, 0) != np.less(b, 0)
        return np.asarray(down + (is_inexact & is_negative).astype(a.dtype))


def shape_of(call: Call) -> Outcome:
    """Return the outcome of a Shape node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Computed
    >>> node = Node("Shape", ("x",), ("y",), {"start": -1})
    >>> shape_of(Call(node, (Computed(np.zeros((2, 3), dtype=int)),))).tensors[0].entries
    array([3])
    """
    shape = call[0].shape
    start, end = call.node.integer("start", 0), call.node.integer("end", len(shape))
    return constant(np.array(shape[slice(start, end)], dtype=np.int64))


def size_of(call: Call) -> Outcome:
    """Return the outcome of a Size node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Constant
    >>> size_of(Call(Node("Size", ("x",), ("y",), {}), (Constant(np.eye(2)),))).tensors[0].shape
    ()
    """
    return constant(np.array(call[0].entries.size, dtype=np.int64))


def fill(call: Call) -> Outcome:
    """Return the outcome of a ConstantOfShape node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Constant
    >>> shape = Constant(np.array([2]))
    >>> fill(Call(Node("ConstantOfShape", ("s",), ("y",), {}), (shape,))).tensors[0].entries
    array([0., 0.])
    """
    shape = call.integers(0)
    if min(shape, default=0) < 0:
        raise call.node.malformed(f"has shape {shape}")
    require_size(shape)
    value = call.node.attributes.get("value", np.zeros(1))
    if not isinstance(value, np.ndarray) or value.size != 1:
        raise call.node.malformed("has a value that is not one number")
    return constant(np.full(shape, value.ravel()[0], dtype=value.dtype))


def count_up(call: Call) -> Outcome:
    """Return the outcome of a Range node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Constant
    >>> ends = tuple(Constant(np.array(value)) for value in (3, 9, 3))
    >>> count_up(Call(Node("Range", tuple("abc"), ("y",), {}), ends)).tensors[0].entries
    array([3, 6])
    """
    arrays = [call.constant(index) for index in range(3)]
    if any(array.size != 1 for array in arrays) or len({a.dtype for a in arrays}) > 1:
        raise call.node.malformed(f"has inputs of shapes {call.shapes}, expected three numbers")
    start, limit, delta = (fractions(real_of(array))[0] for array in arrays)
    if not delta:
        raise call.node.malformed("has steps of length zero")
    count = max(ceil((limit - start) / delta), 0)
    require_size((count,))
    values = [start + k * delta for k in range(count)]
    if arrays[0].dtype.kind in "iu":
        return constant(np.array([int(value) for value in values], dtype=arrays[0].dtype))
    return constant(reals(values))


def choose(call: Call) -> Outcome:
    """Return the outcome of a Where node on constants.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Constant
    >>> three = (np.array([True, False]), np.array([1, 1]), np.array([2, 2]))
    >>> node = Node("Where", tuple("abc"), ("y",), {})
    >>> choose(Call(node, tuple(map(Constant, three)))).tensors[0].entries
    array([1, 2])
    """
    condition, one, two = (call.constant(index) for index in range(3))
    require_size(np.broadcast_shapes(condition.shape, one.shape, two.shape))
    if np.object_ in (one.dtype, two.dtype):
        one, two = (fractional(call.reals(index)) for index in (1, 2))
    return constant(np.where(condition, one, two))


def compare(call: Call) -> Outcome:
    """Return the outcome of a node on constants that gives truth values.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Constant
    >>> two = (Constant(np.array([1, 2])), Constant(np.array([1, 3])))
    >>> compare(Call(Node("Equal", ("a", "b"), ("y",), {}), two)).tensors[0].entries
    array([ True, False])
    """
    arrays = [call.constant(index) for index in range(len(call.inputs))]
    require_size(np.broadcast_shapes(*(array.shape for array in arrays)))
    return constant(np.asarray(_COMPARISONS[call.node.operator](*arrays), dtype=np.bool_))


def round_whole(call: Call) -> Outcome:
    """Return the outcome of a Floor or Ceil node on constants.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Constant
    >>> half = Constant(np.array([2.5]))
    >>> round_whole(Call(Node("Floor", ("a",), ("y",), {}), (half,))).tensors[0].entries
    array([2.])
    """
    rounded = floor if call.node.operator == "Floor" else ceil
    values = [Fraction(rounded(value)) for value in fractions(call.reals(0))]
    return constant(reals(values).reshape(call[0].shape))


def remainder(call: Call) -> Outcome:
    """Return the outcome of a Mod node on constant integers.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Constant
    >>> two = (Constant(np.array([-7])), Constant(np.array([2])))
    >>> remainder(Call(Node("Mod", ("a", "b"), ("y",), {}), two)).tensors[0].entries
    array([1])
    """
    one, two = call.constant(0), call.constant(1)
    if one.dtype.kind not in "iu" or one.dtype != two.dtype:
        raise call.node.unsupported(f"has inputs of {entry_type(one)} and {entry_type(two)}")
    if not np.all(two != 0):
        raise call.node.malformed("divides by zero")
    require_size(np.broadcast_shapes(one.shape, two.shape))
    return constant(np.fmod(one, two) if call.node.integer("fmod", 0) else np.mod(one, two))


_COMPARISONS: Final[Mapping[str, Callable[..., object]]] = MappingProxyType(
    {
        "And": np.logical_and,
        "Equal": np.equal,
        "Greater": np.greater,
        "GreaterOrEqual": np.greater_equal,
        "Less": np.less,
        "LessOrEqual": np.less_equal,
        "Not": np.logical_not,
        "Or": np.logical_or,
    }
)
