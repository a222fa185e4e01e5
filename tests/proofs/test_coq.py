"""Coq accepts the proofs under ``proofs/coq``, on no axioms, and refuses false claims."""

from __future__ import annotations

import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from polyrelax.networks.layers import Affine, ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from producer import certify
from tests.proofs.coq import (
    CLOSED,
    PRIMITIVES,
    SOURCES,
    compile_text,
    needs_coq,
    ordered_sources,
)

pytestmark = [needs_coq, pytest.mark.xdist_group("coq")]  # one worker compiles


def test_every_file_is_in_the_project() -> None:
    found = {str(path.relative_to(SOURCES)) for path in SOURCES.glob("**/*.v")}
    found = {name for name in found if not name.startswith("generated/")}  # by make claims
    assert found == {*ordered_sources(), "Assumptions.v", "Extraction.v"}


def test_nothing_is_left_unproved() -> None:
    words = {"Admitted", "Axiom", "Parameter", "Conjecture", "Abort"}
    for path in SOURCES.glob("**/*.v"):
        assert not words & set(path.read_text(encoding="utf-8").replace(".", " ").split())


def test_the_theorems_rest_on_machine_integers_at_most(compiled: Path) -> None:
    text = (SOURCES / "Assumptions.v").read_text(encoding="utf-8")
    result = compile_text(compiled, "Assumptions.v", text)
    assert result.returncode == 0
    general, axioms, *named = result.stdout.splitlines()
    assert (general, axioms) == (CLOSED, "Axioms:")  # the checkers and the general theorems
    assert {line.split(" :")[0] for line in named} == PRIMITIVES
    assert text.count(", ") + text.count(",\n") > 30


# Claims that are false, or that their certificate does not prove, beside those that hold.
REFUSED = [
    ("check_range Tent.X tent 0 {} 2 (read_range tent_range)", "1", "(11 # 10)"),
    ("check_range Tent.X tent 0 1 {} (read_range tent_range)", "2", "(19 # 10)"),
    ("check_range Tent.X tent 0 1 2 (read_range {})", "tent_range", "zero_range"),
    ("check_range (box [(0, 1); (0, {})]) maximum 0 0 1 (read_range maximum_range)", "1", "2"),
    (
        "check_strict_range Tent.X tent 0 {} (5 # 2) (read_range tent_strict_range)",
        "(1 # 2)",
        "1",
    ),
    ("check_P_admits {} Tent.X tent 0 0 chain", "1", "2"),
    ("check_P_admits 1 Tent.X tent 0 {} chain", "0", "(-(1))"),
    ("check_P_admits 1 (box [(-(1), {})]) tent 0 0 chain", "1", "(1 # 2)"),
    ("check_triangle_admits X maximum 0 {} maximum_triangle_point", "(3 # 2)", "(8 # 5)"),
    (
        "check_triangle_admits (box [(0, 1); (0, {})]) maximum 0 (3 # 2) "
        "maximum_triangle_point",
        "1",
        "(1 # 2)",
    ),
    (
        "check_triangle_claim X maximum (at_most 0 {}) "
        "(read_triangle_bound maximum_triangle_bound)",
        "(3 # 2)",
        "(7 # 5)",
    ),
    (
        "check_triangle_claim Barrier.X barrier (at_least 0 {}) "
        "(read_triangle_bound barrier_triangle_bound)",
        "(-(2 # 3))",
        "(-(1 # 2))",
    ),
]
REFUSAL = """
From Coq Require Import QArith List.
From Polyrelax Require Import Network PhaseTree Attained TriangleBound Stream.
From Polyrelax.gallery Require Import Certificates Tent Barrier Maximum.
Import ListNotations.
Open Scope Q_scope.
"""


def test_the_checkers_refuse_false_claims_and_evidence_of_others(compiled: Path) -> None:
    goals = "".join(
        f"Goal {claim.format(true)} = true. Proof. by_running. Qed.\n"
        f"Goal {claim.format(false)} = false. Proof. vm_compute. reflexivity. Qed.\n"
        for claim, true, false in REFUSED
    )
    result = compile_text(compiled, "Refused.v", REFUSAL + goals)
    assert (result.returncode, result.stderr) == (0, "")


# With z = x_0 - x_1 and y = relu(z) on the unit square, 2 y - z <= 1 by both signs of z; so
# 2 (x_1 + y) = (2 y - z) + x_0 + x_1 <= 3.  Variables 1, 2, 3 are x_0, x_1, y.
CUT = """
From Coq Require Import QArith List Uint63 PArray.
From Polyrelax Require Import Network Farkas PhaseTree Stream.
From Polyrelax.gallery Require Import Maximum.
Definition cut_stream : array int := [| 2; 0; 2; 1; 3; 1; 3; 1; 2; 2; 1; 3; 2; 2;
  1; 0;
  0; 4; 1; 2; 2; 0; 2; 1; 3; 2; 1; 2; 2; 1;
  0; 4; 1; 2; 2; 0; 2; 1; 4; 2; 1; 0; 2; 1;
  0; 4; 0; 2; 1; 0; 2; 1; 3; 2; 1; 1; 2; 1 | 0 |]%uint63.
Import ListNotations.
Definition cut : tree :=
  Cut (Row [(1%positive, (-1)%Z); (2%positive, 1%Z); (3%positive, 2%Z)] 1 false)
    (Split 0 (Refute [(1%nat, 2%Z); (0%nat, 1%Z); (3%nat, 1%Z); (2%nat, 1%Z)])
             (Refute [(1%nat, 2%Z); (0%nat, 1%Z); (4%nat, 1%Z); (0%nat, 1%Z)]))
    (Refute [(0%nat, 1%Z); (0%nat, 1%Z); (3%nat, 1%Z); (1%nat, 1%Z)]).
Goal read_tree cut_stream = cut. Proof. vm_compute. reflexivity. Qed.
Goal check_claim X maximum (at_most 0 (3 # 2)) cut = true. Proof. by_running. Qed.
Goal check_claim X maximum (less 0 (3 # 2)) cut = false. Proof. vm_compute. reflexivity. Qed.
Goal check_claim X maximum (at_most 0 (7 # 5)) cut = false.
Proof. vm_compute. reflexivity. Qed.
"""


def test_a_cut_written_by_hand_is_the_upper_line_of_a_triangle(compiled: Path) -> None:
    result = compile_text(compiled, "ByHand.v", CUT)
    assert (result.returncode, result.stderr) == (0, "")


def test_a_false_theorem_does_not_compile(compiled: Path) -> None:
    claim, _, false = REFUSED[0]
    proof = "intros x. apply check_range_sound with (t := read_range tent_range). by_running."
    text = f"""{REFUSAL}
Theorem wrong : forall x, inside Tent.X x -> {false} <= output 0 (eval tent x) <= 2.
Proof. {proof} Qed.
"""
    result = compile_text(compiled, "Wrong.v", text)
    assert result.returncode == 1
    assert claim.split()[0] in result.stderr
    assert compile_text(compiled, "Right.v", text.replace(false, "1")).returncode == 0


def test_the_committed_certificates_are_those_that_are_found(tmp_path: Path) -> None:
    target = tmp_path / "coq"
    shutil.copytree(SOURCES, target, ignore=shutil.ignore_patterns("*.vo*", "*.glob", ".*"))
    committed = (target / "gallery" / "Certificates.v").read_bytes()
    (target / "gallery" / "Certificates.v").unlink()
    command = [sys.executable, "-m", "producer"]
    subprocess.run(command, cwd=target, check=True, timeout=120)
    assert (target / "gallery" / "Certificates.v").read_bytes() == committed


CARRIED = """
From Coq Require Import QArith List Uint63 PArray.
From Polyrelax Require Import Network PhaseTree TriangleBound Stream.
Definition tree_stream : array int := [| {tree} | 0 |]%uint63.
Definition bound_stream : array int := [| {bound} | 0 |]%uint63.
Import ListNotations.
Open Scope Q_scope.
Definition net : network :=
  [ Affine [([3 # 2; -(1)], 1 # 7); ([0; 1], 0)]; ReLU [true; false];
    Affine [([1; 1 # 3], 0)] ].
Definition X := box [(-(1), 1); (0, 2 # 3)].
Theorem tree_accepted : check_claim X net (at_most 0 {limit}) (read_tree tree_stream) = true.
Proof. by_running. Qed.
Theorem bound_accepted :
  check_triangle_claim X net (at_most 0 {relaxed}) (read_triangle_bound bound_stream) = true.
Proof. by_running. Qed.
"""


def coq_text(q: Fraction) -> str:
    return f"({q.numerator} # {q.denominator})"


def stream_text(stream: list[int]) -> str:
    return "; ".join(map(str, stream))


def test_certificates_are_found_for_a_neuron_beside_a_carried_input(
    compiled: Path,
) -> None:
    # max(3/2 x - y + 1/7, 0) + y/3 on [-1, 1] x [0, 2/3] is greatest at (1, 0): 23/14.  The
    # neuron's input runs over [-85/42, 23/14]: the triangle is no looser at its upper end.
    network = Network((
        Affine.dense([["3/2", -1], [0, 1]], ["1/7", 0]),
        ReLU(2, (0,)),
        Affine.dense([[1, "1/3"]]),
    ))  # fmt: skip
    domain = Polytope.box([-1, 0], [1, "2/3"])
    limit = Fraction(23, 14)
    text = CARRIED.format(
        tree=stream_text(certify.claim_tree(network, domain, [Fraction(1)], limit)),
        bound=stream_text(
            certify.triangle_stream(certify.relaxed(network, domain), [Fraction(1)], limit)
        ),
        limit=coq_text(limit),
        relaxed=coq_text(limit),
    )
    result = compile_text(compiled, "Carried.v", text)
    assert (result.returncode, result.stderr) == (0, "")


def test_no_certificate_is_found_for_a_false_claim() -> None:
    network = Network((Affine.dense([[1], [-1]]), ReLU(2), Affine.dense([[1, 1]])))
    with pytest.raises(ValueError, match="the claim is false"):
        certify.claim_tree(network, Polytope.box([-1], [1]), [Fraction(1)], Fraction(99, 100))
