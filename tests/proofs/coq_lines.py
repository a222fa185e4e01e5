"""How the tests make certificates of lines, and ask Coq for its verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from polyrelax.certificates.traces import certify_trace
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from tests.certificates.test_streamed import by_hand
from tests.certificates.test_streamed import text as text_of_lines
from tests.proofs.coq import compile_text
from translator.streamed import Lines, Translated

VERDICTS = """
From Coq Require Import ZArith QArith List Uint63 PArray.
From Polyrelax Require Import Network Farkas Layered Stream Neurons Cases CaseStream.
Definition verdict (a : array int) : bool :=
  check_case_document (read_case_document (contents a)).
"""
SEGMENT, SQUARE = Polytope.box([-1], [1]), Polytope.box([-1, -1], [1, 1])
TRIANGLE = Polytope.hull([[0, 0], [1, 0], [0, 1]], 2)
SLANTED = Polytope.hull([[-1, 0], [1, "1/2"]], 2)


def lines(text: str) -> Lines:
    head, *nodes = map(json.loads, text.splitlines())
    return Lines(head, tuple(nodes))


def goals(cases: Sequence[tuple[Sequence[int], bool]]) -> str:
    """Return goals: whether the checker accepts streams."""
    return VERDICTS + "".join(
        f"Goal verdict [| {'; '.join(map(str, numbers))} | 0 |]%uint63 = {word}.\n"
        f"Proof. vm_cast_no_check (eq_refl {word}). Qed.\n"
        for numbers, word in ((numbers, str(expected).lower()) for numbers, expected in cases)
    )


def require_goals(folder: Path, name: str, cases: Sequence[tuple[Sequence[int], bool]]) -> None:
    result = compile_text(folder, name, goals(cases))
    assert (result.returncode, result.stderr) == (0, "")


def certified(net: Network, domain: Polytope, name: str) -> Iterator[Lines]:
    """Yield the certificates of the bounds of a trace, each of which `check.py` accepts."""
    trace = propagate(net, domain, relaxation(name))
    for bound in certify_trace(trace, domain):
        yield lines(bound.certificate.dumps())


def with_value(found: Translated, value: Fraction) -> Translated:
    """Return a certificate whose only claim has another value."""
    [claim] = found.claims
    return replace(found, claims=[replace(claim, value=value)])


def maximum_on_the_square() -> Lines:
    """Return a certificate that max(x, y) is at most 1 on the unit square, and 1 at (1, 0)."""
    return lines(text_of_lines(by_hand()))
