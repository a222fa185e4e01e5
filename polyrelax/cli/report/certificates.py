"""The certificates of a report's bounds: made, checked, and put on the page for others."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from polyrelax.arithmetic.interval import Interval
from polyrelax.certificates.verdicts import SMALL, Judgement, verdicts
from polyrelax.cli.requests.problem import Problem
from polyrelax.cli.requests.request import ReportRequest
from polyrelax.cli.runs.run import Run, Runs
from polyrelax.cli.terminal.decimals import ends_text
from polyrelax.cli.terminal.html import Cell, cell, table
from polyrelax.cli.terminal.progress import progress_bar
from polyrelax.cli.terminal.stop import Stop
from polyrelax.cli.terminal.worker import Deadline, Tell, TimeUpError, here_if_quick
from polyrelax.errors import PolyrelaxError

LONGEST_LINK: Final = 200_000
"""Longer certificates are not put on the page."""

_HEADER: Final = ("output", "relaxation", "certified range", "bounds", "verdict", "certificate")


@dataclass(frozen=True)
class Judgements:
    """The verdicts on a run's outputs, or why there are none."""

    run: Run
    verdicts: tuple[Judgement, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Judged:
    """The verdicts on some runs, the runs that are left, and what stopped this if anything."""

    found: tuple[Judgements, ...] = ()
    stop: Stop | None = None
    missing: tuple[str, ...] = ()


def judge_until_stopped(
    problem: Problem, runs: Runs, request: ReportRequest, until: Deadline
) -> Judged:
    """Return the verdicts on each run, none if they are not wanted.

    Unless a request says otherwise, small networks are certified.
    """
    wanted = request.certificates
    if wanted is None:
        wanted = problem.network.neuron_count <= SMALL
    if runs.stop is not None or not wanted:
        return Judged(stop=runs.stop)
    found, stop = list[Judgements](), None
    try:
        with progress_bar(len(runs.finished)) as report:
            for done, run in enumerate(runs.finished):
                report(done, f"certificates of {run.trace.relaxation}")
                found.append(_judged(problem, run, request, until))
    except KeyboardInterrupt:
        stop = Stop.INTERRUPTED
    except TimeUpError:
        stop = Stop.TIME_UP
    rest = runs.finished[len(found) :]
    names = tuple(f"certificates of {run.trace.relaxation}" for run in rest)
    return Judged(tuple(found), stop, names)


def certificates_html(found: Sequence[Judgements]) -> Iterator[str]:
    """Yield the table of verdicts, or a sentence on how to have one."""
    if not found:
        yield (
            f"<p>None were made: by default they are for networks of at most {SMALL} ReLU "
            "neurons, and for others with <code>--certificates</code>.</p>"
        )
        return
    yield (
        "<p>Each certificate proves its range and that the relaxation attains both ends. The "
        "verdicts are those of a checker that shares no code with what computed the bounds; "
        "<code>polyrelax check FILE</code> gives them again.</p>"
    )
    rows = (row for judgement in found for row in _rows(judgement))
    yield table(_HEADER, rows, frozenset(("output",)))


def _judged(problem: Problem, run: Run, request: ReportRequest, until: Deadline) -> Judgements:
    name = run.trace.relaxation
    if request.groups and name.startswith("krelu:"):
        return Judgements(run, reason="none for groups that are chosen")
    quick = problem.network.neuron_count <= SMALL
    try:
        found = here_if_quick(certified, (problem, name), quick=quick, until=until)
    except PolyrelaxError as error:
        return Judgements(run, reason=f"none: {error}")
    return Judgements(run, found)


def certified(task: tuple[Problem, str], _tell: Tell) -> tuple[Judgement, ...]:
    """Return the verdicts on the certificates of a relaxation's bounds."""
    problem, name = task
    return verdicts(problem.network, problem.domain, name, limit=problem.network.neuron_count)


def _rows(judgement: Judgements) -> Iterator[tuple[Cell, ...]]:
    trace = judgement.run.trace
    if judgement.reason:
        name, reason = cell(trace.relaxation), cell(judgement.reason)
        yield cell(""), name, cell(""), cell(""), reason, cell("")
    for verdict in judgement.verdicts:
        yield (
            cell(str(verdict.output)),
            cell(verdict.relaxation),
            cell(f"[{', '.join(ends_text(verdict.range))}]"),
            cell(_relation(verdict.range, trace.output[verdict.output])),
            cell("accepted" if verdict.is_accepted else f"rejected: {verdict.told}"),
            _link(verdict),
        )


def _relation(certified: Interval, shown: Interval) -> str:
    """Return how the bounds of the page are to a certified range.

    >>> from fractions import Fraction
    >>> _relation(Interval(Fraction(0), Fraction(1)), Interval(Fraction(0), Fraction(2)))
    'rounded outward'
    """
    if certified == shown:
        return "equal"
    return "rounded outward" if shown.contains(certified) else "contradicted"


def _link(verdict: Judgement) -> Cell:
    text = verdict.certificate.dumps().encode()
    if len(text) > LONGEST_LINK:
        return cell(f"{len(text) // 1000} kB")
    name = f"{verdict.relaxation.replace(':', '-')}-{verdict.output}.json"
    data = f"data:application/json;base64,{b64encode(text).decode()}"
    return Cell(f'<a download="{escape(name)}" href="{data}">{escape(name)}</a>')
