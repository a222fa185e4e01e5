"""Operators that compute entry by entry, affinely: sums, products with constants, scalings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import reduce

import numpy as np

from polyrelax.interop.onnx.call import Call
from polyrelax.interop.onnx.integers import divided
from polyrelax.interop.onnx.reals import (
    Reals,
    fractions,
    is_real,
    nearest_root_quotient,
    plus,
    quotient,
    real,
    times,
)
from polyrelax.interop.onnx.sparse_rows import rows_of
from polyrelax.interop.onnx.tensors import (
    Array,
    Computed,
    Constant,
    Outcome,
    Rows,
    Tensor,
    constant,
    require_size,
)

_ONE = real(1)
_MINUS_ONE = real(-1)


def add(call: Call) -> Outcome:
    """Return the outcome of an Add node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> numbers = Constant(np.array([1.0, 2.0]))
    >>> add(Call(Node("Add", ("c", "c"), ("y",), {}), (numbers, numbers))).tensors[0].entries
    array([2., 4.])
    """
    return _combination(_aligned(call), np.add, [_ONE, _ONE])


def subtract(call: Call) -> Outcome:
    """Return the outcome of a Sub node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> x = Computed(np.arange(2))
    >>> subtract(Call(Node("Sub", ("x", "x"), ("y",), {}), (x, x))).rows.count
    2
    """
    return _combination(_aligned(call), np.subtract, [_ONE, _MINUS_ONE])


def add_all(call: Call) -> Outcome:
    """Return the outcome of a Sum node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> add_all(Call(Node("Sum", ("x",), ("y",), {}), (Computed(np.arange(2)),))).shape
    (2,)
    """
    return _combination(call, np.add, [_ONE] * len(call.inputs))


def average_all(call: Call) -> Outcome:
    """Return the outcome of a Mean node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> x = Computed(np.arange(2))
    >>> average_all(Call(Node("Mean", ("x", "x"), ("y",), {}), (x, x))).rows.factors
    array([0.5, 0.5, 0.5, 0.5])
    """
    count = len(call.inputs)
    return _combination(call, np.add, [real(Fraction(1, count))] * count)


def negate(call: Call) -> Outcome:
    """Return the outcome of a Neg node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> negate(Call(Node("Neg", ("x",), ("y",), {}), (Computed(np.arange(1)),))).rows.factors
    array([-1.])
    """
    return _combination(call, lambda a, _: np.negative(a), [_MINUS_ONE])


def multiply(call: Call) -> Outcome:
    """Return the outcome of a Mul node, one of its tensors being constant.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> pair = (Computed(np.arange(2)), Constant(np.array(3.0)))
    >>> multiply(Call(Node("Mul", ("x", "c"), ("y",), {}), pair)).rows.factors
    array([3., 3.])
    """
    call = _aligned(call)
    if call.is_constant(0) and call.is_constant(1):
        return _of_constants(call, np.multiply, times)
    if not (call.is_constant(0) or call.is_constant(1)):
        raise call.node.unsupported("multiplies two computed tensors")
    computed, factor = (1, 0) if call.is_constant(0) else (0, 1)
    entries = call.computed(computed)
    return linear([(Computed(entries), call.reals(factor))])


def divide(call: Call) -> Outcome:
    """Return the outcome of a Div node, its second tensor being constant.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> pair = (Computed(np.arange(1)), Constant(np.array(2.0)))
    >>> divide(Call(Node("Div", ("x", "c"), ("y",), {}), pair)).rows.factors
    array([0.5])
    """
    call = _aligned(call)
    if not call.is_constant(1):
        raise call.node.unsupported("divides by a computed tensor")
    if not np.all(call.constant(1) != 0):
        raise call.node.malformed("divides by zero")
    if call.is_constant(0):
        return _of_constants(call, divided, quotient)
    entries = call.computed(0)
    return linear([(Computed(entries), quotient(_ONE, call.reals(1)))])


def normalize(call: Call) -> Outcome:
    r"""Return the outcome of a BatchNormalization node in inference.

    Each channel becomes :math:`f (x - \mu) + b`, the factor :math:`f` being *defined* as the
    double nearest to :math:`s / \sqrt{v + \varepsilon}`, as that number is irrational.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> node = Node("BatchNormalization", tuple("xsbmv"), ("y",), {"epsilon": 0.0})
    >>> four = [Constant(np.array([value])) for value in (3.0, 1.0, 0.5, 4.0)]
    >>> rows = normalize(Call(node, (Computed(np.arange(2).reshape(1, 1, 2)), *four))).rows
    >>> rows.factors, rows.bias
    (array([1.5, 1.5]), array([0.25, 0.25]))
    """
    _require_inference(call)
    entries = call.computed(0)
    scale, shift, mean, variance = (call.reals(index) for index in range(1, 5))
    channels = entries.shape[1:2]
    if any(each.shape != channels for each in (scale, shift, mean, variance)):
        raise call.node.malformed(f"has inputs of shapes {call.shapes}")
    factor = _factors(call, scale, variance)
    bias = plus(shift, times(times(mean, factor), _MINUS_ONE))
    along = (-1, *(1,) * (entries.ndim - 2))
    factor, bias = factor.reshape(along), bias.reshape(along)
    columns = entries[..., np.newaxis]
    rows = rows_of(columns, factor[..., np.newaxis], np.broadcast_to(bias, entries.shape))
    return Rows(rows, entries.shape)


def linear(terms: Sequence[tuple[Tensor, Reals]]) -> Outcome:
    """Return the sum of real tensors times factors, entry by entry.

    >>> one = Constant(np.array(1.0))
    >>> linear([(Computed(np.arange(2)), real(2)), (one, real(3))]).rows.bias
    array([3., 3.])
    """
    shape = np.broadcast_shapes(*(each.shape for pair in terms for each in pair))
    require_size(shape)
    computed = [(t.entries, factor) for t, factor in terms if isinstance(t, Computed)]
    fixed = [times(t.reals, factor) for t, factor in terms if isinstance(t, Constant)]
    bias = reduce(plus, fixed, real(0))
    if not computed:
        return constant(np.broadcast_to(bias, shape))
    columns = np.stack([np.broadcast_to(each, shape) for each, _ in computed], axis=-1)
    if all(factor.ndim == 0 for _, factor in computed):
        factors = np.stack([factor for _, factor in computed], axis=-1)
    else:
        ((_, only),) = computed
        factors = np.broadcast_to(only, shape)[..., np.newaxis]
    return Rows(rows_of(columns, factors, np.broadcast_to(bias, shape)), shape)


def _combination(
    call: Call, on_integers: Callable[[Array, Array], Array], factors: Sequence[Reals]
) -> Outcome:
    """Return the sum of the tensors times factors."""
    tensors = call.tensors
    if all(isinstance(each, Constant) and not is_real(each.entries) for each in tensors):
        arrays = [each.entries for each in tensors]
        _require_one_type(call, arrays)
        require_size(np.broadcast_shapes(*(each.shape for each in arrays)))
        start = arrays[0] if len(arrays) > 1 else on_integers(arrays[0], arrays[0])
        return constant(reduce(on_integers, arrays[1:], start))
    _require_real(call)
    return linear(list(zip(tensors, factors, strict=True)))


def _of_constants(
    call: Call,
    on_integers: Callable[[Array, Array], Array],
    on_reals: Callable[[Reals, Reals], Reals],
) -> Outcome:
    one, two = call.constant(0), call.constant(1)
    require_size(np.broadcast_shapes(one.shape, two.shape))
    if one.dtype.kind in "iu" or two.dtype.kind in "iu":
        _require_one_type(call, [one, two])
        return constant(on_integers(one, two))
    return constant(on_reals(call.reals(0), call.reals(1)))


def _require_real(call: Call) -> None:
    for index, tensor in enumerate(call.tensors):
        _ = call.reals(index) if isinstance(tensor, Constant) else call.computed(index)


def _require_one_type(call: Call, arrays: Sequence[Array]) -> None:
    types = sorted({str(each.dtype) for each in arrays})
    if len(types) > 1 or arrays[0].dtype.kind not in "iu":
        raise call.node.malformed(f"has inputs of types {', '.join(types)}, expected one")


def _aligned(call: Call) -> Call:
    """Return the call with its second tensor broadcast by the rules of its opset."""
    if call.node.version >= 7:
        return call
    one, two = call[0], call[1]
    rank = len(one.shape)
    if not call.node.integer("broadcast", 0):
        if one.shape != two.shape:
            raise call.node.malformed(f"has shapes {call.shapes}, and no broadcast")
        return call
    axis = call.node.axis(call.node.integer("axis", rank - len(two.shape)), rank + 1)
    shape = (*two.shape, *(1,) * (rank - axis - len(two.shape)))
    if len(shape) != rank - axis:
        raise call.node.malformed(f"has shapes {call.shapes} and axis {axis}")
    aligned = two.rearranged(lambda entries: entries.reshape(shape))
    return replace(call, inputs=(one, aligned))


def _require_inference(call: Call) -> None:
    node = call.node
    trains = node.integer("training_mode", 0)
    trains = trains or (node.version < 7 and not node.integer("is_test", 0))
    if trains or any(node.outputs[1:]):
        raise node.unsupported("is in training mode")
    if not node.integer("spatial", 1):
        raise node.unsupported("has spatial=0, expected 1: a mean for each channel")


def _factors(call: Call, scale: Reals, variance: Reals) -> Reals:
    epsilon = call.node.number("epsilon", 1e-5)
    pairs = zip(fractions(scale), fractions(variance), strict=True)
    sums = [(s, v + epsilon) for s, v in pairs]
    if any(w <= 0 for _, w in sums):
        raise call.node.malformed("has a variance that is not positive")
    return np.array([nearest_root_quotient(s, w) for s, w in sums], dtype=np.float64)
