"""How kernels are compiled: by numba, once per machine, the result kept on disk.

Only the kernels that Python calls, the *entries*, are kept and have an interface to Python:
one file holds an entry with all that it calls.  numba renews it if the entry's file changes,
but not if a file changes whose kernels it calls.  So it is kept in a folder that is named after
the content of all files here, and the folders of other contents beside it are removed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from numba import config, njit

_P = ParamSpec("_P")
_T = TypeVar("_T")
_PREFIX = "polyrelax-fast-"


def compiled(kernel: Callable[_P, _T]) -> Callable[_P, _T]:
    """Return ``kernel`` as machine code, for other kernels only.

    Kernels work in place on the arrays of one call of the engine.  Floats keep the order
    of operations that is written, without which their error bounds would mean nothing.
    """
    return _njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)(kernel)


def entry(kernel: Callable[_P, _T]) -> Callable[_P, _T]:
    """Return ``kernel`` as machine code that is compiled at its first call on a machine."""
    settings = vars(config)
    usual = settings["CACHE_DIR"]
    settings["CACHE_DIR"] = str(_folder(usual))  # numba looks at it here, and not again
    try:
        return _njit(cache=True)(kernel)
    finally:
        settings["CACHE_DIR"] = usual


def _njit(**options: bool) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Return numba's decorator; two of the options are not in its stubs."""
    decorator = cast(Callable[..., Callable[[Callable[_P, _T]], Callable[_P, _T]]], njit)
    return decorator(error_model="numpy", nogil=True, **options)


@cache
def _folder(usual: str) -> Path:
    """Return where to keep compiled code: where the user says, here, or at home."""
    here = Path(__file__).parent
    content = b"".join(path.read_bytes() for path in sorted(here.glob("*.py")))
    name = f"{_PREFIX}{hashlib.sha256(content).hexdigest()[:16]}"
    if usual:
        return Path(usual) / name
    parent = here / "__pycache__" if os.access(here, os.W_OK) else Path.home() / ".cache"
    for stale in parent.glob(f"{_PREFIX}*"):
        if stale.name != name:
            shutil.rmtree(stale, ignore_errors=True)
    return parent / name
