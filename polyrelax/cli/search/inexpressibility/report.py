"""The report of ``search inexpressibility``; in JSON, ``polyrelax-inexpressibility/1``.

Each function of the JSON object stands for its class, and has for each relaxation the first
network that is precise on all intervals: its number, its layers, and the size of the decision.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.output import Json
from polyrelax.cli.terminal.stop import Stop
from polyrelax.interop.network_json import Problem, dumps
from polyrelax.search.inexpressibility import Encoding, Kind, Survey, kind_of
from polyrelax.search.surveys import inquiry_data, survey_data


def report_data(survey: Survey, stop: Stop | None = None) -> Json:
    """Return the JSON object of a report; ``stopped`` says what stopped the survey."""
    data: dict[str, Json] = json.loads(json.dumps(survey_data(survey, _encoding)))
    return data if stop is None else {**data, "stopped": stop.value}


def survey_blocks(survey: Survey) -> Iterator[Block]:
    """Yield how many functions of each kind have encodings, and the open ones."""
    names = survey.inquiry.relaxations
    yield Grid("Survey", ("what", "value"), tuple(_summary(survey)))
    yield Grid("Functions with a precise encoding", ("kind", "met", *names), _counts(survey))
    rows = tuple(
        (str(function), *(_found(found, name) for name in names))
        for function, found in survey.sorted_functions()
        if kind_of(function) is Kind.NEITHER
    )
    if rows:
        yield Grid("Neither monotone nor convex nor concave", ("function", *names), rows)
    yield _verdict(survey)


def _summary(survey: Survey) -> Iterator[tuple[str, str]]:
    data = inquiry_data(survey.inquiry)
    yield "shapes", " ".join(map(str, _as_list(data["shapes"])))
    first = survey.inquiry.spaces[0]
    yield "weights", " ".join(map(str, first.values))
    yield "output weights", " ".join(map(str, first.outputs))
    yield "pieces", f"at most {survey.inquiry.most_pieces}"
    yield "enumerated", f"{survey.position:,} of {survey.inquiry.size:,}"


def _counts(survey: Survey) -> tuple[tuple[str, ...], ...]:
    met = Counter(kind_of(function) for function in survey.functions)
    found = Counter(
        (kind_of(function), name) for function, e in survey.functions.items() for name in e
    )
    names = survey.inquiry.relaxations
    return tuple(
        (str(kind), str(met[kind]), *(str(found[kind, name]) for name in names))
        for kind in Kind
    )


def _found(found: dict[str, Encoding], name: str) -> str:
    return f"network {found[name].number}" if name in found else "none found"


def _verdict(survey: Survey) -> str:
    extent = (
        "Each of all" if survey.is_complete else f"Every one of the first {survey.position:,}"
    )
    return (
        "Networks named are precise on all intervals, which was decided exactly. "
        f"{extent} networks of these shapes and weights was examined: where none was found, "
        "none of them is precise. That says nothing about other networks."
    )


def _encoding(survey: Survey, found: Encoding) -> Json:
    network = survey.inquiry.network(found.number)
    return {
        "number": found.number,
        "runs": found.runs,
        "polynomials": found.polynomials,
        "network": json.loads(dumps(Problem(network))),
    }


def _as_list(value: object) -> list[object]:
    assert isinstance(value, list)  # as inquiry_data has it
    return value
