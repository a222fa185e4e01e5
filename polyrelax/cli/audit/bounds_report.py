"""The report of ``polyrelax audit bounds``: tables, or ``polyrelax-audit/1``.

Each of ``results`` is of the ``kind`` ``bounds``: the claim that the value ``coordinate`` after
``layer`` layers is at most (``side`` ``upper``) or at least (``lower``) ``claimed``.  Its
``verdict`` is ``sound``, ``refuted`` or ``undecided``.  On the same side ``proved`` is known to
hold, and ``attained`` is the value at the input ``point``; ``missing`` is by how much that is
beyond the claim (0 if it is not).  A claim of a tensor is about the outputs of the network
``NET.onnx#TENSOR``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from polyrelax.arithmetic.rational import text
from polyrelax.audit.bounds import Judged, Soundness
from polyrelax.cli.audit.bounds_run import Verdicts
from polyrelax.cli.terminal.decimals import rounded
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.output import Json
from polyrelax.cli.terminal.stop import Stop

_MOST_ROWS: Final = 100
_FEW: Final = 8


def verdicts_data(several: Sequence[Verdicts]) -> dict[str, Json]:
    """Return the JSON object of what claimed bounds are."""
    results: list[Json] = [
        _result(found, each.about) for each in several for found in each.found
    ]
    data: dict[str, Json] = {"format": "polyrelax-audit/1", "results": results}
    stop = stop_of(several)
    if stop is not None:
        missing: list[Json] = [claim for each in several for claim in each.missing]
        data |= {"stopped": stop.value, "unfinished": missing}
    return data


def stop_of(several: Iterable[Verdicts]) -> Stop | None:
    """Return what stopped the audit, if anything did."""
    return next((each.stop for each in several if each.stop is not None), None)


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


def verdicts_blocks(several: Sequence[Verdicts]) -> Iterator[Block]:
    """Yield how many claims are what, and those that are not sound."""
    pairs = [(found, each.tensor) for each in several for found in each.found]
    total = sum(len(each.claims) for each in several)
    counts = Counter(found.verdict for found, _ in pairs)
    header = ("claims", *map(str, Soundness))
    row = (total, *(counts[verdict] for verdict in Soundness))
    yield Grid("Claimed bounds", header, (tuple(map(str, row)),), frozenset(header))
    rest = [pair for pair in pairs if pair[0].verdict is not Soundness.SOUND]
    if rest:
        yield _rest(rest[:_MOST_ROWS])
    if len(rest) > _MOST_ROWS:
        yield f"{len(rest) - _MOST_ROWS} more are in the JSON report."
    stop = stop_of(several)
    if stop is not None:
        yield f"Not judged, as {stop.reason}: {total - len(pairs)} of {total}."


def _rest(found: Sequence[tuple[Judged, str]]) -> Grid:
    header = ("claim", "verdict", "attained", "missing", "proved", "at inputs")
    right = frozenset(("attained", "missing", "proved"))
    return Grid("Not sound", header, tuple(_row(*pair) for pair in found), right)


def _row(each: Judged, tensor: str) -> tuple[str, ...]:
    claim = each.claim
    relation = "<=" if claim.sign > 0 else ">="
    value = f"v({claim.layer}, {claim.coordinate})"
    name = f"{tensor}[{claim.coordinate}]" if tensor else value
    shown = f"{name} {relation} {rounded(claim.value)}"
    numbers = (each.attained, each.missing, each.proved)
    inputs = [rounded(x) for x in each.point[:_FEW]]
    more = ["..."] if len(each.point) > _FEW else []
    return (shown, each.verdict.value, *map(rounded, numbers), ", ".join(inputs + more))
