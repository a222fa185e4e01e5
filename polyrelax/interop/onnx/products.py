"""Products of matrices, one of them constant."""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from polyrelax.errors import TooLargeError
from polyrelax.interop.onnx.call import Call
from polyrelax.interop.onnx.reals import Reals, fractional, plus, real, times
from polyrelax.interop.onnx.sparse_rows import rows_of
from polyrelax.interop.onnx.tensors import (
    Outcome,
    Rows,
    Tensor,
    constant,
    require_size,
)

_MOST_PRODUCTS: Final = 1_000_000
_T = TypeVar("_T", bound=np.generic)


def multiply_matrices(call: Call) -> Outcome:
    """Return the outcome of a MatMul node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Computed, Constant
    >>> pair = (Computed(np.arange(2)), Constant(np.array([3.0, 4.0])))
    >>> multiply_matrices(Call(Node("MatMul", ("x", "w"), ("y",), {}), pair)).rows.factors
    array([3., 4.])
    """
    left, right = call[0], call[1]
    if not left.shape or not right.shape:
        raise call.node.malformed(f"has shapes {call.shapes}")
    above = left.rearranged(lambda e: e[np.newaxis]) if len(left.shape) == 1 else left
    beside = right.rearranged(lambda e: e[:, np.newaxis]) if len(right.shape) == 1 else right
    stack = np.broadcast_shapes(above.shape[:-2], beside.shape[:-2])
    inner = left.shape[-2:-1] + (right.shape[-1:] if len(right.shape) > 1 else ())
    product = _product(replace(call, inputs=(above, beside)), real(0), real(1))
    return _of_shape(product, (*stack, *inner))


def general_product(call: Call) -> Outcome:
    """Return the outcome of a Gemm node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Computed, Constant
    >>> pair = (Computed(np.arange(2).reshape(1, 2)), Constant(np.array([[3.0], [4.0]])))
    >>> node = Node("Gemm", ("x", "w"), ("y",), {"alpha": 0.5})
    >>> general_product(Call(node, pair)).rows.factors
    array([1.5, 2. ])
    """
    node = call.node
    left = _turned(call[0], node.integer("transA", 0))
    right = _turned(call[1], node.integer("transB", 0))
    alpha, beta = real(node.number("alpha")), real(node.number("beta"))
    shift = times(call.reals(2, "bias"), beta) if call.has(2) else real(0)
    if len(left.shape) != 2 or len(right.shape) != 2:
        raise node.malformed(f"has shapes {call.shapes}, expected matrices")
    size = (left.shape[0], right.shape[1])
    if np.broadcast_shapes(shift.shape, size) != size:
        raise node.malformed(f"adds shape {shift.shape} to {size}")
    return _product(replace(call, inputs=(left, right)), shift, alpha)


def _product(call: Call, shift: Reals, scale: Reals) -> Outcome:
    """Return ``scale * left @ right + shift`` for matrices or stacks of them."""
    left, right = call[0], call[1]
    if left.shape[-1] != right.shape[-2]:
        raise call.node.malformed(f"multiplies matrices of shapes {call.shapes}")
    stack = np.broadcast_shapes(left.shape[:-2], right.shape[:-2])
    shape = (*stack, left.shape[-2], right.shape[-1])
    require_size(shape)
    if call.is_constant(0) and call.is_constant(1):
        products = _matrix_product(call.reals(0), call.reals(1))
        return constant(plus(times(products, scale), shift))
    if call.is_constant(0):
        columns, factors = _down(call.computed(1)), _across(call.reals(0, "matrix"))
    elif call.is_constant(1):
        columns, factors = _across(call.computed(0)), _down(call.reals(1, "matrix"))
    else:
        raise call.node.unsupported("multiplies two computed tensors")
    scaled = factors if scale == 1 else times(factors, scale)
    return Rows(rows_of(columns, scaled, np.broadcast_to(shift, shape)), shape)


def _across(left: npt.NDArray[_T]) -> npt.NDArray[_T]:
    """Return the rows of the left factors, the same for each column of the product."""
    return np.expand_dims(left, -2)


def _down(right: npt.NDArray[_T]) -> npt.NDArray[_T]:
    """Return the columns of the right factors, the same for each row of the product."""
    return np.expand_dims(np.swapaxes(right, -1, -2), -3)


def _matrix_product(left: Reals, right: Reals) -> Reals:
    stack = np.broadcast_shapes(left.shape[:-2], right.shape[:-2])
    count = prod((*stack, left.shape[-2], left.shape[-1], right.shape[-1]))
    if count > _MOST_PRODUCTS:
        raise TooLargeError(f"makes {count} products of constants, of at most {_MOST_PRODUCTS}")
    return np.asarray(fractional(left) @ fractional(right), dtype=np.object_)


def _turned(tensor: Tensor, turns: int) -> Tensor:
    return tensor.rearranged(np.transpose) if turns else tensor


def _of_shape(outcome: Outcome, shape: tuple[int, ...]) -> Outcome:
    if isinstance(outcome, Rows):
        return Rows(outcome.rows, shape)
    return outcome
