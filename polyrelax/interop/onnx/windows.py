r"""Windows that slide over an image: what convolutions and pools see.

Along each axis an image of size :math:`n` with padding :math:`p_0, p_1` is seen by a kernel of
size :math:`k` with stride :math:`s` and dilation :math:`d`; position :math:`q` of window
:math:`i` is the pixel :math:`s i + d q - p_0`, absent if there is none.  There are

.. math:: \left\lfloor \frac{n + p_0 + p_1 - (k - 1) d - 1}{s} \right\rfloor + 1

windows, or the ceiling of the quotient if the last one may be incomplete, but for windows that
would start behind the image and its first padding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Final

import numpy as np
import numpy.typing as npt

from polyrelax.arithmetic.words import quoted
from polyrelax.interop.onnx.call import Call
from polyrelax.interop.onnx.sparse_rows import ABSENT, require_terms
from polyrelax.interop.onnx.tensors import Coordinates, require_size

_MODES: Final = ("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER")


@dataclass(frozen=True)
class Axis:
    """One axis of an image, and how a kernel slides along it."""

    size: int
    kernel: int
    stride: int
    dilation: int
    before: int = 0
    after: int = 0
    is_ceiled: bool = False

    @property
    def extent(self) -> int:
        """How many pixels the kernel spans."""
        return (self.kernel - 1) * self.dilation + 1

    @property
    def count(self) -> int:
        """How many windows there are."""
        room = self.size + self.before + self.after - self.extent
        count = (-(-room // self.stride) if self.is_ceiled else room // self.stride) + 1
        starts_behind = (count - 1) * self.stride >= self.size + self.before
        return max(count - 1 if self.is_ceiled and starts_behind else count, 0)

    @property
    def pixels(self) -> npt.NDArray[np.int64]:
        """The pixel at each position of each window, maybe one that is not there."""
        starts = self.stride * np.arange(self.count) - self.before
        return np.asarray(starts[:, np.newaxis] + self.dilation * np.arange(self.kernel))


def axes_of(call: Call, sizes: Sequence[int], kernel: Sequence[int]) -> list[Axis]:
    """Return the axes of a node that slides a kernel over an image of these sizes.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> node = Node("Conv", ("x", "w"), ("y",), {"strides": [2]})
    >>> axes_of(Call(node, ()), (5,), (2,))[0].count
    2
    """
    strides, dilations = sliding(call, len(sizes))
    if len(kernel) != len(sizes) or min(kernel, default=1) < 1:
        raise call.node.malformed(f"has kernel {tuple(kernel)} for an image of {tuple(sizes)}")
    plain = [Axis(*each) for each in zip(sizes, kernel, strides, dilations, strict=True)]
    ceiled = bool(call.node.integer("ceil_mode", 0))
    axes = [
        Axis(each.size, each.kernel, each.stride, each.dilation, *ends, is_ceiled=ceiled)
        for each, ends in zip(plain, _padding(call, plain), strict=True)
    ]
    if any(axis.count < 1 for axis in axes):
        padded = tuple(axis.size + axis.before + axis.after for axis in axes)
        spans = tuple(axis.extent for axis in axes)
        raise call.node.malformed(f"has a kernel that spans {spans} and an image of {padded}")
    return axes


def sliding(call: Call, rank: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the strides and dilations of a node, for images of ``rank`` axes.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> sliding(Call(Node("Conv", ("x", "w"), ("y",), {}), ()), 2)
    ((1, 1), (1, 1))
    """
    ones = (1,) * rank
    strides = call.node.integers("strides") or ones
    dilations = call.node.integers("dilations") or ones
    lengths = {len(strides), len(dilations)}
    if lengths != {rank} or min(*strides, *dilations) < 1:
        raise call.node.malformed(f"has strides {strides} and dilations {dilations}")
    return strides, dilations


def ends_of(call: Call, rank: int) -> list[tuple[int, int]]:
    """Return the paddings that a node names, before and after each axis.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> ends_of(Call(Node("Conv", ("x", "w"), ("y",), {"pads": [1, 2]}), ()), 1)
    [(1, 2)]
    """
    ends = call.node.integers("pads") or (0,) * 2 * rank
    if len(ends) != 2 * rank or min(ends, default=0) < 0:
        raise call.node.malformed(f"has pads {ends}")
    return list(zip(ends[:rank], ends[rank:], strict=True))


def padding_mode(call: Call) -> str:
    """Return how a node says what padding there is.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> padding_mode(Call(Node("Conv", ("x", "w"), ("y",), {}), ()))
    'NOTSET'
    """
    mode = call.node.word("auto_pad", "NOTSET")
    if mode not in _MODES:
        raise call.node.malformed(
            f"has auto_pad={quoted(mode)}, expected one of {', '.join(_MODES)}"
        )
    return mode


def seen(image: Coordinates, axes: Sequence[Axis]) -> Coordinates:
    """Return what each window sees, window axes first and positions in it on the last axis.

    The axes of the image that come before those of the windows stay in front.

    >>> seen(np.arange(3), [Axis(3, 2, 1, 1, before=1)]).tolist()
    [[-1, 0], [0, 1], [1, 2]]
    """
    counts = tuple(axis.count for axis in axes)
    front = image.shape[: image.ndim - len(axes)]
    require_size((*front, *counts))
    require_terms(prod(front) * prod(counts) * prod(axis.kernel for axis in axes))
    rank = len(axes)
    places: list[Coordinates] = []
    there: npt.NDArray[np.bool_] = np.ones((), dtype=np.bool_)
    for k, axis in enumerate(axes):
        pixels, shape = axis.pixels, [1] * (2 * rank)
        shape[k], shape[rank + k] = pixels.shape
        inside = (pixels >= 0) & (pixels < axis.size)
        places.append(np.where(inside, pixels, 0).reshape(shape))
        there = there & inside.reshape(shape)
    found = np.where(there, image[(slice(None),) * len(front) + tuple(places)], ABSENT)
    return np.asarray(found.reshape(*front, *counts, -1), dtype=np.int64)


def _padding(call: Call, axes: Sequence[Axis]) -> list[tuple[int, int]]:
    mode = padding_mode(call)
    if mode == "NOTSET":
        return ends_of(call, len(axes))
    if mode == "VALID":
        return [(0, 0)] * len(axes)
    if min(map(_missing, axes)) < -1:  # runtimes begin at other pixels, or refuse it
        raise call.node.unsupported(
            f"has auto_pad={quoted(mode)} with strides that leave out pixels at the ends, "
            "expected pads"
        )
    return [_same(axis, upper=mode == "SAME_UPPER") for axis in axes]


def _same(axis: Axis, *, upper: bool) -> tuple[int, int]:
    """Return the padding that makes the output size that of the input over the stride."""
    total = max(_missing(axis), 0)
    small, large = total // 2, total - total // 2
    return (small, large) if upper else (large, small)


def _missing(axis: Axis) -> int:
    """Return how many pixels an image is short of those that so many windows see."""
    return (-(-axis.size // axis.stride) - 1) * axis.stride + axis.extent - axis.size
