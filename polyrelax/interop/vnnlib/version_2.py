"""The declarations of VNN-LIB 2.0: networks, each with tensors of inputs and of outputs.

The inputs of a property are the entries of all input tensors one after the other, in the order
of their declaration and row by row; so are its outputs.  A property of several networks is
about all of them side by side.  Hidden tensors are refused, and so are tensors of integers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Final, NamedTuple, TypeAlias

from polyrelax.arithmetic.rational import shown
from polyrelax.arithmetic.words import amount
from polyrelax.errors import FormatError, TooLargeError
from polyrelax.interop.s_expressions import Form, Word
from polyrelax.interop.vnnlib.terms import Coordinate

MOST_ENTRIES: Final = 10_000_000
"""More inputs, or outputs, are refused."""

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_INDEXED: Final = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)\[([0-9]{1,9}(?:,[0-9]{1,9})*)?\]")
_REAL_TYPES: Final = frozenset(
    ("real", "Real", "float", "float16", "float32", "float64", "double", "bfloat16")
)
_EQUIVALENCES: Final = frozenset(("equal-to", "isomorphic-to"))

Shape: TypeAlias = tuple[int, ...]


class _Tensor(NamedTuple):
    """A tensor of inputs or outputs: the place of its first entry, and its shape."""

    is_output: bool
    start: int
    shape: Shape


class _Network(NamedTuple):
    """The shapes of inputs and outputs, and whether the network is like another one."""

    inputs: tuple[Shape, ...]
    outputs: tuple[Shape, ...]
    is_like_another: bool


@dataclass(frozen=True)
class Declarations:
    """What a file has declared so far: tensors and networks by name, inputs, outputs."""

    tensors: dict[str, _Tensor] = field(default_factory=dict)
    networks: dict[str, _Network] = field(default_factory=dict)
    entries: list[int] = field(default_factory=lambda: [0, 0])

    def declare(self, form: Form) -> None:
        """Take note of the declaration of a network."""
        if form.head != "declare-network":
            raise form.error(f"found {shown(form.head)}, expected declare-network or assert")
        name = self._new_name(form)
        likes = [part for part in _parts(form) if part.head in _EQUIVALENCES]
        tensors = [part for part in _parts(form) if part.head not in _EQUIVALENCES]
        inputs = tuple(self._add(each) for each in tensors if each.head != "declare-output")
        outputs = tuple(self._add(each) for each in tensors if each.head == "declare-output")
        if not inputs or not outputs or len(likes) > 1:
            found = (
                f"{amount(len(inputs), 'input')}, {amount(len(outputs), 'output')}, "
                f"{amount(len(likes), 'equivalence')}"
            )
            raise form.error(f"found {found}, expected one or more, one or more, at most one")
        network = _Network(inputs, outputs, bool(likes))
        for like in likes:
            self._require_like(like, network)
        self.networks[name] = network

    def coordinate(self, word: Word) -> Coordinate | None:
        """Return the input or output that a word such as ``X[0,1]`` stands for."""
        indexed = _INDEXED.fullmatch(word.text)
        name = indexed[1] if indexed else word.text
        if name not in self.tensors:
            if indexed or _NAME.fullmatch(name):
                raise word.error(f"found {name}, which is not declared before")
            return None
        tensor = self.tensors[name]
        place = 0
        indices = _numbers(indexed[2]) if indexed else ()
        if len(indices) != len(tensor.shape):
            raise word.error(
                f"found {word.text}, expected {amount(len(tensor.shape), 'index', 'indices')}"
            )
        for index, size in zip(indices, tensor.shape, strict=True):
            if index >= size:
                raise word.error(f"found {word.text}, expected indices below {tensor.shape}")
            place = place * size + index
        return Coordinate(tensor.is_output, tensor.start + place)

    def sizes(self) -> tuple[int, int]:
        """Return the numbers of inputs and outputs of all networks."""
        if not self.networks:
            raise FormatError("found no declare-network, expected one or more")
        return self.entries[0], self.entries[1]

    def input_name(self, index: int) -> str:
        """Return the name of an input."""
        for name, tensor in self.tensors.items():
            place = index - tensor.start
            if not tensor.is_output and 0 <= place < prod(tensor.shape):
                return (
                    f"{name}{list(indices_of(place, tensor.shape))}" if tensor.shape else name
                )
        raise IndexError(index)

    def _new_name(self, form: Form) -> str:
        name = form.items[1] if len(form.items) > 1 else None
        if not isinstance(name, Word) or not _NAME.fullmatch(name.text):
            raise form.error(
                f"found no name in {form.head}, expected one of letters and digits"
            )
        if name.text in self.tensors or name.text in self.networks:
            raise form.error(f"found {name.text} declared again")
        return name.text

    def _add(self, form: Form) -> Shape:
        """Take note of a tensor, and return its shape."""
        if form.head == "declare-hidden":
            raise form.error(f"found the hidden tensor {self._new_name(form)}, expected none")
        if form.head not in {"declare-input", "declare-output"}:
            raise form.error(
                f"found {shown(form.head)}, expected declare-input or declare-output"
            )
        name, is_output = self._new_name(form), form.head == "declare-output"
        shape = _shape(form)
        self.tensors[name] = _Tensor(is_output, self.entries[is_output], shape)
        self.entries[is_output] += prod(shape)
        if self.entries[is_output] > MOST_ENTRIES:
            raise TooLargeError(
                f"line {form.line}: found over {MOST_ENTRIES} entries, expected fewer"
            )
        return shape

    def _require_like(self, form: Form, network: _Network) -> None:
        """Refuse a network that is said to be like another one and has other shapes."""
        match form.items:
            case (_, Word(text=name)) if name in self.networks:
                other = self.networks[name]
            case _:
                raise form.error(f"found {form.head}, expected the name of a network before")
        if other.is_like_another:
            raise form.error(f"found {name}, expected a network that is not like another")
        if other[:2] != network[:2]:
            raise form.error(f"found shapes that differ from those of {name}")


def _parts(form: Form) -> Sequence[Form]:
    parts = [part for part in form.items[2:] if isinstance(part, Form)]
    if len(parts) != len(form.items[2:]):
        raise form.error("found a word among declarations, expected lists")
    return parts


def _shape(form: Form) -> Shape:
    """Return the shape in ``(declare-input NAME TYPE SHAPE)``."""
    rest = form.items[2:]
    if len(rest) == 2 and isinstance(rest[1], Word) and rest[1].text == "initialized":
        raise form.error("found an input that is initialized, expected one that is given")
    typed = rest[0] if len(rest) == 1 else None
    found = _INDEXED.fullmatch(typed.text) if isinstance(typed, Word) else None
    if found is None:
        raise form.error(f"expected ({form.head} NAME TYPE [SIZE,...])")
    if found[1] not in _REAL_TYPES:
        raise form.error(f"found the type {found[1]}, expected real numbers or floats")
    shape = _numbers(found[2])
    if 0 in shape:
        raise form.error(f"found the shape {list(shape)}, expected positive sizes")
    return shape


def _numbers(text: str | None) -> tuple[int, ...]:
    return tuple(map(int, text.split(","))) if text else ()


def indices_of(place: int, shape: Shape) -> Shape:
    """Return the indices of an entry, which is counted row by row.

    >>> indices_of(5, (2, 3))
    (1, 2)
    """
    found = []
    for size in reversed(shape):
        place, index = divmod(place, size)
        found.append(index)
    return tuple(reversed(found))
