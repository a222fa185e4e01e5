"""How kernels are compiled: by numba, once per machine, the result kept on disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from numba import njit

_P = ParamSpec("_P")
_T = TypeVar("_T")


def compiled(kernel: Callable[_P, _T]) -> Callable[_P, _T]:
    """Return ``kernel`` as machine code that is compiled at its first call.

    Kernels work in place on the arrays of one call of the engine.  Floats keep the order
    of operations that is written, without which their error bounds would mean nothing.
    """
    compiler = njit(cache=True, error_model="numpy", nogil=True)
    return cast(Callable[_P, _T], compiler(kernel))
