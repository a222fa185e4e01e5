"""Padding of tensors, by a constant or by their own entries."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from polyrelax.arithmetic.words import amount, quoted
from polyrelax.interop.onnx.call import Call
from polyrelax.interop.onnx.reals import Reals, alike, fractional, real, reals
from polyrelax.interop.onnx.sparse_rows import ABSENT
from polyrelax.interop.onnx.tensors import (
    Array,
    Outcome,
    View,
    constant,
    mixture,
    require_size,
)

_MODES = {"reflect": "reflect", "edge": "edge", "wrap": "wrap"}


def pad(call: Call) -> Outcome:
    """Return the outcome of a Pad node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Computed
    >>> node = Node("Pad", ("x",), ("y",), {"pads": [1, 0], "value": 7.0})
    >>> pad(Call(node, (Computed(np.arange(2)),))).rows.bias
    array([7., 0., 0.])
    """
    shape = call[0].shape
    ends = _ends(call, len(shape))
    longer = [sum((size, *each)) for size, each in zip(shape, ends, strict=True)]
    if min(longer, default=0) < 0:
        raise call.node.malformed(f"pads shape {shape} by {ends}")
    require_size(longer)
    mode = call.node.word("mode", "constant")
    if mode == "constant":
        return _by_constant(call, ends)
    if mode not in _MODES:
        raise call.node.malformed(
            f"has mode={quoted(mode)}, expected constant, edge, reflect or wrap"
        )
    _require_own_entries(call, mode, ends)
    return View((call[0].rearranged(lambda entries: _padded(entries, ends, mode)),))


def _ends(call: Call, rank: int) -> list[tuple[int, int]]:
    """Return how much is added, or cut off if negative, before and after each axis."""
    key = "paddings" if call.node.version < 2 else "pads"
    given = call.attribute_or_input(key, 1) or []
    axes = call.node.axes(call.integers(3, "axis"), rank) if call.has(3) else tuple(range(rank))
    if len(given) != 2 * len(axes):
        raise call.node.malformed(
            f"has {amount(len(given), 'pad')} for {amount(len(axes), 'axis', 'axes')}"
        )
    ends = [(0, 0)] * rank
    halves = zip(given[: len(axes)], given[len(axes) :], strict=True)
    for axis, each in zip(axes, halves, strict=True):
        ends[axis] = each
    return ends


def _by_constant(call: Call, ends: Sequence[tuple[int, int]]) -> Outcome:
    if call.is_constant(0) and call.constant(0).dtype.kind not in "fO":
        whole = call.constant(0)
        value = call.constant(2) if call.has(2) else np.zeros(1, dtype=whole.dtype)
        return constant(_constant_padded(whole, ends, value.ravel()[0]))
    value = _value(call)
    if call.is_constant(0):
        inner = call.reals(0)
        inner, value = alike([inner, value])
        return constant(_constant_padded(inner, ends, value[()]))
    padded = _constant_padded(call.computed(0), ends, ABSENT)
    columns = np.asarray(padded, dtype=np.int64)
    spread = np.broadcast_to(value, columns.shape)
    bias = reals([]) if not columns.size else np.where(columns == ABSENT, spread, _zero(value))
    return mixture(columns, bias.reshape(columns.shape))


def _value(call: Call) -> Reals:
    """Return the number that is put around a tensor."""
    if not call.has(2):
        return real(call.node.number("value", 0.0))
    value = call.reals(2, "value")
    if value.size != 1:
        raise call.node.malformed(f"pads with a tensor of shape {value.shape}")
    return value.reshape(())


def _zero(value: Reals) -> Reals:
    return real(0) if value.dtype == np.float64 else fractional(real(0))


def _require_own_entries(call: Call, mode: str, ends: Sequence[tuple[int, int]]) -> None:
    shape = call[0].shape
    for size, each in zip(shape, ends, strict=True):
        most = size - 1 if mode == "reflect" else size
        fits = max(each) <= most if mode in {"reflect", "wrap"} else size or not any(each)
        if min(each) < 0 or not fits:
            raise call.node.unsupported(
                f"pads shape {shape} in mode {quoted(mode)} by {list(ends)}"
            )


def _constant_padded(entries: Array, ends: Sequence[tuple[int, int]], value: object) -> Array:
    inner = entries[
        tuple(slice(max(-a, 0), n - max(-b, 0)) for n, (a, b) in _sizes(entries, ends))
    ]
    wide = [(max(a, 0), max(b, 0)) for a, b in ends]
    shape = [n + a + b for n, (a, b) in _sizes(inner, wide)]
    padded = np.full(shape, value, dtype=entries.dtype)
    padded[tuple(slice(a, a + n) for n, (a, _) in _sizes(inner, wide))] = inner
    return padded


def _sizes(
    entries: Array, ends: Sequence[tuple[int, int]]
) -> list[tuple[int, tuple[int, int]]]:
    return list(zip(entries.shape, ends, strict=True))


def _padded(entries: Array, ends: Sequence[tuple[int, int]], mode: str) -> Array:
    if mode == "reflect":
        return np.pad(entries, ends, mode="reflect")
    return np.pad(entries, ends, mode="edge" if mode == "edge" else "wrap")
