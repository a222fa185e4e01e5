"""The answers of ``polyrelax audit``: what is read, what is found, and where it is written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from polyrelax.arithmetic.rational import rational
from polyrelax.cli.audit.bounds_report import verdicts_blocks, verdicts_data
from polyrelax.cli.audit.bounds_run import judged_until, write_certificates
from polyrelax.cli.audit.claims import Named, requested_claims
from polyrelax.cli.audit.report import Report
from polyrelax.cli.audit.run import audited
from polyrelax.cli.requests.problem import requested_problem
from polyrelax.cli.requests.request import TableRequest
from polyrelax.cli.runs.run import run_until_stopped
from polyrelax.cli.terminal.naming import naming, option_value
from polyrelax.cli.terminal.options import Format
from polyrelax.cli.terminal.output import emit, formatted, require_folder
from polyrelax.cli.terminal.stop import end, time_limit
from polyrelax.errors import FormatError, UsageError
from polyrelax.interop import claimed_bounds


@dataclass(frozen=True)
class WitnessRequest:
    """Counterexamples, the tolerance of their score, and the report."""

    named: Named
    tolerance: str
    time: str | None
    layout: Format
    output: Path | None


def replay(request: WitnessRequest) -> Collection[str]:
    """Write what claimed counterexamples are; return the words of ``--fail-on`` that hold."""
    allowed = option_value("--tolerance", rational, request.tolerance)
    if allowed < 0:
        raise UsageError(f"found --tolerance {request.tolerance}, expected at least 0")
    until = time_limit(request.time)
    found = audited(requested_claims(request.named), until)
    faults = [result.fault for result in found.ordered if result.fault is not None]
    if request.named.network is not None and faults:
        raise FormatError(faults[0])
    report = Report(found, allowed)
    emit(formatted(report.blocks(), report.data(), request.layout), request.output)
    end(found.stop, found.missing)
    refuted = any(each.points and not each.is_valid for each in found.ordered)
    return [
        word for word, holds in (("refuted", refuted), ("malformed", bool(faults))) if holds
    ]


def judge(request: TableRequest, claims: Path, certificates: Path | None) -> Collection[str]:
    """Write what claimed bounds are, and return the verdicts that there are."""
    until = time_limit(request.time)
    if certificates is not None:
        require_folder(certificates)
    asked = requested_problem(request)
    with naming(str(claims)):
        claimed = claimed_bounds.read(claims, asked.network)
    runs = run_until_stopped(asked, request, until)
    end(runs.stop, runs.missing, runs.error)
    trace = runs.finished[0].trace
    found = judged_until(trace, asked, claimed, until)
    data = verdicts_data(found, Path(request.net).name)
    emit(formatted(verdicts_blocks(found), data, request.layout), request.output)
    if certificates is not None:
        write_certificates(found, trace, asked, certificates)
    end(found.stop, found.missing)
    return {each.verdict.value for each in found.found}
