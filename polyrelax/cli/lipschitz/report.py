"""The report of ``polyrelax lipschitz NET``: a table, or ``polyrelax-lipschitz/1``.

``norm`` is ``inf`` or ``1``, and ``everywhere`` whether all inputs are meant.  The constant is
from ``lower`` to ``upper``; ``constant`` is its value if these are the same, else null, and
``stopped`` says why.  ``cases`` counts those of the tree, or, of networks whose sorts are too
wide for one, inputs that were tried.  ``steepest`` (null before there is
any) has two inputs, ``pair``, whose outputs differ by ``lower`` times as much: one output does
if ``outputs`` has one 1 and else 0, or all of them with these signs (the 1-norm).
"""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.arithmetic.rational import Vector, text
from polyrelax.cli.terminal.decimals import rounded
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.output import Json
from polyrelax.cli.terminal.stop import Stop
from polyrelax.verification.compositions import CompositionSearch
from polyrelax.verification.lipschitz import LipschitzBounds, LipschitzSearch, Steepest

_NAMES = {"inf": "maximum norm", "1": "1-norm"}
_FEW = 8
_REASONS = {Stop.TIME_UP: "the time was up", Stop.INTERRUPTED: "interrupted"}


def constant_data(
    found: LipschitzBounds, search: LipschitzSearch | CompositionSearch, stop: Stop | None
) -> dict[str, Json]:
    """Return the JSON object of a constant."""
    stopped: dict[str, Json] = {} if stop is None else {"stopped": stop.value}
    return {
        "format": "polyrelax-lipschitz/1",
        "norm": found.norm,
        "everywhere": search.domain is None,
        "constant": text(found.lower) if found.is_exact else None,
        "lower": text(found.lower),
        "upper": text(found.upper),
        "cases": found.cases,
        "steepest": None if found.steepest is None else _steepest_data(found.steepest),
        **stopped,
    }


def _steepest_data(steepest: Steepest) -> Json:
    return {
        "pair": [list(map(text, x)) for x in steepest.pair],
        "outputs": list(steepest.weights),
    }


def constant_blocks(
    found: LipschitzBounds, search: LipschitzSearch | CompositionSearch, stop: Stop | None
) -> Iterator[Block]:
    """Yield the constant, or its bounds, and the inputs that attain it."""
    where = "everywhere" if search.domain is None else "on the set of inputs"
    title = f"Lipschitz constant {where} ({_NAMES[found.norm]})"
    named = [("constant", found.lower)] if found.is_exact else []
    rows = named or [("at least", found.lower), ("at most", found.upper)]
    told = tuple((name, text(value), rounded(value)) for name, value in rows)
    yield Grid(title, ("", "exactly", "about"), told)
    if found.steepest is not None and len(found.steepest.point) <= _FEW:
        ends = " to ".join(map(_shown, found.steepest.pair))
        yield f"The outputs change so fast from {ends}."
    reason = f"; {_REASONS[stop]}" if stop else ""
    if isinstance(search, CompositionSearch):
        yield "Nothing is greater than the product of the layers' norms."
        yield f"Inputs that were tried: {found.cases}{reason}."
    else:
        yield f"Cases of the neurons' pieces that were looked at: {found.cases}{reason}."


def _shown(x: Vector) -> str:
    return f"({', '.join(map(text, x))})"
