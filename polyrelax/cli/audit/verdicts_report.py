"""The report of ``polyrelax audit verdicts``: tables, or ``polyrelax-audit/1``.

Each of ``results`` is of the ``kind`` ``verdict``: what ``claimed`` of the ``property`` of the
``network`` (``holds``, ``violated`` or ``nothing``), and its ``verdict``: ``confirmed``,
``refuted``, ``undecided``, ``claims nothing`` or ``malformed``.  ``found`` is what
``polyrelax-verdict/1`` says, with the point of a violation, or a ``fault``; with certificates,
its ``certificate`` names the file, null where there is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from polyrelax.arithmetic.rational import rational
from polyrelax.cli.audit.verdicts_run import Answer, Audited, answer_to
from polyrelax.cli.runs.instances import Decision
from polyrelax.cli.terminal.decimals import rounded
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.output import Json
from polyrelax.interop.claimed_verdicts import ClaimedVerdict

_FEW: Final = 8


def audit_data(audit: Audited) -> dict[str, Json]:
    """Return the JSON object of what becomes of claimed verdicts."""
    data: dict[str, Json] = {
        "format": "polyrelax-audit/1",
        "results": [_result(claimed, found) for claimed, found in audit.found],
    }
    if audit.stop is not None:
        data |= {"stopped": audit.stop.value, "unfinished": list(audit.missing)}
    return data


def _result(claimed: ClaimedVerdict, found: Decision) -> Json:
    return {
        "kind": "verdict",
        "number": claimed.number,
        "tool": claimed.tool,
        "network": claimed.network,
        "property": claimed.property,
        "claimed": claimed.claim.value,
        "verdict": answer_to(claimed, found).value,
        "found": found.result,
    }


def audit_blocks(audit: Audited) -> Iterator[Block]:
    """Yield how many claims are what, and those that are not confirmed."""
    answers = [(claimed, found, answer_to(claimed, found)) for claimed, found in audit.found]
    counts = Counter(answer for *_, answer in answers)
    header = ("claims", *map(str, Answer))
    row = (len(audit.claims), *(counts[answer] for answer in Answer))
    yield Grid("Claimed verdicts", header, (tuple(map(str, row)),), frozenset(header))
    rest = [each for each in answers if each[2] not in (Answer.CONFIRMED, Answer.NOTHING)]
    if rest:
        names = ("number", "tool", "network", "property", "claimed", "verdict", "because")
        yield Grid("Not confirmed", names, tuple(map(_row, rest)), frozenset(names[:1]))
    if audit.stop is not None:
        total = len(audit.claims)
        yield f"Not decided, as {audit.stop.reason}: {len(audit.missing)} of {total}."


def _row(each: tuple[ClaimedVerdict, Decision, Answer]) -> tuple[str, ...]:
    claimed, found, answer = each
    names = (claimed.tool or "-", claimed.network, claimed.property)
    return (str(claimed.number), *names, claimed.claim.value, answer.value, _why(found))


def _why(found: Decision) -> str:
    result = found.result
    match result.get("verdict"):
        case "violated":
            point, outputs = (_shown(result[key]) for key in ("point", "outputs"))
            return f"at inputs {point} the outputs are {outputs}"
        case "holds":
            return "it is proved"
        case "unknown":
            return "neither proved nor violated in time"
        case _:
            return str(result["fault"])


def _shown(values: Json) -> str:
    assert isinstance(values, Sequence), "a point is a list of texts"
    shown = [rounded(rational(str(value))) for value in values[:_FEW]]
    return ", ".join([*shown, *(["..."] if len(values) > _FEW else [])])
