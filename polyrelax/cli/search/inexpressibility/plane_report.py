"""``search inexpressibility --plane``: its run and its report; in JSON, ``polyrelax-plane/1``.

Each certified function has its rule and its network, each other one the number of nested
encodings that a box refuted, and the first that none of the boxes did, if there is one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from polyrelax.cli.search.request import numbers
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.naming import option_value
from polyrelax.cli.terminal.options import Format
from polyrelax.cli.terminal.output import Json, emit, formatted
from polyrelax.cli.terminal.progress import Report, progress_bar
from polyrelax.cli.terminal.stop import Stop, end
from polyrelax.cli.terminal.worker import NEVER, Deadline, Tell, TimeUpError, here_if_quick
from polyrelax.expressivity.uniform_hulls import MaxMin
from polyrelax.interop.network_json import Problem, dumps
from polyrelax.search.plane import BOXES, Answer, PlaneInquiry, answer

SHOWN = 10


@dataclass
class _Answers:
    """The answers that are told; it grows."""

    report: Report
    found: list[Answer] = field(default_factory=list)

    def hear(self, told: object) -> None:
        assert isinstance(told, Answer), "what is told is an answer"
        self.found.append(told)
        self.report(len(self.found), "functions")


def plane_survey(  # noqa: PLR0913 -- the options of the verb
    weights: str,
    offsets: str,
    limit: int | None,
    layout: Format,
    output: Path | None,
    *,
    until: Deadline = NEVER,
) -> int:
    """Write the report of a survey of the plane; return the exit status."""
    inquiry = PlaneInquiry(
        option_value("--weights", numbers, weights), option_value("--offsets", numbers, offsets)
    )
    stop: Stop | None = None
    with progress_bar(inquiry.size) as report:
        answers = _Answers(report)
        try:
            task = (inquiry, limit)
            here_if_quick(answered, task, quick=True, told=answers.hear, until=until)
        except KeyboardInterrupt:
            stop = Stop.INTERRUPTED
        except TimeUpError:
            stop = Stop.TIME_UP
    found = answers.found
    emit(formatted(_blocks(inquiry, found), _data(inquiry, found, stop), layout), output)
    end(stop, (f"functions {len(found):,} to {inquiry.size - 1:,}",))
    return 0 if all(each.encoding for each in found) else 1


def answered(task: tuple[PlaneInquiry, int | None], tell: Tell) -> None:
    """Tell the answer for each function of an inquiry, up to a limit; for a worker."""
    inquiry, limit = task
    for function in islice(inquiry.functions, limit):
        tell(answer(function, inquiry.domain))


def _data(inquiry: PlaneInquiry, answers: Sequence[Answer], stop: Stop | None) -> Json:
    return {
        "format": "polyrelax-plane/1",
        "weights": list(map(str, inquiry.weights)),
        "offsets": list(map(str, inquiry.offsets)),
        "functions": inquiry.size,
        "examined": len(answers),
        "exhaustive": len(answers) == inquiry.size,
        "rules": dict(Counter(each.rule for each in answers)),
        "boxes": BOXES,
        "answers": [_answer(each) for each in answers],
        **({} if stop is None else {"stopped": stop.value}),
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


def _blocks(inquiry: PlaneInquiry, answers: Sequence[Answer]) -> Iterator[Block]:
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
        f"{len(answers):,} of {inquiry.size:,} formulas on [0, 1]^2 were examined. "
        "Those with a rule have an encoding that P_1 bounds exactly on all boxes. For the "
        f"others nothing is proved: their nested encodings were tried on {BOXES} boxes each."
    )


def _text(function: MaxMin) -> str:
    groups = (", ".join(map(_form, group)) for group in function.groups)
    return f"max of min: {'; '.join(groups)}"


def _form(form: Sequence[object]) -> str:
    return f"({' '.join(map(str, form))})"
