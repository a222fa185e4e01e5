r"""Engines by name, and the one that polytopes use unless they are given another.

That one is chosen by the size of the input.  For a handful of rows the plain engine is the
fastest, and for all others the fast one, once it is there: it needs numpy and kernels, which
are loaded by each process and compiled once by a machine.  Where that would take longer than
cddlib does, cddlib is asked.  For n random rows that span d dimensions, cddlib takes about

.. math:: c\, n\, (n / 4)^{(d - 3) / 2}

seconds (12 to 80 rows, 3 to 9 dimensions), and for hulls of ReLU graphs a half to a twentieth
of that: 10 s for 62 rows in dimension 9.  From dimension 4 on it takes at least about
:math:`0.08\, c\, n^2` seconds: 6 s for 900 points of a paraboloid in space.  The numbers are in
:mod:`polyrelax.polytopes.engines.costs`, which also says how to measure them anew.

All engines give the same answer, in the same order.  Points of the plane need none
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
from polyrelax.polytopes.engines.costs import CDDLIB, MOST_PLAIN
from polyrelax.polytopes.engines.engine import Cone, Engine, IntRow
from polyrelax.polytopes.engines.fast import Fast
from polyrelax.polytopes.engines.fast.library import seconds_to_start
from polyrelax.polytopes.engines.fast.reduction import rank
from polyrelax.polytopes.engines.plain import Plain
from polyrelax.polytopes.engines.plane import polygon

EngineChoice: TypeAlias = Engine | str | None
"""An engine, its name, or ``None`` for the one that is chosen by the size of the input."""

_OPTIONAL: Final = {"normaliz": "Normaliz", "pplite": "PPLite"}
"""The engines whose libraries may be absent: modules beside this one, with their classes."""

_STEEPEST: Final = 40
"""Dimensions that keep the estimate a float."""


@final
@dataclass(frozen=True)
class BySize:
    """An engine for a handful of rows, one for more of them, and a faster one with a start.

    >>> BySize().extreme_rays([(1, -1), (0, 1)], [], 2)
    Cone(rays=((1, 0), (1, 1)), lines=())
    """

    handful: Engine = field(default_factory=Plain)
    few: Engine = field(default_factory=Cddlib)
    many: Engine = field(default_factory=Fast)
    start: Callable[[], float] = seconds_to_start
    name: str = "by size"

    def extreme_rays(
        self, inequalities: Sequence[IntRow], equations: Sequence[IntRow], dim: int
    ) -> Cone:
        """Return the cone of ``z`` with ``<r, z> >= 0`` and ``<e, z> == 0`` for all rows."""
        if not equations and (found := polygon(inequalities)) is not None:
            return found
        chosen = self.chosen(inequalities, equations, dim)
        return chosen.extreme_rays(inequalities, equations, dim)

    def chosen(
        self, inequalities: Sequence[IntRow], equations: Sequence[IntRow], dim: int
    ) -> Engine:
        """Return the engine for these rows."""
        if len(inequalities) + len(equations) <= MOST_PLAIN:
            return self.handful
        if (start := self.start()) == 0:
            return self.many
        spanned = min(rank(inequalities, dim), dim - len(equations))
        return self.many if cddlib_seconds(len(inequalities), spanned) > start else self.few


def cddlib_seconds(rows: int, dim: int) -> float:
    """Return about how long cddlib takes for random rows, rather too much for others.

    >>> cddlib_seconds(16, 5) == 64 * CDDLIB
    True
    """
    growth = min(max(dim - 3, 0), _STEEPEST)
    random = float(CDDLIB * rows * (rows / 4) ** (growth / 2))
    return max(random, 0.08 * CDDLIB * rows * rows) if growth else random


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
