r"""Engines by name, and the one that polytopes use unless they are given another.

That one is chosen by the size of the input.

Measured on random rows, octahedral and layer hulls: cddlib and the fast engine break even
between 3 and 12 rows, where both need less than 2 ms; from 13 rows on the fast one won
everywhere, at 30 rows by 5 to 100 times.  But its kernels take 0.4 s to load in each process,
and, when an installation first uses them, 40 s to compile.  For n random rows in dimension d,
cddlib took about

.. math:: 10^{-4}\, n\, (n / 4)^{(d - 3) / 2}

seconds (12 to 80 rows, 3 to 9 dimensions), and for hulls of ReLU graphs a half to a twentieth
of that: 10 s for 62 rows in dimension 9.  From dimension 4 on it took at least about
:math:`8 \cdot 10^{-6}\, n^2` seconds: 6 s for 900 points of a paraboloid in space.  So the fast
engine is asked where that number exceeds ten times what its start takes.  All engines give
the same answer, in the same order.  Points of the plane need neither
(:mod:`polyrelax.polytopes.engines.plane`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Final, TypeAlias, final

from polyrelax.arithmetic.rational import shown
from polyrelax.errors import UnknownNameError
from polyrelax.polytopes.engines.cddlib import Cddlib
from polyrelax.polytopes.engines.engine import Cone, Engine, IntRow
from polyrelax.polytopes.engines.fast import Fast
from polyrelax.polytopes.engines.fast.library import seconds_to_start
from polyrelax.polytopes.engines.plain import Plain
from polyrelax.polytopes.engines.plane import polygon

EngineChoice: TypeAlias = Engine | str | None
"""An engine, its name, or ``None`` for the one that is chosen by the size of the input."""

_OPTIONAL: Final = {"normaliz": "Normaliz", "pplite": "PPLite"}
"""The engines whose libraries may be absent: modules beside this one, with their classes."""

_PATIENCE: Final = 10.0
"""Hulls of ReLU graphs take a half to a twentieth of the time of random rows."""

_STEEPEST: Final = 40
"""Dimensions that keep the estimate a float."""


@final
@dataclass(frozen=True)
class BySize:
    """An engine for small inputs, and one for larger ones that takes some time to start.

    >>> BySize().extreme_rays([(1, -1), (0, 1)], [], 2)
    Cone(rays=((1, 0), (1, 1)), lines=())
    """

    few: Engine = field(default_factory=Cddlib)
    many: Engine = field(default_factory=Fast)
    most_few: int = 12
    start: Callable[[], float] = seconds_to_start
    name: str = "by size"

    def extreme_rays(
        self, inequalities: Sequence[IntRow], equations: Sequence[IntRow], dim: int
    ) -> Cone:
        """Return the cone of ``z`` with ``<r, z> >= 0`` and ``<e, z> == 0`` for all rows."""
        if not equations and (found := polygon(inequalities)) is not None:
            return found
        chosen = self.many if self._pays(len(inequalities), dim - len(equations)) else self.few
        return chosen.extreme_rays(inequalities, equations, dim)

    def _pays(self, rows: int, dim: int) -> bool:
        """Whether to start the engine for larger inputs."""
        return rows > self.most_few and random_seconds(rows, dim) > _PATIENCE * self.start()


def random_seconds(rows: int, dim: int) -> float:
    """Return about how long cddlib takes for random rows, rather too much for others.

    >>> random_seconds(16, 5)
    0.0064
    """
    growth = min(max(dim - 3, 0), _STEEPEST)
    random = float(rows * (rows / 4) ** (growth / 2) / 10_000)
    return max(random, 8e-6 * rows * rows) if growth else random


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
        raise UnknownNameError(f"found engine {shown(name)}, expected one of {names}")
    return known[name]


def chosen_engine(engine: EngineChoice) -> Engine:
    """Return an engine, that of a name, or the default one for ``None``.

    >>> chosen_engine("plain").name, chosen_engine(None).name
    ('plain', 'by size')
    """
    if engine is None:
        return default_engine()
    return engine_named(engine) if isinstance(engine, str) else engine
