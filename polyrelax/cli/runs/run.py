"""The relaxations of a request, run one after the other as far as time and patience go.

What a relaxation has bounded stays known layer by layer, so that nothing is lost when an
interruption or the end of the time stops it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from polyrelax.cli.requests.problem import Problem
from polyrelax.cli.requests.request import Request
from polyrelax.cli.runs.meter import Meter, Teller
from polyrelax.cli.runs.methods import left_out, never_rounded, requested_methods
from polyrelax.cli.runs.walls import Outlook, announced
from polyrelax.cli.terminal.output import note
from polyrelax.cli.terminal.progress import Report, progress_bar
from polyrelax.cli.terminal.stop import Stop
from polyrelax.cli.terminal.worker import NEVER, Deadline, Tell, TimeUpError, here_if_quick
from polyrelax.errors import TooLargeError
from polyrelax.networks.network import Network
from polyrelax.relaxations.cost import Cost
from polyrelax.relaxations.layerwise import Box
from polyrelax.relaxations.progress import heard_by
from polyrelax.relaxations.trace import Relaxation, Trace, relaxed_sets

WORTH_A_PROCESS: Final = 3.0
"""From so many seconds on, as expected, relaxations run in a process of their own."""
_ADDING: Final = "name all that you want, as in -r triangle -r exact"


@dataclass(frozen=True)
class Run:
    """A trace whose bounds are known, and the time that they took."""

    trace: Trace
    seconds: float


@dataclass(frozen=True)
class Unfinished:
    """A relaxation that was stopped or not begun, and the boxes that it had proved by then.

    The first box is that of the inputs.
    """

    relaxation: str
    bits: int | None
    bounds: tuple[Box, ...] = ()


@dataclass(frozen=True)
class Runs:
    """What was found of the relaxations of a request on a network."""

    network: Network
    finished: tuple[Run, ...]
    unfinished: tuple[Unfinished, ...] = ()
    stop: Stop | None = None
    error: Exception | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the relaxations that did not come to their end."""
        return tuple(each.relaxation for each in self.unfinished)


@dataclass(frozen=True)
class Task:
    """A relaxation and what it is to bound."""

    problem: Problem
    method: Relaxation


@dataclass
class _Ledger:
    """What is known so far, and what waits, the quickest first; it grows."""

    waiting: list[tuple[Relaxation, Cost]]
    finished: list[Run] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)

    @classmethod
    def of(cls, costs: Sequence[tuple[Relaxation, Cost]]) -> _Ledger:
        return cls(sorted(costs, key=lambda pair: pair[1].seconds))

    def runs(
        self, network: Network, stop: Stop | None = None, error: Exception | None = None
    ) -> Runs:
        boxes = [tuple(self.boxes), *(() for _ in self.waiting)]
        unfinished = (
            Unfinished(method.name, method.bits, found)
            for (method, _), found in zip(self.waiting, boxes, strict=False)
        )
        return Runs(network, tuple(self.finished), tuple(unfinished), stop, error)


def run_until_stopped(problem: Problem, request: Request, until: Deadline = NEVER) -> Runs:
    """Return what was found when all is done, or until something stopped it.

    What stops it before any bounds are known stops the whole program.
    """
    waiting = announced(problem, requested(problem.network, request))
    with progress_bar(len(waiting) * len(problem.network.layers)) as report:
        return run_in_turn(problem, waiting, until, report)


def run_in_turn(
    problem: Problem,
    waiting: Sequence[tuple[Relaxation, Cost]],
    until: Deadline,
    report: Report,
) -> Runs:
    """Return what was found of relaxations with what they may take, as far as they came.

    >>> from polyrelax import Polytope, relaxation
    >>> from polyrelax.networks.gallery import tent
    >>> problem = Problem(tent(), Polytope.box([-1], [1]))
    >>> waiting = announced(problem, [relaxation("ibp")])
    >>> print(*run_in_turn(problem, waiting, NEVER, lambda *_: None).finished[0].trace.output)
    [0, 2]
    """
    runs = _run_all(problem, _Ledger.of(waiting), until, report)
    names = [method.name for method, _ in waiting]
    order = sorted(runs.finished, key=lambda run: names.index(run.trace.relaxation))
    return replace(runs, finished=tuple(order))


def _run_all(problem: Problem, ledger: _Ledger, until: Deadline, report: Report) -> Runs:
    network = problem.network
    try:
        _run_each(problem, ledger, until, report)
    except TimeUpError:
        return ledger.runs(network, Stop.TIME_UP)
    except KeyboardInterrupt:
        if not ledger.finished and len(ledger.boxes) < 2:
            raise
        return ledger.runs(network, Stop.INTERRUPTED)
    except (TooLargeError, MemoryError, BrokenExecutor) as error:
        told = Outlook(problem).naming_way_out(ledger.waiting[0][0].name, error)
        if not ledger.finished:
            raise told from None
        return ledger.runs(network, Stop.FAILED, told)
    return ledger.runs(network)


def requested(network: Network, request: Request) -> tuple[Relaxation, ...]:
    """Return the relaxations of a request, and note what it does not concern.

    >>> from polyrelax.networks.gallery import tent
    >>> [method.name for method in requested(tent(), Request("net.json", relaxation=["ibp"]))]
    ['ibp']
    """
    methods = requested_methods(request, network)
    unrounded = never_rounded(request, methods)
    if unrounded:
        note(f"--bits does not concern {', '.join(unrounded)}: these are exact optima")
    missing = left_out(request, network)
    if missing:
        note(f"not run, as they may take long: {', '.join(missing)}; {_ADDING}")
    return methods


def _run_each(problem: Problem, ledger: _Ledger, until: Deadline, report: Report) -> None:
    steps = len(problem.network.layers)
    while ledger.waiting:
        method, cost = ledger.waiting[0]
        show = partial(_show, report, len(ledger.finished) * steps)
        meter = Meter(method.name, steps, cost, show, ledger.boxes)
        show(0, method.name)
        run = _run(Task(problem, method), meter, until)
        ledger.finished.append(run)
        del ledger.waiting[0], ledger.boxes[:]


def _show(report: Report, before: int, done: int, what: str) -> None:
    report(before + done, what)


def _run(task: Task, meter: Meter, until: Deadline) -> Run:
    quick = meter.cost.seconds <= WORTH_A_PROCESS
    return here_if_quick(bounded, task, quick=quick, told=meter.hear, until=until)


def bounded(task: Task, tell: Tell) -> Run:
    """Return the run of a relaxation, and tell how far it is."""
    start = time.perf_counter()
    teller, method = Teller(tell), task.method
    sets = []
    for relaxed in relaxed_sets(
        task.problem.network, task.problem.domain, heard_by(teller.hear, method)
    ):
        teller.bounded(relaxed.bounds)
        sets.append(relaxed)
    trace = Trace(method.name, task.problem.network, tuple(sets), method.bits)
    _ = trace.bounds  # found already, and now kept by the trace
    return Run(trace, time.perf_counter() - start)
