"""One instance of a list, decided in a process that may be another one."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from polyrelax.cli.requests.problem import read_network, read_property
from polyrelax.cli.runs.verdict_data import verdict_data
from polyrelax.cli.terminal.failures import FAILURES, describe
from polyrelax.cli.terminal.naming import naming
from polyrelax.cli.terminal.output import Json
from polyrelax.cli.terminal.worker import Deadline
from polyrelax.interop.instances import Instance
from polyrelax.verification.verdict_certificates import certificate
from polyrelax.verification.verdicts import Unknown
from polyrelax.verification.verify import verified


@dataclass(frozen=True)
class Task:
    """An instance whose files are in a folder, and the folder of certificates, if wanted."""

    instance: Instance
    folder: Path
    certificates: Path | None = None

    @property
    def network_file(self) -> Path:
        """The file of the network, which may be the compressed one beside its name."""
        return _found(self.folder / self.instance.network)

    @property
    def property_file(self) -> Path:
        """The file of the property."""
        return _found(self.folder / self.instance.property)

    @property
    def certificate_name(self) -> str:
        """What the file of the instance's certificate is called."""
        stems = (path.name.split(".")[0] for path in (self.network_file, self.property_file))
        return f"{'-'.join([str(self.instance.line), *stems])}.jsonl"


@dataclass(frozen=True)
class Decision:
    """What was found of an instance, in how many seconds of the processor."""

    result: dict[str, Json]
    certificate: str | None
    seconds: float

    @property
    def word(self) -> str | None:
        """The verdict; ``None`` if the instance is at fault."""
        word = self.result.get("verdict")
        return None if word is None else str(word)


def decided(task: Task) -> Decision:
    """Return the verdict of an instance, or what is wrong with it."""
    start = time.process_time()
    if task.instance.fault is not None:
        return Decision({"fault": task.instance.fault}, None, 0)
    try:
        result, made = _answer(task)
    except FAILURES as failure:
        result, made = {"fault": describe(failure)}, None
    return Decision(result, made, time.process_time() - start)


def _answer(task: Task) -> tuple[dict[str, Json], str | None]:
    seconds = task.instance.seconds
    until = Deadline.after(None if seconds is None else float(seconds))
    with naming(str(task.network_file)):
        network = read_network(str(task.network_file)).network
    property_ = read_property(task.property_file, network)
    found = verified(network, property_, ended=lambda: until.left() == 0)
    result = verdict_data(found)
    del result["format"]
    if task.certificates is None or isinstance(found, Unknown):
        return result, None
    made = certificate(network, property_, found)
    return {**result, "certificate": None if made is None else task.certificate_name}, made


def _found(path: Path) -> Path:
    compressed = path.with_name(f"{path.name}.gz")
    return compressed if not path.exists() and compressed.exists() else path
