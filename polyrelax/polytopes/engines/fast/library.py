"""The compiled method of this engine, a library of kernels in C."""

from __future__ import annotations

import sys
from math import inf
from pathlib import Path
from typing import Final

from polyrelax.arithmetic.libraries import Library
from polyrelax.polytopes.engines.costs import COMPILING, LOADING

KERNELS: Final = Library(Path(__file__).parent / "kernels" / "method.c")


def seconds_to_start() -> float:
    """Return about how long the engine takes to start; infinity where it cannot."""
    match KERNELS.is_ready():
        case None:
            return inf
        case True:
            return 0.0 if "numpy" in sys.modules else LOADING
        case False:
            return COMPILING
