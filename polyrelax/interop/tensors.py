"""Tensors of an exact dataflow: constants, and values named by coordinates of a state.

While a graph is turned into layers, a *state* is the vector of all values that are still
needed.  A computed tensor is an array of coordinates of the state, so transposing or
reshaping it changes no value; a constant is an array of fractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, TypeGuard

import numpy as np
import numpy.typing as npt

from polyrelax.arithmetic.rational import ZERO, SparseVector, Vector, from_float
from polyrelax.errors import FormatError, UnsupportedOperatorError

Constants: TypeAlias = npt.NDArray[np.object_]
Coordinates: TypeAlias = npt.NDArray[np.int64]
Tensor: TypeAlias = Constants | Coordinates


@dataclass(frozen=True)
class Node:
    """An operator of a graph, with one output; absent inputs have the empty name."""

    operator: str
    name: str
    inputs: tuple[str, ...]
    output: str
    attributes: Mapping[str, object]

    def __str__(self) -> str:
        return f"operator {self.operator!r} (node {self.name!r})"

    def unsupported(self, reason: str) -> UnsupportedOperatorError:
        """Return an error that names the node."""
        return UnsupportedOperatorError(f"{self} {reason}")

    def malformed(self, reason: str) -> FormatError:
        """Return an error that names the node."""
        return FormatError(f"{self} {reason}")

    def integer(self, key: str, default: int) -> int:
        """Return an attribute that is an integer."""
        value = self.attributes.get(key, default)
        if not isinstance(value, int):
            raise self.malformed(f"has {key}={value!r}, expected an integer")
        return value

    def integers(self, key: str) -> tuple[int, ...] | None:
        """Return an attribute that is a list of integers, if it is there."""
        value = self.attributes.get(key)
        return None if value is None else tuple(int(entry) for entry in _entries(value))

    def number(self, key: str) -> Fraction:
        """Return the exact value of an attribute that is a float, by default one."""
        value = self.attributes.get(key, 1)
        if not isinstance(value, int | float):
            raise self.malformed(f"has {key}={value!r}, expected a number")
        return from_float(value)

    def word(self, key: str, default: str) -> str:
        """Return an attribute that is a text."""
        value = self.attributes.get(key, default)
        return value.decode() if isinstance(value, bytes) else str(value)


@dataclass(frozen=True)
class View:
    """An outcome that changes no value: the same entries, arranged anew."""

    entries: Tensor


@dataclass(frozen=True)
class Rows:
    """An outcome that is affine in the state: a row and a bias for each entry of ``shape``."""

    rows: tuple[SparseVector, ...]
    bias: Vector
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Rectified:
    """An outcome that is the ReLU of these coordinates of the state."""

    entries: Coordinates


Outcome: TypeAlias = View | Rows | Rectified


def is_constant(tensor: Tensor) -> TypeGuard[Constants]:
    """Whether a tensor is an array of fractions.

    >>> is_constant(zeros((2,))), is_constant(np.arange(2))
    (True, False)
    """
    return tensor.dtype == np.object_


def fractions(tensor: Constants) -> list[Fraction]:
    """Return the entries of a constant, in row-major order.

    >>> fractions(constants([Fraction(1), Fraction(2)], (2, 1)))
    [Fraction(1, 1), Fraction(2, 1)]
    """
    entries: list[Fraction] = tensor.ravel().tolist()
    return entries


def coordinates(tensor: Tensor) -> list[int]:
    """Return the entries of a computed tensor, in row-major order.

    >>> coordinates(np.arange(4).reshape(2, 2).T)
    [0, 2, 1, 3]
    """
    entries: list[int] = tensor.ravel().tolist()
    return entries


def combination(indices: Iterable[int], factors: Iterable[Fraction]) -> SparseVector:
    """Return the row with these factors at these coordinates, added up where one is repeated.

    >>> combination([2, 0, 2], [Fraction(1), Fraction(0), Fraction(3)])
    ((2, Fraction(4, 1)),)
    """
    total: dict[int, Fraction] = {}
    for j, factor in zip(indices, factors, strict=True):
        if factor:
            total[j] = total[j] + factor if j in total else factor
    return tuple((j, value) for j, value in sorted(total.items()) if value)


def constants(values: Sequence[Fraction], shape: tuple[int, ...]) -> Constants:
    """Return an array of fractions.

    >>> constants([Fraction(1), Fraction(2)], (2, 1)).shape
    (2, 1)
    """
    array = np.empty(len(values), dtype=np.object_)
    array[:] = values
    return array.reshape(shape)


def zeros(shape: tuple[int, ...]) -> Constants:
    """Return an array of zeros.

    >>> fractions(zeros((1, 2)))
    [Fraction(0, 1), Fraction(0, 1)]
    """
    return np.full(shape, ZERO, dtype=np.object_)


def _entries(value: object) -> Iterable[int]:
    return value if isinstance(value, list | tuple) else ()
