"""Verdicts on disk, a line each, that outlive their process.

The first line names the format.  Each further one has the hashes of the files of an instance,
what was found, the seconds that there were for it, and those of the processor that it took.  A
line that a crash has left unfinished is cut off when the file is opened again.  A record of the
same files is taken for an answer, an undecided one only if there is no more time now; that its
certificate is right is for ``polyrelax check`` to say.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeAlias, cast

from polyrelax.arithmetic.rational import text
from polyrelax.cli.runs.instances import Decision, Task
from polyrelax.cli.terminal.naming import naming
from polyrelax.cli.terminal.output import Json, as_json
from polyrelax.errors import FormatError
from polyrelax.interop.documents import Node, parse

FORMAT: Final = "polyrelax-verdict-store/1"
_HEAD: Final = f"{as_json({'format': FORMAT})}\n".encode()
_FIELDS: Final = ("network", "property", "result", "limit", "seconds")
_RESULTS: Final = {
    "holds": ("leaves",),
    "violated": ("case", "kind", "point", "outputs"),
    "unknown": ("share",),
}

Key: TypeAlias = tuple[str, str]
"""The hashes of the files of an instance."""


@dataclass
class Records:
    """The file of --store, and what it holds; it grows."""

    path: Path
    known: dict[Key, dict[str, Node]] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path) -> Records:
        """Return the records in a file, which is begun if it is not there or empty."""
        records = cls(path)
        with naming(str(path)):
            for line in _lines(path):
                records.take(parse(line))
        return records

    def take(self, record: Node) -> None:
        """Know a record, the last one of several about the same files."""
        fields = record.fields(_FIELDS)
        _require_result(fields["result"])
        for name in ("limit", "seconds"):
            if fields[name].value is not None:
                fields[name].number()
        self.known[fields["network"].words(), fields["property"].words()] = fields

    def found(self, task: Task) -> Decision | None:
        """Return what is recorded of an instance, ``None`` if that is no answer."""
        key = _key(task)
        fields = None if key is None else self.known.get(key)
        if fields is None:
            return None
        result = dict(cast("dict[str, Json]", fields["result"].value))
        is_undecided = result["verdict"] == "unknown"
        if is_undecided and _has_more_time(task, fields["limit"]):
            return None
        certificate = result.pop("certificate", "")
        if task.certificates is not None and not is_undecided:
            if not _is_kept(task.certificates, certificate):
                return None
            result["certificate"] = certificate
        return Decision(result, None, float(fields["seconds"].number()))

    def add(self, task: Task, found: Decision) -> None:
        """Record what was found of an instance, and have it on disk, if it is a verdict."""
        key, limit = _key(task), task.instance.seconds
        if key is None or found.word is None:
            return
        record: Json = {
            "network": key[0],
            "property": key[1],
            "result": found.result,
            "limit": None if limit is None else text(limit),
            "seconds": text(Fraction(round(1000 * found.seconds), 1000)),
        }
        with self.path.open("ab") as file:
            file.write(f"{as_json(record)}\n".encode())
            file.flush()
            os.fsync(file.fileno())


def _lines(path: Path) -> list[str]:
    """Return the records of a file; begin it, or cut off what is no whole line."""
    with path.open("a+b") as file:
        file.seek(0)
        content = file.read()
        if not (content.startswith(_HEAD) or _HEAD.startswith(content)):
            raise FormatError(f"found another file, expected the format {FORMAT}")
        whole = content[: content.rfind(b"\n") + 1]
        file.truncate(len(whole))
        if not whole:
            file.write(_HEAD)
    return whole[len(_HEAD) :].decode("utf-8", "replace").splitlines()


def _key(task: Task) -> Key | None:
    """Return the hashes of an instance's files, ``None`` if one cannot be read."""
    if task.instance.fault is not None:
        return None
    name, _, tensor = str(task.network_file).partition("#")
    try:
        network, property_ = Path(name).read_bytes(), task.property_file.read_bytes()
    except OSError:
        return None
    return sha256(network + tensor.encode()).hexdigest(), sha256(property_).hexdigest()


def _has_more_time(task: Task, limit: Node) -> bool:
    """Whether there are more seconds for an instance than a record says."""
    if limit.value is None:
        return False
    return task.instance.seconds is None or task.instance.seconds > limit.number()


def _is_kept(folder: Path, certificate: Json) -> bool:
    """Whether a certificate was wanted, and is there unless there can be none."""
    return certificate is None or (certificate != "" and (folder / str(certificate)).is_file())


def _require_result(node: Node) -> None:
    """Refuse what cannot be a verdict."""
    value = node.value if isinstance(node.value, dict) else {}
    word = str(value.get("verdict"))
    if word not in _RESULTS:
        expected = ", ".join(_RESULTS)
        raise node.error(f"found {node.kind}, expected one whose verdict is of {expected}")
    fields = node.fields(("verdict", *_RESULTS[word]), optional=("certificate",))
    if fields.get("certificate", Node(None)).value is not None:
        fields["certificate"].words()
    match word:
        case "holds":
            for entry in fields["leaves"].items():
                if entry.value is not None:
                    entry.index()
        case "violated":
            fields["case"].index()
            fields["kind"].words()
            fields["point"].vector()
            fields["outputs"].vector()
        case _:
            fields["share"].number()
