r"""Neurons as JSON, in layers of ``polyrelax-network/1``.

::

    {"neurons": [{"maximum": [0, 1]}, {"clip": [2], "lower": "0", "upper": "6"}, {"pass": [3]}]}

A neuron's key is its kind, its value the coordinates that the neuron reads; parameters stand
beside it.  The values of the layer are those of its neurons, one after the other.

================================ ========================================================
``pass``, ``relu``, ``absolute`` one coordinate each
``leaky_relu``                   one coordinate, and its ``slope`` where that is negative
``clip``                         one coordinate, and ``lower``, ``upper`` or both
``maxmin``                       two coordinates
``maximum``, ``minimum``         one or more coordinates
``sort``                         one or more coordinates; the greatest value is the first
================================ ========================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TypeAlias

from polyrelax.arithmetic.rational import text
from polyrelax.errors import DimensionError, ShapeError, UnsupportedNeuronError
from polyrelax.interop.documents import Node
from polyrelax.networks.layers import Neurons
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.clip import Clip
from polyrelax.networks.neurons.leaky import LeakyReLU
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.minimum import Minimum
from polyrelax.networks.neurons.neuron import Neuron
from polyrelax.networks.neurons.passing import Pass
from polyrelax.networks.neurons.relu import Rectifier
from polyrelax.networks.neurons.sort import Sort

Numbers: TypeAlias = Mapping[str, Fraction]
"""The parameters of a neuron."""

_PLAIN: Mapping[str, Neuron] = {
    "pass": Pass(),
    "relu": Rectifier(),
    "absolute": Absolute(),
    "maxmin": MaxMin(),
}
_SIZED: Mapping[str, Callable[[int], Neuron]] = {
    "maximum": Maximum,
    "minimum": Minimum,
    "sort": Sort,
}
_KINDS = (*_PLAIN, "leaky_relu", "clip", *_SIZED)


def as_data(layer: Neurons) -> Mapping[str, object]:
    """Return a layer of neurons as JSON.

    >>> as_data(Neurons(2, ((Maximum(2), (0, 1)), (Pass(), (1,)))))
    {'neurons': [{'maximum': [0, 1]}, {'pass': [1]}]}
    """
    told = ((*_kind(neuron), read) for neuron, read in layer.placed)
    entries = (
        {key: list(read), **{name: text(number) for name, number in given.items()}}
        for key, given, read in told
    )
    return {"neurons": list(entries)}


def from_node(node: Node, width: int) -> Neurons:
    """Return the layer that JSON describes, on ``width`` values.

    >>> from_node(Node({"neurons": [{"clip": [0], "upper": "1/2"}]}), 1)
    Neurons(1 -> 1: clip .. 1/2)
    """
    entries = node.fields(["neurons"])["neurons"]
    placed = tuple(_neuron(entry) for entry in entries.items())
    try:
        return Neurons(width, placed)
    except DimensionError as error:
        raise DimensionError(f"{entries.place}: {error}") from None


def _neuron(node: Node) -> tuple[Neuron, tuple[int, ...]]:
    found = list(node.value) if isinstance(node.value, dict) else []
    kinds = [key for key in found if key in _KINDS]
    if len(kinds) != 1:
        raise node.error(
            f"found {f'the keys {found}' if found else node.kind}, "
            f"expected one of the neurons {', '.join(_KINDS)}"
        )
    (kind,) = kinds
    required = ["slope"] if kind == "leaky_relu" else []
    optional = ["lower", "upper"] if kind == "clip" else []
    fields = node.fields([kind, *required], optional)
    read = tuple(entry.index() for entry in fields.pop(kind).items())
    try:
        return _of_kind(kind, len(read), fields), read
    except ShapeError as error:
        raise ShapeError(f"{node.place}: {error}") from None


def _of_kind(kind: str, size: int, fields: Mapping[str, Node]) -> Neuron:
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind in _SIZED:
        return _SIZED[kind](size)
    numbers = {key: field.number() for key, field in fields.items()}
    if kind == "leaky_relu":
        return LeakyReLU(numbers["slope"])
    return Clip(numbers.get("lower"), numbers.get("upper"))


def _kind(neuron: Neuron) -> tuple[str, Numbers]:
    """Return the key of a neuron, and its parameters."""
    match neuron:
        case LeakyReLU():
            return "leaky_relu", {"slope": neuron.slope}
        case Clip():
            ends = (("lower", neuron.lower), ("upper", neuron.upper))
            return "clip", {key: end for key, end in ends if end is not None}
        case Maximum() | Minimum() | Sort():
            return next(key for key, kind in _SIZED.items() if kind is type(neuron)), {}
    found = next((key for key, known in _PLAIN.items() if known == neuron), None)
    if found is None:
        raise UnsupportedNeuronError(
            f"found the neuron {neuron.name}, expected one of {', '.join(_KINDS)}"
        )
    return found, {}
