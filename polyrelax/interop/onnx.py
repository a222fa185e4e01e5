r"""ONNX files, read and written without rounding.

Weights in floating point are the dyadic rationals that they are, and the network read is the
function that the file *means* with exact arithmetic; programs that run it round.  A first
dimension that is symbolic means one.  The operators read are those of
:data:`polyrelax.interop.operators.OPERATORS` and ``Constant``; how graphs become layers is told
in :mod:`polyrelax.interop.dataflow`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt

from polyrelax.arithmetic.rational import from_float, text
from polyrelax.errors import (
    FormatError,
    InexactInputError,
    NotANumberError,
    PolyrelaxError,
    TooLargeError,
    UnsupportedOperatorError,
)
from polyrelax.interop.dataflow import Graph, network_of
from polyrelax.interop.tensors import Constants, Node, constants
from polyrelax.networks.layers import Affine, Identity, Layer
from polyrelax.networks.network import Network

try:
    import onnx
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
    from onnx import checker, helper, numpy_helper
except ImportError:
    raise ImportError("polyrelax.interop.onnx needs: pip install polyrelax[onnx]") from None

_OPSET = 13
_IR_VERSION = 8
_MOST_INPUTS = 10_000_000


def read(path: str | Path) -> Network:
    """Return the network of an ONNX file, exactly.

    Raises :class:`FormatError` for a file that is no valid model and
    :class:`UnsupportedOperatorError` for an operator that has no exact meaning here.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "net.onnx"
    ...     write(Network((Affine.dense([["1/2"]], [3]),)), path)
    ...     read(path).layers[0].weight
    ((Fraction(1, 2),),)
    """
    try:
        model = onnx.load(str(path))
        for output in model.graph.output:  # whose shape is of no use here, so may be absent
            output.type.tensor_type.shape.SetInParent()
        checker.check_model(model)
    except (DecodeError, ValueError, checker.ValidationError) as error:
        raise FormatError(f"{path} is no valid ONNX file: {_first_line(error)}") from None
    return network_of(_graph(model.graph))


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


def _graph(graph: onnx.GraphProto) -> Graph:
    fixed = {tensor.name: _exact(tensor.name, tensor) for tensor in graph.initializer}
    if graph.sparse_initializer:
        raise FormatError("found sparse initializers, expected dense ones")
    nodes = []
    for position, node in enumerate(graph.node):
        if node.domain in {"", "ai.onnx"} and node.op_type == "Constant":
            fixed[node.output[0]] = _constant(node)
        else:
            nodes.append(_node(node, position))
    inputs = [value for value in graph.input if value.name not in fixed]
    if len(inputs) != 1 or len(graph.output) != 1:
        found = f"{len(inputs)} inputs and {len(graph.output)} outputs"
        raise FormatError(f"found {found}, expected one of each")
    return Graph(tuple(nodes), fixed, inputs[0].name, _shape(inputs[0]), graph.output[0].name)


def _node(node: onnx.NodeProto, position: int) -> Node:
    attributes = {each.name: helper.get_attribute_value(each) for each in node.attribute}
    domain = "" if node.domain in {"", "ai.onnx"} else f"{node.domain}."
    name = node.name or f"number {position}"
    return Node(domain + node.op_type, name, tuple(node.input), node.output[0], attributes)


def _shape(value: onnx.ValueInfoProto) -> tuple[int, ...]:
    """Return the shape of the input, a first dimension that is not fixed being one."""
    if not value.type.tensor_type.HasField("shape"):
        raise FormatError(f"input {value.name!r} has no shape")
    shape = [each.dim_value for each in value.type.tensor_type.shape.dim]
    if any(size < 1 for size in shape[1:]) or min(shape[:1], default=0) < 0:
        raise FormatError(f"input {value.name!r} has a symbolic dimension besides the first")
    if math.prod(shape[1:]) * max(shape[:1], default=1) > _MOST_INPUTS:
        raise TooLargeError(f"input {value.name!r} has shape {shape}")
    return (shape[0] or 1, *shape[1:]) if shape else ()


def _constant(node: onnx.NodeProto) -> Constants:
    value = helper.get_attribute_value(node.attribute[0])
    name = node.output[0]
    if isinstance(value, onnx.TensorProto):
        return _exact(name, value)
    if isinstance(value, int | float | list | tuple):
        return _exact_array(name, np.asarray(value))
    raise UnsupportedOperatorError(f"operator 'Constant' (node {node.name!r}) holds no numbers")


def _exact(name: str, tensor: onnx.TensorProto) -> Constants:
    if onnx.external_data_helper.uses_external_data(tensor):
        raise FormatError(f"tensor {name!r} lies in another file, which was not found")
    try:
        return _exact_array(name, numpy_helper.to_array(tensor))
    except PolyrelaxError:
        raise
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(f"tensor {name!r} does not fit its type and shape: {error}") from None


def _exact_array(name: str, array: npt.NDArray[np.generic]) -> Constants:
    """Return the exact values of numbers in binary."""
    if array.dtype.kind in "iub":
        return constants([Fraction(int(value)) for value in array.flat], array.shape)
    if array.dtype not in (np.float16, np.float32, np.float64):
        raise FormatError(
            f"tensor {name!r} has entries of type {array.dtype}, expected numbers"
        )
    wrong = array[~np.isfinite(array)]
    if wrong.size:
        raise NotANumberError(f"tensor {name!r} holds {wrong[0]}, expected finite numbers")
    return constants([from_float(value) for value in array.ravel().tolist()], array.shape)


def _operator(layer: Layer, index: int) -> str:
    if isinstance(layer, Affine):
        return "Gemm"
    if isinstance(layer, Identity):
        return "Identity"
    if len(layer.active) < layer.width:
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


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
