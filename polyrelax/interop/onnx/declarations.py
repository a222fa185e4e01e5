"""What an ONNX file says of its tensors, besides how they are computed: types and shapes.

It may say so of inputs, of outputs and of any other tensor, and twice of one.  Nothing is
computed from it, but a file that contradicts itself is refused.
"""

from __future__ import annotations

from collections.abc import Iterator

import onnx

from polyrelax.arithmetic.words import quoted
from polyrelax.errors import FormatError
from polyrelax.interop.onnx.element_types import type_name


def types_of(graph: onnx.GraphProto) -> dict[str, int]:
    """Return the types of entries that a file declares, by the name of the tensor.

    >>> types_of(onnx.GraphProto())
    {}
    """
    types: dict[str, int] = {}
    for each in _declared(graph):
        kind = each.type.tensor_type.elem_type
        if kind and types.setdefault(each.name, kind) != kind:
            said = f"{type_name(types[each.name])} and as {type_name(kind)}"
            raise FormatError(f"tensor {quoted(each.name)} is declared as {said}")
    return types


def shapes_of(graph: onnx.GraphProto) -> dict[str, list[tuple[int, ...]]]:
    """Return the shapes that a file declares, by name, with 0 for sizes that are not fixed.

    >>> shapes_of(onnx.GraphProto())
    {}
    """
    shapes: dict[str, list[tuple[int, ...]]] = {}
    for each in _declared(graph):
        if each.type.tensor_type.HasField("shape"):
            sizes = (size.dim_value for size in each.type.tensor_type.shape.dim)
            shapes.setdefault(each.name, []).append(tuple(max(size, 0) for size in sizes))
    return shapes


def _declared(graph: onnx.GraphProto) -> Iterator[onnx.ValueInfoProto]:
    yield from (*graph.input, *graph.value_info, *graph.output)
