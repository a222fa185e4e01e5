"""The report of ``polyrelax search``: tables, or ``polyrelax-search/1`` for programs."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final

from polyrelax.arithmetic.rational import ZERO, Vector, text
from polyrelax.cli.search.run import Campaign
from polyrelax.cli.search.witness import witnesses_data
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.options import Format
from polyrelax.cli.terminal.output import Json, as_json, emit, formatted
from polyrelax.cli.terminal.progress import counted, progress_bar
from polyrelax.cli.terminal.stop import Stop, end
from polyrelax.search.candidates import Candidate
from polyrelax.search.question import Finding, Question

FORMAT: Final = "polyrelax-search/1"
REPORT_KEYS: Final = (
    *("format", "question", "exhaustive", "networks", "enumerated"),
    *("distinct", "imprecise", "largest_gap", "witnesses"),
)
OPTIONAL_REPORT_KEYS: Final = ("stopped",)
SHOWN_ROWS: Final = 10
CERTIFIED: Final = 100
"""Witnesses that carry a certificate, each of which takes some 20 ms."""
_EXAMINED: Final = "Every network with these output patterns was examined"


def report(
    campaign: Campaign,
    listed: int | None,
    layout: Format,
    output: Path | None,
    *,
    certified: int = CERTIFIED,
) -> None:
    """Write the report of a search, and end the program if something stopped it."""
    if layout is Format.JSON:
        emit(as_json(search_data(campaign, listed, certified=certified)), output)
    else:
        emit(formatted(search_blocks(campaign), None, layout), output)
    end(campaign.stop, campaign.missing)


def search_data(campaign: Campaign, listed: int | None, *, certified: int = CERTIFIED) -> Json:
    """Return the JSON object of a report, with the witnesses of the largest gaps."""
    asked, space = campaign.question, campaign.question.space
    chosen = campaign.largest[:listed]
    with progress_bar(len(chosen)) as step:
        witnesses = list(counted(witnesses_data(asked, chosen, certified), step, "witnesses"))
    return {
        "format": FORMAT,
        "question": dict[str, Json](asked.data),
        "exhaustive": campaign.exhaustive,
        "networks": space.size,
        "enumerated": campaign.position,
        "distinct": space.distinct if campaign.exhaustive else None,
        "imprecise": campaign.imprecise,
        "largest_gap": text(_largest_gap(campaign)),
        "witnesses": witnesses,
        **({} if campaign.stop is None else {"stopped": campaign.stop.value}),
    }


def search_blocks(campaign: Campaign) -> Iterator[Block]:
    """Yield the summary and the table of the largest gaps."""
    yield Grid("Search", ("what", "value"), tuple(_summary(campaign)))
    if campaign.largest:
        rows = tuple(_row(campaign.question, f) for f in campaign.largest[:SHOWN_ROWS])
        header = ("number", "gap", campaign.question.tight, campaign.question.loose, "network")
        yield Grid("Largest gaps", header, rows, frozenset(("number", "gap")))
    yield _verdict(campaign)


def _summary(campaign: Campaign) -> Iterator[tuple[str, str]]:
    for key, value in campaign.question.data.items():
        yield key, value if isinstance(value, str) else " ".join(value)
    space = campaign.question.space
    yield "output patterns", space.patterns_text
    yield "enumerated", f"{campaign.position:,} of {space.size:,}"
    if campaign.exhaustive:
        yield "distinct up to symmetry", f"{space.distinct:,}"
    yield "imprecise", f"{campaign.imprecise:,}"
    yield "largest gap", text(_largest_gap(campaign))


def _verdict(campaign: Campaign) -> str:
    if campaign.stop is Stop.TIME_UP:
        return "The time was up: nothing is said about the other networks."
    if not campaign.exhaustive:
        return "The search is not complete: it says nothing about the other networks."
    if campaign.imprecise:
        return f"{_EXAMINED}; every witness was proved exactly."
    return f"{_EXAMINED}: none of these has such a gap."


def _largest_gap(campaign: Campaign) -> Fraction:
    return max(
        (campaign.question.gap(f.tight, f.loose) for f in campaign.largest), default=ZERO
    )


def _row(asked: Question, found: Finding) -> tuple[str, ...]:
    gap = asked.gap(found.tight, found.loose)
    network = described(asked.space[found.number])
    return str(found.number), text(gap), str(found.tight), str(found.loose), network


def described(candidate: Candidate) -> str:
    """Return a network for people: rows (weights; bias) layer by layer, then the outputs."""
    layers = [" ".join(map(_row_text, rows)) for rows in candidate.hidden]
    return " | ".join([*layers, " ".join(map(text, candidate.outputs))])


def _row_text(row: Vector) -> str:
    return f"({','.join(map(text, row[:-1]))}; {text(row[-1])})"
