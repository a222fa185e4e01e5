"""Claimed bounds of a network, judged one after the other, and certificates of sound ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from polyrelax.audit.bounds import ClaimedBound, Judged, Soundness, judged, proof_of
from polyrelax.certificates.streamed import Problem, StreamedCertificate
from polyrelax.cli.audit.certificates import write_proofs
from polyrelax.cli.requests.problem import Problem as Asked
from polyrelax.cli.requests.request import Request
from polyrelax.cli.runs.run import run_until_stopped
from polyrelax.cli.terminal.stop import Stop, taken
from polyrelax.cli.terminal.worker import Deadline
from polyrelax.relaxations.trace import Trace
from polyrelax.systems.claims import Claims


@dataclass
class Verdicts:
    """The claims about a network and what was found of them, in their order; it grows.

    ``about`` names the network as the command line does, and ``tensor`` what the claims name.
    """

    about: str
    asked: Asked
    claims: Sequence[ClaimedBound]
    tensor: str = ""
    trace: Trace | None = None
    found: list[Judged] = field(default_factory=list)
    stop: Stop | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The claims that were not judged."""
        rest = map(str, self.claims[len(self.found) :])
        return tuple(f"{self.tensor}: {claim}" if self.tensor else claim for claim in rest)


def judged_until(verdicts: Verdicts, request: Request, until: Deadline) -> None:
    """Judge the claims that there is time for."""
    try:
        runs = run_until_stopped(verdicts.asked, request, until)
    except KeyboardInterrupt:  # before there were bounds; what was judged before is kept
        verdicts.stop = Stop.INTERRUPTED
        return
    if runs.error is not None:
        raise runs.error
    verdicts.stop = runs.stop
    if runs.finished and runs.stop is None:
        verdicts.trace = runs.finished[0].trace
        expected = len(verdicts.claims), "claimed bounds"
        found = judged(verdicts.trace, verdicts.asked.domain, verdicts.claims)
        verdicts.stop = taken(found, verdicts.found.append, expected, until)


def write_certificates(several: Sequence[Verdicts], folder: Path) -> None:
    """Write a certificate of each sound claim; each has been accepted by the checker."""
    pairs = enumerate((each, found) for each in several for found in each.found)
    sound = [(k, *pair) for k, pair in pairs if pair[1].verdict is Soundness.SOUND]
    claims = {each.about: _claims(each, each.trace) for each in several if each.trace}
    proofs = (
        (_name(k, found), _certificate(each, found, claims[each.about]))
        for k, each, found in sound
    )
    write_proofs(proofs, len(sound), folder)


def _certificate(about: Verdicts, found: Judged, claims: Claims) -> StreamedCertificate:
    problem = Problem(about.asked.network, about.asked.domain)
    return StreamedCertificate(problem, (found.row or proof_of(found.claim, claims),))


def _name(number: int, found: Judged) -> str:
    side = "upper" if found.claim.sign > 0 else "lower"
    return f"{number}-layer-{found.claim.layer}-{found.claim.coordinate}-{side}"


def _claims(about: Verdicts, trace: Trace) -> Claims:
    """Return what proves claims about a network."""
    asked = about.asked
    return Claims(asked.network, asked.domain, trace.bounds, trace.couplings)
