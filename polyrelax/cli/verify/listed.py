"""The instances of a list, worked on by several processes as far as time and patience go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from polyrelax.arithmetic.words import amount
from polyrelax.cli.runs.instances import Decision, Task, decided
from polyrelax.cli.runs.workers import Workers, worked
from polyrelax.cli.terminal.naming import naming
from polyrelax.cli.terminal.options import Format
from polyrelax.cli.terminal.output import emit, formatted, note, require_folder
from polyrelax.cli.terminal.process import interruptions_held
from polyrelax.cli.terminal.progress import counted, progress_bar
from polyrelax.cli.terminal.stop import NOT_DECIDED, Stop, end, time_limit
from polyrelax.cli.terminal.worker import Deadline, TimeUpError
from polyrelax.cli.verify.list_report import list_blocks, list_data
from polyrelax.cli.verify.records import Records
from polyrelax.interop import instances

_STATUS: Final = {"violated": 1, "unknown": NOT_DECIDED, "holds": 0}
_BAD: Final = 2


@dataclass(frozen=True)
class Places:
    """Where verdicts are kept, certificates and the report go."""

    store: Path | None
    certificates: Path | None
    output: Path | None


@dataclass
class Found:
    """What is found of the instances so far, each by its place in the list; it grows."""

    tasks: Sequence[Task]
    decisions: dict[int, Decision] = field(default_factory=dict)
    stop: Stop | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The lines that are not finished."""
        left = (task for k, task in enumerate(self.tasks) if k not in self.decisions)
        return tuple(f"line {task.instance.line}" for task in left)

    @property
    def status(self) -> int:
        """The exit status: the first of 2, 1 and 3 that an instance has."""
        found = {_STATUS.get(str(each.word), _BAD) for each in self.decisions.values()}
        return next((code for code in (_BAD, 1, NOT_DECIDED) if code in found), 0)


def answer_list(
    path: Path, places: Places, workers: Workers, time: str | None, layout: Format
) -> int:
    """Write the verdicts of a list, and return the exit status that they ask for."""
    until = time_limit(time)
    with naming(str(path)):
        given = instances.read(path)
    if places.certificates is not None:
        require_folder(places.certificates)
        places.certificates.mkdir(exist_ok=True)
    tasks = [Task(each, path.parent, places.certificates) for each in given]
    found = _run(tasks, places, workers, until)
    rows = [(tasks[k].instance, each) for k, each in sorted(found.decisions.items())]
    emit(formatted(list_blocks(path.name, rows), list_data(rows), layout), places.output)
    faults = sum(each.word is None for each in found.decisions.values())
    if faults:
        note(f"{faults} of {amount(len(tasks), 'instance')} could not be tried")
    end(found.stop, found.missing)
    return found.status


def _run(tasks: Sequence[Task], places: Places, workers: Workers, until: Deadline) -> Found:
    """Return what was found when all is done, or until something stopped it.

    An interruption before anything is finished stops the whole program.
    """
    records = None if places.store is None else Records.of(places.store)
    known = {} if records is None else {k: records.found(task) for k, task in enumerate(tasks)}
    found = Found(tasks, {k: each for k, each in known.items() if each is not None})
    if found.decisions:
        note(f"{len(found.decisions)} of {len(tasks)} are finished in {places.store}")
    work = [(k, partial(decided, t)) for k, t in enumerate(tasks) if k not in found.decisions]
    try:
        with progress_bar(len(work)) as report:
            for k, each in counted(worked(workers, work, until), report, "instances"):
                with interruptions_held():  # what is recorded is reported
                    _keep(tasks[k], each, records)
                    found.decisions[k] = each
    except TimeUpError:
        found.stop = Stop.TIME_UP
    except KeyboardInterrupt:
        if not found.decisions:
            raise
        found.stop = Stop.INTERRUPTED
    return found


def _keep(task: Task, found: Decision, records: Records | None) -> None:
    """Write the certificate of an instance, and then its record."""
    if task.certificates is not None and found.certificate is not None:
        emit(found.certificate.rstrip("\n"), task.certificates / task.certificate_name)
    if records is not None:
        records.add(task, found)
