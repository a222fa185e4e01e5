"""Coq proves what the certificates under ``proofs`` claim, and refuses what they do not."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.proofs.coq import (
    PRIMITIVES,
    PROOFS,
    VERDICTS,
    compile_text,
    document,
    needs_coq,
    needs_ocaml,
    run_checker,
)
from translator import generate
from translator.files import module_name, stream

pytestmark = pytest.mark.xdist_group("coq")  # one worker compiles


NODES = {
    *("linear", "cases", "run", "point", "windows", "between", "range"),
    *("boxes", "interval", "hull", "functional", "pairs"),
}


def has_rules(found: dict[str, Any]) -> bool:
    """Whether the theory has rules for all nodes and statements."""
    kinds = {node["kind"] for node in found["nodes"]}
    return kinds <= NODES and not any("lipschitz" in s for s in found["claim"]["statements"])


@needs_coq
def test_every_committed_certificate_becomes_a_theorem(compiled: Path) -> None:
    texts, names = [generate.REQUIRED], []
    for path in sorted(PROOFS.glob("*/*/certificate*.json")):
        found = document(str(path))
        try:
            text = generate.theory(found, path.name)
        except ValueError:
            assert not has_rules(found), path
            continue
        assert "Not stated here" not in text or not has_rules(found), path
        names.append(module_name(path))
        text = text.removesuffix("Print Assumptions every_theorem.\n")  # once, for all
        texts.append(f"Module {names[-1]}.\n{text}End {names[-1]}.\n")
    assert len(names) > 230
    every = ", ".join(f"{name}.all_true" for name in names)
    texts.append(f"Definition every := ({every}).\nPrint Assumptions every.\n")
    result = compile_text(compiled, "Every.v", "\n".join(texts))
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "Axioms:"
    assert {line.split(" :")[0] for line in lines[1:]} <= PRIMITIVES | {
        name.partition(".")[2] for name in PRIMITIVES
    }


def test_the_theorems_of_the_tent_read_as_one_would_say_them() -> None:
    text = " ".join(generate.theory(document("p0-tent/certificate-tent.json"), "").split())
    for stated in (
        "Definition X : polytope := box [((-(1)), 1)].",
        "forall x, inside X x -> 1 <= output 0 (eval f x) <= 2.",
        "exact_minimum (inside X) f 0 1.",
        "forall t, P 1 (inside X) f t -> 0 <= output 0 (last_value t) <= 2.",
        "admits (P 1) (inside X) f 0 0.",
        "imprecise_below (P 1) (inside X) f 0.",
        "forall t, triangle (inside X) f t -> 0 <= output 0 (last_value t) <= 2.",
        "imprecise_below (multi_neuron 2) (inside X) f 0.",
        "forall t, interval_bounds (inside X) f t -> 0 <= output 0 (last_value t) <= 2.",
        "admits interval_bounds (inside X) f 0 0.",
        "forall t, back_substitution DeepPoly0 (inside X) f t ->",
        "imprecise_below (back_substitution DeepPoly1) (inside X) f 0.",
    ):
        assert stated in text


def tampered(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield certificates that claim 1/7 too much, or whose first run is no input."""
    for k, statement in enumerate(found["claim"]["statements"]):
        other = deepcopy(found)
        value = Fraction(statement["value"]) - Fraction(1, 7)
        other["claim"]["statements"][k]["value"] = str(value)
        yield other
    first = next(k for k, node in enumerate(found["nodes"]) if node["kind"] == "run")
    other = deepcopy(found)
    other["nodes"][first]["input"][0] = "5"
    yield other


TAMPERED = [
    "p0-hat-chain/certificate-hat.json",
    "p0-identity-pumping/certificate-m-1.json",
    "p0-max-case-study/certificate-d-2.json",
    "p0-theorem-3-3/certificate-triangle.json",
    "p3-barrier-network/certificate-crown.json",
    "p3-barrier-network/certificate-fastlin.json",
    "p3-barrier-network/certificate-ranges.json",
]


@needs_coq
def test_certificates_that_claim_too_much_are_refused(compiled: Path) -> None:
    goals = []
    for name in TAMPERED:
        found = document(name)
        for k, other in enumerate([found, *tampered(found)]):
            numbers = "; ".join(map(str, generate.stream(other, "")))
            expected = str(k == 0).lower()
            goals.append(
                f"Goal verdict [| {numbers} | 0 |]%uint63 = {expected}.\n"
                f"Proof. vm_cast_no_check (eq_refl {expected}). Qed.\n"
            )
    result = compile_text(compiled, "Tampered.v", VERDICTS + "".join(goals))
    assert (result.returncode, result.stderr) == (0, "")
    assert len(goals) > 60


@needs_coq
def test_a_false_theorem_about_a_relaxation_does_not_compile(compiled: Path) -> None:
    found = document("p0-identity-pumping/certificate-m-1.json")
    text = generate.theory(found, "")
    true = "(AtMost (Windowed 4) [((-(1)), (6, 0)%nat)] (-(1))"
    assert true in text
    false = text.replace(true, true.replace("Windowed 4", "Windowed 3"))
    result = compile_text(compiled, "False.v", generate.REQUIRED + false)
    assert result.returncode == 1
    assert "all_true" in result.stderr or "check f X" in result.stderr


@needs_coq
@needs_ocaml
def test_the_extracted_checker_accepts_what_is_true_and_refuses_the_rest(
    extracted: Path,
) -> None:
    for name in TAMPERED:
        found = document(name)
        assert run_checker(extracted, stream(found, "")) == ("accepted", 0)
        for other in tampered(found):
            assert run_checker(extracted, stream(other, "")) == ("rejected", 1)
