"""A request on several sets of inputs: each by itself, and the union of their bounds last."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from polyrelax.arithmetic.interval import Interval
from polyrelax.cli.requests.problem import Cases, Problem
from polyrelax.cli.requests.request import Request
from polyrelax.cli.runs.run import Run, Runs, Unfinished, requested, run_in_turn
from polyrelax.cli.runs.walls import Outlook, announced
from polyrelax.cli.terminal.output import note
from polyrelax.cli.terminal.progress import Report, progress_bar
from polyrelax.cli.terminal.stop import Stop
from polyrelax.cli.terminal.worker import NEVER, Deadline
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layerwise import Box
from polyrelax.relaxations.trace import Relaxation, Trace


@dataclass(frozen=True)
class Result:
    """What a relaxation says of one set of inputs: bounds of the outputs."""

    relaxation: str
    bits: int | None
    output: Box
    seconds: float


@dataclass(frozen=True)
class CaseResults:
    """What relaxations say of the set of inputs with a number."""

    number: int
    domain: Polytope
    results: tuple[Result, ...]


@dataclass(frozen=True)
class CaseRuns:
    """What was found of each set, and of their union when all of them are done."""

    cases: tuple[CaseResults, ...]
    union: Runs


def run_cases(cases: Cases, request: Request, until: Deadline = NEVER) -> CaseRuns:
    """Return what was found when all is done, the time is up, or an interruption came."""
    methods = requested(cases.network, request)
    note(f"{len(cases.domains)} sets of inputs, each by itself; --case N takes one")
    steps = len(methods) * len(cases.network.layers)
    found: list[CaseResults] = []
    union: tuple[Run, ...] = ()
    with progress_bar(len(cases.domains) * steps) as report:
        for done, (number, problem) in enumerate(cases.problems()):
            show = partial(_show, report, done * steps, number)
            runs = _run(problem, methods, until, show, is_first=not done)
            if runs.finished:
                results = tuple(map(result_of, runs.finished))
                found.append(CaseResults(number, problem.domain, results))
            if runs.stop is not None:
                return CaseRuns(tuple(found), _stopped(cases, methods, runs))
            union = tuple(map(_widened, union, runs.finished)) if done else runs.finished
    return CaseRuns(tuple(found), Runs(cases.network, union))


def _run(
    problem: Problem,
    methods: tuple[Relaxation, ...],
    until: Deadline,
    report: Report,
    *,
    is_first: bool,
) -> Runs:
    """Return what was found of one set; only an interruption of the first one ends all."""
    try:
        waiting = announced(problem, methods) if is_first else Outlook(problem).costs(methods)
        return run_in_turn(problem, waiting, until, report)
    except KeyboardInterrupt:
        if is_first:
            raise
        return Runs(problem.network, (), stop=Stop.INTERRUPTED)


def _show(report: Report, before: int, number: int, done: int, what: str) -> None:
    report(before + done, f"case {number}: {what}")


def result_of(run: Run) -> Result:
    """Return what a run says of the outputs.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.relaxations.interval import IBP
    >>> from polyrelax.relaxations.trace import propagate
    >>> result_of(Run(propagate(tent(), Polytope.box([-1], [1]), IBP()), 0.5)).seconds
    0.5
    """
    trace = run.trace
    return Result(trace.relaxation, trace.bits, trace.output, run.seconds)


def _stopped(cases: Cases, methods: tuple[Relaxation, ...], runs: Runs) -> Runs:
    unfinished = tuple(Unfinished(method.name, method.bits) for method in methods)
    return Runs(cases.network, (), unfinished, runs.stop, runs.error)


def _widened(whole: Run, other: Run) -> Run:
    """Return a run whose boxes hold those of two runs of one relaxation, layer by layer."""
    one, two = whole.trace, other.trace
    pairs = zip(one.bounds, two.bounds, strict=True)
    boxes = tuple(_joined(*pair) for pair in pairs)
    trace = Trace(one.relaxation, one.network, boxes, one.bits)
    return Run(trace, whole.seconds + other.seconds)


def _joined(one: Box, two: Box) -> Polytope:
    """Return the least box around two boxes."""
    ends = [
        Interval(min(p.lower, q.lower), max(p.upper, q.upper))
        for p, q in zip(one, two, strict=True)
    ]
    return Polytope.box([end.lower for end in ends], [end.upper for end in ends])
