"""The types of entries in an ONNX graph, which its operators must agree about.

An operator's definition names the type of each input and output: a fixed one, or a letter, such
as T, that stands for one type in all places of a node.  Runtimes refuse a file in which it does
not, one that adds doubles to floats, and so does this reader.  What a node gives is derived
from what it reads; types that cannot be derived are not asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import onnx
from onnx import defs

from polyrelax.arithmetic.words import quoted
from polyrelax.errors import FormatError
from polyrelax.interop.onnx.graph import Node

_TYPES: Final = onnx.TensorProto.DataType
_FIXED: Final = {f"tensor({name.lower()})": kind for name, kind in _TYPES.items()}
"""The types by the texts that definitions have in the place of a letter."""
_LEARNT: Final = "ai.onnx.ml."
"""Converters of scikit-learn give doubles to these operators, and runtimes take them."""


def require_types(
    nodes: Iterable[Node], known: Mapping[str, int], declared: Mapping[str, int]
) -> None:
    """Raise :class:`FormatError` for a node whose tensors are not of types that fit together.

    ``known`` are the types of constants by name, as numbers of the format, 0 for none,
    ``declared`` those that the file says of inputs and any other tensors.

    >>> node = Node("Add", ("a", "b"), ("y",), {}, "n")
    >>> require_types([node], {"a": 1, "b": 11}, {})
    Traceback (most recent call last):
    polyrelax.errors.FormatError: operator 'Add' (node 'n') reads float 'a' and double 'b'
    """
    for name, kind in known.items():
        if kind and declared.get(name, kind) != kind:
            found = f"tensor {quoted(name)} holds {type_name(kind)}"
            raise FormatError(f"{found}, which is declared as {type_name(declared[name])}")
    types = {**declared, **{name: kind for name, kind in known.items() if kind}}
    for node in nodes:
        schema = _schema(node)
        if schema is None:
            continue
        bound = _bound(node, schema, types)
        for name, kind in _given(node, schema, bound):
            if declared.get(name, kind) != kind:
                found = f"gives {type_name(kind)} {quoted(name)}"
                raise node.malformed(
                    f"{found}, which is declared as {type_name(declared[name])}"
                )
            types[name] = kind


def _schema(node: Node) -> defs.OpSchema | None:
    domain, _, operator = node.operator.rpartition(".")
    try:
        return defs.get_schema(operator, node.version, domain)
    except defs.SchemaError:
        return None


def _bound(node: Node, schema: defs.OpSchema, types: Mapping[str, int]) -> dict[str, int]:
    """Return the types that the letters of an operator stand for."""
    first: dict[str, str] = {}
    for name, formal in zip(node.inputs, _formals(node.inputs, schema.inputs), strict=True):
        letter = formal.type_str
        if name not in types:
            continue
        expected = _FIXED.get(letter, types[name])
        if types[name] != expected and not node.operator.startswith(_LEARNT):
            found = f"reads {type_name(types[name])} {quoted(name)}"
            raise node.malformed(f"{found}, expected {type_name(expected)}")
        if not formal.is_homogeneous:
            continue
        before = first.setdefault(letter, name)
        if types[before] != types[name]:
            one, two = (f"{type_name(types[each])} {quoted(each)}" for each in (before, name))
            raise node.malformed(f"reads {one} and {two}")
    return {letter: types[name] for letter, name in first.items()}


def _given(
    node: Node, schema: defs.OpSchema, bound: Mapping[str, int]
) -> Iterator[tuple[str, int]]:
    """Yield the outputs whose types follow."""
    for name, formal in zip(node.outputs, _formals(node.outputs, schema.outputs), strict=True):
        kind = bound.get(formal.type_str, _FIXED.get(formal.type_str))
        if node.operator == "Cast":
            kind = node.integer("to", 0)
        if name and kind is not None:
            yield name, kind


def _formals(
    names: Sequence[str], formals: Sequence[defs.OpSchema.FormalParameter]
) -> Iterator[defs.OpSchema.FormalParameter]:
    """Yield what the definition says of each tensor, the last entry serving for many."""
    return (formals[min(i, len(formals) - 1)] for i in range(len(names)))


def type_name(kind: int) -> str:
    """Return the name of a type of entries, given by its number in the format.

    >>> type_name(1), type_name(99)
    ('float', 'number 99')
    """
    return _TYPES.Name(kind).lower() if kind in _TYPES.values() else f"number {kind}"
