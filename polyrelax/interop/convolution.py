r"""Convolutions as sparse affine maps.

For an input of :math:`C` channels, kernel :math:`K`, strides :math:`s` and dilations :math:`d`,

.. math:: y_{m, p} = b_m + \sum_{c, q} K_{m, c, q}\; x_{c,\; s p + d q - \text{pad}},

with zeros outside the input and, for :math:`g` groups, :math:`c` running over the channels of
the group of :math:`m`.  A row has as many entries as the kernel, so that the layer's size
is that of the convolution and not that of its matrix.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np

from polyrelax.arithmetic.rational import ZERO, SparseVector, Vector
from polyrelax.interop.tensors import (
    Coordinates,
    Node,
    Outcome,
    Rows,
    Tensor,
    combination,
    fractions,
    is_constant,
)

_OUTSIDE = -1


@dataclass(frozen=True)
class _Axis:
    """One spatial axis: input and kernel size, stride, dilation."""

    size: int
    kernel: int
    stride: int
    dilation: int

    @property
    def extent(self) -> int:
        """How many positions the kernel spans."""
        return (self.kernel - 1) * self.dilation + 1

    def same_padding(self, *, upper: bool) -> tuple[int, int]:
        """Return the padding that makes the output size that of the input over the stride."""
        total = max(
            (-(-self.size // self.stride) - 1) * self.stride + self.extent - self.size, 0
        )
        small, large = total // 2, total - total // 2
        return (small, large) if upper else (large, small)


def convolve(node: Node, inputs: Sequence[Tensor]) -> Outcome:
    """Return the outcome of a Conv node on one image.

    The image has the shape (1, channels, ...), the kernel (outputs, channels / groups, ...).

    >>> from fractions import Fraction
    >>> image, kernel = np.arange(3).reshape(1, 1, 3), np.full((1, 1, 2), Fraction(1))
    >>> convolve(Node("Conv", "", ("x", "w"), "y", {}), [image, kernel]).rows
    (((0, Fraction(1, 1)), (1, Fraction(1, 1))), ((1, Fraction(1, 1)), (2, Fraction(1, 1))))
    """
    image, kernel = inputs[0], inputs[1]
    if is_constant(image) or not is_constant(kernel):
        raise node.unsupported("expects a computed image and a constant kernel")
    if image.ndim < 3 or image.ndim != kernel.ndim or image.shape[0] != 1:
        raise node.unsupported(f"has image {image.shape} and kernel {kernel.shape}")
    axes = _axes(node, image.shape[2:], kernel.shape[2:])
    padded = _pad(node, image[0], axes)
    starts = [
        range(0, size - axis.extent + 1, axis.stride)
        for size, axis in zip(padded.shape[1:], axes, strict=True)
    ]
    shape = (1, kernel.shape[0], *map(len, starts))
    groups = node.integer("group", 1)
    if groups < 1 or kernel.shape[0] % groups or kernel.shape[1] * groups != image.shape[1]:
        raise node.malformed(f"has {groups} groups, image {image.shape}, kernel {kernel.shape}")
    windows = [list(_windows(part, axes, starts)) for part in np.split(padded, groups)]
    weights = [tuple(fractions(each)) for each in kernel]
    per_group = len(weights) // groups
    rows = (
        _row(window, weight)
        for m, weight in enumerate(weights)
        for window in windows[m // per_group]
    )
    return Rows(tuple(rows), _bias(node, inputs, shape), shape)


def _axes(node: Node, sizes: Sequence[int], kernel: Sequence[int]) -> list[_Axis]:
    ones = (1,) * len(sizes)
    strides = node.integers("strides") or ones
    dilations = node.integers("dilations") or ones
    if min(*strides, *dilations, *kernel) < 1:
        raise node.malformed(f"has strides {strides}, dilations {dilations}, kernel {kernel}")
    return [_Axis(*axis) for axis in zip(sizes, kernel, strides, dilations, strict=True)]


def _pad(node: Node, image: Coordinates, axes: Sequence[_Axis]) -> Coordinates:
    """Return the image with its padding marked as outside."""
    mode = node.word("auto_pad", "NOTSET")
    if mode == "NOTSET":
        ends = node.integers("pads") or (0,) * 2 * len(axes)
        widths = list(zip(ends[: len(axes)], ends[len(axes) :], strict=True))
    elif mode == "VALID":
        widths = [(0, 0)] * len(axes)
    elif mode in {"SAME_UPPER", "SAME_LOWER"}:
        widths = [axis.same_padding(upper=mode == "SAME_UPPER") for axis in axes]
    else:
        raise node.malformed(f"has auto_pad={mode!r}")
    return np.pad(image, [(0, 0), *widths], constant_values=_OUTSIDE)


def _windows(
    image: Coordinates, axes: Sequence[_Axis], starts: Sequence[range]
) -> Iterator[list[int]]:
    """Yield what the kernel sees at each position of the output."""
    for corner in product(*starts):
        span = (
            slice(start, start + axis.extent, axis.dilation)
            for start, axis in zip(corner, axes, strict=True)
        )
        yield image[(slice(None), *span)].ravel().tolist()


def _row(window: list[int], weight: Vector) -> SparseVector:
    inside = [(j, value) for j, value in zip(window, weight, strict=True) if j != _OUTSIDE]
    return combination((j for j, _ in inside), (value for _, value in inside))


def _bias(node: Node, inputs: Sequence[Tensor], shape: tuple[int, ...]) -> Vector:
    if len(inputs) < 3:
        return (ZERO,) * prod(shape)
    if not is_constant(inputs[2]) or inputs[2].shape != shape[1:2]:
        raise node.malformed(f"has a bias of shape {inputs[2].shape}, expected {shape[1:2]}")
    repeats = prod(shape[2:])
    return tuple(value for value in fractions(inputs[2]) for _ in range(repeats))
