"""Tensors of an exact dataflow: constants, and values named by coordinates of a state.

While a graph is turned into layers, a *state* is the vector of all values that are still
needed.  A computed tensor is an array of coordinates of the state, so transposing or
reshaping it changes no value; a constant is an array of numbers.  An array of doubles or
fractions holds real numbers (floating-point constants of a file, exactly); integers and truth
values keep their type, for they wrap and divide by its rules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from polyrelax.errors import FormatError, TooLargeError
from polyrelax.interop.onnx.reals import Reals, is_real
from polyrelax.interop.onnx.sparse_rows import SparseRows, rows_of
from polyrelax.networks.neurons.neuron import Neuron

Array: TypeAlias = npt.NDArray[np.generic]
Coordinates: TypeAlias = npt.NDArray[np.int64]

MOST_ENTRIES: Final = 2_000_000
"""How many entries a tensor may have that an operator makes."""


@dataclass(frozen=True, eq=False)
class Constant:
    """Numbers that do not depend on the inputs of the network."""

    entries: Array

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the axes."""
        return self.entries.shape

    @property
    def reals(self) -> Reals:
        """The entries, which must be real numbers."""
        if not is_real(self.entries):
            raise FormatError(f"found numbers of type {self.entries.dtype}, expected floats")
        return self.entries

    def rearranged(self, view: Callable[[Array], Array]) -> Constant:
        """Return the tensor whose entries are some of these."""
        return Constant(view(self.entries))


@dataclass(frozen=True, eq=False)
class Computed:
    """Values of the network: coordinates of the state."""

    entries: Coordinates
    is_integer: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the axes."""
        return self.entries.shape

    def rearranged(self, view: Callable[[Array], Array]) -> Computed:
        """Return the tensor whose entries are some of these."""
        return Computed(np.asarray(view(self.entries), dtype=np.int64), self.is_integer)


Tensor: TypeAlias = Constant | Computed


@dataclass(frozen=True)
class View:
    """An outcome that changes no value: one tensor for each output of the node."""

    tensors: tuple[Tensor, ...]


@dataclass(frozen=True)
class Rows:
    """An outcome that is affine in the state: a row for each entry of ``shape``."""

    rows: SparseRows
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Rectified:
    """An outcome that is the ReLU of these coordinates of the state."""

    entries: Coordinates


@dataclass(frozen=True)
class Bent:
    """An outcome of neurons, one for each entry of ``shape``, that read the rows in order."""

    rows: SparseRows
    neurons: tuple[Neuron, ...]
    shape: tuple[int, ...]


Outcome: TypeAlias = View | Rows | Rectified | Bent


def constant(entries: Array) -> View:
    """Return the outcome that is one constant.

    >>> constant(np.zeros(2)).tensors[0].shape
    (2,)
    """
    return View((Constant(entries),))


def mixture(columns: Coordinates, bias: Reals) -> Rows:
    """Return the outcome of values where there is a column, and of constants elsewhere.

    >>> mixture(np.array([0, -1]), np.array([0.0, 7.0])).rows.columns
    array([0])
    """
    return Rows(rows_of(columns[..., np.newaxis], np.ones(1), bias), columns.shape)


def require_size(shape: Sequence[int]) -> None:
    """Raise :class:`TooLargeError` for a shape of more than ``MOST_ENTRIES`` entries.

    >>> require_size((2000, 2000))
    Traceback (most recent call last):
    polyrelax.errors.TooLargeError: gives shape (2000, 2000), of more than 2000000 entries
    """
    if prod(shape) > MOST_ENTRIES:
        found = f"gives shape ({', '.join(map(str, shape))})"
        raise TooLargeError(f"{found}, of more than {MOST_ENTRIES} entries")
