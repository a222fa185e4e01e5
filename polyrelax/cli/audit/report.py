"""The report of ``polyrelax audit witness``: tables, or ``polyrelax-audit/1``.

Each of ``results`` is of the ``kind`` ``witness``: a counterexample that ``tool`` (null if none
is named) claims of ``network`` and ``property``.  Its ``verdict`` is ``valid``, ``outside``,
``violates nothing`` or ``malformed``, for which ``fault`` says why; its ``score`` of VNN-COMP
2026 is ``establishes``, ``up to tolerance`` or ``wrong``, where inputs have the ``tolerance``.

Each of its ``points`` has the ``verdict`` of the numbers that are written, and of their
``readings`` as ``float64`` and ``float32`` (null beyond these); ``excess``, how far it lies
outside of the nearest inputs; ``margin``, by how much the rows of that case hold (negative if
one fails, null if there is none); ``off``, by how much recorded outputs differ from exact ones;
``repaired``, the nearest point of the inputs if that is valid (null if not, or not needed).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR
from fractions import Fraction
from typing import Final

from polyrelax.arithmetic.rational import text
from polyrelax.audit.readings import Reading
from polyrelax.audit.witnesses import Score, Validity
from polyrelax.cli.audit.run import Audit, Point, Result
from polyrelax.cli.terminal.decimals import rounded
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.output import Json

MALFORMED: Final = "malformed"
_VERDICTS: Final = (*map(str, Validity), MALFORMED)
_MOST_ROWS: Final = 100


@dataclass(frozen=True)
class Report:
    """What is told of an audit, whose scores allow inputs a tolerance."""

    audit: Audit
    tolerance: Fraction

    def data(self) -> dict[str, Json]:
        """Return the JSON object of the audit."""
        results: list[Json] = [self._result(result) for result in self.audit.ordered]
        data: dict[str, Json] = {
            "format": "polyrelax-audit/1",
            "tolerance": text(self.tolerance),
            "results": results,
        }
        if self.audit.stop is not None:
            data |= {"stopped": self.audit.stop.value, "unfinished": list(self.audit.missing)}
        return data

    def _result(self, result: Result) -> Json:
        claim = result.claim
        data: dict[str, Json] = {
            "kind": "witness",
            "tool": claim.tool,
            "name": claim.name,
            "network": claim.network.name,
            "property": claim.property.name,
            "verdict": verdict(result),
        }
        if result.fault is not None:
            return data | {"fault": result.fault}
        points: list[Json] = list(map(_point, result.points))
        return data | {"score": result.score(self.tolerance).value, "points": points}

    def blocks(self) -> Iterator[Block]:
        """Yield a table of the tools, and one of the counterexamples that are none."""
        by_tool: dict[str, list[Result]] = {}
        for result in self.audit.ordered:
            by_tool.setdefault(result.claim.tool or "-", []).append(result)
        header = ("tool", "files", *_VERDICTS, *map(str, Score), "repaired")
        rows = tuple(self._tool(tool, found) for tool, found in sorted(by_tool.items()))
        yield Grid("Counterexamples", header, rows, frozenset(header[1:]))
        wrong = [each for each in self.audit.ordered if not each.is_valid]
        if wrong:
            yield _wrong(wrong[:_MOST_ROWS])
        if len(wrong) > _MOST_ROWS:
            yield f"{len(wrong) - _MOST_ROWS} more are in the JSON report."
        yield from self._stopped()

    def _tool(self, tool: str, found: Sequence[Result]) -> tuple[str, ...]:
        verdicts = Counter(map(verdict, found))
        scores = Counter(each.score(self.tolerance) for each in found if each.fault is None)
        counts = [len(found), *(verdicts[name] for name in _VERDICTS)]
        counts += [*(scores[score] for score in Score), sum(each.is_repaired for each in found)]
        return (tool, *map(str, counts))

    def _stopped(self) -> Iterator[str]:
        if self.audit.stop is not None:
            count = len(self.audit.missing)
            total = len(self.audit.claims)
            yield f"Not replayed, as {self.audit.stop.reason}: {count} of {total}."


def verdict(result: Result) -> str:
    """Return the verdict on a claim."""
    return MALFORMED if result.validity is None else result.validity.value


def _point(point: Point) -> Json:
    best = point.replay.best
    readings: dict[str, Json] = {
        reading.value: found and found.value
        for reading, found in point.readings.items()
        if reading is not Reading.EXACT
    }
    return {
        "verdict": point.replay.validity.value,
        "readings": readings,
        "excess": None if best is None else text(best.excess),
        "margin": None if best is None or best.margin is None else text(best.margin),
        "off": None if point.off is None else text(point.off),
        "repaired": None if point.repaired is None else list(map(text, point.repaired)),
    }


def _wrong(results: Sequence[Result]) -> Grid:
    header = ("tool", "network", "property", "verdict", "because", "repaired by projection")
    return Grid("No counterexamples", header, tuple(map(_row, results)), labels=1)


def _row(result: Result) -> tuple[str, ...]:
    claim = result.claim
    names = (claim.tool or "-", claim.network.name, claim.property.name)
    if result.fault is not None:
        return (claim.tool or "-", "", "", MALFORMED, result.fault, "")
    repaired = "yes" if result.is_repaired else "no"
    return (*names, verdict(result), _reason(result), repaired)


def _reason(result: Result) -> str:
    """Say how much is missing at the point that is nearest to being a counterexample."""
    best = result.best and result.best.best
    if best is None:
        return "the property excludes nothing"
    if best.validity is Validity.OUTSIDE:
        return f"{rounded(best.excess, ROUND_CEILING)} outside of the inputs"
    missing = Fraction(0) if best.margin is None else -best.margin
    return f"outputs miss the violation by {rounded(missing, ROUND_FLOOR)}"
