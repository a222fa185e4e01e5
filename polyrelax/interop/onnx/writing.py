"""Networks as ONNX files: Gemm, Relu, and the operators of other neurons."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, assert_never

import numpy as np
import onnx
from onnx import helper, numpy_helper

from polyrelax.arithmetic.arguments import located, require
from polyrelax.interop.onnx.doubles import double_of
from polyrelax.interop.onnx.neuron_nodes import NeuronNodes
from polyrelax.networks.layers import Affine, Identity, Layer, Neurons, ReLU
from polyrelax.networks.network import Network

_OPSET: Final = 16
_IR_VERSION: Final = 8


def write(network: Network, path: str | Path) -> None:
    """Write a network with numbers that float64 represents exactly.

    Raises :class:`InexactInputError` for other numbers, and
    :class:`UnsupportedOperatorError` for neurons without an operator, such as sorts of three;
    see :func:`polyrelax.networks.lowering.with_rectifiers`.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "net.onnx"
    ...     write(Network((Affine.dense([["1/3"]]),)), path)
    Traceback (most recent call last):
    polyrelax.errors.InexactInputError: found 1/3, which float64 does not represent
    """
    require(network, Network)
    file = located(path)
    nodes, weights = [], []
    for i, layer in enumerate(network.layers):
        more, tensors = _written(layer, i)
        nodes += more
        weights += tensors
    ends = [(0, network.in_dim), (len(network.layers), network.out_dim)]
    inputs, outputs = (
        helper.make_tensor_value_info(f"v{i}", onnx.TensorProto.DOUBLE, [1, dim])
        for i, dim in ends
    )
    graph = helper.make_graph(nodes, "polyrelax", [inputs], [outputs], weights)
    opsets = [helper.make_opsetid("", _OPSET)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)
    file.write_bytes(model.SerializeToString(deterministic=True))


def _written(layer: Layer, i: int) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """Return the nodes of a layer, and the tensors that they read."""
    read, given, name = f"v{i}", f"v{i + 1}", f"n{i}"
    match layer:
        case Affine():
            tensors = list(_weights(layer, i))
            inputs = [read, *(tensor.name for tensor in tensors)]
            return [helper.make_node("Gemm", inputs, [given], name=name, transB=1)], tensors
        case Identity():
            return [helper.make_node("Identity", [read], [given], name=name)], []
        case ReLU(_, None):
            return [helper.make_node("Relu", [read], [given], name=name)], []
        case ReLU() | Neurons():
            found = NeuronNodes(read, given, name)
            found.build(layer.units)
            return found.nodes, found.tensors
        case _:
            assert_never(layer)


def _weights(layer: Affine, i: int) -> Iterator[onnx.TensorProto]:
    weight = [[double_of(value) for value in row] for row in layer.weight]
    bias = [double_of(value) for value in layer.bias]
    yield numpy_helper.from_array(np.array(weight, dtype=np.float64), f"w{i}")
    yield numpy_helper.from_array(np.array(bias, dtype=np.float64), f"b{i}")
