"""Claimed verdicts, decided one after the other within seconds each, past what is at fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import partial
from pathlib import Path

from polyrelax.cli.runs.instances import Decision, Task, decided
from polyrelax.cli.runs.workers import Workers, worked
from polyrelax.cli.terminal.output import emit
from polyrelax.cli.terminal.process import interruptions_held
from polyrelax.cli.terminal.progress import counted, progress_bar
from polyrelax.cli.terminal.stop import Stop
from polyrelax.cli.terminal.worker import Deadline, TimeUpError
from polyrelax.interop.claimed_verdicts import Claim, ClaimedVerdict
from polyrelax.interop.instances import Instance


class Answer(StrEnum):
    """What becomes of a claimed verdict."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    UNDECIDED = "undecided"
    NOTHING = "claims nothing"
    MALFORMED = "malformed"


@dataclass(frozen=True)
class Files:
    """Where networks and properties are, and where certificates go."""

    benchmarks: Path
    certificates: Path | None


@dataclass
class Audited:
    """The claims, and what was found of them by their places; it grows."""

    claims: Sequence[ClaimedVerdict]
    decisions: dict[int, Decision] = field(default_factory=dict)
    stop: Stop | None = None

    @property
    def found(self) -> tuple[tuple[ClaimedVerdict, Decision], ...]:
        """The claims that are dealt with, in order."""
        return tuple((self.claims[k], each) for k, each in sorted(self.decisions.items()))

    @property
    def missing(self) -> tuple[str, ...]:
        """The claims that are not."""
        rest = (each for k, each in enumerate(self.claims) if k not in self.decisions)
        return tuple(f"verdict {each.number}" for each in rest)


def answer_to(claimed: ClaimedVerdict, found: Decision) -> Answer:
    """Return what becomes of a claim by what was found.

    >>> far = ClaimedVerdict(1, "net.onnx", "far.vnnlib", Claim.HOLDS)
    >>> str(answer_to(far, Decision({"verdict": "violated"}, None, 0)))
    'refuted'
    """
    if "fault" in found.result:
        return Answer.MALFORMED
    if claimed.claim is Claim.NOTHING:
        return Answer.NOTHING
    if found.word == "unknown":
        return Answer.UNDECIDED
    return Answer.CONFIRMED if found.word == claimed.claim.value else Answer.REFUTED


def audited(
    claims: Sequence[ClaimedVerdict],
    files: Files,
    seconds: Fraction,
    *,
    workers: Workers,
    until: Deadline,
) -> Audited:
    """Return what becomes of claims within seconds for each; what claims nothing is left."""
    silent = {k: _silence(claim) for k, claim in enumerate(claims) if _is_silent(claim)}
    audit = Audited(claims, silent)
    asked = [k for k in range(len(claims)) if k not in silent]
    tasks = {k: _task(claims[k], files, seconds) for k in asked}
    try:
        with progress_bar(len(tasks)) as report:
            work = [(k, partial(decided, task)) for k, task in tasks.items()]
            for k, each in counted(worked(workers, work, until), report, "verdicts"):
                with interruptions_held():  # what is written is reported
                    _keep(tasks[k], each)
                    audit.decisions[k] = each
    except TimeUpError:
        audit.stop = Stop.TIME_UP
    except KeyboardInterrupt:
        audit.stop = Stop.INTERRUPTED
    return audit


def _is_silent(claimed: ClaimedVerdict) -> bool:
    return claimed.fault is not None or claimed.claim is Claim.NOTHING


def _silence(claimed: ClaimedVerdict) -> Decision:
    return Decision({} if claimed.fault is None else {"fault": claimed.fault}, None, 0)


def _task(claimed: ClaimedVerdict, files: Files, seconds: Fraction) -> Task:
    folders = [files.benchmarks, *([files.benchmarks / claimed.group] if claimed.group else [])]
    network, property_ = (
        str(_located(folders, name)) for name in (claimed.network, claimed.property)
    )
    instance = Instance(claimed.number, network, property_, seconds)
    return Task(instance, files.benchmarks, files.certificates)


def _located(folders: Sequence[Path], name: str) -> Path:
    """Return the file of a name in the first of folders that has it, plain or compressed.

    Else it is the only file of its own name at some place below the first of them.
    """
    paths = [folder / name for folder in folders]
    below = (
        list(folders[0].rglob(f"{Path(name).name}*")) if not any(map(_is_there, paths)) else []
    )
    ends = (Path(name).name, f"{Path(name).name}.gz")
    same = [path for path in below if path.name in ends]
    return next(filter(_is_there, paths), same[0] if len(same) == 1 else paths[0])


def _is_there(path: Path) -> bool:
    return path.exists() or path.with_name(f"{path.name}.gz").exists()


def _keep(task: Task, found: Decision) -> None:
    if task.certificates is not None and found.certificate is not None:
        emit(found.certificate.rstrip("\n"), task.certificates / task.certificate_name)
