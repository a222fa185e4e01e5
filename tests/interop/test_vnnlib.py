from __future__ import annotations

import math
import time
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.errors import FormatError, ShapeError, TooLargeError, UnboundedError
from polyrelax.interop.vnnlib import loads, read
from polyrelax.interop.vnnlib.terms import MOST_BITS
from polyrelax.networks.properties import Property, Row
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
ONE = Fraction(1)


def asserting(*formulas: str, box: str = BOX) -> Property:
    return loads(DECLARED + box + "".join(f"(assert {formula})" for formula in formulas))


def rows(property_: Property) -> list[list[str]]:
    return [[str(row) for row in case.rows] for case in property_.cases]


def test_inputs_come_before_outputs_and_decimals_are_exact() -> None:
    property_ = asserting("(<= (+ X_0 (* 3 Y_0)) (- 2 X_1))")
    assert property_.input_set() == Polytope.box([-1, "1/10"], ["1/10", 2])
    row = Row(((0, ONE), (1, ONE)), ((0, Fraction(3)),), Fraction(2))
    assert property_.cases[0].rows == (row,)


def test_disjunctions_multiply_out() -> None:
    property_ = asserting(
        "(or (<= Y_0 0) (and (>= Y_0 1) (<= X_0 0)))", "(or (<= X_1 1) (<= X_1 2) (<= X_1 3))"
    )
    assert [(case.inputs, str(case.rows[0])) for case in property_.cases] == [
        (Polytope.box([-1, "1/10"], [x0, x1]), row)
        for x0, row in (("1/10", "y0 <= 0"), ("0", "-y0 <= -1"))
        for x1 in (1, 2, 2)
    ]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("(<= 0 Y_0 X_0 1)", [["-y0 <= 0", "-x0 + y0 <= 0"]]),
        ("(< 0 Y_0 1)", [["-y0 < 0", "y0 < 1"]]),
        ("(> 2 Y_0)", [["y0 < 2"]]),
        ("(= Y_0 2)", [["y0 <= 2", "-y0 <= -2"]]),
        ("(== 2 Y_0)", [["-y0 <= -2", "y0 <= 2"]]),
        ("(!= Y_0 2)", [["y0 < 2"], ["-y0 < -2"]]),
        ("(distinct Y_0 2)", [["y0 < 2"], ["-y0 < -2"]]),
        ("(not (<= Y_0 2))", [["-y0 < -2"]]),
        ("(not (< 0 Y_0 1))", [["y0 <= 0"], ["-y0 <= -1"]]),
        ("(not (= Y_0 2))", [["y0 < 2"], ["-y0 < -2"]]),
        ("(not (distinct Y_0 2))", [["y0 <= 2", "-y0 <= -2"]]),
        ("(not (or (<= Y_0 2) (>= Y_0 3)))", [["-y0 < -2", "y0 < 3"]]),
        ("(not (and (<= Y_0 2) (>= Y_0 1)))", [["-y0 < -2"], ["y0 < 1"]]),
        ("(=> (<= Y_0 2) (<= Y_0 1))", [["-y0 < -2"], ["y0 <= 1"]]),
        ("(not (=> (<= Y_0 2) (<= Y_0 1)))", [["y0 <= 2", "-y0 < -1"]]),
        ("(or (<= Y_0 2) true)", [["y0 <= 2"], []]),
        ("(and (<= Y_0 2) (not false))", [["y0 <= 2"]]),
        ("(or (and (and (or (<= Y_0 2)))) (>= Y_0 3))", [["y0 <= 2"], ["-y0 <= -3"]]),
        ("(and (or (<= Y_0 2) false) (not true))", []),
        ("(<= 1 2)", [[]]),
        ("(or (< Y_0 0) (== Y_0 X_1))", [["y0 < 0"], ["-x1 + y0 <= 0", "x1 - y0 <= 0"]]),
    ],
)
def test_formulas_about_outputs(formula: str, expected: list[list[str]]) -> None:
    assert rows(asserting(formula)) == expected


@pytest.mark.parametrize(
    ("formula", "lower", "upper"),
    [
        ("(= X_0 0.05)", "1/20", "1/20"),
        ("(<= 0 X_0 0.05)", 0, "1/20"),
        ("(<= (* -2 X_0) 1)", "-1/2", "1/10"),
        ("(<= (/ X_0 3 (- 2)) (/ 1 12))", "-1/2", "1/10"),
        ("(<= (- X_0) (+ 1 (* 3 4 (- 1 2) (- X_0 X_0)) -0.5))", "-1/2", "1/10"),
        ("(<= (+ X_0 X_1) (- X_1 X_1 (- X_1)))", -1, 0),
        ("(not (> X_0 0))", -1, 0),
        ("(<= (* 4 (+ X_0 (* 0 X_1 X_1))) 0)", -1, 0),
    ],
)
def test_bounds_of_single_inputs_make_a_box(formula: str, lower: str, upper: str) -> None:
    expected = Polytope.box([lower, "1/10"], [upper, 2])
    assert asserting(formula).input_set() == expected


def test_a_strict_bound_is_one_of_the_closure_and_a_row() -> None:
    property_ = asserting("(< X_0 0)", "(< (+ X_0 X_1) 1)")
    assert rows(property_) == [["x0 < 0", "x0 + x1 < 1"]]
    expected = Polytope.box([-1, "1/10"], [0, 2]).cut(Constraint.at_most([1, 1], 1))
    assert property_.input_set() == expected
    on_edge, inside = (Fraction(0), ONE / 2), (-ONE / 2, ONE / 2)
    assert property_.case_at(on_edge, (ONE,)) is None
    assert property_.case_at(inside, (ONE,)) is property_.cases[0]


def test_what_contradicts_itself_has_no_inputs() -> None:
    assert asserting("(<= X_0 -2)").input_set() == Polytope.empty(2)
    assert asserting("(< (- X_0 X_0) 0)").input_set() == Polytope.empty(2)
    assert [case.inputs.is_empty for case in asserting("(!= X_0 -5)").cases] == [True, False]


def test_a_case_may_bound_what_others_do_not() -> None:
    property_ = asserting("(or (and (<= 0 X_0 1) (<= 0 X_1 2)) (= X_0 X_1 5))", box="")
    assert property_.input_sets() == (
        Polytope.box([0, 0], [1, 2]),
        Polytope.hull([[5, 5]], 2),
    )


def test_equal_boxes_written_differently_are_one_set() -> None:
    property_ = asserting(
        "(or (and (<= X_0 0) (<= Y_0 1)) (and (>= 0 (* 2 X_0)) (<= X_0 0.05) (>= Y_0 3)))"
    )
    assert len(property_.cases) == 2
    assert property_.input_set() == Polytope.box([-1, "1/10"], [0, 2])


def test_cases_about_outputs_alone_share_their_set_of_inputs() -> None:
    property_ = asserting("(or (<= Y_0 0) (>= Y_0 9))")
    assert property_.cases[0].inputs is property_.cases[1].inputs


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("(<= X_0)", "line 10: found <= with 1 argument, expected 2"),
        ("(<= (3.7 (- Y_0 1)))", "line 10: found <= with 1 argument, expected 2"),
        ("(!= X_0 X_1 1)", "line 10: found != with 3 arguments, expected 2"),
        ("(not (<= X_0 1) (<= X_1 1))", "line 10: found not with 2 arguments"),
        ("(or)", "line 10: found or with 0 arguments"),
        ("(<= (+) 1)", r"line 10: found \+ without arguments"),
        ("(<= (ite (<= Y_0 0) 1 2) 3)", "line 10: found 'ite', expected a sum"),
        ("(<= (3.7 Y_0) 3)", "line 10: found '3.7', expected a sum"),
        ("(<= ((Y_0)) 3)", "line 10: found a list that begins with no word, expected a sum"),
        ("(xor (<= X_0 1) (<= X_0 1))", "line 10: found 'xor', expected and, or, not"),
        ("(<= X_0 (* X_0 X_1))", "line 10: found a product of variables"),
        ("(<= X_0 (/ X_0 X_1))", "line 10: found a quotient, expected one by a number"),
        ("(<= X_0 (/ X_0 0))", "line 10: found a quotient, expected one by a number"),
        ("(<= X_0 (/ 2))", "line 10: found a quotient"),
        ("(<= X_2 1)", "line 10: found X_2, which is not declared"),
        ("(<= X_00 1)", "line 10: found X_00, which is not declared"),
        ("(<= X_0 one)", "line 10: found 'one', expected a number"),
        ("(<= X_0 1/0)", "line 10: found '1/0', whose denominator is zero"),
        ("(<= X_0 1_0)", "line 10: found '1_0', expected a number"),
        ("(<= X_0 \u0661)", "line 10: found '\u0661', expected a number"),
        ("X_0", "line 10: found 'X_0', expected a formula"),
        ("(or X_0)", "line 10: found 'X_0', expected a formula"),
        ("(<= X_0 1) (<= X_0 2)", "line 10: expected one formula"),
    ],
)
def test_other_formulas_are_refused_with_the_line(formula: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        asserting(formula)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "found no list in parentheses"),
        ("\n\n(assert (<= X_0 1)", r"line 3: found \( without \)"),
        ("(exit))", r"line 1: found \) without \("),
        ("; comment\nX_0", "line 2: found 'X_0', expected a list"),
        ("(declare-const X_0 Int)", "line 1: expected a declaration"),
        ("(declare-fun X_0 (Real) Real)", "line 1: expected a declaration"),
        ("(declare-const X_00 Real)", "line 1: found the name X_00, expected X_0, X_1"),
        ("(declare-const X_\u0660 Real)", "line 1: found the name X_\u0660, expected X_0"),
        ("(declare-const Z_0 Real)", "line 1: found the name Z_0, expected X_0"),
        (
            "(declare-const X_0 Real)\n(declare-const X_0 Real)",
            "line 2: found X_0 declared again, first in line 1",
        ),
        ("(declare-const X_1 Real)", "X_0 is not declared, but X_1 is"),
        ("(define-fun f)", "line 1: found 'define-fun'"),
        ("(push 1)", "line 1: found 'push'"),
        ("(" * 1000, "nested 200 deep"),
        ("(assert (not " + "(not " * 150 + "true" + ")" * 152, "found no"),
        ("(vnnlib-version <3.0>)", r"line 1: expected \(vnnlib-version <2.0>\)"),
    ],
)
def test_malformed_files_are_refused_with_the_line(text: str, message: str) -> None:
    if message == "found no":
        assert loads(text).cases == ()
        return
    with pytest.raises(FormatError, match=message):
        loads(text)


def test_commands_that_say_nothing_of_the_property_are_passed_over() -> None:
    text = (
        '(set-logic QF_LRA)(set-info :source |a (bar|)(set-info :note "a ""(quote")\n'
        "(declare-fun X_0 () Real)(assert (<= 0 X_0 1))(check-sat)(exit)"
    )
    assert loads(text).input_set() == Polytope.box([0], [1])


def test_inputs_must_be_bounded_and_only_one_set_is_the_set() -> None:
    with pytest.raises(UnboundedError, match="found X_1 without lower bound"):
        asserting("(<= 0 X_0 1)", "(<= X_1 0)", box="")
    with pytest.raises(ShapeError, match="found 2 different sets of inputs, expected one"):
        asserting("(or (<= X_0 0) (<= X_1 1))").input_set()


BOTH = "(or (<= Y_0 0) (<= Y_0 1))"
POWER = "1e1500"


@pytest.mark.parametrize(
    ("formulas", "message"),
    [
        ([BOTH] * 17, "the assertions together: found over 100000 cases"),
        ([f"(and {BOTH * 17})"], "line 10: found over 100000 cases"),
        ([f"(and {BOTH * 64} false)"], "line 10: found over 100000 cases"),
        (
            ["(and " * 150 + BOTH * 15 + ")" * 150] * 3,
            "line 10: found cases of over 20000000 inequalities",
        ),
        (
            [f"(<= (* {POWER} (* {POWER} (* {POWER} X_0))) 1)"],
            f"line 10: found a number of over {MOST_BITS} bits",
        ),
        (
            [f"(<= (+ X_0 (* {POWER} {POWER} {POWER})) 1)"],
            "line 10: found a number of over 10000 bits",
        ),
    ],
)
def test_what_would_explode_is_refused_by_its_size(formulas: list[str], message: str) -> None:
    with pytest.raises(TooLargeError, match=message):
        asserting(*formulas)


def test_a_short_file_of_many_dense_rows_is_refused_by_its_size() -> None:
    inputs = "".join(f"(declare-const X_{j} Real)(assert (<= 0 X_{j} 1))" for j in range(4000))
    with pytest.raises(TooLargeError, match="1 constraints on several inputs"):
        loads(inputs + "(assert (<= X_0 X_1))")


def chained(operator: Callable[[Fraction, Fraction], bool], values: list[Fraction]) -> bool:
    return all(operator(a, b) for a, b in pairwise(values))


TRUTHS: dict[str, Callable[..., bool]] = {
    "<=": lambda a: chained(Fraction.__le__, a),
    "<": lambda a: chained(Fraction.__lt__, a),
    ">=": lambda a: chained(Fraction.__ge__, a),
    ">": lambda a: chained(Fraction.__gt__, a),
    "=": lambda a: chained(Fraction.__eq__, a),
    "and": all,
    "or": any,
    "not": lambda a: not a[0],
    "=>": lambda a: not all(a[:-1]) or a[-1],
}
SYMBOLS = {"X_0": -1, "X_1": 1, "Y_0": 0}
ATOMS = st.sampled_from([*SYMBOLS, "0", "1", "-1"])
COMPARISONS = st.tuples(
    st.sampled_from(["<=", "<", ">=", ">", "="]), st.lists(ATOMS, min_size=2, max_size=3)
)
FORMULAS = st.recursive(
    COMPARISONS,
    lambda parts: st.one_of(
        st.tuples(
            st.sampled_from(["and", "or", "=>"]), st.lists(parts, min_size=1, max_size=3)
        ),
        st.tuples(st.just("not"), st.lists(parts, min_size=1, max_size=1)),
    ),
    max_leaves=6,
)
Tree = tuple[str, list["Tree"]] | str


def written(tree: Tree) -> str:
    return tree if isinstance(tree, str) else f"({' '.join([tree[0], *map(written, tree[1])])})"


def value(tree: Tree, point: dict[str, int]) -> bool | Fraction:
    if isinstance(tree, str):
        return Fraction(point.get(tree, 0) if tree in SYMBOLS else int(tree))
    return TRUTHS[tree[0]]([value(part, point) for part in tree[1]])


@given(FORMULAS, st.tuples(*[st.integers(-1, 1)] * 3))
def test_a_case_holds_where_the_formula_does(tree: Tree, at: tuple[int, ...]) -> None:
    box = "(assert (<= -1 X_0 1))(assert (<= -1 X_1 1))"
    property_ = asserting(written(tree), box=box)
    point = dict(zip(SYMBOLS, at, strict=True))
    inputs, outputs = (Fraction(at[0]), Fraction(at[1])), (Fraction(at[2]),)
    assert (property_.case_at(inputs, outputs) is not None) == value(tree, point)


def test_published_properties_are_read(data_dir: Path) -> None:
    for number in range(1, 11):
        property_ = read(data_dir / "acasxu" / f"prop_{number}.vnnlib")
        assert (property_.in_dim, property_.out_dim) == (5, 5)
        assert len(property_.input_sets()) == (2 if number == 6 else 1)
        assert all(each.is_box for each in property_.input_sets())
    second = read(data_dir / "acasxu" / "prop_2.vnnlib")
    assert [row.offset for row in second.cases[0].rows] == [0] * 4
    assert str(second.input_set().bounds[0][1]) == "679857769/1000000000"
    small = read(data_dir / "vnnlib_tiny" / "test_small.vnnlib")
    assert small.input_set() == Polytope.box([-1], [1])
    assert [str(row) for row in small.cases[0].rows] == ["-y0 <= -100"]


def image(size: int) -> str:
    """A file about a box of as many inputs, with nine cases about outputs."""
    lines = [f"(declare-const X_{j} Real)" for j in range(size)]
    lines += [f"(declare-const Y_{j} Real)" for j in range(10)]
    lines += [f"(assert (<= X_{j} 0.75))\n(assert (>= X_{j} 0.25))" for j in range(size)]
    cases = " ".join(f"(and (>= Y_{j} Y_0))" for j in range(1, 10))
    return "\n".join((*lines, f"(assert (or {cases}))"))


def seconds(size: int) -> float:
    text, least = image(size), math.inf
    for _ in range(3):
        start = time.process_time()
        assert loads(text).input_set().dim == size
        least = min(least, time.process_time() - start)
    return least


def test_time_is_linear_in_the_file() -> None:
    assert seconds(3200) < 8 * seconds(800)
