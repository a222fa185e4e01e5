"""How kernels are compiled: by numba, once per machine, the result kept on disk.

numba renews the code that it kept for a function if the function's file changes, but not if a
file changes whose functions it calls.  So the code is kept in a folder that is named after the
content of all files here.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from numba import config, njit

_P = ParamSpec("_P")
_T = TypeVar("_T")


def compiled(kernel: Callable[_P, _T]) -> Callable[_P, _T]:
    """Return ``kernel`` as machine code that is compiled at its first call.

    Kernels work in place on the arrays of one call of the engine.  Floats keep the order
    of operations that is written, without which their error bounds would mean nothing.
    """
    settings = vars(config)
    usual = settings["CACHE_DIR"]
    settings["CACHE_DIR"] = str(_folder(usual))  # numba looks at it here, and not again
    try:
        return cast(Callable[_P, _T], njit(cache=True, error_model="numpy", nogil=True)(kernel))
    finally:
        settings["CACHE_DIR"] = usual


@cache
def _folder(usual: str) -> Path:
    """Return where to keep compiled code: where the user says, here, or at home."""
    here = Path(__file__).parent
    content = b"".join(path.read_bytes() for path in sorted(here.glob("*.py")))
    name = f"polyrelax-{hashlib.sha256(content).hexdigest()[:16]}"
    if usual:
        return Path(usual) / name
    if os.access(here, os.W_OK):
        return here / "__pycache__" / name
    return Path.home() / ".cache" / name
