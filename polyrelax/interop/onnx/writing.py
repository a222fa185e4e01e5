"""Networks as ONNX files of Gemm and Relu nodes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
import onnx
from onnx import helper, numpy_helper

from polyrelax.arithmetic.rational import from_float, text
from polyrelax.errors import InexactInputError, UnsupportedOperatorError
from polyrelax.networks.layers import Affine, Identity, Layer, rectified
from polyrelax.networks.network import Network

_OPSET: Final = 13
_IR_VERSION: Final = 8


def write(network: Network, path: str | Path) -> None:
    """Write a network with weights that float64 represents exactly, as Gemm and Relu.

    Raises :class:`InexactInputError` for other weights, and
    :class:`UnsupportedOperatorError` for a ReLU of some coordinates; see
    :func:`polyrelax.networks.rewrite.without_skips`.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "net.onnx"
    ...     write(Network((Affine.dense([["1/3"]]),)), path)
    Traceback (most recent call last):
    polyrelax.errors.InexactInputError: found 1/3, which float64 does not represent
    """
    nodes, weights = [], []
    for i, layer in enumerate(network.layers):
        tensors = list(_weights(layer, i))
        names = [f"v{i}", *(tensor.name for tensor in tensors)]
        operator = _operator(layer, i)
        node = helper.make_node(operator, names, [f"v{i + 1}"], name=f"n{i}")
        if tensors:
            node.attribute.append(helper.make_attribute("transB", 1))
        nodes.append(node)
        weights += tensors
    ends = [(0, network.in_dim), (len(network.layers), network.out_dim)]
    inputs, outputs = (
        helper.make_tensor_value_info(f"v{i}", onnx.TensorProto.DOUBLE, [1, dim])
        for i, dim in ends
    )
    graph = helper.make_graph(nodes, "polyrelax", [inputs], [outputs], weights)
    opsets = [helper.make_opsetid("", _OPSET)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)
    Path(path).write_bytes(model.SerializeToString(deterministic=True))


def _operator(layer: Layer, index: int) -> str:
    if isinstance(layer, Affine):
        return "Gemm"
    if isinstance(layer, Identity):
        return "Identity"
    if len(rectified(layer)) < layer.in_dim:
        raise UnsupportedOperatorError(f"layer {index} lets coordinates pass a ReLU")
    return "Relu"


def _weights(layer: Layer, index: int) -> Iterator[onnx.TensorProto]:
    if isinstance(layer, Affine):
        weight = [[_float(value) for value in row] for row in layer.weight]
        bias = [_float(value) for value in layer.bias]
        yield numpy_helper.from_array(np.array(weight, dtype=np.float64), f"w{index}")
        yield numpy_helper.from_array(np.array(bias, dtype=np.float64), f"b{index}")


def _float(value: Fraction) -> float:
    try:
        near = float(value)
    except OverflowError:
        near = math.inf
    if not math.isfinite(near) or from_float(near) != value:
        raise InexactInputError(f"found {text(value)}, which float64 does not represent")
    return near
