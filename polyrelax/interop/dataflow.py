r"""Dataflow graphs of exact tensors, and the sequences of layers that compute them.

A graph is lowered node by node.  The *state* holds the values still needed, so that a
branch waits as coordinates that pass the other branch's layers; see
:mod:`polyrelax.interop.tensors`.  Rearrangements make no layer.  An affine layer whose rows
have at most one entry each, such as the addition of a constant, is folded into an affine
neighbour; other layers stay those of the graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from polyrelax.arithmetic.rational import ONE, ZERO
from polyrelax.errors import FormatError
from polyrelax.interop.operators import apply
from polyrelax.interop.tensors import (
    Constants,
    Coordinates,
    Node,
    Rectified,
    Rows,
    Tensor,
    View,
    is_constant,
)
from polyrelax.networks.layers import Affine, Identity, Layer, ReLU
from polyrelax.networks.network import Network


@dataclass(frozen=True)
class Graph:
    """Nodes, each after those it reads, with constants, one input and one output."""

    nodes: tuple[Node, ...]
    constants: Mapping[str, Constants]
    input: str
    input_shape: tuple[int, ...]
    output: str


@dataclass(frozen=True)
class _State:
    """The tensors known, those computed as coordinates of a vector of length ``width``."""

    width: int
    tensors: Mapping[str, Tensor]
    layers: tuple[Layer, ...] = ()

    def reading(self, node: Node) -> list[Tensor]:
        """Return the tensors that a node reads."""
        names = list(node.inputs)
        while names and not names[-1]:  # optional inputs that are left out
            names.pop()
        missing = next((name for name in names if name not in self.tensors), None)
        if missing is not None:
            raise node.malformed(f"reads {missing!r}, which no node before it gives")
        return [self.tensors[name] for name in names]

    def keeping(self, names: Iterable[str]) -> _State:
        """Return the state in which only these tensors are known."""
        kept = {name: self.tensors[name] for name in names if name in self.tensors}
        return _State(self.width, kept, self.layers)

    def knowing(self, name: str, tensor: Tensor) -> _State:
        """Return the state in which one more tensor is known."""
        return _State(self.width, {**self.tensors, name: tensor}, self.layers)

    def compute(self, rows: Rows, name: str) -> _State:
        """Return the state after an affine layer, which drops what no tensor needs."""
        busy = self.busy()
        kept = tuple(((int(j), ONE),) for j in busy)
        bias = (ZERO,) * len(kept) + rows.bias
        layer = Affine(kept + rows.rows, bias, self.width)
        place = np.zeros(self.width, dtype=np.int64)
        place[busy] = np.arange(len(busy))
        tensors = {
            key: tensor if is_constant(tensor) else place[tensor]
            for key, tensor in self.tensors.items()
        }
        new = np.arange(len(kept), layer.out_dim).reshape(rows.shape)
        return _State(layer.out_dim, {**tensors, name: new}, (*self.layers, layer))

    def rectify(self, entries: Coordinates, name: str) -> _State:
        """Return the state after a ReLU, on copies of values that are still needed."""
        if np.intersect1d(entries, self.busy()).size:
            copies = tuple(((int(j), ONE),) for j in entries.flat)
            copied = self.compute(Rows(copies, (ZERO,) * len(copies), entries.shape), name)
            return copied.keeping(self.tensors).rectify(np.asarray(copied.tensors[name]), name)
        neurons = tuple(np.unique(entries).tolist())
        layer = ReLU(self.width, None if len(neurons) == self.width else neurons)
        return _State(self.width, {**self.tensors, name: entries}, (*self.layers, layer))

    def busy(self) -> Coordinates:
        """Return the coordinates that a tensor needs."""
        computed = [t.ravel() for t in self.tensors.values() if not is_constant(t)]
        return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *computed]))


def network_of(graph: Graph) -> Network:
    """Return the network that computes a graph, its input and output in row-major order.

    Raises :class:`FormatError` for an output that no node computes.

    >>> relu = Node("Relu", "", ("x",), "y", {})
    >>> network_of(Graph((relu,), {}, "x", (1, 2), "y"))
    Network(ReLU(width=2, neurons=None))
    """
    size = prod(graph.input_shape)
    inputs = np.arange(size).reshape(graph.input_shape)
    state = _State(size, {**graph.constants, graph.input: inputs})
    last_use = _last_uses(graph)
    for position, node in enumerate(graph.nodes):
        if node.output in last_use:
            needed = [name for name, use in last_use.items() if use > position]
            state = _step(state, node, needed)
    if graph.output not in state.tensors:
        raise FormatError(f"the output {graph.output!r} is not computed by any node")
    return Network(_fold_light(_finished(state, state.tensors[graph.output])))


def _last_uses(graph: Graph) -> dict[str, int]:
    """Return the position of the last node that reads each tensor."""
    uses = {name: at for at, node in enumerate(graph.nodes) for name in node.inputs}
    return {**uses, graph.output: len(graph.nodes)}


def _step(state: _State, node: Node, needed: Sequence[str]) -> _State:
    outcome = apply(node, state.reading(node))
    after = state.keeping(needed)
    if isinstance(outcome, View):
        return after.knowing(node.output, outcome.entries)
    if isinstance(outcome, Rectified):
        return after.rectify(outcome.entries, node.output)
    return after.compute(outcome, node.output)


def _finished(state: _State, output: Tensor) -> tuple[Layer, ...]:
    """Return the layers, with one more if the output is not the whole state in order."""
    if is_constant(output):
        raise FormatError("the output does not depend on the input")
    wanted = output.ravel().tolist()
    if wanted != list(range(state.width)):
        return (*state.layers, Affine.select(wanted, state.width))
    return state.layers or (Identity(state.width),)


def _fold_light(layers: Iterable[Layer]) -> tuple[Layer, ...]:
    folded: list[Layer] = []
    for layer in layers:
        before = folded[-1] if folded else None
        if (
            isinstance(layer, Affine)
            and isinstance(before, Affine)
            and (_is_light(layer) or _is_light(before))
        ):
            folded[-1] = layer.after(before)
        else:
            folded.append(layer)
    return tuple(folded)


def _is_light(layer: Affine) -> bool:
    return all(len(row) <= 1 for row in layer.rows)
