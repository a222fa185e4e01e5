"""The Lipschitz constant of a network, sought until it is known, the time is up, or Ctrl-C."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer

from polyrelax.arithmetic.words import amount
from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.check import RejectedError, check
from polyrelax.cli.lipschitz.report import constant_blocks, constant_data
from polyrelax.cli.requests.problem import problem_in, read_network
from polyrelax.cli.requests.request import Inputs
from polyrelax.cli.terminal.decimals import rounded
from polyrelax.cli.terminal.naming import naming
from polyrelax.cli.terminal.options import Format
from polyrelax.cli.terminal.output import emit, formatted, note, require_folder
from polyrelax.cli.terminal.progress import progress_bar
from polyrelax.cli.terminal.stop import NOT_DECIDED, Stop, end, time_limit
from polyrelax.cli.terminal.worker import Deadline
from polyrelax.errors import UsageError
from polyrelax.verification.compositions import (
    CompositionSearch,
    constant_search,
    without_cases,
)
from polyrelax.verification.gradients import Norm
from polyrelax.verification.lipschitz import LipschitzBounds, LipschitzSearch
from polyrelax.verification.lipschitz_certificates import certified, require_certifiable
from polyrelax.verification.streamed_gradients import StreamedGradients

_NORMS: Final[dict[str, Norm]] = {"inf": "inf", "1": "1"}


@dataclass(frozen=True)
class Request:
    """A network, its inputs, and what is to be found of it."""

    net: str
    inputs: Inputs
    norm: str
    certificates: Path | None
    time: str | None
    layout: Format
    output: Path | None


def answer(request: Request, *, everywhere: bool) -> None:
    """Write what a request asks for, as far as time and patience go."""
    until = time_limit(request.time)
    search = _search(request, everywhere=everywhere)
    if request.certificates is not None:
        require_folder(request.certificates)
        require_certifiable(search.network, search.norm)
    with naming(str(request.inputs.input_set or request.net)):
        search.prepare()
    stop = _run(search, until)
    found, folder = search.bounds(), request.certificates
    is_certified = folder is None or _certify(search, folder)
    data = constant_data(found, search, stop)
    emit(formatted(constant_blocks(found, search, stop), data, request.layout), request.output)
    end(stop)
    if not (is_certified and found.is_exact):
        raise typer.Exit(NOT_DECIDED)


def _search(request: Request, *, everywhere: bool) -> LipschitzSearch | CompositionSearch:
    if request.norm not in _NORMS:
        raise UsageError(f"found --norm {request.norm}, expected inf or 1")
    if everywhere and request.inputs.given:
        raise UsageError(f"found --everywhere and --{request.inputs.given[0]}, expected one")
    with naming(request.net):
        given = read_network(request.net)
    norm = _NORMS[request.norm]
    if everywhere or not (request.inputs.given or given.input):
        return constant_search(given.network, None, norm)
    problem = problem_in(given, request.net, request.inputs)
    return constant_search(problem.network, problem.domain, norm)


def _run(search: LipschitzSearch | CompositionSearch, until: Deadline) -> Stop | None:
    """Search, and return what stopped it, if anything did."""
    try:
        with progress_bar(None) as report:
            for done, found in enumerate(search.run(), start=1):
                report(done, _told(found))
                if until.left() == 0:
                    return None if found.is_exact else Stop.TIME_UP
    except KeyboardInterrupt:
        return Stop.INTERRUPTED
    return None


def _told(found: LipschitzBounds) -> str:
    low, high = rounded(found.lower, digits=4), rounded(found.upper, digits=4)
    return f"{amount(found.cases, 'case')}, the constant is about {low} to {high}"


def _certify(search: LipschitzSearch | CompositionSearch, folder: Path) -> bool:
    """Write a certificate, and return whether there is one of both bounds.

    The checker refuses files that would keep it busy for long.  Then there may be one without
    cases.
    """
    refused = ""
    for found in (search, without_cases(search)):
        made = certified(found)
        content = made.dumps().rstrip("\n")
        try:
            check(content)
        except RejectedError as reason:
            refused = str(reason)
            continue
        _write(content, folder, f"lipschitz-{search.norm}", made)
        is_whole = found.bounds().upper == search.bounds().upper
        if not is_whole:
            most = rounded(found.bounds().upper)
            note(f"of cases none is written: {refused}; it says at most {most}, by norms")
        return is_whole
    note(f"no certificate is written: {refused}")
    return False


def _write(
    content: str, folder: Path, name: str, made: Certificate | StreamedGradients
) -> None:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.{'json' if isinstance(made, Certificate) else 'jsonl'}"
    emit(content, path)
    note(f"the certificate is {path}: polyrelax check {path}")
