"""Networks as ONNX files: Gemm, Relu, and the operators of other neurons."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, assert_never

import numpy as np
import onnx
from onnx import helper, numpy_helper

from polyrelax.arithmetic.arguments import located, require
from polyrelax.arithmetic.outward import Width
from polyrelax.errors import TooLargeError
from polyrelax.interop.onnx.floats import floats_of
from polyrelax.interop.onnx.neuron_nodes import NeuronNodes
from polyrelax.networks.layers import Affine, Identity, Layer, Neurons, ReLU
from polyrelax.networks.network import Network

_OPSET: Final = 16
_IR_VERSION: Final = 8
_MOST_BYTES: Final = 2**31 - 2**20
"""A message of protobuf has less than 2**31."""
_TYPES: Final = {
    Width.FLOAT64: onnx.TensorProto.DOUBLE,
    Width.FLOAT32: onnx.TensorProto.FLOAT,
}


def write(network: Network, path: str | Path, width: Width = Width.FLOAT64) -> None:
    """Write a network with numbers that floats of a width represent exactly.

    Raises :class:`InexactInputError` for other numbers, see
    :func:`polyrelax.interop.onnx.rounding.rounded`, and :class:`UnsupportedOperatorError` for
    neurons without an operator, such as sorts of three, see
    :func:`polyrelax.networks.lowering.with_rectifiers`.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "net.onnx"
    ...     write(Network((Affine.dense([["1/3"]]),)), path)
    Traceback (most recent call last):
    polyrelax.errors.InexactInputError: found 1/3, which float64 does not represent
    """
    require(network, Network)
    file = located(path)
    file.write_bytes(dumps(network, width))


def dumps(network: Network, width: Width = Width.FLOAT64) -> bytes:
    """Return the content of the file that :func:`write` writes.

    >>> dumps(Network((ReLU(2),))) == dumps(Network((ReLU(2),)))
    True
    """
    require(network, Network)
    require(width, Width)
    _require_size(network, width)
    nodes, weights = [], []
    for i, layer in enumerate(network.layers):
        more, tensors = _written(layer, i, width)
        nodes += more
        weights += tensors
    ends = [(0, network.in_dim), (len(network.layers), network.out_dim)]
    inputs, outputs = (
        helper.make_tensor_value_info(f"v{i}", _TYPES[width], [1, dim]) for i, dim in ends
    )
    graph = helper.make_graph(nodes, "polyrelax", [inputs], [outputs], weights)
    opsets = [helper.make_opsetid("", _OPSET)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)
    found: bytes = model.SerializeToString(deterministic=True)
    return found


def _written(
    layer: Layer, i: int, width: Width
) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """Return the nodes of a layer, and the tensors that they read."""
    read, given, name = f"v{i}", f"v{i + 1}", f"n{i}"
    match layer:
        case Affine():
            tensors = list(_weights(layer, i, width))
            inputs = [read, *(tensor.name for tensor in tensors)]
            return [helper.make_node("Gemm", inputs, [given], name=name, transB=1)], tensors
        case Identity():
            return [helper.make_node("Identity", [read], [given], name=name)], []
        case ReLU(_, None):
            return [helper.make_node("Relu", [read], [given], name=name)], []
        case ReLU() | Neurons():
            found = NeuronNodes(read, given, name, width)
            found.build(layer.units)
            return found.nodes, found.tensors
        case _:
            assert_never(layer)


def _weights(layer: Affine, i: int, width: Width) -> Iterator[onnx.TensorProto]:
    weight = np.zeros((layer.out_dim, layer.in_dim), dtype=width.dtype)
    for row, entries in zip(weight, layer.rows, strict=True):
        row[[j for j, _ in entries]] = floats_of([a for _, a in entries], width)
    yield numpy_helper.from_array(weight, f"w{i}")
    yield numpy_helper.from_array(floats_of(layer.bias, width), f"b{i}")


def _require_size(network: Network, width: Width) -> None:
    """Refuse what no file of the format holds, before it is made."""
    weights = sum(x.in_dim * x.out_dim for x in network.layers if isinstance(x, Affine))
    if weights * width.dtype.itemsize > _MOST_BYTES:
        raise TooLargeError(
            f"found {weights} weights, zeros among them, expected at most {_MOST_BYTES} bytes"
        )
