r"""Dataflow graphs of exact tensors, and the sequences of layers that compute them.

A graph is lowered node by node.  The *state* holds the values still needed, so that a
branch waits as coordinates that pass the other branch's layers; see
:mod:`polyrelax.interop.onnx.tensors`.  Rearrangements make no layer.  An affine layer whose
rows have at most one entry each, such as the addition of a constant, is folded into an affine
neighbour, if that does not make many terms more or longer than doubles; other layers stay
those of the graph.  Inputs and outputs stand one after the other, each in row-major order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import accumulate, pairwise
from math import prod

import numpy as np

from polyrelax.arithmetic.words import quoted
from polyrelax.errors import FormatError, TooLargeError
from polyrelax.interop.onnx.call import Call
from polyrelax.interop.onnx.graph import Graph, Node, Port
from polyrelax.interop.onnx.operators import apply
from polyrelax.interop.onnx.reals import real_of
from polyrelax.interop.onnx.sparse_rows import (
    ABSENT,
    SparseRows,
    affine,
    folded,
    merged,
    require_terms,
    rows_of,
    selection,
    stacked,
)
from polyrelax.interop.onnx.tensors import (
    MOST_ENTRIES,
    Bent,
    Computed,
    Constant,
    Coordinates,
    Outcome,
    Rectified,
    Rows,
    Tensor,
    View,
)
from polyrelax.networks.layers import Identity, Layer, Neurons, ReLU
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.passing import Pass

Step = tuple[int, SparseRows] | ReLU | Neurons
"""An affine map with the number of values that it reads, or neurons."""


_PASS = Pass()


def network_of(steps: Iterable[Step], in_dim: int) -> Network:
    """Return the network of the steps, those that are light being folded.

    >>> network_of([ReLU(2)], 2), network_of([], 1)
    (Network(ReLU(width=2, neurons=None)), Network(Identity(width=1)))
    """
    layers: list[Layer] = []
    for step in _light(steps):
        layers.append(affine(step[1], step[0]) if isinstance(step, tuple) else step)
    return Network(tuple(layers) or (Identity(in_dim),))


def lowered(graph: Graph) -> tuple[list[Step], tuple[Port, ...]]:
    """Return the steps that compute a graph, before any are folded, and its outputs.

    Raises :class:`UnsupportedOperatorError` for what has no exact meaning here, and
    :class:`FormatError` for a graph that does not fit together.

    >>> minus = Node("Neg", ("x",), ("y",), {})
    >>> steps, outputs = lowered(Graph((minus,), {}, (Port("x", (1, 2)),), ("y",)))
    >>> steps[0][1].factors, outputs[0].shape
    (array([-1., -1.]), (1, 2))
    """
    state = _State(sum(prod(port.shape) for port in graph.inputs))
    start = 0
    for port in graph.inputs:
        graph.require_declared(port.name, port.shape)
        place = np.arange(start, start + prod(port.shape)).reshape(port.shape)
        state.computed[port.name] = Computed(place, port.is_integer)
        start += place.size
    for node, unneeded in zip(graph.nodes, _last_uses(graph), strict=True):
        _step(state, graph, node, unneeded)
    outputs = [_output(state, graph, name) for name in graph.outputs]
    named = zip(graph.outputs, outputs, strict=True)
    return state.finished(outputs), tuple(Port(name, each.shape) for name, each in named)


@dataclass
class _State:
    """A builder: the tensors still needed, and the steps that compute them so far.

    ``computed`` are tensors of coordinates of a vector of length ``width``.
    """

    width: int
    computed: dict[str, Computed] = field(default_factory=dict)
    constants: dict[str, Constant] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    terms: int = 0

    def forget(self, names: Iterable[str]) -> None:
        """Drop tensors that nothing needs any more."""
        for name in names:
            self.computed.pop(name, None)
            self.constants.pop(name, None)

    def know(self, name: str, tensor: Tensor) -> None:
        """Keep one more tensor."""
        if isinstance(tensor, Computed):
            self.computed[name] = tensor
        else:
            self.constants[name] = tensor

    def busy(self) -> Coordinates:
        """Return the coordinates that a tensor needs."""
        if sum(tensor.entries.size for tensor in self.computed.values()) > 4 * MOST_ENTRIES:
            raise TooLargeError(f"keeps more than {4 * MOST_ENTRIES} values at once")
        return self._marked(tensor.entries for tensor in self.computed.values())

    def _marked(self, places: Iterable[Coordinates]) -> Coordinates:
        """Return the coordinates that are among these, in order."""
        marks = np.zeros(self.width, dtype=np.bool_)
        for each in places:
            marks[each] = True
        return np.flatnonzero(marks)

    def compute(self, rows: SparseRows) -> int:
        """Add an affine map, drop what no tensor needs, and return where its values start."""
        busy = self.busy()
        self.terms += len(busy) + len(rows.columns)
        require_terms(self.terms)
        self.steps.append((self.width, stacked(selection(busy), rows)))
        self._keep(busy)
        self.width = len(busy) + rows.count
        return len(busy)

    def _keep(self, busy: Coordinates) -> None:
        """Let all tensors name these coordinates by their places."""
        place = np.zeros(self.width, dtype=np.int64)
        place[busy] = np.arange(len(busy))
        for name, tensor in self.computed.items():
            self.computed[name] = Computed(place[tensor.entries], tensor.is_integer)

    def rectify(self, entries: Coordinates) -> Coordinates:
        """Add a ReLU, on copies of values that are still needed, and return where they are."""
        busy, neurons = self.busy(), self._marked([entries])
        if len(self._marked([busy, neurons])) < len(busy) + len(neurons):
            start = self.compute(selection(entries))
            return self.rectify(np.arange(start, start + entries.size).reshape(entries.shape))
        whole = len(neurons) == self.width
        self.steps.append(ReLU(self.width, None if whole else tuple(neurons.tolist())))
        return entries

    def bend(self, outcome: Bent) -> int:
        """Add neurons, drop what no tensor needs, and return where their values start."""
        read = outcome.rows.columns
        if not outcome.rows.is_selection:
            read = self.compute(outcome.rows) + np.arange(outcome.rows.count)
        busy = self.busy()
        self.terms += len(busy) + len(read)
        require_terms(self.terms)
        ends = list(accumulate((each.in_dim for each in outcome.neurons), initial=0))
        places = [tuple(read[start:end].tolist()) for start, end in pairwise(ends)]
        passes = ((_PASS, (j,)) for j in busy.tolist())
        placed = (*passes, *zip(outcome.neurons, places, strict=True))
        self.steps.append(Neurons(self.width, placed))
        self._keep(busy)
        self.width = len(placed)
        return len(busy)

    def finished(self, outputs: Sequence[Tensor]) -> list[Step]:
        """Return the steps, with one more if the outputs are not the whole state in order."""
        if not any(isinstance(each, Computed) for each in outputs):
            raise FormatError("the output does not depend on the input")
        whole = reduce(stacked, map(_rows, outputs))
        if whole.count != self.width or not _is_identity(whole):
            require_terms(self.terms + whole.count)
            self.steps.append((self.width, whole))
        return self.steps


def _step(state: _State, graph: Graph, node: Node, unneeded: Sequence[str]) -> None:
    call = Call(node, tuple(_tensor(state, graph, node, name) for name in node.inputs))
    try:
        outcome = apply(call)
        state.forget(unneeded)
        for name, tensor in zip(node.outputs, _tensors(state, outcome), strict=False):
            graph.require_declared(name, tensor.shape, node)
            state.know(name, tensor)
    except TooLargeError as error:
        raise TooLargeError(f"{node} {error}") from None
    missing = set(node.outputs[_count(outcome) :]) - set(unneeded) - {""}
    if missing:
        raise node.unsupported(
            f"gives {quoted(missing.pop())} by an output that is not read here"
        )
    state.forget(unneeded)


def _tensors(state: _State, outcome: Outcome) -> tuple[Tensor, ...]:
    """Return the tensors of an outcome, after the layers that compute them."""
    if isinstance(outcome, View):
        return outcome.tensors
    if isinstance(outcome, Rectified):
        return (Computed(state.rectify(outcome.entries)),)
    start = state.compute(outcome.rows) if isinstance(outcome, Rows) else state.bend(outcome)
    size = prod(outcome.shape)
    return (Computed(np.arange(start, start + size).reshape(outcome.shape)),)


def _count(outcome: Outcome) -> int:
    return len(outcome.tensors) if isinstance(outcome, View) else 1


def _tensor(state: _State, graph: Graph, node: Node, name: str) -> Tensor | None:
    """Return the tensor of a name, none for the empty name of an input that is left out."""
    if not name:
        return None
    found = _known(state, graph, name)
    if found is None:
        raise node.malformed(f"reads {quoted(name)}, which no node before it gives")
    return found


def _output(state: _State, graph: Graph, name: str) -> Tensor:
    found = _known(state, graph, name)
    if found is None:
        raise FormatError(f"the output {quoted(name)} is not computed by any node")
    return found


def _known(state: _State, graph: Graph, name: str) -> Tensor | None:
    """Return a tensor that is computed, or a constant, made when it is first read."""
    if name in state.computed:
        return state.computed[name]
    if name not in state.constants and name in graph.constants:
        entries = graph.constants[name]
        graph.require_declared(name, entries.shape)
        state.constants[name] = Constant(entries)
    return state.constants.get(name)


def _last_uses(graph: Graph) -> list[list[str]]:
    """Return, for each node, the tensors that nothing after it reads."""
    last: dict[str, int] = {}
    for position, node in enumerate(graph.nodes):
        for name in (*node.inputs, *node.outputs):
            last[name] = position
    unneeded: list[list[str]] = [[] for _ in graph.nodes]
    for name, position in last.items():
        if name not in graph.outputs:
            unneeded[position].append(name)
    return unneeded


def _rows(tensor: Tensor) -> SparseRows:
    """Return the rows that give the values of a tensor."""
    if isinstance(tensor, Computed):
        return selection(tensor.entries)
    absent = np.full((tensor.entries.size, 1), ABSENT)
    return rows_of(absent, np.ones(1), real_of(tensor.entries).ravel())


def _is_identity(rows: SparseRows) -> bool:
    whole = np.arange(rows.count)
    return np.array_equal(rows.columns, whole) and not np.any(rows.bias)


def _light(steps: Iterable[Step]) -> Iterator[Step]:
    """Yield the steps with those that are light folded into affine neighbours."""
    before: tuple[int, SparseRows] | None = None
    for step in steps:
        if not isinstance(step, tuple):
            yield from _pending(before)
            yield step
            before = None
            continue
        rows = merged(step[1])
        both = folded(rows, before[1]) if before else None
        if before and both:
            before = (before[0], both)
        else:
            yield from _pending(before)
            before = (step[0], rows)
    yield from _pending(before)


def _pending(step: tuple[int, SparseRows] | None) -> Iterator[Step]:
    if step is not None:
        yield step
