"""What engines cost, in seconds of processor time.

``python benchmarks/engine_costs.py --write`` measures these numbers anew on families of hulls,
compares the engine that is chosen with the best one on each, and writes them here.
"""

from __future__ import annotations

from typing import Final

MOST_PLAIN: Final = 6
"""Up to so many rows the plain engine is the fastest."""
CDDLIB: Final = 1e-4
"""What cddlib takes for a random row in space."""
LOADING: Final = 0.1
"""What a process takes to load numpy and the compiled kernels."""
COMPILING: Final = 3.0
"""What a machine takes to compile the kernels, once."""
