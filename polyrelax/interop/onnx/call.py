"""A node of a graph with the tensors that it reads, and what it may ask of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from polyrelax.arithmetic.words import amount
from polyrelax.errors import NotANumberError
from polyrelax.interop.onnx.graph import Node
from polyrelax.interop.onnx.reals import Reals, entry_type, is_real
from polyrelax.interop.onnx.tensors import Array, Computed, Constant, Coordinates, Tensor


@dataclass(frozen=True)
class Call:
    """A node with its inputs, ``None`` standing for one that is left out.

    >>> call = Call(Node("Relu", ("x",), ("y",), {}, "r"), (Constant(np.array([-1.0])),))
    >>> call.reals(0), call.has(1)
    (array([-1.]), False)
    >>> call[1]
    Traceback (most recent call last):
    polyrelax.errors.FormatError: operator 'Relu' (node 'r') has 1 input, expected more
    """

    node: Node
    inputs: tuple[Tensor | None, ...]

    def has(self, index: int) -> bool:
        """Whether an input is there."""
        return index < len(self.inputs) and self.inputs[index] is not None

    def __getitem__(self, index: int) -> Tensor:
        tensor = self.inputs[index] if index < len(self.inputs) else None
        if tensor is None:
            raise self.node.malformed(f"has {amount(len(self.inputs), 'input')}, expected more")
        return tensor

    @property
    def tensors(self) -> list[Tensor]:
        """The inputs, all of which must be there."""
        return [self[index] for index in range(len(self.inputs))]

    @property
    def shapes(self) -> str:
        """The shapes of the inputs, as messages give them."""
        return " and ".join(str(each.shape) for each in self.inputs if each is not None)

    def is_constant(self, index: int) -> bool:
        """Whether an input does not depend on the inputs of the network."""
        return isinstance(self[index], Constant)

    def computed(self, index: int) -> Coordinates:
        """Return the coordinates of an input that holds real numbers computed."""
        tensor = self[index]
        if not isinstance(tensor, Computed):
            raise self.node.unsupported(f"reads a constant {self._name(index)}")
        if tensor.is_integer:
            raise self.node.unsupported(f"computes with {self._name(index)} in integers")
        return tensor.entries

    def constant(self, index: int, what: str = "input") -> Array:
        """Return the entries of an input that must be constant."""
        tensor = self[index]
        if not isinstance(tensor, Constant):
            raise self.node.unsupported(f"has a computed {what} {self._name(index)}")
        return tensor.entries

    def reals(self, index: int, what: str = "input") -> Reals:
        """Return the entries of an input that must be constant, real and finite."""
        entries = self.real_or_infinite(index, what)
        if entries.dtype == np.float64:
            wrong = entries[~np.isfinite(np.asarray(entries, dtype=np.float64))]
            if wrong.size:
                found = f"tensor {self._name(index)} holds {wrong[0]}"
                raise NotANumberError(f"{found}, expected finite numbers")
        return entries

    def real_or_infinite(self, index: int, what: str = "input") -> Reals:
        """Return the entries of an input that must be constant and real, infinite ones too."""
        entries = self.constant(index, what)
        if not is_real(entries):
            found = f"{self._name(index)} of type {entries.dtype}"
            raise self.node.malformed(f"has the {what} {found}, expected floats")
        return entries

    def integers(self, index: int, what: str = "shape") -> list[int]:
        """Return the entries of an input of constant integers."""
        entries = self.constant(index, what)
        if entries.dtype.kind not in "iu":
            found = f"{self._name(index)} of {entry_type(entries)}"
            raise self.node.malformed(f"has the {what} {found}, expected integers")
        return [int(value) for value in entries.flat]

    def attribute_or_input(self, key: str, index: int) -> list[int] | None:
        """Return integers that old opsets keep in an attribute and newer ones in an input."""
        if self.has(index):
            return self.integers(index, key)
        values = self.node.integers(key)
        return None if values is None else list(values)

    def _name(self, index: int) -> str:
        return repr(self.node.inputs[index])
