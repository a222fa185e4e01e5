r"""Layers of neurons as ONNX nodes.

Equal neurons make one group: a Gather for each place that they read, their operator, and at the
end of the layer a Concat of all groups and a Gather that puts the values in order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

import numpy as np
import onnx
from onnx import helper, numpy_helper

from polyrelax.arithmetic.outward import Width
from polyrelax.errors import UnsupportedOperatorError
from polyrelax.interop.onnx.floats import float_of
from polyrelax.networks.layers import Unit
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.clip import Clip
from polyrelax.networks.neurons.leaky import LeakyReLU
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.minimum import Minimum
from polyrelax.networks.neurons.neuron import Neuron
from polyrelax.networks.neurons.passing import Pass
from polyrelax.networks.neurons.relu import Rectifier

Numbers: TypeAlias = Sequence[float] | float


@dataclass
class NeuronNodes:
    """A builder of the nodes of one layer, and of the tensors that they read.

    ``name`` begins all names in the layer; the values are called ``target``.
    """

    source: str
    target: str
    name: str
    width: Width
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    tensors: list[onnx.TensorProto] = field(default_factory=list)

    def build(self, units: Sequence[Unit]) -> None:
        """Add the nodes of all neurons of a layer."""
        names: list[str] = []
        places: list[int] = []
        for group in _groups(units).values():
            read = [
                self._gathered(self.source, places)
                for places in zip(*(unit.inputs for unit in group), strict=True)
            ]
            names += self._values([unit.neuron for unit in group], read)
            for values in zip(*(unit.outputs for unit in group), strict=True):
                places += values
        joined = self._node("Concat", names, axis=1)
        order = np.argsort(np.array(places)).tolist()
        self._gathered(joined, order, self.target)

    def _values(self, neurons: Sequence[Neuron], read: Sequence[str]) -> Iterator[str]:
        """Yield the tensors of the values of equal neurons, or of leaky ones."""
        for operator, inputs in _operators(neurons, self.width):
            constants = [self._constant(numbers) for numbers in inputs]
            yield self._node(operator, [*read, *constants])

    def _gathered(self, source: str, places: Sequence[int], target: str = "") -> str:
        indices = self._tensor(np.array(places, dtype=np.int64))
        return self._node("Gather", [source, indices], target, axis=1)

    def _constant(self, numbers: Numbers | None) -> str:
        return (
            "" if numbers is None else self._tensor(np.array(numbers, dtype=self.width.dtype))
        )

    def _tensor(self, array: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> str:
        name = f"{self.name}t{len(self.tensors)}"
        self.tensors.append(numpy_helper.from_array(array, name))
        return name

    def _node(
        self, operator: str, inputs: Sequence[str], target: str = "", **attributes: int
    ) -> str:
        name = f"{self.name}n{len(self.nodes)}"
        output = target or f"{name}v"
        node = helper.make_node(operator, inputs, [output], name=name)
        node.attribute.extend(
            helper.make_attribute(k, value) for k, value in attributes.items()
        )
        self.nodes.append(node)
        return output


def _groups(units: Sequence[Unit]) -> Mapping[object, list[Unit]]:
    groups: dict[object, list[Unit]] = {}
    for unit in units:
        key = LeakyReLU if isinstance(unit.neuron, LeakyReLU) else unit.neuron
        groups.setdefault(key, []).append(unit)
    return groups


def _operators(
    neurons: Sequence[Neuron], width: Width
) -> Sequence[tuple[str, Sequence[Numbers | None]]]:
    """Return the operator of each output, with the constants that it reads."""
    match neurons[0]:
        case LeakyReLU():
            return [("PRelu", [[float_of(_slope(neuron), width) for neuron in neurons]])]
        case Clip(lower, upper):
            ends = (lower, upper)
            return [("Clip", [None if e is None else float_of(e, width) for e in ends])]
        case MaxMin():
            return [("Max", ()), ("Min", ())]
        case neuron:
            return [(_operator(neuron), ())]


def _operator(neuron: Neuron) -> str:
    """Return the operator of a neuron that has no constants."""
    kinds: tuple[tuple[type[Neuron], str], ...] = (
        (Pass, "Identity"),
        (Rectifier, "Relu"),
        (Absolute, "Abs"),
        (Maximum, "Max"),
        (Minimum, "Min"),
    )
    found = next((operator for kind, operator in kinds if type(neuron) is kind), None)
    if found is None:
        raise UnsupportedOperatorError(f"found {neuron.name}, which is not written here")
    return found


def _slope(neuron: Neuron) -> Fraction:
    assert isinstance(neuron, LeakyReLU), "a group of leaky neurons has no others"
    return neuron.slope
