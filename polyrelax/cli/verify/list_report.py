"""The report of ``polyrelax verify --list``: a table, and ``polyrelax-verdicts/1``.

``results`` has an object for each line that is finished: its number ``line``, ``network`` and
``property`` as the list names them, and either what ``polyrelax-verdict/1`` says of a verdict
or a ``fault``; with certificates, ``certificate`` names the file, null where there is none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import ROUND_FLOOR
from typing import cast

from polyrelax.arithmetic.rational import rational
from polyrelax.arithmetic.words import amount
from polyrelax.cli.runs.instances import Decision
from polyrelax.cli.terminal.decimals import rounded
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.output import Json
from polyrelax.interop.instances import Instance


def list_data(rows: Sequence[tuple[Instance, Decision]]) -> Json:
    """Return the JSON object of the verdicts of a list.

    >>> one = Instance(1, "net.onnx", "far.vnnlib"), Decision({"verdict": "holds"}, None, 0)
    >>> list_data([one])["results"][0]["verdict"]
    'holds'
    """
    return {
        "format": "polyrelax-verdicts/1",
        "results": [
            {
                "line": instance.line,
                "network": instance.network,
                "property": instance.property,
                **found.result,
            }
            for instance, found in rows
        ],
    }


def list_blocks(name: str, rows: Sequence[tuple[Instance, Decision]]) -> Iterator[Block]:
    """Yield the verdicts of a list as a table, and how many of each there are."""
    header = ("line", "network", "property", "verdict", "by")
    table = tuple(
        (str(each.line), each.network, each.property, found.word or "-", _why(found.result))
        for each, found in rows
    )
    yield Grid(f"{name}: {amount(len(rows), 'instance')}", header, table, frozenset(["line"]))
    counts = Counter(found.word or "not tried" for _, found in rows)
    yield ", ".join(f"{count} {word}" for word, count in sorted(counts.items()))


def _why(result: dict[str, Json]) -> str:
    match result.get("verdict"):
        case "holds":
            leaves = [n for n in cast("list[int | None]", result["leaves"]) if n is not None]
            return amount(sum(leaves), "box", "boxes")
        case "violated":
            return f"an input of case {result['case']}, {result['kind']}"
        case "unknown":
            share = rounded(100 * rational(str(result["share"])), ROUND_FLOOR, digits=4)
            return f"{share} % is proved"
        case _:
            return str(result["fault"])
