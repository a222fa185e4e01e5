"""The report of ``polyrelax search``: tables for people, ``polyrelax-search/1`` for programs.

In JSON, each witness holds its network as a ``polyrelax-network/1`` object with the input box,
and as its certificate, for p:1 and two hidden layers, the inputs and weights of a mixture
behind the first hidden layer whose value is the bound ``relaxed``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ZERO, Vector, text
from polyrelax.cli.layout import Block, Grid
from polyrelax.cli.options import Format
from polyrelax.cli.output import Json, as_json, emit, formatted
from polyrelax.cli.search_run import Campaign
from polyrelax.interop.network_json import Problem, dumps
from polyrelax.search.candidates import Candidate
from polyrelax.search.evidence import mixture
from polyrelax.search.question import Finding, Question, Side

FORMAT: Final = "polyrelax-search/1"
REPORT_KEYS: Final = (
    *("format", "question", "exhaustive", "networks", "enumerated"),
    *("distinct", "imprecise", "largest_gap", "witnesses"),
)
WITNESS_KEYS: Final = ("number", "network", "relaxed", "gap", "certificate")
SHOWN_ROWS: Final = 10


def report(campaign: Campaign, listed: int | None, layout: Format, output: Path | None) -> int:
    """Write the report of a search; return the exit status that it asks for."""
    if layout is Format.JSON:
        emit(as_json(search_data(campaign, listed)), output)
    else:
        emit(formatted(search_blocks(campaign), None, layout), output)
    return campaign.status


def search_data(campaign: Campaign, listed: int | None) -> Json:
    """Return the JSON object of a report, with the witnesses of the largest gaps."""
    asked, space = campaign.question, campaign.question.space
    return {
        "format": FORMAT,
        "question": dict[str, Json](asked.data),
        "exhaustive": campaign.exhaustive,
        "networks": space.size,
        "enumerated": campaign.position,
        "distinct": space.distinct if campaign.exhaustive else None,
        "imprecise": campaign.imprecise,
        "largest_gap": text(_largest_gap(campaign)),
        "witnesses": [_witness_data(asked, found) for found in campaign.largest[:listed]],
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
    if not campaign.exhaustive:
        return "The search is not complete: it says nothing about the other networks."
    if campaign.imprecise:
        return "Every network of the space was examined; every witness was proved exactly."
    return "Every network of the space was examined: none has such a gap."


def _largest_gap(campaign: Campaign) -> Fraction:
    return max(
        (campaign.question.gap(f.tight, f.loose) for f in campaign.largest), default=ZERO
    )


def _witness_data(asked: Question, found: Finding) -> Json:
    problem = Problem(asked.space[found.number].network, asked.space.domain)
    return {
        "number": found.number,
        "network": json.loads(dumps(problem)),
        "exact" if asked.tight == "exact" else "tight": _ends(found.tight),
        "relaxed": _ends(found.loose),
        "gap": text(asked.gap(found.tight, found.loose)),
        "certificate": _certificate(asked, found),
    }


def _certificate(asked: Question, found: Finding) -> Json:
    if asked.loose != "p:1" or asked.space.hidden_layers != 2:
        return None
    upper = found.loose.upper - found.tight.upper
    above = asked.side is not Side.LOWER and upper == asked.gap(found.tight, found.loose)
    proof = mixture(
        asked.space[found.number].network, asked.space.domain, sign=1 if above else -1
    )
    return {
        "side": str(Side.UPPER if above else Side.LOWER),
        "inputs": [[text(entry) for entry in x] for x in proof.inputs],
        "weights": [text(weight) for weight in proof.weights],
        "value": text(proof.value),
    }


def _ends(interval: Interval) -> dict[str, Json]:
    return {"lower": text(interval.lower), "upper": text(interval.upper)}


def _row(asked: Question, found: Finding) -> tuple[str, ...]:
    gap = asked.gap(found.tight, found.loose)
    network = _described(asked.space[found.number])
    return str(found.number), text(gap), str(found.tight), str(found.loose), network


def _described(candidate: Candidate) -> str:
    """Return the parameters: rows (weights; bias) layer by layer, then the outputs."""
    layers = [" ".join(map(_row_text, rows)) for rows in candidate.hidden]
    return " | ".join([*layers, " ".join(map(text, candidate.outputs))])


def _row_text(row: Vector) -> str:
    return f"({','.join(map(text, row[:-1]))}; {text(row[-1])})"
