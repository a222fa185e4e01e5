"""Dataflow graphs as they stand in a file: nodes, the tensors they name, their attributes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from polyrelax.arithmetic.rational import from_float, shown
from polyrelax.arithmetic.words import amount, quoted
from polyrelax.errors import FormatError, NotANumberError, UnsupportedOperatorError
from polyrelax.interop.onnx.tensors import Array


@dataclass(frozen=True)
class Node:
    """An operator of a graph; inputs and outputs that are left out have the empty name.

    ``version`` is the opset in which the operator got the meaning that it has here.
    """

    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, object]
    name: str = ""
    version: int = 13

    def __str__(self) -> str:
        return f"operator {quoted(self.operator)} (node {quoted(self.name)})"

    def unsupported(self, reason: str) -> UnsupportedOperatorError:
        """Return an error that names the node."""
        return UnsupportedOperatorError(f"{self} {reason}")

    def malformed(self, reason: str) -> FormatError:
        """Return an error that names the node."""
        return FormatError(f"{self} {reason}")

    def axis(self, value: int, rank: int) -> int:
        """Return an axis of a tensor of ``rank`` axes, negative ones counting from the end."""
        if not -rank <= value < rank:
            raise self.malformed(
                f"names axis {value}, expected one of {amount(rank, 'axis', 'axes')}"
            )
        return value % rank

    def axes(self, values: Iterable[int], rank: int) -> tuple[int, ...]:
        """Return distinct axes of a tensor of ``rank`` axes."""
        found = tuple(self.axis(value, rank) for value in values)
        if len(set(found)) < len(found):
            raise self.malformed(f"names an axis twice: {list(found)}")
        return found

    def integer(self, key: str, default: int) -> int:
        """Return an attribute that is an integer."""
        value = self.attributes.get(key, default)
        if not isinstance(value, int):
            raise self.malformed(f"has {key}={shown(value)}, expected an integer")
        return value

    def integers(self, key: str) -> tuple[int, ...] | None:
        """Return an attribute that is a list of integers, if it is there."""
        value = self.attributes.get(key)
        return None if value is None else tuple(int(entry) for entry in _entries(value))

    def number(self, key: str, default: float = 1.0) -> Fraction:
        """Return the exact value of an attribute that is a float, as the file holds it."""
        value = self.attributes.get(key, float(np.float32(default)))
        if not isinstance(value, int | float):
            raise self.malformed(f"has {key}={shown(value)}, expected a number")
        try:
            return from_float(value)
        except NotANumberError:
            raise self.malformed(f"has {key}={value}, expected a finite number") from None

    def numbers(self, key: str) -> tuple[Fraction, ...]:
        """Return the exact values of an attribute that is a list of floats."""
        return tuple(from_float(entry) for entry in _entries(self.attributes.get(key)))

    def word(self, key: str, default: str) -> str:
        """Return an attribute that is a text."""
        value = self.attributes.get(key, default)
        return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


@dataclass(frozen=True)
class Port:
    """An input or output of a network: its name, and the shape of the numbers it takes."""

    name: str
    shape: tuple[int, ...]
    is_integer: bool = False


@dataclass(frozen=True)
class Graph:
    """Nodes, each after those it reads, with constants, inputs and the names of outputs.

    Constants are looked up when they are read, so that a mapping may make them then.  Notes say
    what was decided that the file leaves open, ``shapes`` what it says of tensors, maybe more
    than once, a size that is not fixed being 0.
    """

    nodes: tuple[Node, ...]
    constants: Mapping[str, Array]
    inputs: tuple[Port, ...]
    outputs: tuple[str, ...]
    notes: tuple[str, ...] = ()
    shapes: Mapping[str, Sequence[tuple[int, ...]]] = field(default_factory=dict)

    def require_declared(
        self, name: str, shape: tuple[int, ...], node: Node | None = None
    ) -> None:
        """Raise :class:`FormatError` for a tensor of another shape than the file declares.

        ``node`` is the one that gives it, if any does.
        """
        for declared in self.shapes.get(name, ()):
            sizes = zip(declared, shape, strict=False)
            if len(declared) == len(shape) and all(a in {0, b} for a, b in sizes):
                continue
            said = f"which is declared as ({', '.join(str(size or '?') for size in declared)})"
            if node is None:
                raise FormatError(f"tensor {quoted(name)} has shape {shape}, {said}")
            raise node.malformed(f"gives {quoted(name)} of shape {shape}, {said}")


def needed_nodes(nodes: Iterable[Node], outputs: Iterable[str]) -> tuple[Node, ...]:
    """Return the nodes that these outputs depend on, in order.

    >>> one, two = (Node("Relu", ("x",), (name,), {}) for name in ("y", "unused"))
    >>> needed_nodes([one, two], ["y"]) == (one,)
    True
    """
    wanted, kept = set(outputs), []
    for node in reversed(tuple(nodes)):
        if wanted.intersection(node.outputs) - {""}:
            wanted.update(node.inputs)
            kept.append(node)
    return tuple(reversed(kept))


def _entries(value: object) -> Iterable[int | float]:
    return value if isinstance(value, list | tuple) else ()
