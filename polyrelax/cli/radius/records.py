"""What is finished, image by image, in the folder of --certificates, which outlives a process.

Beside the certificate of an image stands a record of what was found and of what was asked: the
network, the image, its label and the options, as a hash.  The record is written last and in
one step, so that an image is there as a whole or not at all.  A record of the same question is
taken for an answer when the same command runs again; that its certificate is right is for
``polyrelax check`` to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Final, cast

from polyrelax.arithmetic.words import amount
from polyrelax.certificates.subjects import digest
from polyrelax.cli.radius.request import Survey
from polyrelax.cli.terminal.naming import naming
from polyrelax.cli.terminal.output import Json, as_json, emit, require_folder
from polyrelax.errors import ShapeError
from polyrelax.interop.documents import Node, parse
from polyrelax.interop.opening import read_text
from polyrelax.verification.balls import Labelled
from polyrelax.verification.survey import Bracket, Verdict

_ATTACK: Final = ("upper", "counterexample")


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

    def found(
        self, name: str, question: Json, point: Labelled, radius: Fraction | None
    ) -> Json:
        """Return what is recorded of a question, ``None`` if nothing is.

        It is about ``point``, at a radius or not.
        """
        path = self.folder / f"{name}.json"
        if not path.exists():
            return None
        with naming(str(path)):
            record = parse(read_text(path)).fields(("question", "result"))
            if record["question"].words() != self._hash(question):
                return None
            _require_result(record["result"], point, radius)
            return cast(Json, record["result"].value)

    def add(self, name: str, question: Json, result: Json, certificate: str | None) -> None:
        """Record what was found, after its certificate."""
        if certificate is not None:
            emit(certificate.rstrip("\n"), self.folder / f"{name}.jsonl")
        data: Json = {"question": self._hash(question), "result": result}
        emit(as_json(data), self.folder / f"{name}.json")

    def _hash(self, question: Json) -> str:
        return sha256(as_json([self.network, question]).encode()).hexdigest()


def _require_result(node: Node, point: Labelled, radius: Fraction | None) -> None:
    """Refuse what cannot be the result of a question."""
    fields = node.fields(("label", *_ATTACK, "lower" if radius is None else "verdict"))
    if fields["label"].index() != point.label:
        raise fields["label"].error(f"found {fields['label'].value}, expected {point.label}")
    upper = _upper(fields, len(point.center))
    if radius is None:
        try:
            Bracket(_exact(fields["lower"]), upper)
        except ShapeError as error:
            raise node.error(str(error)) from None
    elif fields["verdict"].words() not in set(Verdict):
        raise fields["verdict"].error(
            f"found {fields['verdict'].kind}, expected one of {', '.join(Verdict)}"
        )


def _upper(fields: Mapping[str, Node], size: int) -> Fraction | None:
    """Return the distance of a counterexample of so many numbers, if there is one."""
    if all(fields[name].value is None for name in _ATTACK):
        return None
    point = [_exact(entry) for entry in fields["counterexample"].items()]
    if len(point) != size:
        found = f"found {amount(len(point), 'number')}, expected {size}"
        raise fields["counterexample"].error(found)
    return _exact(fields["upper"])


def _exact(node: Node) -> Fraction:
    """Return an exact number that is written as a text."""
    node.words()
    return node.number()
