"""Coq and `check.py` agree on small certificates: intervals, lines, what is assumed."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from polyrelax.certificates.certificate import Bound
from polyrelax.certificates.certify import certify_infeasible
from polyrelax.certificates.check import RejectedError, check
from polyrelax.networks.gallery import tent
from polyrelax.polytopes.polytope import Polytope
from tests.proofs.coq import (
    VERDICTS,
    compile_text,
    document,
    needs_coq,
    only_claim,
    verdicts,
)
from translator import generate
from translator.stated import Under

pytestmark = [needs_coq, pytest.mark.xdist_group("coq")]  # one worker compiles


def relu_between(method: str, lower: int, value: str) -> dict[str, Any]:
    """Return a certificate: over [lower, 1], a method leaves the value to max(1/2, 0)."""
    problem = {"input": {"lower": [str(lower)], "upper": ["1"]}, "layers": ["relu"]}
    return {
        "format": "polyrelax-certificate/1",
        "claim": {"statements": [
            {"relaxation": method, "form": [["1", 1, 0]], "relation": "reaches", "value": value}
        ]},
        "sha256": digest(problem),
        "problem": problem,
        "nodes": [
            *input_range(method, lower),
            {"kind": "between", "relaxation": method, "input": ["1/2"],
             "outputs": [[1, 0, value, 4]]},
        ],
        "proof": [5],
    }  # fmt: skip


def input_range(method: str, lower: int) -> list[dict[str, Any]]:
    ends = {"below": 0, "above": 1, "least": 2, "greatest": 3}
    row = {"kind": "linear", "relaxation": method, "terms": []}
    return [
        {**row, "form": [["-1", 0, 0]], "at_most": str(-lower)},
        {**row, "form": [["1", 0, 0]], "at_most": "1"},
        {"kind": "run", "input": [str(lower)]},
        {"kind": "run", "input": ["1"]},
        {"kind": "range", "relaxation": method, "coordinate": [0, 0], **ends},
    ]


def digest(problem: dict[str, Any]) -> str:
    text = json.dumps(problem, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


# At z = 1/2, max(z, 0) is between slope z and the chord: over [-1, 1] this is 3/4, over
# [-2, 1] it is 5/6.  Slopes: 0; 1; 1 if u > -l, else 0; u / (u - l), here 1/2 or 1/3.
BETWEEN_LINES = [
    ("dp0", -1, "0", "-1/7"),
    ("dp0", -1, "3/4", "4/5"),
    ("dp0", -2, "5/6", "6/7"),
    ("dp1", -1, "1/2", "3/7"),
    ("dp1", -2, "1/2", "0"),
    ("crown", -1, "0", "-1/7"),
    ("crown", 0, "1/2", "0"),
    ("fastlin", -1, "1/4", "1/5"),
    ("fastlin", -2, "1/6", "1/7"),
    ("fastlin", -2, "5/6", "6/7"),
]


def test_points_of_back_substitution_are_those_between_its_lines(compiled: Path) -> None:
    cases = []
    for method, lower, inside, outside in BETWEEN_LINES:
        for value, expected in ((inside, True), (outside, False)):
            found = relu_between(method, lower, value)
            assert accepts(found) == expected
            cases.append((found, generate.certified(found, "")[1][0], expected))
    result = compile_text(compiled, "Lines_refused.v", verdicts(cases))
    assert (result.returncode, result.stderr) == (0, "")


def accepts(found: dict[str, Any]) -> bool:
    """Whether the checker in Python accepts a certificate."""
    try:
        check(json.dumps(found))
    except RejectedError:
        return False
    return True


@pytest.mark.parametrize(
    ("one", "other"), [("crown", "fastlin"), ("fastlin", "crown"), ("crown", "dp0")]
)
def test_what_one_method_proves_is_refused_for_another(
    compiled: Path, one: str, other: str
) -> None:
    text = json.dumps(document(f"p3-barrier-network/certificate-{one}.json"))
    found = json.loads(text.replace(f'"{one}"', f'"{other}"'))
    assert not accepts(found)
    numbers = "; ".join(map(str, generate.stream(found, "")))
    goal = f"Goal verdict [| {numbers} | 0 |]%uint63 = false.\n"
    proof = "Proof. vm_cast_no_check (eq_refl false). Qed.\n"
    result = compile_text(compiled, f"{one}_for_{other}.v", VERDICTS + goal + proof)
    assert (result.returncode, result.stderr) == (0, "")


def cancelling(value: str, relation: str) -> dict[str, Any]:
    """Return a certificate about x - x for x in [-1, 2], by interval bounds: [-3, 3]."""
    problem = {
        "input": {"lower": ["-1"], "upper": ["2"]},
        "layers": [
            {"affine": {"weight": [["1"], ["-1"]], "bias": ["0", "0"]}},
            {"affine": {"weight": [["1", "1"]], "bias": ["0"]}},
        ],
    }
    statement = {
        "relaxation": "ibp",
        "form": [["1", 2, 0]],
        "relation": relation,
        "value": value,
    }
    place = {"coordinate": [2, 0], "boxes": 0}
    return {
        "format": "polyrelax-certificate/1",
        "claim": {"statements": [statement]},
        "sha256": digest(problem),
        "problem": problem,
        "nodes": [
            {"kind": "boxes"},
            {"kind": "interval", "side": "above", **place},
            {"kind": "range", "relaxation": "ibp", **place},
        ],
        "proof": [1 if relation == "at most" else 2],
    }


def test_interval_bounds_forget_that_two_values_are_one(compiled: Path) -> None:
    cases = []
    for value, relation, expected in (
        ("3", "at most", True),
        ("5/2", "at most", False),
        ("3", "reaches", True),
        ("0", "reaches", False),  # in the range, and no end of it
        ("4", "reaches", False),
    ):
        found = cancelling(value, relation)
        assert accepts(found) == expected
        cases.append((found, generate.certified(found, "")[1][0], expected))
    result = compile_text(compiled, "Boxes_refused.v", verdicts(cases))
    assert (result.returncode, result.stderr) == (0, "")


def below(limit: str, value: str) -> dict[str, Any]:
    """Return a certificate: on [-1, 1], if x <= limit then max(x, 0) <= value."""
    problem = {"input": {"lower": ["-1"], "upper": ["1"]}, "layers": ["relu"]}
    row = {"relaxation": "exact", "form": [["1", 1, 0]]}
    tree = {"split": [1, 0], "off": [], "on": [["1", ["assumed", 0]]]}
    return {
        "format": "polyrelax-certificate/1",
        "claim": {
            "statements": [{**row, "relation": "at most", "value": value}],
            "assuming": [{"form": [["1", 0, 0]], "at_most": limit}],
        },
        "sha256": digest(problem),
        "problem": problem,
        "nodes": [{"kind": "cases", **row, "at_most": value, "tree": tree}],
        "proof": [0],
    }


def test_statements_hold_of_the_inputs_that_satisfy_what_is_assumed(compiled: Path) -> None:
    cases = []
    for limit, value, expected in (
        ("1/2", "1/2", True),
        ("-1/2", "0", True),
        ("1/2", "2/5", False),
        ("-1/2", "-1/7", False),
    ):
        found = below(limit, value)
        assert accepts(found) == expected
        cases.append((found, generate.certified(found, "")[1][0], expected))
    found = below("1/2", "1/2")
    claim = only_claim(found, Under)
    for weaker in ((), ((((Fraction(1), 0, 0),), Fraction(1)),)):
        cases.append((found, replace(claim, assumed=weaker), False))
    result = compile_text(compiled, "Assumed_refused.v", verdicts(cases))
    assert (result.returncode, result.stderr) == (0, "")


def test_no_input_reaches_a_value_that_the_network_does_not_take(compiled: Path) -> None:
    # The tent's values on [-1, 1] are [1, 2].
    output = ((Fraction(1), 5, 0),)
    limit = Bound(output, Fraction(99, 100))
    certificate = certify_infeasible(tent(), Polytope.box([-1], [1]), [limit])
    found = json.loads(certificate.dumps())
    text = generate.REQUIRED + generate.theory(found, "")
    assert "forall x, inside X x -> ~ satisfies (run f x) assumed." in text
    assert "assumed : list (form * Q) := [([(1, (5, 0)%nat)], (99 # 100))]." in text
    assert compile_text(compiled, "Nothing.v", text).returncode == 0
    false = compile_text(compiled, "Something.v", text.replace("(99 # 100)", "1"))
    assert false.returncode == 1
    assert "check f X" in false.stderr
