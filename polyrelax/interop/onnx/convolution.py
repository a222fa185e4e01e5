r"""Convolutions as sparse affine maps.

For an input of :math:`C` channels, kernel :math:`K`, strides :math:`s` and dilations :math:`d`,

.. math:: y_{m, p} = b_m + \sum_{c, q} K_{m, c, q}\; x_{c,\; s p + d q - \text{pad}},

with zeros outside the input and, for :math:`g` groups, :math:`c` running over the channels of
the group of :math:`m`.  A row has as many entries as the kernel, so that the layer's size
is that of the convolution and not that of its matrix.  The transposed convolution, whose
matrix is the transposed one, is the convolution of the image with :math:`s - 1` holes between
its pixels by the kernel turned around.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from polyrelax.arithmetic.words import amount
from polyrelax.interop.onnx.call import Call
from polyrelax.interop.onnx.reals import Reals
from polyrelax.interop.onnx.sparse_rows import ABSENT, rows_of
from polyrelax.interop.onnx.tensors import Coordinates, Outcome, Rows, require_size
from polyrelax.interop.onnx.windows import (
    Axis,
    axes_of,
    ends_of,
    padding_mode,
    seen,
    sliding,
)


def convolve(call: Call) -> Outcome:
    """Return the outcome of a Conv node.

    The image has the shape (batch, channels, ...), the kernel
    (outputs, channels / groups, ...).

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Computed, Constant
    >>> image, kernel = Computed(np.arange(3).reshape(1, 1, 3)), Constant(np.ones((1, 1, 2)))
    >>> convolve(Call(Node("Conv", ("x", "w"), ("y",), {}), (image, kernel))).rows.columns
    array([0, 1, 1, 2])
    """
    image, kernel = call.computed(0), call.reals(1, "kernel")
    _require_shapes(call, image, kernel)
    groups = call.node.integer("group", 1)
    if groups < 1 or kernel.shape[0] % groups or kernel.shape[1] * groups != image.shape[1]:
        found = f"{amount(groups, 'group')}, image {image.shape}, kernel {kernel.shape}"
        raise call.node.malformed(f"has {found}")
    _require_kernel(call, kernel.shape[2:])
    axes = axes_of(call, image.shape[2:], kernel.shape[2:])
    grouped = kernel.reshape(groups, kernel.shape[0] // groups, *kernel.shape[1:])
    return _rows(call, image, grouped, axes)


def convolve_transposed(call: Call) -> Outcome:
    """Return the outcome of a ConvTranspose node.

    The image has the shape (batch, channels, ...), the kernel
    (channels, outputs / groups, ...).

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Computed, Constant
    >>> image, kernel = Computed(np.arange(2).reshape(1, 1, 2)), Constant(np.ones((1, 1, 2)))
    >>> node = Node("ConvTranspose", ("x", "w"), ("y",), {})
    >>> convolve_transposed(Call(node, (image, kernel))).rows.columns
    array([0, 0, 1, 1])
    """
    image, kernel = call.computed(0), call.reals(1, "kernel")
    _require_shapes(call, image, kernel)
    groups = call.node.integer("group", 1)
    if groups < 1 or kernel.shape[0] % groups or kernel.shape[0] != image.shape[1]:
        found = f"{amount(groups, 'group')}, image {image.shape}, kernel {kernel.shape}"
        raise call.node.malformed(f"has {found}")
    sizes = kernel.shape[2:]
    _require_kernel(call, sizes)
    strides, dilations = sliding(call, len(sizes))
    axes = [
        Axis(size, k, stride, dilation, *ends)
        for size, k, stride, dilation, ends in zip(
            image.shape[2:], sizes, strides, dilations, _growth(call, image, sizes), strict=True
        )
    ]
    holed = _with_holes(image, strides)
    wide = [
        Axis(each, axis.kernel, 1, axis.dilation, axis.before, axis.after)
        for each, axis in zip(holed.shape[2:], axes, strict=True)
    ]
    if any(axis.count < 1 for axis in wide):
        raise call.node.malformed(f"gives an image of no pixels of {image.shape[2:]}")
    turned = np.flip(kernel, tuple(range(2, kernel.ndim)))
    grouped = turned.reshape(groups, -1, *kernel.shape[1:]).swapaxes(1, 2)
    return _rows(call, holed, grouped, wide)


def _rows(call: Call, image: Coordinates, kernel: Reals, axes: Sequence[Axis]) -> Outcome:
    """Return the rows for a kernel of the shape (groups, outputs, channels, ...)."""
    groups, outputs, channels = kernel.shape[:3]
    batch, counts = image.shape[0], tuple(axis.count for axis in axes)
    shape = (batch, groups * outputs, *counts)
    require_size(shape)
    parts = image.reshape(batch, groups, channels, *image.shape[2:])
    windows = np.moveaxis(seen(parts, axes), 2, -2)
    columns = windows.reshape(batch, groups, 1, int(np.prod(counts)), -1)
    factors = kernel.reshape(1, groups, outputs, 1, -1)
    bias = _bias(call, groups * outputs).reshape(1, groups, outputs, 1)
    return Rows(rows_of(columns, factors, bias), shape)


def _bias(call: Call, outputs: int) -> Reals:
    if not call.has(2):
        return np.zeros(outputs)
    bias = call.reals(2, "bias")
    if bias.shape != (outputs,):
        raise call.node.malformed(f"has a bias of shape {bias.shape}, expected {(outputs,)}")
    return bias


def _require_shapes(call: Call, image: Coordinates, kernel: Reals) -> None:
    if image.ndim < 3 or image.ndim != kernel.ndim:
        raise call.node.malformed(f"has image {image.shape} and kernel {kernel.shape}")


def _require_kernel(call: Call, sizes: tuple[int, ...]) -> None:
    named = call.node.integers("kernel_shape")
    if named is not None and named != sizes:
        raise call.node.malformed(f"has kernel_shape {named} and a kernel of {sizes}")


def _growth(call: Call, image: Coordinates, kernel: Sequence[int]) -> list[tuple[int, int]]:
    """Return the padding, before and after each axis, of the image with holes."""
    rank = len(kernel)
    strides, dilations = sliding(call, rank)
    extra = call.node.integers("output_padding") or (0,) * rank
    wanted = call.node.integers("output_shape")
    if len(extra) != rank or (wanted is not None and len(wanted) not in (rank, rank + 2)):
        raise call.node.malformed(f"has output_padding {extra} and output_shape {wanted}")
    spans = [(k - 1) * d for k, d in zip(kernel, dilations, strict=True)]
    full = [
        (size - 1) * s + span + 1 + more
        for size, s, span, more in zip(image.shape[2:], strides, spans, extra, strict=True)
    ]
    sizes = [size * s for size, s in zip(image.shape[2:], strides, strict=True)]
    crops = _crops(call, full, sizes if wanted is None else list(wanted[-rank:]), wanted)
    return [
        (span - start, span - end + more)
        for span, (start, end), more in zip(spans, crops, extra, strict=True)
    ]


def _crops(
    call: Call, full: Sequence[int], sizes: Sequence[int], wanted: tuple[int, ...] | None
) -> list[tuple[int, int]]:
    """Return what is cut off before and after each axis of the full output."""
    mode = padding_mode(call)
    if wanted is None and mode in {"NOTSET", "VALID"}:
        return ends_of(call, len(full)) if mode == "NOTSET" else [(0, 0)] * len(full)
    totals = [size - size_wanted for size, size_wanted in zip(full, sizes, strict=True)]
    if mode == "SAME_UPPER":
        return [(total // 2, total - total // 2) for total in totals]
    return [(total - total // 2, total // 2) for total in totals]


def _with_holes(image: Coordinates, strides: Sequence[int]) -> Coordinates:
    """Return the image with ``stride - 1`` absent pixels between neighbours on each axis."""
    sizes = [(size - 1) * s + 1 for size, s in zip(image.shape[2:], strides, strict=True)]
    require_size((*image.shape[:2], *sizes))
    holed = np.full((*image.shape[:2], *sizes), ABSENT)
    whole = slice(None)
    holed[(whole, whole, *(slice(None, None, s) for s in strides))] = image
    return holed
