"""ONNX files as graphs, and as networks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Final

import onnx
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.words import in_line, quoted
from polyrelax.errors import (
    FormatError,
    NamedFileError,
    TooLargeError,
    UnsupportedOperatorError,
)
from polyrelax.interop.onnx.dataflow import lowered, network_of
from polyrelax.interop.onnx.declarations import shapes_of, types_of
from polyrelax.interop.onnx.element_types import require_types
from polyrelax.interop.onnx.graph import Graph, Node, Port, needed_nodes
from polyrelax.interop.onnx.nodes import nodes_of, opsets_of, without_functions
from polyrelax.interop.onnx.scores import last_read, unread, with_scores
from polyrelax.interop.onnx.weights import Weights
from polyrelax.interop.opening import read_bytes
from polyrelax.networks.network import Network

_FLOATS: Final = frozenset({1, 10, 11, 16})
_INTEGERS: Final = frozenset({2, 3, 4, 5, 6, 7, 12, 13})
_MOST_INPUTS: Final = 2_000_000


@dataclass(frozen=True)
class Reading:
    """A network read from a file, with the names of its inputs and outputs.

    The values of inputs and outputs stand one after the other, each tensor in row-major order.
    ``notes`` say what a reader decided that the file leaves open.
    """

    network: Network
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    notes: tuple[str, ...] = ()


def read(path: str | Path) -> Network:
    """Return the network of an ONNX file, exactly.

    Raises :class:`FormatError` for a file that is no valid model and
    :class:`UnsupportedOperatorError` for an operator that has no exact meaning here.

    >>> from tempfile import TemporaryDirectory
    >>> from polyrelax.interop.onnx.writing import write
    >>> from polyrelax.networks.layers import Affine
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "net.onnx"
    ...     write(Network((Affine.dense([["1/2"]], [3]),)), path)
    ...     read(path).layers[0].weight
    ((Fraction(1, 2),),)
    """
    return load(path).network


def load(path: str | Path, *, output: str | None = None) -> Reading:
    """Return the network of an ONNX file with the names of its inputs and outputs.

    ``output`` names a tensor that is taken as the output instead of those of the file; what is
    computed from it, such as probabilities, is not read then.

    >>> from tempfile import TemporaryDirectory
    >>> from polyrelax.interop.onnx.writing import write
    >>> from polyrelax.networks.layers import ReLU
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "net.onnx"
    ...     write(Network((ReLU(2),)), path)
    ...     load(path).inputs
    (Port(name='v0', shape=(1, 2), is_integer=False),)
    """
    graph = graph_of(path, output=output)
    steps, outputs = lowered(graph)
    network = network_of(steps, sum(prod(port.shape) for port in graph.inputs))
    return Reading(network, graph.inputs, outputs, graph.notes)


def graph_of(path: str | Path, *, output: str | None = None) -> Graph:
    """Return the graph of an ONNX file, all of whose operators are known.

    >>> from tempfile import TemporaryDirectory
    >>> from polyrelax.interop.onnx.writing import write
    >>> from polyrelax.networks.layers import ReLU
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "net.onnx"
    ...     write(Network((ReLU(2),)), path)
    ...     graph_of(path).nodes[0].operator
    'Relu'
    """
    if output is not None:
        require(output, str, "the name of a tensor")
    model = _parsed(path)
    opsets = opsets_of(model)
    graph = without_functions(model).graph
    weights = Weights.of_graph(graph, Path(path).parent)
    inputs = tuple(_port(each) for each in graph.input if each.name not in weights)
    nodes = tuple(with_scores(nodes_of(graph, opsets)))
    outputs = tuple(each.name for each in graph.output) if output is None else (output,)
    needed = needed_nodes(nodes, outputs)
    read = Graph(needed, weights, inputs, outputs, shapes=shapes_of(graph))
    known = {name: weights.element_type(name) for name in weights}
    require_types(needed, known, types_of(graph))
    wrong = unread(read.nodes, (port.name for port in inputs))
    if wrong and output is None and not all(map(_holds_floats, graph.output)):
        return _up_to_scores(read, wrong)
    if wrong:
        raise _unsupported(read, wrong)
    return replace(read, notes=tuple(_notes(read)))


def _parsed(path: str | Path) -> onnx.ModelProto:
    content = read_bytes(path)
    model = onnx.ModelProto()
    try:
        model.ParseFromString(content)
    except DecodeError:
        raise NamedFileError(
            f"{in_line(path)} is no ONNX file: it does not parse as one"
        ) from None
    if not model.graph.output:
        raise NamedFileError(f"{in_line(path)} is no ONNX file: it holds no graph with outputs")
    return model


def _port(value: onnx.ValueInfoProto) -> Port:
    """Return an input, its first dimension being one if it is not fixed."""
    kind = value.type.WhichOneof("value")
    if kind != "tensor_type":
        raise FormatError(f"input {quoted(value.name)} is not a tensor")
    tensor = value.type.tensor_type
    if tensor.elem_type not in _FLOATS | _INTEGERS:
        raise FormatError(
            f"input {quoted(value.name)} holds no floats, but {_type_name(tensor)}"
        )
    if not tensor.HasField("shape"):
        raise FormatError(f"input {quoted(value.name)} has no shape")
    shape = tuple(each.dim_value for each in tensor.shape.dim)
    if any(each.HasField("dim_value") and not each.dim_value for each in tensor.shape.dim):
        raise FormatError(f"input {quoted(value.name)} of shape {shape} holds no numbers")
    if any(size < 1 for size in shape[1:]):
        found = ", ".join(str(size) if size > 0 else "?" for size in shape)
        message = f"input {quoted(value.name)} of shape ({found}) has a symbolic dimension"
        raise FormatError(f"{message} besides the first")
    shape = (max(shape[0], 1), *shape[1:]) if shape else ()
    if prod(shape) > _MOST_INPUTS:
        raise TooLargeError(
            f"input {quoted(value.name)} has shape {shape}, of more than {_MOST_INPUTS} entries"
        )
    return Port(value.name, shape, tensor.elem_type in _INTEGERS)


def _type_name(tensor: onnx.TypeProto.Tensor) -> str:
    kind = onnx.TensorProto.DataType
    return str(kind.Name(tensor.elem_type)) if tensor.elem_type in kind.values() else "no type"


def _holds_floats(value: onnx.ValueInfoProto) -> bool:
    """Whether an output is a tensor of floats, as far as the file says."""
    kind = value.type.WhichOneof("value")
    return kind is None or value.type.tensor_type.elem_type in _FLOATS | {0}


def _up_to_scores(graph: Graph, wrong: Sequence[Node]) -> Graph:
    """Return the graph of the scores of a classifier."""
    scores = _last_read(graph)
    if scores is None:
        raise _unsupported(graph, wrong)
    named = " and ".join(map(quoted, graph.outputs))
    note = (
        f"this is a classifier, whose {named} follow from the scores {quoted(scores)}: "
        "these are read"
    )
    read = replace(graph, nodes=needed_nodes(graph.nodes, [scores]), outputs=(scores,))
    return replace(read, notes=(note, *_notes(read)))


def _last_read(graph: Graph) -> str | None:
    return last_read(graph.nodes, (port.name for port in graph.inputs), graph.outputs)


def _unsupported(graph: Graph, wrong: Sequence[Node]) -> UnsupportedOperatorError:
    """Return the error that names all operators that have no exact meaning here."""
    counts = Counter(node.operator for node in wrong)
    first = {node.operator: node.name for node in reversed(wrong)}
    found = ", ".join(
        f"{quoted(name)} ({count}, {'node' if count == 1 else 'first node'} "
        f"{quoted(first[name])})"
        for name, count in sorted(counts.items())
    )
    last = _last_read(graph)
    way_on = (
        ""
        if last is None
        else f"; the part before them is NET.onnx#{in_line(last)}, "
        f"or load(path, output={quoted(last)})"
    )
    return UnsupportedOperatorError(f"these operators are not supported: {found}{way_on}")


def _notes(graph: Graph) -> Iterator[str]:
    count = sum(node.operator == "BatchNormalization" for node in graph.nodes)
    if count:
        yield (
            f"{count} BatchNormalization: each factor s/sqrt(v + epsilon) is read as "
            "the nearest float64"
        )
