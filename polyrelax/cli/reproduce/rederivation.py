"""All claims on several processes, as far as time and patience go."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial

from polyrelax.claims import (
    Claim,
    Outcome,
    broken_off,
    choose,
    load_claims,
    proofs_directory,
    rederive,
)
from polyrelax.cli.terminal.failures import describe
from polyrelax.cli.terminal.progress import progress_bar
from polyrelax.cli.terminal.stop import Stop
from polyrelax.cli.terminal.worker import Deadline, Done, Tell, TimeUpError, Worker, await_one
from polyrelax.errors import FormatError


@dataclass(frozen=True)
class Rederivation:
    """The outcomes found, sorted by name, of all claims wanted, and what stopped the others."""

    outcomes: tuple[Outcome, ...]
    claims: tuple[Claim, ...]
    stop: Stop | None = None

    @property
    def wanted(self) -> int:
        """The number of claims wanted."""
        return len(self.claims)

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the claims that were not derived to the end."""
        found = {outcome.claim.name for outcome in self.outcomes}
        return tuple(claim.name for claim in self.claims if claim.name not in found)

    @property
    def holds(self) -> bool:
        """Whether all claims that were derived hold."""
        return all(outcome.holds for outcome in self.outcomes)


def rederivation(names: Sequence[str], jobs: int, until: Deadline) -> Rederivation:
    """Return the outcomes of the named claims, or of all: as many as there is time for."""
    known = load_claims()
    if not known:
        raise FormatError(f"found no claims in {proofs_directory()}")
    claims = choose(known, dict.fromkeys(names))
    found: list[Outcome] = []
    stop = None
    try:
        with closing(_outcomes(claims, jobs, until)) as outcomes:
            found.extend(outcomes)
    except KeyboardInterrupt:
        stop = Stop.INTERRUPTED  # what was found so far is worth a report
    except TimeUpError:
        stop = Stop.TIME_UP
    ordered = sorted(found, key=lambda outcome: outcome.claim.name)
    return Rederivation(tuple(ordered), claims, stop if len(found) < len(claims) else None)


def _outcomes(claims: Sequence[Claim], jobs: int, until: Deadline) -> Generator[Outcome]:
    """Yield outcomes as they are found; end all work when nobody waits for more."""
    team = _Team(list(claims))
    try:
        with progress_bar(len(claims)) as report:
            for _ in range(min(jobs, len(claims))):
                team.begin(Worker(rederived))
            while team.busy:
                report(team.done, team.text())
                outcome = team.next_outcome(until)
                if outcome is not None:
                    yield outcome
    finally:
        team.end()


@dataclass
class _Team:
    """Workers, the claims that they are at work on, and those that wait; mutable."""

    waiting: list[Claim]
    busy: dict[Worker[Claim, Outcome], Claim] = field(default_factory=dict)
    values: dict[str, int] = field(default_factory=dict)
    done: int = 0

    def begin(self, worker: Worker[Claim, Outcome]) -> None:
        """Give a worker the next claim, or let it go if there is none."""
        if not self.waiting:
            worker.end()
            return
        claim = self.waiting.pop(0)
        self.busy[worker] = claim
        worker.begin(claim)

    def text(self) -> str:
        """Return which claims are under way, and how many values of each are found."""
        return ", ".join(
            f"{claim.name} ({self.values.get(claim.name, 0)} of {len(claim.expected)})"
            for claim in self.busy.values()
        )

    def next_outcome(self, until: Deadline) -> Outcome | None:
        """Return an outcome if that is what a worker says next."""
        worker = await_one(tuple(self.busy), until)
        claim = self.busy[worker]
        try:
            said = worker.receive(partial(self._told, claim.name))
        except BrokenExecutor as error:
            worker.end()
            worker, said = Worker(rederived), Done(broken_off(claim, describe(error)))
        if said is None:
            return None
        self.busy = {other: c for other, c in self.busy.items() if c is not claim}
        self.done += 1
        self.begin(worker)
        return said.result

    def end(self) -> None:
        """End all workers."""
        for worker in self.busy:
            worker.end()

    def _told(self, name: str, count: object) -> None:
        assert isinstance(count, int), "what a derivation tells is how many values it found"
        self.values[name] = count


def rederived(claim: Claim, tell: Tell) -> Outcome:
    """Return the outcome of a claim, and tell how many values are found; for a worker."""
    try:
        return rederive(claim, progress=tell)
    except Exception as error:  # a derivation is anybody's code, and its end is its outcome
        return broken_off(claim, f"{type(error).__name__}: {error}")
