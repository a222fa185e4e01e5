"""Double description engines, one file each behind one Protocol.

Those of :mod:`.normaliz` and :mod:`.pplite` need libraries that polyrelax can do without; they
are loaded when they are asked for.
"""

from polyrelax.polytopes.engines.cddlib import Cddlib
from polyrelax.polytopes.engines.choice import (
    BySize,
    EngineChoice,
    chosen_engine,
    default_engine,
    engine_named,
)
from polyrelax.polytopes.engines.engine import Cone, Engine, IntRow
from polyrelax.polytopes.engines.fast import Fast
from polyrelax.polytopes.engines.plain import Plain

__all__ = [
    "BySize",
    "Cddlib",
    "Cone",
    "Engine",
    "EngineChoice",
    "Fast",
    "IntRow",
    "Plain",
    "chosen_engine",
    "default_engine",
    "engine_named",
]
