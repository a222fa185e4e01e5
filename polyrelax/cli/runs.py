"""The relaxations of a request, run one after the other."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from polyrelax.cli.choices import default_names, rounding
from polyrelax.cli.problem import Problem
from polyrelax.cli.progress import Report, progress_bar
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import Relaxation, Trace, propagate


@dataclass(frozen=True)
class Run:
    """A trace whose bounds are known, and the time that they took."""

    trace: Trace
    seconds: float


def run_until_interrupted(
    problem: Problem, names: Sequence[str] | None, bits: str | None
) -> tuple[tuple[Run, ...], bool]:
    """Return the runs that came to an end, and whether an interruption kept others from it."""
    finished: list[Run] = []
    try:
        finished.extend(_run_each(problem, names, bits))
    except KeyboardInterrupt:
        if not finished:
            raise
        return tuple(finished), True
    return tuple(finished), False


def _run_each(problem: Problem, names: Sequence[str] | None, bits: str | None) -> Iterator[Run]:
    """Yield the run of each relaxation as it comes to its end."""
    precision = rounding(bits, problem.network)
    wanted = dict.fromkeys(names or default_names(problem.network))
    methods = [relaxation(name, precision) for name in wanted]
    with progress_bar(len(methods) * (len(problem.network.layers) + 1)) as report:
        yield from _runs(problem, methods, report)


def _runs(problem: Problem, methods: Sequence[Relaxation], report: Report) -> Iterator[Run]:
    steps = len(problem.network.layers) + 1
    for index, method in enumerate(methods):
        report(index * steps, method.name)
        step = partial(_report_layer, report, index * steps, method.name)
        start = time.perf_counter()
        trace = propagate(problem.network, problem.domain, method, progress=step)
        _ = trace.bounds  # found when first asked for, and part of the work
        yield Run(trace, time.perf_counter() - start)


def _report_layer(report: Report, before: int, name: str, done: int) -> None:
    report(before + done, name)
