"""Coq accepts whole hulls, functions outside a span or missed, and refuses others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.proofs.coq import compile_text, document, needs_coq, only_claim, verdicts
from translator import generate
from translator.stated import HullOf, Missed, Outside

pytestmark = [needs_coq, pytest.mark.xdist_group("coq")]  # one worker compiles


def other_hulls(found: dict[str, Any]) -> Iterator[Any]:
    """Yield claims of hulls that have a facet or a vertex too few, too many or elsewhere."""
    claim = only_claim(found, HullOf)
    for k, (normal, offset) in enumerate(claim.rows):
        before, after = claim.rows[:k], claim.rows[k + 1 :]
        yield replace(claim, rows=before + after)
        yield replace(claim, rows=(*before, (normal, offset - Fraction(1, 7)), *after))
        yield replace(claim, rows=(*claim.rows, (normal, offset + 1)))
    for k, point in enumerate(claim.points):
        left, right = claim.points[:k], claim.points[k + 1 :]
        yield replace(claim, points=left + right)
        yield replace(claim, points=(*left, tuple(2 * q + 1 for q in point), *right))
        yield replace(claim, points=(*claim.points, point))


HULLS = [
    "p1-figure-max/certificate-hull.json",
    "p1-figure-max/certificate-triangle-0.json",
    "p0-lemma-3-1/certificate-section-3-1.json",
]


def test_what_a_relaxation_leaves_is_the_hull_itself() -> None:
    text = generate.theory(document(HULLS[1]), "")
    assert "forall x, List.length x = 3%nat ->" in text
    assert "(seen Triangle (inside X) f [(5, 0)%nat; (5, 1)%nat; (5, 2)%nat] x <->" in text
    assert "set_of_statement" not in generate.theory(document(HULLS[0]), "")


def test_other_facets_and_vertices_are_refused(compiled: Path) -> None:
    cases = []
    for name in HULLS:
        found = document(name)
        claim = only_claim(found, HullOf)
        cases += [
            (found, claim, True),
            *((found, c, False) for c in other_hulls(found)),
        ]
    result = compile_text(compiled, "Hulls_refused.v", verdicts(cases))
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


def test_simplices_that_leave_a_corner_open_prove_no_hull(compiled: Path) -> None:
    result = compile_text(compiled, "Open.v", OPEN_SQUARE)
    assert (result.returncode, result.stderr) == (0, "")


SPANS = "depth-one-hidden-layer/certificate-three-outside.json"


def test_a_function_of_the_span_is_not_outside(compiled: Path) -> None:
    found = document(SPANS)
    claim = only_claim(found, Outside)
    span = claim.span
    cases = [(found, claim, True), (found, replace(claim, span=(*span, claim.form)), False)]
    cases += [(found, replace(claim, form=form), False) for form in span]
    result = compile_text(compiled, "Spans_refused.v", verdicts(cases))
    assert (result.returncode, result.stderr) == (0, "")


def test_a_false_theorem_about_a_hull_does_not_compile(compiled: Path) -> None:
    found = document(HULLS[0])
    text = generate.theory(found, "")
    claim = only_claim(found, HullOf)
    false = next(other_hulls(found))
    assert " ".join(claim.text.split()) in " ".join(text.split())
    module = " ".join(text.split()).replace(claim.text, false.text)
    result = compile_text(compiled, "False_hull.v", f"{generate.REQUIRED}\n{module}")
    assert result.returncode == 1
    assert "check f X" in result.stderr


def test_networks_of_lipschitz_layers_miss_no_more_than_is_shown(compiled: Path) -> None:
    # The greater of two values on the unit square is 1 at both ends of the pairs' first points
    # and 0 at the origin; each input varies by a mean of 1/2: half of 1 - 1/2 is missed.
    found = document("p4-order-statistics/certificate-missed-2-1.json")
    claim = only_claim(found, Missed)
    assert (claim.form, claim.value) == (((Fraction(1), 3, 0),), Fraction(1, 4))
    more = replace(claim, value=Fraction(2, 7))
    other = replace(claim, form=((Fraction(1), 0, 0),))  # an input is such a network
    pairwise = replace(claim, fan=Fraction(2))  # MaxMin is the greater of two values
    # Of five, layers of fan 2 spread 2/5 of the mean difference 1: half of 3/5 is missed.
    deeper = document("p4-maxmin-depth/certificate-missed-5-2.json")
    wide = only_claim(deeper, Missed)
    assert (wide.fan, wide.value) == (Fraction(2), Fraction(3, 10))
    cases = [
        (found, claim, True),
        (found, more, False),
        (found, other, False),
        (found, pairwise, False),
        (deeper, wide, True),
        (deeper, replace(wide, fan=Fraction(3)), False),
        (deeper, replace(wide, fan=Fraction(3), value=Fraction(1, 5)), True),
    ]
    result = compile_text(compiled, "Missed_refused.v", verdicts(cases))
    assert (result.returncode, result.stderr) == (0, "")
    assert "(Missed 1 [(1, (3, 0)%nat)] (1 # 4))" in generate.theory(found, "")
