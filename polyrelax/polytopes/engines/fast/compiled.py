"""How kernels are compiled: by numba, once per machine, the result kept on disk.

Only the kernels that Python calls, the *entries*, are kept and have an interface to Python:
one file holds an entry with all that it calls.  numba renews it if the entry's file changes,
but not if a file changes whose kernels it calls.  So it is kept in a folder that is named after
the content of the files here; folders of other contents beside it go when they are a day old,
so that no program is using them.  Files without kernels do not count.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from numba import config, njit

_P = ParamSpec("_P")
_T = TypeVar("_T")
_PREFIX = "polyrelax-"
_DAY = 86_400.0
_WITHOUT_KERNELS = {"__init__", "compiled_method", "plain_arrays", "preparation", "reduction"}


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
    settings["CACHE_DIR"] = str(_folder(usual))  # numba looks at it here, and not again
    try:
        return _njit(cache=True)(kernel)
    finally:
        settings["CACHE_DIR"] = usual


def _njit(**options: bool | str) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Return numba's decorator; two of the options are not in its stubs."""
    decorator = cast(Callable[..., Callable[[Callable[_P, _T]], Callable[_P, _T]]], njit)
    return decorator(error_model="numpy", nogil=True, **options)


@cache
def _folder(usual: str) -> Path:
    """Return where to keep compiled code: where the user says, here, or at home."""
    here = Path(__file__).parent
    kernels = [path for path in sorted(here.glob("*.py")) if path.stem not in _WITHOUT_KERNELS]
    content = b"".join(path.read_bytes() for path in kernels)
    name = f"{_PREFIX}{hashlib.sha256(content).hexdigest()[:16]}"
    if usual:
        return Path(usual) / name
    if os.access(here, os.W_OK):
        _remove_stale(here / "__pycache__", name)
        return here / "__pycache__" / name
    return Path.home() / ".cache" / name


def _remove_stale(parent: Path, name: str) -> None:
    """Remove folders of compiled code of another name that are old."""
    for folder in parent.glob(f"{_PREFIX}*"):
        with suppress(FileNotFoundError):  # another process may be removing it, too
            if folder.name != name and time.time() - folder.stat().st_mtime > _DAY:
                shutil.rmtree(folder, ignore_errors=True)
