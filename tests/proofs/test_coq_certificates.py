"""Coq proves what the certificates under ``proofs`` claim, and refuses what they do not."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.proofs.coq import PRIMITIVES, SOURCES, compile_text, needs_coq

PROOFS = SOURCES.parent
NODES = {"linear", "cases", "run", "point", "windows", "hull", "functional"}
WITHOUT_RULES = {"ibp", "dp0", "dp1", "crown", "fastlin"}

pytestmark = pytest.mark.xdist_group("coq")  # one worker compiles


@pytest.fixture(scope="module")
def generate() -> Iterator[ModuleType]:
    sys.path.insert(0, str(SOURCES))
    yield importlib.import_module("generate")
    sys.path.remove(str(SOURCES))


def document(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PROOFS / name).read_text(encoding="utf-8"))
    return found


def has_rules(found: dict[str, Any]) -> bool:
    """Whether the theory has rules for some statement and for all nodes."""
    statements = found["claim"]["statements"]
    named = {s.get("relaxation", "exact") for s in statements}
    kinds = {node["kind"] for node in found["nodes"]}
    return (
        "assuming" not in found["claim"]
        and not named <= WITHOUT_RULES
        and (kinds <= NODES or not named & WITHOUT_RULES)
        and not kinds & {"cite", "pairs", "gradients"}
    )


@needs_coq
def test_every_committed_certificate_becomes_a_theorem(
    compiled: Path, generate: ModuleType
) -> None:
    texts, names = [generate.REQUIRED], []
    for path in sorted(PROOFS.glob("*/certificate*.json")):
        found = document(str(path))
        try:
            text = generate.theory(found, path.name)
        except ValueError:
            assert not has_rules(found), path
            continue
        names.append(generate.module_name(path))
        texts.append(f"Module {names[-1]}.\n{text}End {names[-1]}.\n")
    assert len(names) > 100
    every = ", ".join(f"{name}.all_true" for name in names)
    texts.append(f"Definition every := ({every}).\nPrint Assumptions every.\n")
    result = compile_text(compiled, "Every.v", "\n".join(texts))
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "Axioms:"
    assert {line.split(" :")[0] for line in lines[1:]} <= PRIMITIVES | {
        name.partition(".")[2] for name in PRIMITIVES
    }


def test_the_theorems_of_the_tent_read_as_one_would_say_them(generate: ModuleType) -> None:
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
        "Not stated here: what it says of dp0, ibp, dp1.",
    ):
        assert stated in text


def tampered(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield certificates that claim 1/7 too much, or whose first run is no input."""
    for k, statement in enumerate(found["claim"]["statements"]):
        if statement["relaxation"] not in WITHOUT_RULES:
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
    "p0-max-case-study/certificate-d-3.json",
    "p0-theorem-3-3/certificate-triangle.json",
    "p3-barrier-network/certificate-ranges.json",
]
VERDICTS = """
From Coq Require Import List ZArith Uint63 PArray.
From Polyrelax Require Import Stream NodeStream.
Definition verdict (a : array int) : bool := check_document (read_document (contents a)).
"""


@needs_coq
def test_certificates_that_claim_too_much_are_refused(
    compiled: Path, generate: ModuleType
) -> None:
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


def verdicts(generate: ModuleType, cases: Sequence[tuple[dict[str, Any], Any, bool]]) -> str:
    """Return goals: whether a certificate's nodes prove one claim, as it is or altered."""
    goals = []
    for found, claim, expected in cases:
        writer, _, _ = generate.certified(found, "")
        numbers = generate.written(found, [claim], writer)
        word = str(expected).lower()
        goals.append(
            f"Goal verdict [| {'; '.join(map(str, numbers))} | 0 |]%uint63 = {word}.\n"
            f"Proof. vm_cast_no_check (eq_refl {word}). Qed.\n"
        )
    return VERDICTS + "".join(goals)


def other_hulls(found: dict[str, Any], generate: ModuleType) -> Iterator[Any]:
    """Yield claims of hulls that have a facet or a vertex too few, too many or elsewhere."""
    _, [claim], _ = generate.certified(found, "")
    for k, (normal, offset) in enumerate(claim.rows):
        before, after = claim.rows[:k], claim.rows[k + 1 :]
        yield replace(claim, rows=before + after)
        yield replace(claim, rows=(*before, (normal, offset - Fraction(1, 7)), *after))
        yield replace(claim, rows=(*claim.rows, (normal, offset + 1)))
    for k, point in enumerate(claim.points):
        before, after = claim.points[:k], claim.points[k + 1 :]
        yield replace(claim, points=before + after)
        yield replace(claim, points=(*before, tuple(2 * q + 1 for q in point), *after))
        yield replace(claim, points=(*claim.points, point))


HULLS = [
    "p1-figure-max/certificate-hull.json",
    "p1-figure-max/certificate-triangle-0.json",
    "p0-lemma-3-1/certificate-section-3-1.json",
]


@needs_coq
def test_other_facets_and_vertices_are_refused(compiled: Path, generate: ModuleType) -> None:
    cases = []
    for name in HULLS:
        found = document(name)
        _, [claim], _ = generate.certified(found, "")
        cases += [
            (found, claim, True),
            *((found, c, False) for c in other_hulls(found, generate)),
        ]
    result = compile_text(compiled, "Hulls_refused.v", verdicts(generate, cases))
    assert (result.returncode, result.stderr) == (0, "")
    assert len(cases) > 60


# The unit square with one vertex too few, and simplices that leave its corner open: each
# simplex's corners, coordinates and form are right, and only the neighbours are not.
OPEN_SQUARE = """
From Coq Require Import QArith List.
From Polyrelax Require Import Network Relaxation Hulls.
Import ListNotations.
Open Scope Q_scope.
Definition rows := [([-(1); 0], 0); ([0; -(1)], 0); ([1; 0], 1); ([0; 1], 1)].
Definition full := [[0; 0]; [1; 0]; [1; 1]; [0; 1]].
Definition m : vec := [1 # 2; 1 # 2].
Definition edge a b dual_a dual_b f row next last :=
  {| level := f; factor := 1; inside_row := row;
     corners := [{| which := a; dual := dual_a; neighbour := next |};
                 {| which := b; dual := dual_b; neighbour := last |}] |}.
Definition bottom := edge 0 1 [-(1); -(1)] [1; -(1)] [0; -(2)] 1 1 3.
Definition right_side := edge 1 2 [1; -(1)] [1; 1] [2; 0] 2 2 0.
Definition top_side := edge 2 3 [1; 1] [-(1); 1] [0; 2] 3 3 1.
Definition left_side := edge 3 0 [-(1); 1] [-(1); -(1)] [-(2); 0] 0 0 2.
Definition around (simplices : list simplex) (ps : list vec) (ws : vec) := {|
  centre := m; centre_weights := ws; rays := map (fun v => minus v m) ps;
  heights := [1; 1; 1; 1]; simplices := simplices;
  beyond := [[-(1); 1 # 2]; [1 # 2; -(1)]; [2; 1 # 2]; [1 # 2; 2]];
  peaks := firstn (length ps) [[-(1); -(1)]; [1; -(1)]; [1; 1]; [-(1); 1]] |}.
Definition quarters : vec := [1 # 4; 1 # 4; 1 # 4; 1 # 4].
Goal is_spread 2 rows full
  (around [bottom; right_side; top_side; left_side] full quarters) = true.
Proof. vm_compute. reflexivity. Qed.
Goal is_spread 2 rows full (around [bottom; right_side; top_side] full quarters) = false.
Proof. vm_compute. reflexivity. Qed.
Goal is_spread 2 rows (firstn 3 full)
  (around [bottom; right_side] (firstn 3 full) [1 # 2; 0; 1 # 2]) = false.
Proof. vm_compute. reflexivity. Qed.
"""


@needs_coq
def test_simplices_that_leave_a_corner_open_prove_no_hull(compiled: Path) -> None:
    result = compile_text(compiled, "Open.v", OPEN_SQUARE)
    assert (result.returncode, result.stderr) == (0, "")


SPANS = "depth-one-hidden-layer/certificate-three-outside.json"


@needs_coq
def test_a_function_of_the_span_is_not_outside(compiled: Path, generate: ModuleType) -> None:
    found = document(SPANS)
    _, [claim], _ = generate.certified(found, "")
    span = claim.span
    cases = [(found, claim, True), (found, replace(claim, span=(*span, claim.form)), False)]
    cases += [(found, replace(claim, form=form), False) for form in span]
    result = compile_text(compiled, "Spans_refused.v", verdicts(generate, cases))
    assert (result.returncode, result.stderr) == (0, "")


@needs_coq
def test_a_false_theorem_about_a_hull_does_not_compile(
    compiled: Path, generate: ModuleType
) -> None:
    found = document(HULLS[0])
    text = generate.theory(found, "")
    _, [claim], _ = generate.certified(found, "")
    false = next(other_hulls(found, generate))
    assert " ".join(claim.text.split()) in " ".join(text.split())
    module = " ".join(text.split()).replace(claim.text, false.text)
    result = compile_text(compiled, "False_hull.v", f"{generate.REQUIRED}\n{module}")
    assert result.returncode == 1
    assert "check f X" in result.stderr


@needs_coq
def test_a_false_theorem_about_a_relaxation_does_not_compile(
    compiled: Path, generate: ModuleType
) -> None:
    found = document("p0-identity-pumping/certificate-m-1.json")
    text = generate.theory(found, "")
    true = "(AtMost (Windowed 4) [((-(1)), (6, 0)%nat)] (-(1))"
    assert true in text
    false = text.replace(true, true.replace("Windowed 4", "Windowed 3"))
    result = compile_text(compiled, "False.v", generate.REQUIRED + false)
    assert result.returncode == 1
    assert "all_true" in result.stderr or "check f X" in result.stderr


@pytest.fixture(scope="module")
def extracted(compiled: Path) -> Path:
    """The checker as a program: extracted from Coq, compiled by OCaml."""
    directory = compiled / "extracted"
    directory.mkdir()
    shutil.copy(SOURCES / "checker.ml", directory)
    shutil.copy(SOURCES / "Extraction.v", directory)
    for command in (
        ["coqc", "-q", "-Q", str(compiled), "Polyrelax", "Extraction.v"],
        [
            "ocamlopt",
            "-w",
            "-a",
            "extracted.mli",
            "extracted.ml",
            "checker.ml",
            "-o",
            "checker",
        ],
    ):
        subprocess.run(command, cwd=directory, check=True, timeout=120)
    return directory / "checker"


@needs_coq
@pytest.mark.skipif(
    shutil.which("ocamlopt") is None,
    reason="the extracted checker needs ocamlopt (Debian: ocaml)",
)
def test_the_extracted_checker_accepts_what_is_true_and_refuses_the_rest(
    extracted: Path, generate: ModuleType
) -> None:
    def verdict(found: dict[str, Any]) -> tuple[str, int]:
        numbers = " ".join(map(str, generate.stream(found, "")))
        result = subprocess.run(
            [extracted], input=numbers, capture_output=True, text=True, timeout=60, check=False
        )
        return result.stdout.strip(), result.returncode

    for name in TAMPERED:
        found = document(name)
        assert verdict(found) == ("accepted", 0)
        for other in tampered(found):
            assert verdict(other) == ("rejected", 1)
