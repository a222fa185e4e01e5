from __future__ import annotations

from pathlib import Path

import pytest

from polyrelax.errors import FormatError, TooLargeError
from polyrelax.interop.vnnlib import Property, loads, read
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope

DECLARED = "(declare-const X_0 Real)\n(declare-const X_1 Real)\n(declare-const Y_0 Real)\n"
BOX = """
(assert (>= X_0 -1))
(assert (<= X_0 0.1))
(assert (>= X_1 0))
(assert (<= 1e-1 X_1))
(assert (>= 2 X_1))
"""


def asserting(*formulas: str) -> Property:
    return loads(DECLARED + "".join(f"(assert {formula})" for formula in formulas))


def test_inputs_come_before_outputs_and_decimals_are_exact() -> None:
    property_ = loads(DECLARED + BOX + "(assert (<= (+ X_0 (* 3 Y_0)) (- 2 X_1)))")
    assert property_.input_set() == Polytope.box([-1, "1/10"], ["1/10", 2])
    assert property_.cases[0].outputs == (Constraint.at_most([1, 1, 3], 2),)


def test_disjunctions_multiply_out() -> None:
    property_ = asserting(
        "(or (<= Y_0 0) (and (>= Y_0 1) (<= X_0 5)))", "(or (<= X_1 1) (<= X_1 2) (<= X_1 3))"
    )
    assert len(property_.cases) == 6
    assert property_.cases[3].inputs == (
        Constraint.at_most([1, 0], 5),
        Constraint.at_most([0, 1], 1),
    )
    assert property_.cases[3].outputs == (Constraint.at_least([0, 0, 1], 1),)


@pytest.mark.parametrize(
    ("expression", "normal"),
    [
        ("(- X_0)", [-1, 0]),
        ("(+ X_0 X_0 X_1)", [2, 1]),
        ("(- X_0 X_1 X_0)", [0, -1]),
        ("(* X_1 2)", [0, 2]),
    ],
)
def test_linear_expressions(expression: str, normal: list[int]) -> None:
    assert asserting(f"(<= {expression} 7)").cases[0].inputs == (Constraint.at_most(normal, 7),)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("(< X_0 1)", "line 4: found '<', expected and, or"),
        ("(<= X_0 1 2)", "line 4: found '<='"),
        ("(<= X_0 (* X_0 X_1))", "line 4: found a product of variables"),
        ("(<= X_0 (/ X_0 2))", "line 4: found '/', expected a sum"),
        ("(<= X_2 1)", "line 4: found X_2, which is not declared"),
        ("(<= X_0 one)", "line 4: found 'one', expected a number"),
        ("(<= X_0 1/0)", "line 4: found '1/0', whose denominator is zero"),
        ("X_0", "expected one formula"),
        ("(or X_0)", "line 4: found 'X_0', expected an inequality"),
    ],
)
def test_other_formulas_are_refused_with_the_line(formula: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        asserting(formula)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n\n(assert (<= X_0 1)", r"line 3: found \( without \)"),
        ("(exit))", r"line 1: found \) without \("),
        ("; comment\nX_0", "line 2: found 'X_0', expected a list"),
        ("(declare-const X_0 Int)", "line 1: expected a declaration"),
        (
            "(declare-const X_0 Real)\n(declare-const X_0 Real)",
            "line 2: found X_0 declared again",
        ),
        ("(declare-const X_1 Real)", "X_0 is not declared, but X_1 is"),
        ("(define-fun f)", "line 1: found 'define-fun'"),
        ("(" * 1000, "nested 200 deep"),
    ],
)
def test_malformed_files_are_refused_with_the_line(text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        loads(text)


def test_inputs_must_be_bounded_and_the_same_in_all_cases() -> None:
    with pytest.raises(FormatError, match="found X_1 without bounds on both sides"):
        asserting("(<= X_0 1)", "(>= X_0 0)", "(<= X_1 0)").input_set()
    with pytest.raises(FormatError, match="2 cases that differ in their inputs"):
        asserting("(or (<= X_0 1) (<= X_0 2))").input_set()


def test_explosions_are_refused() -> None:
    with pytest.raises(TooLargeError, match="131072 cases"):
        asserting(*["(or (<= X_0 0) (<= X_0 1))"] * 17)


def test_published_properties_are_read(data_dir: Path) -> None:
    for number in range(1, 5):
        property_ = read(data_dir / "acasxu" / f"prop_{number}.vnnlib")
        assert (property_.in_dim, property_.out_dim, len(property_.cases)) == (5, 5, 1)
        assert property_.input_set().is_box
    second = read(data_dir / "acasxu" / "prop_2.vnnlib")
    assert [c.offset for c in second.cases[0].outputs] == [0] * 4
    assert str(second.input_set().bounds[0][1]) == "679857769/1000000000"
    small = read(data_dir / "vnnlib_tiny" / "test_small.vnnlib")
    assert small.input_set() == Polytope.box([-1], [1])
    assert small.cases[0].outputs == (Constraint.at_least([0, 1], 100),)
