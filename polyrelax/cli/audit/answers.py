"""The answers of ``polyrelax audit``: what is read, what is found, and where it is written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from polyrelax.arithmetic.rational import rational
from polyrelax.audit.bounds import ClaimedBound
from polyrelax.cli.audit.bounds_report import stop_of, verdicts_blocks, verdicts_data
from polyrelax.cli.audit.bounds_run import Verdicts, judged_until, write_certificates
from polyrelax.cli.audit.claims import Named, requested_claims
from polyrelax.cli.audit.page import Place, emit_audit
from polyrelax.cli.audit.report import Report
from polyrelax.cli.audit.run import audited
from polyrelax.cli.requests.problem import Problem, address, read_network, requested_problem
from polyrelax.cli.requests.request import TableRequest
from polyrelax.cli.terminal.naming import naming, option_value
from polyrelax.cli.terminal.output import require_folder
from polyrelax.cli.terminal.stop import Stop, end, time_limit
from polyrelax.errors import FormatError, UsageError
from polyrelax.interop import claimed_bounds
from polyrelax.interop.claimed_bounds import no_tensors
from polyrelax.interop.opening import suffix
from polyrelax.networks.network import Network


@dataclass(frozen=True)
class WitnessRequest:
    """Counterexamples, the tolerance of their score, and the report."""

    named: Named
    tolerance: str
    time: str | None
    place: Place


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
    emit_audit(report.blocks(), report.data(), request.place)
    end(found.stop, found.missing)
    refuted = any(each.points and not each.is_valid for each in found.ordered)
    return [
        word for word, holds in (("refuted", refuted), ("malformed", bool(faults))) if holds
    ]


def judge(
    request: TableRequest, claims: Path, certificates: Path | None, place: Place
) -> Collection[str]:
    """Write what claimed bounds are, and return the verdicts that there are."""
    until = time_limit(request.time)
    if certificates is not None:
        require_folder(certificates)
    several = _claimed(request, claims)
    for each in several:
        judged_until(each, request, until)
        if each.stop is Stop.INTERRUPTED:
            break
    emit_audit(verdicts_blocks(several), verdicts_data(several), place)
    if certificates is not None:
        write_certificates(several, certificates)
    end(stop_of(several), [claim for each in several for claim in each.missing])
    return {found.verdict.value for each in several for found in each.found}


def _claimed(request: TableRequest, claims: Path) -> tuple[Verdicts, ...]:
    """Return the claims of a file about the network, and about it up to each tensor."""
    asked, file = requested_problem(request), address(request.net)[0]
    networks = {"": asked.network}

    def up_to(tensor: str) -> Network:
        if suffix(file) != ".onnx":
            return no_tensors(tensor)
        with naming(f"{file}#{tensor}"):
            networks[tensor] = read_network(f"{file}#{tensor}").network
        return networks[tensor]

    def verdicts(tensor: str, found: Sequence[ClaimedBound]) -> Verdicts:
        about = f"{file}#{tensor}" if tensor else request.net
        return Verdicts(
            Path(about).name, Problem(networks[tensor], asked.domain), found, tensor
        )

    with naming(str(claims)):
        claimed = claimed_bounds.read(claims, asked.network, up_to)
    return tuple(verdicts(*pair) for pair in claimed.items())
