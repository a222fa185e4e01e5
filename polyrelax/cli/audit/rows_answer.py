"""The answer of ``polyrelax audit rows``: what is read, what is found, where it is written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from polyrelax.audit.readings import Reading
from polyrelax.cli.audit.page import Place, emit_audit
from polyrelax.cli.audit.rows_report import rows_blocks, rows_data, verdict
from polyrelax.cli.audit.rows_run import compared_until, judged_until, write_certificates
from polyrelax.cli.requests.polytope import read_polytope
from polyrelax.cli.terminal.naming import naming
from polyrelax.cli.terminal.output import require_folder
from polyrelax.cli.terminal.stop import end, time_limit
from polyrelax.interop import claimed_rows


@dataclass(frozen=True)
class RowsRequest:
    """Rows about a layer over a set, what their decimals are taken for, and the report."""

    input_set: str
    claims: Path
    reading: Reading
    with_neurons: bool
    certificates: Path | None
    time: str | None
    place: Place


def judge_rows(request: RowsRequest) -> Collection[str]:
    """Write what claimed rows are; return the words of ``--fail-on`` that hold."""
    until = time_limit(request.time)
    if request.certificates is not None:
        require_folder(request.certificates)
    domain = read_polytope(request.input_set, None)
    with naming(str(request.claims)):
        claimed = claimed_rows.read(request.claims, domain.dim, reading=request.reading)
    rows = judged_until(claimed, domain, until)
    comparison = compared_until(rows, until, with_neurons=request.with_neurons)
    blocks, data = rows_blocks(rows, comparison), rows_data(rows, comparison)
    emit_audit(blocks, data, request.place)
    if request.certificates is not None:
        write_certificates(rows, request.certificates)
    end(rows.stop or comparison.stop, rows.missing or ("facets of the hull",))
    return {*map(verdict, rows.found), *(["missing"] if comparison.missing else [])}
