"""Operators of scikit-learn's exports that are affine: linear models, scalings and choices.

They are of the domain ``ai.onnx.ml``.  A linear classifier is read up to its scores; see
:mod:`polyrelax.interop.onnx.scores`.
"""

from __future__ import annotations

import numpy as np

from polyrelax.arithmetic.words import amount, quoted
from polyrelax.interop.onnx.call import Call
from polyrelax.interop.onnx.reals import Reals, real, reals, times
from polyrelax.interop.onnx.sparse_rows import rows_of
from polyrelax.interop.onnx.tensors import (
    Computed,
    Coordinates,
    Outcome,
    Rows,
    View,
    require_size,
)


def regress(call: Call) -> Outcome:
    """Return the outcome of a LinearRegressor node, or the scores of a LinearClassifier node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> numbers = {"coefficients": [2.0, 3.0], "intercepts": [1.0]}
    >>> node = Node("ai.onnx.ml.LinearRegressor", ("x",), ("y",), numbers)
    >>> rows = regress(Call(node, (Computed(np.arange(2)),))).rows
    >>> rows.factors, rows.bias
    (array([2., 3.]), array([1.]))
    """
    x = np.atleast_2d(_features(call))
    factors, shift = _numbers(call, "coefficients"), _numbers(call, "intercepts")
    width = x.shape[-1]
    if x.ndim != 2 or not width or factors.size % width or not factors.size:
        found = f"{amount(factors.size, 'coefficient')} for {amount(width, 'feature')}"
        raise call.node.malformed(f"has {found}")
    _require_plain(call)
    targets = factors.size // width
    bias = np.zeros(targets) if not shift.size else shift
    if bias.shape != (targets,):
        raise call.node.malformed(
            f"has {amount(bias.size, 'intercept')} for {amount(targets, 'target')}"
        )
    shape = (x.shape[0], targets)
    require_size(shape)
    rows = rows_of(x[:, np.newaxis, :], factors.reshape(1, targets, width), bias)
    return Rows(rows, shape)


def scale(call: Call) -> Outcome:
    """Return the outcome of a Scaler node, ``(x - offset) * scale``.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> node = Node("ai.onnx.ml.Scaler", ("x",), ("y",), {"offset": [1.0], "scale": [2.0]})
    >>> scale(Call(node, (Computed(np.arange(1)),))).rows.bias
    array([-2.])
    """
    x = _features(call)
    factor, offset = _numbers(call, "scale"), _numbers(call, "offset")
    widths = {factor.size, offset.size} - {1}
    if not x.shape or widths - {x.shape[-1]} or not factor.size or not offset.size:
        found = f"{amount(factor.size, 'factor')} and {amount(offset.size, 'offset')}"
        raise call.node.malformed(f"has {found} for shape {x.shape}")
    bias = np.broadcast_to(times(times(factor, offset), real(-1)), x.shape)
    factors = np.broadcast_to(factor, x.shape)[..., np.newaxis]
    return Rows(rows_of(x[..., np.newaxis], factors, bias), x.shape)


def extract(call: Call) -> Outcome:
    """Return the outcome of an ArrayFeatureExtractor node: some entries of the last axis.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Constant
    >>> pair = (Computed(np.arange(3)), Constant(np.array([2])))
    >>> node = Node("ai.onnx.ml.ArrayFeatureExtractor", ("x", "i"), ("y",), {})
    >>> extract(Call(node, pair)).tensors[0].entries
    array([[2]])
    """
    tensor, places = call[0], call.integers(1, "index")
    size = tensor.shape[-1] if tensor.shape else 0
    if not all(0 <= place < size for place in places):
        raise call.node.malformed(f"takes entries {places} of shape {tensor.shape}")
    found = tensor.rearranged(lambda entries: np.atleast_2d(entries[..., places]))
    return View((found,))


def impute(call: Call) -> Outcome:
    """Return the outcome of an Imputer node that replaces what is not a number.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> nan = {"replaced_value_float": float("nan")}
    >>> node = Node("ai.onnx.ml.Imputer", ("x",), ("y",), nan)
    >>> impute(Call(node, (Computed(np.arange(2)),))).tensors[0].shape
    (2,)
    """
    replaced = call.node.attributes.get("replaced_value_float", 0.0)
    if "imputed_value_int64s" in call.node.attributes or replaced == replaced:  # noqa: PLR0124
        raise call.node.unsupported("replaces numbers, expected it to replace NaN alone")
    return View((call[0],))


def _features(call: Call) -> Coordinates:
    tensor = call[0]
    if not isinstance(tensor, Computed):
        raise call.node.unsupported("reads a constant")
    return tensor.entries


def _numbers(call: Call, key: str) -> Reals:
    return reals(call.node.numbers(key))


def _require_plain(call: Call) -> None:
    transform = call.node.word("post_transform", "NONE")
    if transform != "NONE":
        raise call.node.unsupported(f"has post_transform={quoted(transform)}, expected 'NONE'")
