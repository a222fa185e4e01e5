"""Where compiled kernels are kept on disk, and what it takes to start them.

numba renews a kept entry if the entry's file changes, but not if a file changes whose kernels
it calls.  So entries are kept in a folder that is named after the content of the files here;
files without kernels do not count.  Nothing here imports numba.
"""

from __future__ import annotations

import hashlib
import os
import sys
from functools import cache
from pathlib import Path
from typing import Final

PREFIX: Final = "polyrelax-"

_HERE: Final = Path(__file__).parent
_METHOD: Final = "polyrelax.polytopes.engines.fast.compiled_method"
_LOADING, _COMPILING = 0.4, 40.0  # seconds of processor time
_WITHOUT_KERNELS: Final = frozenset(
    ("__init__", "compiled_method", "kept", "plain_arrays", "preparation", "reduction")
)


@cache
def folder(usual: str) -> Path:
    """Return where to keep compiled code: where the user says, here, or at home."""
    kernels = [path for path in sorted(_HERE.glob("*.py")) if path.stem not in _WITHOUT_KERNELS]
    content = b"".join(path.read_bytes() for path in kernels)
    name = f"{PREFIX}{hashlib.sha256(content).hexdigest()[:16]}"
    if usual:
        return Path(usual) / name
    if os.access(_HERE, os.W_OK):
        return _HERE / "__pycache__" / name
    return Path.home() / ".cache" / name


def seconds_to_start() -> float:
    """Return about how long the kernels take to start: nothing once this process uses them.

    Kept code of another numba or for another processor counts as kept, although numba will
    compile it again.
    """
    if _METHOD in sys.modules:
        return 0.0
    place = folder(os.environ.get("NUMBA_CACHE_DIR", ""))
    return _LOADING if any(place.glob("**/method.describe-*.nbc")) else _COMPILING
