"""How kernels are compiled: by numba, once per machine, the result kept on disk.

Only the kernels that Python calls, the *entries*, are kept and have an interface to Python:
one file holds an entry with all that it calls.  It is kept in the folder of :mod:`.kept`;
folders of other contents beside it go when they are a day old, so that no program is using
them.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from numba import config, njit

from polyrelax.polytopes.engines.fast.kept import PREFIX, folder

_P = ParamSpec("_P")
_T = TypeVar("_T")
_DAY = 86_400.0


def compiled(kernel: Callable[_P, _T]) -> Callable[_P, _T]:
    """Return ``kernel`` as machine code, for other kernels only.

    Kernels work in place on the arrays of one call of the engine.  Floats keep the order
    of operations that is written, without which their error bounds would mean nothing.
    """
    return _njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)(kernel)


def inlined(kernel: Callable[_P, _T]) -> Callable[_P, _T]:
    """Return ``kernel`` as a part of each kernel that calls it.

    numba optimises a compiled kernel once for itself and again for each kernel above it in the
    tree of calls.  So those that do little but call others are no kernels for numba.
    """
    return _njit(inline="always")(kernel)


def entry(kernel: Callable[_P, _T]) -> Callable[_P, _T]:
    """Return ``kernel`` as machine code that is compiled at its first call on a machine."""
    settings = vars(config)
    usual = settings["CACHE_DIR"]
    place = folder(usual)
    if not usual:
        _remove_stale(place)
    settings["CACHE_DIR"] = str(place)  # numba looks at it here, and not again
    try:
        return _njit(cache=True)(kernel)
    finally:
        settings["CACHE_DIR"] = usual


def _njit(**options: bool | str) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Return numba's decorator; two of the options are not in its stubs."""
    decorator = cast(Callable[..., Callable[[Callable[_P, _T]], Callable[_P, _T]]], njit)
    return decorator(error_model="numpy", nogil=True, **options)


def _remove_stale(place: Path) -> None:
    """Remove folders of compiled code beside a place that are old."""
    for other in place.parent.glob(f"{PREFIX}*"):
        with suppress(FileNotFoundError):  # another process may be removing it, too
            if other != place and time.time() - other.stat().st_mtime > _DAY:
                shutil.rmtree(other, ignore_errors=True)
