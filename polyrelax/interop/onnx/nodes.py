"""The nodes of an ONNX graph, checked against the definitions of their operators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import onnx
from onnx import defs, helper, inliner

from polyrelax.arithmetic.words import amount, quoted
from polyrelax.errors import FormatError, TooLargeError
from polyrelax.interop.onnx.graph import Node
from polyrelax.interop.onnx.operators import is_read
from polyrelax.interop.onnx.scores import LINEAR
from polyrelax.interop.onnx.weights import array_of

LEAST_OPSET: Final = 6
GREATEST_OPSET: Final = 28
GREATEST_ML_OPSET: Final = 5
"""The opsets whose operators are known here."""
_TYPES: Final = {
    onnx.AttributeProto.FLOAT: defs.OpSchema.AttrType.FLOAT,
    onnx.AttributeProto.FLOATS: defs.OpSchema.AttrType.FLOATS,
    onnx.AttributeProto.INT: defs.OpSchema.AttrType.INT,
    onnx.AttributeProto.INTS: defs.OpSchema.AttrType.INTS,
    onnx.AttributeProto.STRING: defs.OpSchema.AttrType.STRING,
    onnx.AttributeProto.STRINGS: defs.OpSchema.AttrType.STRINGS,
    onnx.AttributeProto.TENSOR: defs.OpSchema.AttrType.TENSOR,
}
_MOST_NODES: Final = 200_000
_DEEPEST: Final = 100


def opsets_of(model: onnx.ModelProto) -> Mapping[str, int]:
    """Return the opset of each domain that a model imports.

    >>> opsets_of(onnx.ModelProto(opset_import=[helper.make_opsetid("", 13)]))
    {'': 13}
    """
    opsets: dict[str, int] = {}
    for each in model.opset_import:
        domain = _domain(each.domain)
        if opsets.setdefault(domain, each.version) != each.version:
            raise FormatError(f"found opsets {opsets[domain]} and {each.version}, expected one")
    greatest = min(GREATEST_OPSET, defs.onnx_opset_version())
    expected = f"expected one of {LEAST_OPSET} to {greatest}"
    if model.ir_version < 3:
        opsets.setdefault("", 1)
    if "" not in opsets and any(_domain(node.domain) == "" for node in model.graph.node):
        raise FormatError(f"found no opset of ai.onnx, {expected}")
    if not LEAST_OPSET <= opsets.get("", LEAST_OPSET) <= greatest:
        raise FormatError(f"found opset {opsets['']}, {expected}")
    models = opsets.get("ai.onnx.ml", 1)
    if not 1 <= models <= GREATEST_ML_OPSET:
        found = f"found opset {models} of ai.onnx.ml"
        raise FormatError(f"{found}, expected one of 1 to {GREATEST_ML_OPSET}")
    return opsets


def nodes_of(graph: onnx.GraphProto, opsets: Mapping[str, int]) -> list[Node]:
    """Return the nodes of a graph but its constants, each of them known to fit its operator.

    >>> node = helper.make_node("Relu", ["x"], ["y"])
    >>> nodes_of(onnx.GraphProto(node=[node]), {"": 13})[0].version
    13
    """
    return list(_nodes(graph, opsets))


def without_functions(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the model with the functions that it defines written out where they are called.

    >>> without_functions(onnx.ModelProto(ir_version=8)).ir_version
    8
    """
    if not model.functions:
        return model
    if _expanded_size(model) > _MOST_NODES:
        raise TooLargeError(f"the functions expand to more than {_MOST_NODES} nodes")
    return inliner.inline_local_functions(model)


def is_constant(node: onnx.NodeProto) -> bool:
    """Whether a node is a constant.

    >>> is_constant(helper.make_node("Constant", [], ["c"], value_float=1.0))
    True
    """
    return _domain(node.domain) == "" and node.op_type == "Constant"


def _nodes(graph: onnx.GraphProto, opsets: Mapping[str, int]) -> Iterator[Node]:
    given = {each.name for each in (*graph.input, *graph.initializer)}
    for position, node in enumerate(graph.node):
        outputs = [name for name in node.output if name]
        twice = next((name for name in outputs if name in given), None)
        given.update(outputs)
        made = _unchecked(node, position)
        if twice is not None:
            raise made.malformed(f"gives {quoted(twice)}, which is there already")
        if not is_constant(node):
            yield _checked(made, node, opsets)


def _unchecked(node: onnx.NodeProto, position: int) -> Node:
    domain = _domain(node.domain)
    operator = f"{domain}.{node.op_type}" if domain else f"{node.op_type}"
    name = node.name or f"number {position}"
    return Node(operator, tuple(node.input), tuple(node.output), {}, name)


def _checked(made: Node, node: onnx.NodeProto, opsets: Mapping[str, int]) -> Node:
    """Return the node with its attributes and version; those of unknown operators stay."""
    if made.operator != LINEAR and not is_read(made.operator, on_constants=True):
        return made
    opset = opsets.get(_domain(node.domain), 0)
    try:
        schema = defs.get_schema(node.op_type, opset, _domain(node.domain))
    except defs.SchemaError:
        raise made.unsupported(f"is not in opset {opset}") from None
    if not schema.min_input <= len(node.input) <= schema.max_input:
        raise made.malformed(
            f"has {amount(len(node.input), 'input')}, which opset {opset} does not know"
        )
    if not 1 <= len(node.output) <= schema.max_output:
        raise made.malformed(
            f"has {amount(len(node.output), 'output')}, which opset {opset} does not know"
        )
    attributes = dict(_attributes(made, node, schema, opset))
    missing = [
        k for k, each in schema.attributes.items() if each.required and k not in attributes
    ]
    if missing:
        raise made.malformed(f"lacks the attribute {quoted(missing[0])} of opset {opset}")
    return Node(
        made.operator, made.inputs, made.outputs, attributes, made.name, schema.since_version
    )


def _attributes(
    made: Node, node: onnx.NodeProto, schema: defs.OpSchema, opset: int
) -> Iterator[tuple[str, object]]:
    for each in node.attribute:
        known = schema.attributes.get(each.name)
        if known is None:
            raise made.malformed(
                f"has the attribute {quoted(each.name)}, which opset {opset} does not know"
            )
        if each.ref_attr_name or _TYPES.get(each.type) != known.type:
            raise made.malformed(
                f"has an attribute {quoted(each.name)} of another type than expected"
            )
        value = helper.get_attribute_value(each)
        if isinstance(value, onnx.TensorProto):
            value = array_of(each.name, value)
        yield (
            each.name,
            list(value)
            if isinstance(value, Sequence) and not isinstance(value, bytes | str)
            else value,
        )


def _expanded_size(model: onnx.ModelProto) -> int:
    """Return how many nodes there are when all functions are written out, or a larger bound."""
    bodies = {(each.domain, each.name): each.node for each in model.functions}
    sizes: dict[tuple[str, str], int] = {}

    def size(nodes: Sequence[onnx.NodeProto], depth: int) -> int:
        if depth > min(len(bodies), _DEEPEST):
            raise FormatError("found functions that call each other in a circle or too deeply")
        total = 0
        for node in nodes:
            key = (node.domain, node.op_type)
            if key in bodies and key not in sizes:
                sizes[key] = size(bodies[key], depth + 1)
            total += sizes.get(key, 1)
        return total

    return size(model.graph.node, 0)


def _domain(name: str) -> str:
    return "" if name == "ai.onnx" else name
