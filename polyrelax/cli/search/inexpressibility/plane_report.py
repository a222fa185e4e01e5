"""``search inexpressibility --plane``: its run and its report; in JSON, ``polyrelax-plane/1``.

Each certified function has its rule and its network, each other one the number of nested
encodings that a box refuted, and the first that none of the boxes did, if there is one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from polyrelax.cli.search.inexpressibility.run import reading
from polyrelax.cli.search.request import numbers
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.options import Format
from polyrelax.cli.terminal.output import Json, emit, formatted
from polyrelax.cli.terminal.process import INTERRUPTED
from polyrelax.cli.terminal.progress import progress_bar
from polyrelax.expressivity.uniform_hulls import MaxMin
from polyrelax.interop.network_json import Problem, dumps
from polyrelax.search.plane import BOXES, Answer, PlaneInquiry, answer

SHOWN = 10


def plane_survey(
    weights: str, offsets: str, limit: int | None, layout: Format, output: Path | None
) -> int:
    """Write the report of a survey of the plane; return the exit status."""
    inquiry = PlaneInquiry(reading(numbers, weights), reading(numbers, offsets))
    answers: list[Answer] = []
    total = sum(1 for _ in inquiry.functions)
    interrupted = False
    try:
        with progress_bar(total) as report:
            for function in islice(inquiry.functions, limit):
                answers.append(answer(function, inquiry.domain))
                report(len(answers), "functions")
    except KeyboardInterrupt:
        interrupted = True
    blocks, data = _blocks(inquiry, answers, total), _data(inquiry, answers, total)
    emit(formatted(blocks, data, layout), output)
    if interrupted:
        return INTERRUPTED
    return 0 if all(each.encoding for each in answers) else 1


def _data(inquiry: PlaneInquiry, answers: Sequence[Answer], total: int) -> Json:
    return {
        "format": "polyrelax-plane/1",
        "weights": list(map(str, inquiry.weights)),
        "offsets": list(map(str, inquiry.offsets)),
        "functions": total,
        "examined": len(answers),
        "exhaustive": len(answers) == total,
        "rules": dict(Counter(each.rule for each in answers)),
        "boxes": BOXES,
        "answers": [_answer(each) for each in answers],
    }


def _answer(found: Answer) -> Json:
    encoding = found.encoding
    return {
        "groups": _groups(found.function),
        "rule": found.rule,
        "network": None if encoding is None else json.loads(dumps(Problem(encoding.network))),
        "refuted": found.refuted,
        "candidate": None if found.candidate is None else _groups(found.candidate),
    }


def _groups(function: MaxMin) -> Json:
    return [[list(map(str, form)) for form in group] for group in function.groups]


def _blocks(inquiry: PlaneInquiry, answers: Sequence[Answer], total: int) -> Iterator[Block]:
    counts = Counter(each.rule for each in answers)
    rows = tuple((rule, f"{count:,}") for rule, count in counts.most_common())
    yield Grid(
        "Functions of three affine functions",
        ("rule", "formulas"),
        rows,
        frozenset(("formulas",)),
    )
    open_ones = [each for each in answers if each.encoding is None][:SHOWN]
    if open_ones:
        shown = tuple((_text(each.function), each.rule) for each in open_ones)
        yield Grid("Unsettled, the first of them", ("function", "what is known"), shown)
    yield (
        f"{len(answers):,} of {total:,} formulas on [0, 1]^2 were examined. Those with a rule "
        "have an encoding that P_1 bounds exactly on all boxes. For the others nothing is "
        f"proved: their nested encodings were tried on {BOXES} boxes each."
    )


def _text(function: MaxMin) -> str:
    groups = (", ".join(map(_form, group)) for group in function.groups)
    return f"max of min: {'; '.join(groups)}"


def _form(form: Sequence[object]) -> str:
    return f"({' '.join(map(str, form))})"
