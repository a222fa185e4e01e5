r"""Neurons as JSON, in layers of ``polyrelax-network/1``.

::

    {"neurons": [{"maximum": [0, 1]}, {"clip": [2], "lower": "0", "upper": "6"}, {"pass": [3]}]}

A neuron's key is its kind, its value the coordinates that the neuron reads; parameters stand
beside it.  The values of the layer are those of its neurons, one after the other.

The kinds are those of :mod:`polyrelax.networks.neurons.kinds`.
"""

from __future__ import annotations

from polyrelax.arithmetic.arguments import require
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.interop.documents import Node
from polyrelax.networks.layers import Neurons
from polyrelax.networks.neurons.kinds import KINDS, of_kind
from polyrelax.networks.neurons.neuron import Neuron


def from_node(node: Node, width: int) -> Neurons:
    """Return the layer that JSON describes, on ``width`` values.

    >>> from_node(Node({"neurons": [{"clip": [0], "upper": "1/2"}]}), 1)
    Neurons(1 -> 1: clip .. 1/2)
    """
    require(node, Node)
    entries = node.fields(["neurons"])["neurons"]
    placed = tuple(_neuron(entry) for entry in entries.items())
    try:
        return Neurons(width, placed)
    except DimensionError as error:
        raise DimensionError(f"{entries.place}: {error}") from None


def _neuron(node: Node) -> tuple[Neuron, tuple[int, ...]]:
    found = list(node.value) if isinstance(node.value, dict) else []
    kinds = [key for key in found if key in KINDS]
    if len(kinds) != 1:
        raise node.error(f"found {node.keys}, expected one of the neurons {', '.join(KINDS)}")
    (kind,) = kinds
    required = ["slope"] if kind == "leaky_relu" else []
    optional = ["lower", "upper"] if kind == "clip" else []
    fields = node.fields([kind, *required], optional)
    read = tuple(entry.index() for entry in fields.pop(kind).items())
    try:
        numbers = {key: field.number() for key, field in fields.items()}
        return of_kind(kind, len(read), numbers), read
    except ShapeError as error:
        raise ShapeError(f"{node.place}: {error}") from None
