"""A run of the compiled method: its arrays are lent to the kernels, its rays are theirs.

The structures are those of ``kernels/arrays.h``, up to what is the kernels' own.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_double, c_int64, c_void_p
from dataclasses import dataclass
from typing import TypeVar, final

import numpy as np
from numpy.typing import NDArray

from polyrelax.polytopes.engines.fast.library import KERNELS
from polyrelax.polytopes.engines.fast.problem import (
    NO_MEMORY,
    Floats,
    Ints,
    Problem,
    Residues,
    Shorts,
    Signs,
)

_Number = TypeVar("_Number", bound=np.generic)


class _Field(ctypes.Structure):
    _fields_ = (
        *((name, c_int64) for name in ("primes", "different")),
        *((name, c_void_p) for name in ("prime", "negative", "unit", "inverses")),
    )


class _Problem(ctypes.Structure):
    _fields_ = (
        ("field", _Field),
        *((name, c_int64) for name in ("rows", "dim", "words")),
        *((name, c_void_p) for name in ("residues", "floats", "weights", "shifts", "keys")),
        ("integers", c_void_p),
        ("limit", c_int64),
    )


class _Rays(ctypes.Structure):
    _fields_ = (
        ("slots", c_int64),
        *((name, c_void_p) for name in ("sets", "signs", "integers", "products", "floats")),
        *((name, c_void_p) for name in ("errors", "values", "residues", "valued")),
    )


class _Run(ctypes.Structure):
    _fields_ = (
        ("problem", _Problem),
        ("rays", _Rays),
        ("seen", c_void_p),
        ("row", c_int64),
        ("small", c_int64),
    )


@final
@dataclass(frozen=True, eq=False)
class Run:
    """Where the method stopped, and the rays by then."""

    functions: ctypes.CDLL
    memory: ctypes.Array[ctypes.c_char]
    problem: Problem
    status: int

    @property
    def arrays(self) -> _Run:
        """What the kernels have."""
        return _Run.from_buffer(self.memory)

    @property
    def row(self) -> int:
        """The row at which the method stopped."""
        return int(self.arrays.row)

    @property
    def is_small(self) -> bool:
        """Whether the rays are integers of 64 bits."""
        return bool(self.arrays.small)

    def small_rays(self) -> Ints:
        """Return primitive vectors, a row for each ray, of a run whose numbers are small."""
        found = np.empty((self._count(), self.problem.rows.shape[2]), np.int64)
        self.functions.small_rays(self.memory, _pointer(found))
        return found

    def signs_and_sizes(self) -> tuple[Signs, Residues] | None:
        """Return whether each entry of each ray is negative, and its digits to ``2**32``.

        ``None`` if a prime divides a ray.
        """
        shape = self._count(), self.problem.rows.shape[2]
        negative = np.empty(shape, np.int8)
        sizes = np.empty((*shape, len(self.problem.field.inverses)), np.uint32)
        status = self.functions.integers(self.memory, _pointer(negative), _pointer(sizes))
        return None if checked(status) else (negative, sizes)

    def view(self, name: str, kind: type[_Number], *shape: int) -> NDArray[_Number]:
        """Return an array of the rays by its name, of such a shape for each slot.

        It is the kernels', and ends with the run.
        """
        rays, shape = self.arrays.rays, (int(self.arrays.rays.slots), *shape)
        size = math.prod(shape) * np.dtype(kind).itemsize
        memory = memoryview((ctypes.c_char * size).from_address(getattr(rays, name)))
        found: NDArray[_Number] = np.frombuffer(memory, kind).reshape(shape)
        return found

    def improve(self, slots: Shorts) -> None:
        """Improve the floats of the rays in some slots."""
        checked(self.functions.improve(self.memory, c_int64(len(slots)), _pointer(slots)))

    def _count(self) -> int:
        return int(self.functions.ray_count(self.memory))


@contextmanager
def run_of(problem: Problem, many: int) -> Iterator[Run]:
    """Run the method on the arrays of a problem; its rays are there until the context ends.

    Once there are so ``many`` pairs of rays to compare at a row, edges are kept.
    """
    functions = _functions()
    memory = ctypes.create_string_buffer(int(functions.size_of_run()))
    _Run.from_buffer(memory).problem = _lent(problem)
    status = functions.describe(memory, c_int64(many))
    try:
        yield Run(functions, memory, problem, checked(status))
    finally:
        functions.finish(memory)


def valued(row: Floats, ray: Floats, weight: float) -> tuple[Floats, float]:
    """Return a row's value on a ray as a sum of two floats, and a bound of its error.

    ``weight`` bounds the sum of the sizes of the row's entries.
    """
    value = np.empty(2)
    find = _functions().value_on_ray
    find.restype = c_double
    arrays = (_pointer(array) for array in (row, ray))
    wrong = find(*arrays, c_double(weight), c_int64(row.shape[1]), _pointer(value))
    return value, float(wrong)


def combined(rays: Floats, values: Floats) -> tuple[Floats, float]:
    """Return the combination of a ray below and one above that is zero, and its greatest size.

    ``values`` are the row's values on the two.
    """
    new = np.empty_like(rays[0])
    combine = _functions().combined_ray
    combine.restype = c_double
    arrays = (_pointer(array) for array in (*rays, *values, new))
    greatest = combine(*arrays, c_int64(rays.shape[2]))
    return new, float(greatest)


def _functions() -> ctypes.CDLL:
    functions = KERNELS.functions
    assert functions is not None, "whoever asks knows that there is a compiler"
    return functions


def checked(status: int) -> int:
    """Return a status of a kernel.

    >>> checked(0)
    0
    """
    if status == NO_MEMORY:
        raise MemoryError
    return status


def _pointer(array: NDArray[_Number]) -> c_void_p:
    return c_void_p(array.ctypes.data)


def _lent(problem: Problem) -> _Problem:
    """Return the structure that points into the arrays of a problem."""
    rows, _, dim = problem.rows.shape
    moduli, inverses = problem.field
    field = _Field(
        moduli.shape[1],
        len(inverses),
        *(moduli[i].ctypes.data for i in range(3)),
        inverses.ctypes.data,
    )
    arrays = (problem.residues, problem.rows, problem.weights, problem.shifts, problem.keys)
    integers = problem.integers.ctypes.data if len(problem.integers) else None
    pointers = (array.ctypes.data for array in arrays)
    return _Problem(
        field, rows, dim, (rows + 63) // 64, *pointers, integers, int(problem.limit)
    )
