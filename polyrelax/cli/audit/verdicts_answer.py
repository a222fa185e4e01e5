"""The answer of ``polyrelax audit verdicts``: what is read, found, and where it is written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from polyrelax.arithmetic.rational import rational
from polyrelax.arithmetic.words import amount
from polyrelax.cli.audit.page import Place, emit_audit
from polyrelax.cli.audit.verdicts_report import audit_blocks, audit_data
from polyrelax.cli.audit.verdicts_run import Answer, Files, answer_to, audited
from polyrelax.cli.runs.workers import Workers
from polyrelax.cli.terminal.naming import naming, option_value
from polyrelax.cli.terminal.output import note, require_folder
from polyrelax.cli.terminal.stop import end, time_limit
from polyrelax.errors import UsageError
from polyrelax.interop import claimed_verdicts


@dataclass(frozen=True)
class VerdictsRequest:
    """A list of verdicts, the seconds for each, who does the work, and the report."""

    claims: Path
    benchmarks: Path | None
    each: str
    jobs: int | None
    certificates: Path | None
    time: str | None
    place: Place


def decide(request: VerdictsRequest) -> Collection[str]:
    """Write what becomes of claimed verdicts; return the words that there are for them."""
    until, seconds = time_limit(request.time), option_value("--each", rational, request.each)
    if seconds <= 0:
        raise UsageError(f"found --each {request.each}, expected seconds above 0")
    with naming(str(request.claims)):
        claims = claimed_verdicts.read(request.claims)
    if request.certificates is not None:
        require_folder(request.certificates)
        request.certificates.mkdir(exist_ok=True)
    files = Files(request.benchmarks or request.claims.parent, request.certificates)
    audit = audited(claims, files, seconds, workers=Workers(request.jobs), until=until)
    blocks, data = audit_blocks(audit), audit_data(audit)
    emit_audit(blocks, data, request.place)
    answers = [answer_to(*pair) for pair in audit.found]
    if faults := answers.count(Answer.MALFORMED):
        note(f"{faults} of {amount(len(claims), 'verdict')} could not be tried")
    end(audit.stop, audit.missing)
    return {answer.value for answer in answers}
