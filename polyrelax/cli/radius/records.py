"""What is finished, image by image, in the folder of --certificates, which outlives a process.

Beside the certificate of an image stands a record of what was found and of what was asked: the
network, the image, its label and the options, as a hash.  The record is written last and in
one step, so that an image is there as a whole or not at all.  A record of the same question is
taken for an answer when the same command runs again; that its certificate is right is for
``polyrelax check`` to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import cast

from polyrelax.certificates.subjects import digest
from polyrelax.cli.radius.request import Survey
from polyrelax.cli.terminal.naming import naming
from polyrelax.cli.terminal.output import Json, as_json, emit, require_folder
from polyrelax.interop.documents import Node, parse
from polyrelax.interop.opening import read_text
from polyrelax.verification.survey import Verdict


def make_folder(folder: Path | None) -> None:
    """Make the folder of a survey if it names one, before any work."""
    if folder is not None:
        require_folder(folder)
        folder.mkdir(exist_ok=True)


@dataclass(frozen=True)
class Records:
    """The folder of finished images."""

    folder: Path
    network: str

    @classmethod
    def of(cls, survey: Survey) -> Records | None:
        """Return the records of a survey, if it has a folder."""
        if survey.certificates is None:
            return None
        return cls(survey.certificates, digest(survey.network))

    def found(self, name: str, question: Json) -> Json:
        """Return what is recorded of a question, ``None`` if nothing is."""
        path = self.folder / f"{name}.json"
        if not path.exists():
            return None
        with naming(str(path)):
            record = parse(read_text(path)).fields(("question", "result"))
            if record["question"].words() != self._hash(question):
                return None
            return _result(record["result"])

    def add(self, name: str, question: Json, result: Json, certificate: str | None) -> None:
        """Record what was found, after its certificate."""
        if certificate is not None:
            emit(certificate.rstrip("\n"), self.folder / f"{name}.jsonl")
        data: Json = {"question": self._hash(question), "result": result}
        emit(as_json(data), self.folder / f"{name}.json")

    def _hash(self, question: Json) -> str:
        return sha256(as_json([self.network, question]).encode()).hexdigest()


def _result(node: Node) -> Json:
    """Return a result that has the form of one: a radius or a verdict, and an attack if any."""
    fields = node.fields(("label", "upper", "counterexample"), ("lower", "verdict"))
    fields["label"].index()
    if fields["upper"].value is None and fields["counterexample"].value is None:
        exact = []
    else:
        exact = [fields["upper"], *fields["counterexample"].items()]
    if "verdict" in fields and "lower" not in fields:
        if fields["verdict"].words() not in set(Verdict):
            raise fields["verdict"].error(f"expected one of {', '.join(Verdict)}")
    else:
        exact += [node.fields(("label", "upper", "counterexample", "lower"))["lower"]]
    for number in exact:
        number.words()
        number.number()
    return cast(Json, node.value)
