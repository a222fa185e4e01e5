r"""The operators of a dataflow graph that are exact here: affine maps, ReLU, rearrangements.

Each function takes a node and its input tensors and returns an outcome: entries arranged
anew, rows of an affine map of the state, or coordinates to rectify.  Names and meanings are
those of ONNX.  An operator whose result is not affine in computed tensors, such as the product
of two of them, is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import prod
from types import MappingProxyType
from typing import Final

import numpy as np

from polyrelax.arithmetic.rational import ONE, ZERO
from polyrelax.errors import PolyrelaxError
from polyrelax.interop.convolution import convolve
from polyrelax.interop.tensors import (
    Constants,
    Node,
    Outcome,
    Rectified,
    Rows,
    Tensor,
    View,
    combination,
    constants,
    coordinates,
    fractions,
    is_constant,
    zeros,
)

Operator = Callable[[Node, Sequence[Tensor]], Outcome]


def apply(node: Node, inputs: Sequence[Tensor]) -> Outcome:
    """Return the outcome of a node on its inputs.

    Raises :class:`UnsupportedOperatorError` for an operator that has no exact meaning here.

    >>> sign = Node("Neg", "", ("x",), "y", {})
    >>> apply(sign, [np.arange(2)]).rows
    (((0, Fraction(-1, 1)),), ((1, Fraction(-1, 1)),))
    """
    if node.operator not in OPERATORS:
        raise node.unsupported(f"is not supported; these are: {', '.join(sorted(OPERATORS))}")
    try:
        return OPERATORS[node.operator](node, inputs)
    except PolyrelaxError:
        raise
    except (ValueError, IndexError, ArithmeticError) as error:
        raise node.malformed(f"does not fit its inputs: {error}") from None


def _relu(_node: Node, inputs: Sequence[Tensor]) -> Outcome:
    tensor = inputs[0]
    if is_constant(tensor):
        return View(constants([max(value, ZERO) for value in fractions(tensor)], tensor.shape))
    return Rectified(np.asarray(tensor, dtype=np.int64))


def _identity(_node: Node, inputs: Sequence[Tensor]) -> Outcome:
    return View(inputs[0])


def _dropout(node: Node, inputs: Sequence[Tensor]) -> Outcome:
    if len(inputs) > 2 and any(inputs[2].flat):
        raise node.unsupported("is in training mode, where it is random")
    return View(inputs[0])


def _flatten(node: Node, inputs: Sequence[Tensor]) -> Outcome:
    tensor = inputs[0]
    axis = node.integer("axis", 1)
    before = tensor.shape[: axis + tensor.ndim if axis < 0 else axis]
    return View(tensor.reshape(prod(before), tensor.size // (prod(before) or 1)))


def _reshape(node: Node, inputs: Sequence[Tensor]) -> Outcome:
    tensor, wanted = inputs[0], _integers(node, inputs[1])
    if not node.integer("allowzero", 0):  # zero stands for the size that was there
        wanted = [size or tensor.shape[axis] for axis, size in enumerate(wanted)]
    return View(tensor.reshape(wanted))


def _transpose(node: Node, inputs: Sequence[Tensor]) -> Outcome:
    return View(inputs[0].transpose(node.integers("perm")))


def _squeeze(node: Node, inputs: Sequence[Tensor]) -> Outcome:
    axes = _axes(node, inputs)
    shape = np.squeeze(inputs[0], None if axes is None else tuple(axes)).shape
    return View(inputs[0].reshape(shape))


def _unsqueeze(node: Node, inputs: Sequence[Tensor]) -> Outcome:
    shape = np.expand_dims(inputs[0], tuple(_axes(node, inputs) or ())).shape
    return View(inputs[0].reshape(shape))


def _concat(node: Node, inputs: Sequence[Tensor]) -> Outcome:
    fixed = [tensor for tensor in inputs if is_constant(tensor)]
    if fixed and len(fixed) < len(inputs):
        raise node.unsupported("mixes constants and computed tensors")
    axis = node.integer("axis", 1)
    if fixed:
        return View(np.concatenate(fixed, axis=axis))
    return View(np.concatenate([np.asarray(t, dtype=np.int64) for t in inputs], axis=axis))


def _add(_node: Node, inputs: Sequence[Tensor]) -> Outcome:
    return _linear(inputs[0], inputs[1], ONE)


def _subtract(_node: Node, inputs: Sequence[Tensor]) -> Outcome:
    return _linear(inputs[0], inputs[1], -ONE)


def _multiply(node: Node, inputs: Sequence[Tensor]) -> Outcome:
    one, two = np.broadcast_arrays(inputs[0], inputs[1])
    if is_constant(one) and is_constant(two):
        return View(one * two)
    factor, tensor = (one, two) if is_constant(one) else (two, one)
    if not is_constant(factor):
        raise node.unsupported("multiplies two computed tensors")
    pairs = zip(coordinates(tensor), fractions(factor), strict=True)
    rows = tuple(combination([j], [value]) for j, value in pairs)
    return Rows(rows, (ZERO,) * len(rows), tensor.shape)


def _divide(node: Node, inputs: Sequence[Tensor]) -> Outcome:
    if not is_constant(inputs[1]):
        raise node.unsupported("divides by a computed tensor")
    inverse = constants([ONE / value for value in fractions(inputs[1])], inputs[1].shape)
    return _multiply(node, [inputs[0], inverse])


def _negate(node: Node, inputs: Sequence[Tensor]) -> Outcome:
    return _multiply(node, [inputs[0], constants([-ONE], (1,) * inputs[0].ndim)])


def _matmul(node: Node, inputs: Sequence[Tensor]) -> Outcome:
    left, right = inputs
    above = left.reshape(1, -1) if left.ndim == 1 else left
    beside = right.reshape(-1, 1) if right.ndim == 1 else right
    if beside.ndim > 2 or above.ndim < 2:
        raise node.unsupported(f"has shapes {left.shape} and {right.shape}")
    shape = left.shape[:-1] + (right.shape[1:] if right.ndim > 1 else ())
    flat = above.reshape(-1, above.shape[-1])
    return _product(node, flat, beside, zeros(()), shape)


def _gemm(node: Node, inputs: Sequence[Tensor]) -> Outcome:
    left = inputs[0].T if node.integer("transA", 0) else inputs[0]
    right = inputs[1].T if node.integer("transB", 0) else inputs[1]
    alpha, beta = node.number("alpha"), node.number("beta")
    shift = inputs[2] if len(inputs) > 2 else zeros(())
    if not is_constant(shift):
        raise node.unsupported("adds a computed tensor")
    if is_constant(left):
        left = left * alpha
    elif is_constant(right):
        right = right * alpha
    return _product(node, left, right, shift * beta, (left.shape[0], right.shape[1]))


def _product(
    node: Node, left: Tensor, right: Tensor, shift: Constants, shape: tuple[int, ...]
) -> Outcome:
    """Return ``left @ right + shift`` for matrices, one of them constant."""
    if left.shape[1] != right.shape[0]:
        raise node.malformed(f"multiplies matrices of shapes {left.shape} and {right.shape}")
    size = (left.shape[0], right.shape[1])
    bias = np.broadcast_to(np.asarray(shift, dtype=np.object_), size)
    if is_constant(left) and is_constant(right):
        return View((left @ right + bias).reshape(shape))
    if not (is_constant(left) or is_constant(right)):
        raise node.unsupported("multiplies two computed tensors")
    pairs = product(left.tolist(), right.T.tolist())
    rows = (
        combination(k, row) if is_constant(left) else combination(row, k) for row, k in pairs
    )
    return Rows(tuple(rows), tuple(fractions(bias)), shape)


def _linear(left: Tensor, right: Tensor, sign: Fraction) -> Outcome:
    """Return ``left + sign * right``, entry by entry."""
    one, two = np.broadcast_arrays(left, right)
    if is_constant(one) and is_constant(two):
        return View(one + two * sign)
    terms = [(one, ONE), (two, sign)]
    computed = [(coordinates(t), factor) for t, factor in terms if not is_constant(t)]
    fixed = [(fractions(t), factor) for t, factor in terms if is_constant(t)]
    factors = [factor for _, factor in computed]
    columns = (entries for entries, _ in computed)
    rows = tuple(combination(entry, factors) for entry in zip(*columns, strict=True))
    bias = tuple(factor * value for entries, factor in fixed for value in entries)
    return Rows(rows, bias or (ZERO,) * len(rows), one.shape)


def _axes(node: Node, inputs: Sequence[Tensor]) -> Sequence[int] | None:
    return node.integers("axes") if len(inputs) < 2 else _integers(node, inputs[1])


def _integers(node: Node, tensor: Tensor) -> list[int]:
    if not is_constant(tensor):
        raise node.unsupported("has a shape that is computed")
    return [int(value) for value in fractions(tensor)]


OPERATORS: Final[Mapping[str, Operator]] = MappingProxyType(
    {
        "Add": _add,
        "Concat": _concat,
        "Conv": convolve,
        "Div": _divide,
        "Dropout": _dropout,
        "Flatten": _flatten,
        "Gemm": _gemm,
        "Identity": _identity,
        "MatMul": _matmul,
        "Mul": _multiply,
        "Neg": _negate,
        "Relu": _relu,
        "Reshape": _reshape,
        "Squeeze": _squeeze,
        "Sub": _subtract,
        "Transpose": _transpose,
        "Unsqueeze": _unsqueeze,
    }
)
"""The operators that are read; constants are read with the graph."""
