"""How kernels are compiled: by numba, once per user, the result kept on disk.

Only the kernels that Python calls, the *entries*, are kept and have an interface to Python:
one file holds an entry with all that it calls.  It is kept in the folder of :mod:`.kept`, or
compiled by each process where that cannot be written; folders of other contents beside
it go when nobody has used them for a month.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from numba import config, njit

from polyrelax.polytopes.engines.fast.kept import PREFIX, engine_files, folder

_P = ParamSpec("_P")
_T = TypeVar("_T")
_MONTH = 30 * 86_400.0


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
    """Return ``kernel`` as machine code that is compiled at its first call by a user."""
    with keeping(engine_files()) as kept:
        return _njit(cache=kept)(kernel)


@contextmanager
def keeping(files: tuple[Path, ...]) -> Iterator[bool]:
    """Have numba keep what it is given meanwhile, and say whether it can.

    The files are those of all kernels that call each other.
    """
    settings = vars(config)
    usual = settings["CACHE_DIR"]
    place = folder(usual, files)
    if not _is_ready(place):
        yield False
        return
    if not usual:
        _remove_unused(place)
    settings["CACHE_DIR"] = str(
        place
    )  # numba looks at it when a kernel is given, and not again
    try:
        yield True
    finally:
        settings["CACHE_DIR"] = usual


@cache
def _is_ready(place: Path) -> bool:
    """Make a folder, note that it is used, and return whether it can be written."""
    if not place.is_absolute():
        return False
    try:
        place.mkdir(parents=True, exist_ok=True)
        os.utime(place)
    except OSError:
        return False
    return os.access(place, os.W_OK | os.X_OK)


def _njit(**options: bool | str) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Return numba's decorator; two of the options are not in its stubs."""
    decorator = cast(Callable[..., Callable[[Callable[_P, _T]], Callable[_P, _T]]], njit)
    return decorator(error_model="numpy", nogil=True, **options)


@cache
def _remove_unused(place: Path) -> None:
    """Remove the folders of compiled code beside a place that nobody has used for long."""
    for other in place.parent.glob(f"{PREFIX}*"):
        with suppress(FileNotFoundError):  # another process may be removing it, too
            if other != place and time.time() - other.stat().st_mtime > _MONTH:
                shutil.rmtree(other, ignore_errors=True)
