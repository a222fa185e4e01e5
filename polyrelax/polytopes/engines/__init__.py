"""Double description engines, one file each behind one Protocol."""

from polyrelax.polytopes.engines.cddlib import Cddlib
from polyrelax.polytopes.engines.engine import Cone, Engine, IntRow
from polyrelax.polytopes.engines.fast import Fast
from polyrelax.polytopes.engines.plain import Plain

__all__ = ["Cddlib", "Cone", "Engine", "Fast", "IntRow", "Plain", "default_engine"]


def default_engine() -> Engine:
    """Return the engine that polytopes use unless they are given another.

    >>> default_engine().name
    'cddlib'
    """
    return Cddlib()
