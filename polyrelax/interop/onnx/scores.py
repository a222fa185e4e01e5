"""Classifiers, which give labels and probabilities, up to the scores that these are made of.

A *classifier* here is a file one of whose outputs is not a tensor of floats: the label.  It is
no piecewise linear function, but what scikit-learn's and other exporters make is one, the
scores, followed by Softmax, a logistic function, ArgMax and the like.  All that follows the
scores depends on the inputs through them alone, so they are unique: the *last* tensor on every
way from the inputs to what is not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from polyrelax.interop.onnx.graph import Node
from polyrelax.interop.onnx.operators import is_read

LINEAR: Final = "ai.onnx.ml.LinearClassifier"
_SCORES: Final = "ai.onnx.ml.LinearRegressor"
_PASSES_ON: Final = frozenset({"Cast", "Flatten", "Identity", "Reshape"})


def with_scores(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield the nodes, scores of linear classifiers being computed by a node of their own.

    >>> both = list(with_scores([Node(LINEAR, ("x",), ("label", "p"), {})]))
    >>> [(node.operator, node.inputs, node.outputs) for node in both][0]
    ('ai.onnx.ml.LinearRegressor', ('x',), ('scores of label',))
    """
    for node in nodes:
        if node.operator != LINEAR:
            yield node
            continue
        scores = f"scores of {node.outputs[0]}"
        numbers = ("coefficients", "intercepts")
        kept = {key: value for key, value in node.attributes.items() if key in numbers}
        yield replace(node, operator=_SCORES, outputs=(scores,), attributes=kept)
        yield replace(node, inputs=(scores,), attributes={})


def unread(nodes: Iterable[Node], inputs: Iterable[str]) -> list[Node]:
    """Return the nodes that have no exact meaning here, because of their operators.

    >>> unread([Node("Exp", ("x",), ("y",), {})], ["x"])[0].operator
    'Exp'
    """
    computed, wrong = set(inputs), []
    for node in nodes:
        is_computed = not computed.isdisjoint(node.inputs)
        if is_computed and node.operator not in {"Shape", "Size"}:
            computed.update(set(node.outputs) - {""})
        if not is_read(node.operator, on_constants=not is_computed):
            wrong.append(node)
    return wrong


def last_read(
    nodes: Iterable[Node], inputs: Iterable[str], outputs: Iterable[str]
) -> str | None:
    """Return the tensor through which alone outputs depend on inputs, as far as it is read.

    There is none if what is not read depends on several tensors.

    >>> one = Node("Neg", ("x",), ("s",), {})
    >>> last_read([one, Node("Softmax", ("s",), ("y",), {})], ["x"], ["y"])
    's'
    """
    known, given = tuple(nodes), set(inputs)
    wrong = {id(node) for node in unread(known, given)}
    computed: set[str] = set(given)
    lost: set[str] = set()
    ends: set[str] = set()
    for node in known:
        reads = computed.intersection(node.inputs)
        if id(node) in wrong or lost.intersection(node.inputs):
            lost.update(node.outputs)
            ends.update(reads)
        elif reads and node.operator not in {"Shape", "Size"}:
            computed.update(set(node.outputs) - {""})
    ends.update(computed.intersection(outputs))
    sources = {_source(known, name) for name in ends}
    return sources.pop() if len(sources) == 1 and not sources & given else None


def _source(nodes: tuple[Node, ...], name: str) -> str:
    """Return the tensor whose values a tensor has."""
    made: dict[str, Node] = {output: node for node in nodes for output in node.outputs}
    while name in made and made[name].operator in _PASSES_ON:
        name = made[name].inputs[0]
    return name
