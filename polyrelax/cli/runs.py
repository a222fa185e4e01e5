"""The relaxations of a request, run one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from polyrelax.cli.methods import left_out, may_take_long, never_rounded, requested_methods
from polyrelax.cli.output import note
from polyrelax.cli.problem import Problem
from polyrelax.cli.progress import Report, progress_bar
from polyrelax.cli.request import Request
from polyrelax.cli.worker import in_process
from polyrelax.errors import TooLargeError
from polyrelax.relaxations.names import SCALABLE
from polyrelax.relaxations.trace import Relaxation, Trace, propagate

_ADDING = "name all that you want, as in -r triangle -r exact"


@dataclass(frozen=True)
class Run:
    """A trace whose bounds are known, and the time that they took."""

    trace: Trace
    seconds: float


def run_until_interrupted(problem: Problem, request: Request) -> tuple[tuple[Run, ...], bool]:
    """Return the runs that came to an end, and whether an interruption kept others from it."""
    finished: list[Run] = []
    try:
        finished.extend(_run_each(problem, request))
    except KeyboardInterrupt:
        if not finished:
            raise
        return tuple(finished), True
    return tuple(finished), False


def _run_each(problem: Problem, request: Request) -> Iterator[Run]:
    """Yield the run of each relaxation as it comes to its end."""
    methods = requested_methods(request, problem.network)
    unrounded = never_rounded(request, methods)
    if unrounded:
        note(f"--bits does not concern {', '.join(unrounded)}: these are exact optima")
    missing = left_out(request, problem.network)
    if missing:
        note(f"not run, as they may take long: {', '.join(missing)}; {_ADDING}")
    with progress_bar(len(methods) * (len(problem.network.layers) + 1)) as report:
        yield from _runs(problem, methods, report)


def _runs(problem: Problem, methods: Sequence[Relaxation], report: Report) -> Iterator[Run]:
    steps = len(problem.network.layers) + 1
    for index, method in enumerate(methods):
        report(index * steps, method.name)
        step = partial(_report_layer, report, index * steps, method.name)
        with _naming_way_out(method.name):
            if may_take_long(method.name, problem.network):
                run = in_process(_run, problem, method)  # which reports no layers
            else:
                run = _run(problem, method, step)
        yield run


def _run(
    problem: Problem, method: Relaxation, progress: Callable[[int], None] | None = None
) -> Run:
    start = time.perf_counter()
    trace = propagate(problem.network, problem.domain, method, progress=progress)
    _ = trace.bounds  # found when first asked for, and part of the work
    return Run(trace, time.perf_counter() - start)


@contextmanager
def _naming_way_out(name: str) -> Iterator[None]:
    """Say which relaxation a network is too large for, and which ones it is not."""
    try:
        yield
    except TooLargeError as error:
        others = ", ".join(SCALABLE)
        raise TooLargeError(f"{name}: {error}; for any size there are {others}") from None


def _report_layer(report: Report, before: int, name: str, done: int) -> None:
    report(before + done, name)
