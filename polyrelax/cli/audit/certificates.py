"""Certificates of claims that hold, a file each."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from polyrelax.certificates.check import check
from polyrelax.certificates.streamed import StreamedCertificate
from polyrelax.cli.terminal.output import emit, note
from polyrelax.cli.terminal.progress import counted, progress_bar


def write_proofs(
    proofs: Iterable[tuple[str, StreamedCertificate]], count: int, folder: Path
) -> None:
    """Write so many certificates under their names; the checker has accepted each."""
    folder.mkdir(exist_ok=True)
    with progress_bar(count) as report:
        for name, proof in counted(proofs, report, "certificates"):
            content = proof.dumps()
            check(content)
            emit(content.rstrip("\n"), folder / f"{name}.jsonl")
    note(f"{count} certificates in {folder}: polyrelax check {folder}/*")
