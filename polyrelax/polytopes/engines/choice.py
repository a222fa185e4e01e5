"""Engines by name, and the one that polytopes use unless they are given another.

That one is chosen by the size of the input.

Measured on random, octahedral and layer hulls: cddlib and the fast engine break even between
3 and 12 rows, where both need less than 2 ms; from 13 rows on the fast one won everywhere, at
30 rows by 5 to 10 times.  But its kernels are compiled when an installation first uses them,
which takes a minute.  A hull of 80 rows in dimension 6 takes cddlib half a second; in dimension
9 one of 62 rows took it 10 seconds.  So whoever has many hulls of middling size names the fast
engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Final, TypeAlias, final

from polyrelax.errors import UnknownNameError
from polyrelax.polytopes.engines.cddlib import Cddlib
from polyrelax.polytopes.engines.engine import Cone, Engine, IntRow
from polyrelax.polytopes.engines.fast import Fast
from polyrelax.polytopes.engines.plain import Plain

EngineChoice: TypeAlias = Engine | str | None
"""An engine, its name, or ``None`` for the one that is chosen by the size of the input."""

_OPTIONAL: Final = {"normaliz": "Normaliz", "pplite": "PPLite"}
"""The engines whose libraries may be absent: modules beside this one, with their classes."""


@final
@dataclass(frozen=True)
class BySize:
    """An engine for few rows and one for more.

    >>> BySize().extreme_rays([(1, -1), (0, 1)], [], 2)
    Cone(rays=((1, 0), (1, 1)), lines=())
    """

    few: Engine = field(default_factory=Cddlib)
    many: Engine = field(default_factory=Fast)
    most_few: int = 80
    name: str = "by size"

    def extreme_rays(
        self, inequalities: Sequence[IntRow], equations: Sequence[IntRow], dim: int
    ) -> Cone:
        """Return the cone of ``z`` with ``<r, z> >= 0`` and ``<e, z> == 0`` for all rows."""
        chosen = self.few if len(inequalities) <= self.most_few else self.many
        return chosen.extreme_rays(inequalities, equations, dim)


def default_engine() -> Engine:
    """Return the engine that polytopes use unless they are given another.

    >>> default_engine().name
    'by size'
    """
    return BySize()


def engine_named(name: str) -> Engine:
    """Return the engine of a name: cddlib, fast, normaliz, plain or pplite.

    Raises :class:`ImportError` where the library of an optional engine is not installed.

    >>> engine_named("plain")
    Plain(name='plain')
    """
    engines: tuple[Engine, ...] = (Cddlib(), Fast(), Plain())
    known = {engine.name: engine for engine in engines}
    if name in _OPTIONAL:
        module = import_module(f"polyrelax.polytopes.engines.{name}")
        engine: Engine = getattr(module, _OPTIONAL[name])()
        return engine
    if name not in known:
        names = ", ".join(sorted((*known, *_OPTIONAL)))
        raise UnknownNameError(f"found engine {name!r}, expected one of {names}")
    return known[name]


def chosen_engine(engine: EngineChoice) -> Engine:
    """Return an engine, that of a name, or the default one for ``None``.

    >>> chosen_engine("plain").name, chosen_engine(None).name
    ('plain', 'by size')
    """
    if engine is None:
        return default_engine()
    return engine_named(engine) if isinstance(engine, str) else engine
