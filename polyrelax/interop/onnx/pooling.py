r"""Pools, and sums along axes: each value is the mean, sum, or greatest of some others.

The mean over a window divides by the number of its pixels inside the image or, if padding
counts, inside the image with its padding; what a last incomplete window spans beyond it never
counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod

import numpy as np

from polyrelax.interop.onnx.call import Call
from polyrelax.interop.onnx.neurons import greatest
from polyrelax.interop.onnx.reals import Reals, fractions, quotient, real, real_of, reals
from polyrelax.interop.onnx.sparse_rows import ABSENT, rows_of
from polyrelax.interop.onnx.tensors import Array, Coordinates, Outcome, Rows, View, constant
from polyrelax.interop.onnx.windows import Axis, axes_of, seen


def average_pool(call: Call) -> Outcome:
    """Return the outcome of an AveragePool node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Computed
    >>> node = Node("AveragePool", ("x",), ("y",), {"kernel_shape": [2]})
    >>> average_pool(Call(node, (Computed(np.arange(2).reshape(1, 1, 2)),))).rows.factors
    array([0.5, 0.5])
    """
    image = _image(call)
    axes = axes_of(call, image.shape[2:], call.node.integers("kernel_shape") or ())
    windows = seen(image, axes)
    if call.node.integer("count_include_pad", 0):
        counts = _padded_counts(axes)
    else:
        counts = np.count_nonzero(windows != ABSENT, axis=-1)
    if not np.all(counts):
        raise call.node.malformed("has a window that sees nothing but padding")
    factors = quotient(real(1), real_of(counts))
    return Rows(rows_of(windows, factors[..., np.newaxis], real(0)), windows.shape[:-1])


def average_whole(call: Call) -> Outcome:
    """Return the outcome of a GlobalAveragePool node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Computed
    >>> node = Node("GlobalAveragePool", ("x",), ("y",), {})
    >>> average_whole(Call(node, (Computed(np.arange(2).reshape(1, 1, 2)),))).shape
    (1, 1, 1)
    """
    image = _image(call)
    windows = _whole(image)
    factor = real(Fraction(1, windows.shape[-1]))
    return Rows(rows_of(windows, factor.reshape(1), real(0)), windows.shape[:-1])


def max_pool(call: Call) -> Outcome:
    """Return the outcome of a MaxPool node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Computed
    >>> node = Node("MaxPool", ("x",), ("y",), {"kernel_shape": [2]})
    >>> max_pool(Call(node, (Computed(np.arange(2).reshape(1, 1, 2)),))).shape
    (1, 1, 1)
    """
    image = _image(call)
    if call.node.integer("storage_order", 0):
        raise call.node.unsupported("has storage_order=1, expected 0")
    axes = axes_of(call, image.shape[2:], call.node.integers("kernel_shape") or ())
    return _greatest(call, seen(image, axes))


def max_whole(call: Call) -> Outcome:
    """Return the outcome of a GlobalMaxPool node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Computed
    >>> node = Node("GlobalMaxPool", ("x",), ("y",), {})
    >>> max_whole(Call(node, (Computed(np.arange(2).reshape(1, 1, 2)),))).shape
    (1, 1, 1)
    """
    return _greatest(call, _whole(_image(call)))


def reduce_sum(call: Call) -> Outcome:
    """Return the outcome of a ReduceSum or ReduceMean node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Computed
    >>> node = Node("ReduceSum", ("x",), ("y",), {"keepdims": 0})
    >>> reduce_sum(Call(node, (Computed(np.arange(3)),))).rows.columns
    array([0, 1, 2])
    """
    tensor = call[0]
    axes = _reduced_axes(call)
    if axes is None:
        return _unchanged(call)
    is_mean = call.node.operator == "ReduceMean"
    shape = _reduced_shape(call, axes)
    if call.is_constant(0):
        return constant(_constant_sum(call, axes, is_mean=is_mean).reshape(shape))
    columns = _grouped(call.computed(0), axes)
    size = columns.shape[-1]
    if is_mean and not size:
        raise call.node.malformed(f"takes the mean of no entries of {tensor.shape}")
    factor = real(Fraction(1, size)) if is_mean else real(1)
    rows = rows_of(columns, factor.reshape(1), real(0))
    return Rows(rows, shape)


def reduce_max(call: Call) -> Outcome:
    """Return the outcome of a ReduceMax or ReduceMin node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Computed
    >>> node = Node("ReduceMax", ("x",), ("y",), {"keepdims": 0})
    >>> reduce_max(Call(node, (Computed(np.arange(3)),))).shape
    ()
    """
    axes = _reduced_axes(call)
    if axes is None:
        return _unchanged(call)
    columns = _grouped(call.computed(0), axes)
    sign = -1 if call.node.operator == "ReduceMin" else 1
    return _greatest(call, columns, _reduced_shape(call, axes), sign=sign)


def _image(call: Call) -> Coordinates:
    image = call.computed(0)
    if image.ndim < 3:
        raise call.node.malformed(f"has an image of shape {image.shape}")
    return image


def _whole(image: Coordinates) -> Coordinates:
    ones = (1,) * (image.ndim - 2)
    return image.reshape(*image.shape[:2], *ones, -1)


def _greatest(
    call: Call,
    windows: Coordinates,
    shape: tuple[int, ...] | None = None,
    *,
    sign: int = 1,
) -> Outcome:
    if not np.all(np.any(windows != ABSENT, axis=-1)):
        raise call.node.malformed("has a window that sees nothing")
    size = windows.shape[:-1] if shape is None else shape
    return greatest(windows, size, sign=sign)


def _padded_counts(axes: Sequence[Axis]) -> Array:
    """Return how many positions of each window lie in the padded image."""
    counts: Array = np.ones((), dtype=np.int64)
    for axis in axes:
        pixels = axis.pixels
        inside = (pixels >= -axis.before) & (pixels < axis.size + axis.after)
        counts = np.multiply.outer(counts, np.count_nonzero(inside, axis=1))
    return counts


def _reduced_axes(call: Call) -> tuple[int, ...] | None:
    """Return the axes that a node sums over, none if it leaves its tensor as it is."""
    rank = len(call[0].shape)
    given = call.attribute_or_input("axes", 1)
    if given:
        return call.node.axes(given, rank)
    return None if call.node.integer("noop_with_empty_axes", 0) else tuple(range(rank))


def _reduced_shape(call: Call, axes: tuple[int, ...]) -> tuple[int, ...]:
    keeps = call.node.integer("keepdims", 1)
    sizes = enumerate(call[0].shape)
    return tuple(1 if k in axes else n for k, n in sizes if keeps or k not in axes)


def _grouped(entries: Coordinates, axes: tuple[int, ...]) -> Coordinates:
    """Return the entries with those that are summed along one last axis."""
    kept = tuple(k for k in range(entries.ndim) if k not in axes)
    sizes = [entries.shape[k] for k in kept]
    count = prod(entries.shape[k] for k in axes)
    return entries.transpose(kept + axes).reshape(*sizes, count)


def _constant_sum(call: Call, axes: tuple[int, ...], *, is_mean: bool) -> Array:
    entries = call.constant(0)
    if entries.dtype.kind in "iu" and not is_mean:
        return np.asarray(entries.sum(axis=axes, dtype=entries.dtype))
    grouped = np.moveaxis(_reals_grouped(call, axes), -1, 0)
    sums = [sum(fractions(part), Fraction(0)) for part in grouped.reshape(len(grouped), -1).T]
    return reals([each / len(grouped) for each in sums] if is_mean else sums)


def _reals_grouped(call: Call, axes: tuple[int, ...]) -> Reals:
    entries = call.reals(0)
    kept = tuple(k for k in range(entries.ndim) if k not in axes)
    sizes = [entries.shape[k] for k in kept]
    return entries.transpose(kept + axes).reshape(*sizes, prod(entries.shape[k] for k in axes))


def _unchanged(call: Call) -> Outcome:
    return View((call[0],))
