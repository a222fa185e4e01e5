"""Claimed bounds of a network, judged one after the other, and certificates of sound ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from polyrelax.audit.bounds import ClaimedBound, Judged, Soundness, judged, proof_of
from polyrelax.certificates.check import check
from polyrelax.certificates.streamed import Problem, StreamedCertificate
from polyrelax.cli.requests.problem import Problem as Asked
from polyrelax.cli.terminal.output import emit, note
from polyrelax.cli.terminal.progress import counted, progress_bar
from polyrelax.cli.terminal.stop import Stop, taken
from polyrelax.cli.terminal.worker import Deadline
from polyrelax.relaxations.trace import Trace
from polyrelax.systems.claims import Claims


@dataclass
class Verdicts:
    """The claims and what was found of them, in their order; it grows."""

    claims: Sequence[ClaimedBound]
    found: list[Judged]
    stop: Stop | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The claims that were not judged."""
        return tuple(map(str, self.claims[len(self.found) :]))


def judged_until(
    trace: Trace, asked: Asked, claims: Sequence[ClaimedBound], until: Deadline
) -> Verdicts:
    """Return what claims are, those that there is time for."""
    verdicts = Verdicts(claims, [])
    expected = len(claims), "claimed bounds"
    found = judged(trace, asked.domain, claims)
    verdicts.stop = taken(found, verdicts.found.append, expected, until)
    return verdicts


def write_certificates(verdicts: Verdicts, trace: Trace, asked: Asked, folder: Path) -> None:
    """Write a certificate of each sound claim; each has been accepted by the checker."""
    folder.mkdir(exist_ok=True)
    problem = Problem(asked.network, asked.domain)
    claims = Claims(asked.network, asked.domain, trace.bounds, trace.couplings)
    sound = [each for each in verdicts.found if each.verdict is Soundness.SOUND]
    with progress_bar(len(sound)) as report:
        for each in counted(sound, report, "certificates"):
            row = each.row or proof_of(each.claim, claims)
            content = StreamedCertificate(problem, (row,)).dumps()
            check(content)
            side = "upper" if each.claim.sign > 0 else "lower"
            number = verdicts.found.index(each)
            name = f"{number}-layer-{each.claim.layer}-{each.claim.coordinate}-{side}.jsonl"
            emit(content.rstrip("\n"), folder / name)
    note(f"{len(sound)} certificates in {folder}: polyrelax check {folder}/*")
