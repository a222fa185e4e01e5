"""The report of ``polyrelax check``: the checker's lines, or ``polyrelax-check/1``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from polyrelax.arithmetic.words import amount
from polyrelax.certificates import subjects
from polyrelax.certificates.check import (
    OTHER_INPUTS,
    OTHER_NETWORK,
    UNREADABLE,
    Answer,
    Subject,
    answer,
    named,
    status,
    tell,
)
from polyrelax.certificates.subjects import is_about_inputs, is_about_network
from polyrelax.cli.requests.inputs import named_sets
from polyrelax.cli.requests.problem import only_set, read_network
from polyrelax.cli.requests.request import Inputs
from polyrelax.cli.terminal.layout import Grid, as_markdown
from polyrelax.cli.terminal.naming import naming
from polyrelax.cli.terminal.options import Format
from polyrelax.cli.terminal.output import Json, as_json, emit
from polyrelax.errors import UsageError
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope

FORMAT: Final = "polyrelax-check/1"
LONGEST_SET: Final = 200


@dataclass(frozen=True)
class Expectation:
    """What certificates are to be about, as far as it is given.

    ``is_limited`` says whether the size of a file limits the work on it.
    """

    network: Network | None = None
    domain: Polytope | None = None
    is_limited: bool = True

    def held_against(self, found: Answer) -> Answer:
        """Return what there is to say of a certificate that is to be about this."""
        if found.subject is None:
            return found
        if self.network is not None and not is_about_network(found.subject, self.network):
            return _other(found, OTHER_NETWORK, subjects.named(self.network))
        if self.domain is not None and not is_about_inputs(found.subject, self.domain):
            return _other(found, OTHER_INPUTS, _brief(self.domain))
        return found


def expectation(network: str | None, inputs: Inputs, *, is_limited: bool = True) -> Expectation:
    """Return what certificates are to be about by the options."""
    wanted = Expectation(is_limited=is_limited)
    if network is not None:
        with naming(network):
            given = read_network(network)
        wanted = replace(wanted, network=given.network, domain=given.input)
    if not inputs.given:
        return wanted
    if wanted.network is None and inputs.input_set is None:
        raise UsageError("found inputs without --network, expected both, or --input")
    dim = 0 if wanted.network is None else wanted.network.in_dim
    return replace(wanted, domain=only_set(named_sets(inputs, dim), inputs))


def checked(
    files: Sequence[str], wanted: Expectation, layout: Format, output: Path | None
) -> int:
    """Write what the checker says of files; return the exit status that it asks for."""
    answers = []
    for path in files:
        answers.append(wanted.held_against(answer(path, is_limited=wanted.is_limited)))
        if layout is Format.TABLE and (output is None or answers[-1].verdict == UNREADABLE):
            tell(answers[-1])
    if layout is not Format.TABLE or output is not None:
        emit(_report(answers, layout), output)
    return status(answers)


def _brief(domain: Polytope) -> str:
    """Return an input set in words, of one that is long or no box the dimension."""
    if domain.is_box:
        words = f"the box {' x '.join(map(str, domain.bounds))}"
        if len(words) <= LONGEST_SET:
            return words
    return f"another set of {amount(domain.dim, 'input')}"


def _other(found: Answer, verdict: str, expected: str) -> Answer:
    return replace(found, verdict=verdict, told=f"expected {expected}, found that {found.told}")


def _report(answers: Sequence[Answer], layout: Format) -> str:
    if layout is Format.JSON:
        return as_json({"format": FORMAT, "results": [_data(found) for found in answers]})
    if layout is Format.MARKDOWN:
        rows = tuple((named(a.path), a.verdict, a.told, str(a.subject or "")) for a in answers)
        return as_markdown([Grid("Certificates", ("file", "verdict", "claim", "about"), rows)])
    return "\n".join(found.line for found in answers if found.verdict != UNREADABLE)


def _data(found: Answer) -> Json:
    return {
        "file": found.path,
        "verdict": found.verdict,
        "told": found.told,
        "assuming": list(found.cited),
        "subject": None if found.subject is None else _subject_data(found.subject),
    }


def _subject_data(subject: Subject) -> Json:
    return {
        "kind": subject.kind,
        "widths": list(subject.widths),
        "sha256": subject.digest,
        "inputs": {
            "dim": subject.inputs.dim,
            "sha256": subject.inputs.digest,
            "known_to_be_inhabited": subject.is_inhabited,
        },
    }
