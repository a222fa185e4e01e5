"""The report of ``polyrelax reproduce``: a table, or ``polyrelax-reproduce/1`` for programs.

The table has a line for each claim and, below it, the values that disagree, or all if wanted,
and then the whole reference too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from polyrelax.arithmetic.words import amount
from polyrelax.claims import STATUSES, Outcome, Row
from polyrelax.cli.reproduce.rederivation import Rederivation
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.output import Json
from polyrelax.cli.terminal.stop import Stop

_HEADER: Final = ("claim", "reference", "expected", "found", "status", "seconds")
_INDENT: Final = "  "

_SOURCES: Final = (
    "The wordings tested are those of posters, notes, a blog and Lean files, as each claim "
    "says; the papers themselves were not read."
)

LONGEST_REFERENCE: Final = 56


def reproduce_data(done: Rederivation) -> Json:
    """Return the JSON object of a report."""
    return {
        "format": "polyrelax-reproduce/1",
        "wanted": done.wanted,
        "results": [_outcome_data(outcome) for outcome in done.outcomes],
        **({"stopped": done.stop.value, "unfinished": list(done.missing)} if done.stop else {}),
    }


def reproduce_blocks(done: Rederivation, *, every_value: bool) -> Iterator[Block]:
    """Yield the tables of a report."""
    rows = tuple(
        row
        for outcome in done.outcomes
        for row in _outcome_rows(outcome, every_value=every_value)
    )
    yield Grid("Claims", _HEADER, rows, frozenset(("seconds",)))
    reasons = tuple((o.claim.name, o.claim.reason) for o in done.outcomes if o.claim.reason)
    if reasons:
        yield Grid("Remarks", ("claim", "remark"), reasons)
    yield _SOURCES
    yield _summary(done)


def _outcome_rows(outcome: Outcome, *, every_value: bool) -> Iterator[tuple[str, ...]]:
    claim = outcome.claim
    expected, found = _digest(outcome)
    reference = claim.reference if every_value else _ending(claim.reference)
    seconds = f"{outcome.seconds:.2f}"
    yield (claim.name, reference, expected, found, outcome.verdict, seconds)
    for row in outcome.rows:
        if every_value or (len(outcome.rows) > 1 and not row.agrees):
            verdict = "" if row.agrees else "disagrees"
            yield (f"{_INDENT}{row.key}", "", row.expected, _found(row), verdict, "")


def _ending(reference: str) -> str:
    """Return a reference of one line: if it is long its last words, which say where."""
    if len(reference) <= LONGEST_REFERENCE:
        return reference
    words = reference[3 - LONGEST_REFERENCE :].split(" ", 1)
    return f"... {words[-1]}"


def _digest(outcome: Outcome) -> tuple[str, str]:
    """Return the one value expected and that found, or how many of them there are."""
    number = len(outcome.rows)
    if number == 1:
        return outcome.rows[0].expected, _found(outcome.rows[0])
    agreeing = sum(row.agrees for row in outcome.rows)
    verdict = "all equal" if agreeing == number else f"{agreeing} of {number} equal"
    return (amount(number, "value"), verdict) if number else ("-", "-")


def _found(row: Row) -> str:
    return row.found or "nothing"


def _summary(done: Rederivation) -> str:
    """Return the number of claims by verdict."""
    verdicts = Counter(outcome.verdict for outcome in done.outcomes)
    order = (*STATUSES, "not reproduced")
    counts = ", ".join(f"{verdicts[name]} {name}" for name in order if verdicts[name])
    found = len(done.outcomes)
    if found < done.wanted:
        reason = "The time was up" if done.stop is Stop.TIME_UP else "Interrupted"
        wanted = amount(done.wanted, "claim")
        return f"{reason} after {found} of {wanted}: {counts or 'none found'}."
    return f"{amount(found, 'claim')}: {counts}."


def _outcome_data(outcome: Outcome) -> Json:
    claim = outcome.claim
    return {
        "claim": claim.name,
        "title": claim.title,
        "reference": claim.reference,
        "wording": claim.wording,
        "statement": claim.statement,
        "status": outcome.verdict,
        "holds": outcome.holds,
        "reason": claim.reason,
        "seconds": round(outcome.seconds, 6),
        "values": [
            {"key": row.key, "expected": row.expected, "found": row.found}
            for row in outcome.rows
        ],
    }
