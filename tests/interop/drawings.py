"""ONNX graphs that grow at random, with small dyadic constants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from tests.interop.graphs import Arrays

Shape = tuple[int, ...]


@dataclass
class Drawing:
    """A graph that grows: its nodes, its constants, and the tensor that is worked on."""

    rng: np.random.Generator
    opset: int
    shape: Shape
    name: str = "x"
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    arrays: Arrays = field(default_factory=dict)
    input_shape: Shape = ()

    def __post_init__(self) -> None:
        self.input_shape = self.shape

    @property
    def rank(self) -> int:
        return len(self.shape)

    def below(self, end: int) -> int:
        return int(self.rng.integers(end))

    def coin(self) -> bool:
        return bool(self.rng.integers(2))

    def numbers(self, *shape: int) -> npt.NDArray[np.float32]:
        """Small integers or halves."""
        scale = 1.0 if self.coin() else 0.5
        return (self.rng.integers(-3, 4, size=shape) * scale).astype(np.float32)

    def constant(self, array: npt.NDArray[np.generic]) -> str:
        """The name of a constant, an initializer or a node."""
        name = f"c{len(self.arrays) + len(self.nodes)}"
        if self.below(4):
            self.arrays[name] = array
        else:
            tensor = numpy_helper.from_array(array, name)
            self.nodes.append(helper.make_node("Constant", [], [name], value=tensor))
        return name

    def integers(self, *values: int) -> str:
        return self.constant(np.array(values, dtype=np.int64))

    def add(self, operator: str, *inputs: str, **attributes: object) -> str:
        """The name of the first output of a new node of two outputs or fewer."""
        names = [f"t{len(self.nodes)}_{k}" for k in range(2 if operator == "Split" else 1)]
        given = {key: value for key, value in attributes.items() if value is not None}
        node = helper.make_node(operator, inputs, names)
        node.attribute.extend(helper.make_attribute(key, value) for key, value in given.items())
        self.nodes.append(node)
        return names[0]

    def with_integers(
        self, operator: str, key: str, values: Sequence[int], since: int, **attributes: object
    ) -> str:
        """A node that takes integers by an attribute, or by an input since an opset."""
        if self.opset >= since:
            return self.add(operator, self.name, self.integers(*values), **attributes)
        return self.add(operator, self.name, **{key: list(values)}, **attributes)

    def model(self) -> onnx.ModelProto:
        value = helper.make_tensor_value_info
        graph = helper.make_graph(
            self.nodes,
            "random",
            [value("x", TensorProto.FLOAT, self.input_shape)],
            [value(self.name, TensorProto.FLOAT, None)],
            [numpy_helper.from_array(array, name) for name, array in self.arrays.items()],
        )
        imports = [helper.make_opsetid("", self.opset)]
        return helper.make_model(graph, opset_imports=imports, ir_version=8)
