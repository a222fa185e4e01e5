"""The report of ``polyrelax audit bounds``: tables, or ``polyrelax-audit/1``.

Each of ``results`` is of the ``kind`` ``bounds``: the claim that the value ``coordinate`` after
``layer`` layers is at most (``side`` ``upper``) or at least (``lower``) ``claimed``.  Its
``verdict`` is ``sound``, ``refuted`` or ``undecided``.  On the same side ``proved`` is known to
hold, and ``attained`` is the value at the input ``point``; ``missing`` is by how much that is
beyond the claim (0 if it is not).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from polyrelax.arithmetic.rational import text
from polyrelax.audit.bounds import Judged, Soundness
from polyrelax.cli.audit.bounds_run import Verdicts
from polyrelax.cli.terminal.decimals import rounded
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.output import Json

_MOST_ROWS: Final = 100
_FEW: Final = 8


def verdicts_data(verdicts: Verdicts, network: str) -> Json:
    """Return the JSON object of what claimed bounds are."""
    results: list[Json] = [_result(each, network) for each in verdicts.found]
    data: dict[str, Json] = {"format": "polyrelax-audit/1", "results": results}
    if verdicts.stop is not None:
        data |= {"stopped": verdicts.stop.value, "unfinished": list(verdicts.missing)}
    return data


def _result(each: Judged, network: str) -> Json:
    return {
        "kind": "bounds",
        "network": network,
        "layer": each.claim.layer,
        "coordinate": each.claim.coordinate,
        "side": "upper" if each.claim.sign > 0 else "lower",
        "claimed": text(each.claim.value),
        "verdict": each.verdict.value,
        "proved": text(each.proved),
        "attained": text(each.attained),
        "missing": text(each.missing),
        "point": list(map(text, each.point)),
    }


def verdicts_blocks(verdicts: Verdicts) -> Iterator[Block]:
    """Yield how many claims are what, and those that are not sound."""
    counts = Counter(each.verdict for each in verdicts.found)
    header = ("claims", *map(str, Soundness))
    row = (len(verdicts.claims), *(counts[verdict] for verdict in Soundness))
    yield Grid("Claimed bounds", header, (tuple(map(str, row)),), frozenset(header))
    rest = [each for each in verdicts.found if each.verdict is not Soundness.SOUND]
    if rest:
        yield _rest(rest[:_MOST_ROWS])
    if len(rest) > _MOST_ROWS:
        yield f"{len(rest) - _MOST_ROWS} more are in the JSON report."
    if verdicts.stop is not None:
        count = len(verdicts.missing)
        yield f"Not judged, as {verdicts.stop.reason}: {count} of {len(verdicts.claims)}."


def _rest(found: Sequence[Judged]) -> Grid:
    header = ("claim", "verdict", "attained", "missing", "proved", "at inputs")
    right = frozenset(("attained", "missing", "proved"))
    return Grid("Not sound", header, tuple(map(_row, found)), right)


def _row(each: Judged) -> tuple[str, ...]:
    claim = each.claim
    relation = "<=" if claim.sign > 0 else ">="
    shown = f"v({claim.layer}, {claim.coordinate}) {relation} {rounded(claim.value)}"
    numbers = (each.attained, each.missing, each.proved)
    inputs = [rounded(x) for x in each.point[:_FEW]]
    more = ["..."] if len(each.point) > _FEW else []
    return (shown, each.verdict.value, *map(rounded, numbers), ", ".join(inputs + more))
