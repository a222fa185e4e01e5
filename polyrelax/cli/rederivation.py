"""All claims on several processes, stopped in good order by an interruption."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass

from polyrelax.claims import (
    Claim,
    Outcome,
    choose,
    load_claims,
    proofs_directory,
    rederive_all,
)
from polyrelax.cli.failures import INTERRUPTED
from polyrelax.cli.progress import progress_bar
from polyrelax.cli.worker import end_children, interrupts_ignored, workers
from polyrelax.errors import FormatError

_RUNNING = "claims"
"""No names: several run at once, and only the pool knows which."""


@dataclass(frozen=True)
class Rederivation:
    """The outcomes found, sorted by name, of a number of ``wanted`` claims."""

    outcomes: tuple[Outcome, ...]
    wanted: int

    @property
    def status(self) -> int:
        """The exit status: 0 if all claims hold, 1 if one does not, 130 if some are missing."""
        if len(self.outcomes) < self.wanted:
            return INTERRUPTED
        return 0 if all(outcome.holds for outcome in self.outcomes) else 1


def rederivation(names: Sequence[str], jobs: int) -> Rederivation:
    """Return the outcomes of the named claims, or of all: as many as there is patience for."""
    known = load_claims()
    if not known:
        raise FormatError(f"found no claims in {proofs_directory()}")
    claims = choose(known, dict.fromkeys(names))
    found: list[Outcome] = []
    try:
        with progress_bar(len(claims)) as report, closing(_outcomes(claims, jobs)) as outcomes:
            report(0, _RUNNING)
            for outcome in outcomes:
                found.append(outcome)
                report(len(found), _RUNNING)
    except KeyboardInterrupt:
        pass  # what was found so far is worth a report
    ordered = sorted(found, key=lambda outcome: outcome.claim.name)
    return Rederivation(tuple(ordered), len(claims))


def _outcomes(claims: Sequence[Claim], jobs: int) -> Generator[Outcome]:
    """Yield outcomes as they are found; end all work when nobody waits for more."""
    executor = workers(min(jobs, len(claims)))
    try:
        with interrupts_ignored():  # a process inherits that, from its first moment
            executor.submit(os.getpid)
        yield from rederive_all(claims, executor)
    except BaseException:
        end_children()
        raise
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
