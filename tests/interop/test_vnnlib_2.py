from __future__ import annotations

import pytest

from polyrelax.errors import FormatError, TooLargeError, UnboundedError
from polyrelax.interop.vnnlib import loads
from polyrelax.networks.properties import Property
from polyrelax.polytopes.polytope import Polytope

HEAD = "(vnnlib-version <2.0>)\n"
ONE = """(declare-network f
  (declare-input X float32 [2, 2]) ; four inputs
  (declare-input T Real [])
  (declare-output Y float64 [1,3])
  (declare-output Z real []))
"""
BOX = "(assert (and (<= 0 X[0,0] 1) (<= 0 X [0, 1] 2) (<= 0 X[1,0] 3)))(assert (<= 0 X[1,1] 4))"
SCALAR = "(assert (>= T -1.5)) (assert (<= T 0.25))"
WHOLE = Polytope.box([0, 0, 0, 0, "-3/2"], [1, 2, 3, 4, "1/4"])


def asserting(*formulas: str) -> Property:
    return loads(HEAD + ONE + BOX + SCALAR + "".join(f"\n(assert {each})" for each in formulas))


def test_entries_are_numbered_row_by_row_tensor_by_tensor() -> None:
    property_ = asserting("(or (< Y[0,2] (* 2.0 Z 3)) (== (- Y[0,0] 1.0) X[1,0]))")
    assert (property_.in_dim, property_.out_dim) == (5, 4)
    assert property_.input_set() == WHOLE
    assert [[str(row) for row in case.rows] for case in property_.cases] == [
        ["y2 - 6 y3 < 0"],
        ["-x2 + y0 <= 1", "x2 - y0 <= -1"],
    ]


def test_several_networks_stand_side_by_side() -> None:
    property_ = loads(
        HEAD
        + "(declare-network f (declare-input A Real [1]) (declare-output B Real [1]))"
        + "(declare-network g (equal-to f)"
        + " (declare-input C Real [1]) (declare-output D Real [1]))"
        + "(assert (<= 0 A[0] 1)) (assert (<= A[0] C[0])) (assert (<= C[0] 1))"
        + "(assert (> B[0] D[0]))"
    )
    assert (property_.in_dim, property_.out_dim) == (2, 2)
    assert property_.input_set() == Polytope.hull([[0, 0], [0, 1], [1, 1]], 2)
    assert [str(row) for row in property_.cases[0].rows] == ["-y0 + y1 < 0"]


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("(<= W[0] 1)", "line 8: found W, which is not declared"),
        ("(<= W 1)", "line 8: found W, which is not declared"),
        ("(<= X_0 1)", "line 8: found X_0, which is not declared"),
        ("(<= X[0] 1)", r"line 8: found X\[0\], expected 2 indices"),
        ("(<= X 1)", "line 8: found X, expected 2 indices"),
        ("(<= T[0] 1)", r"line 8: found T\[0\], expected 0 indices"),
        ("(<= X[0,2] 1)", r"line 8: found X\[0,2\], expected indices below \(2, 2\)"),
        ("(<= X[0,-1] 1)", r"line 8: found 'X\[0,-1\]', expected a number"),
        ("(<= X[0 1)", r"line 8: found \[ without its other half"),
        ("(<= X[0,\u0661] 1)", "line 8: found"),
    ],
)
def test_other_variables_are_refused_with_the_line(formula: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        asserting(formula)


INPUT, OUTPUT = "(declare-input X Real [2])", "(declare-output Y Real [1])"


@pytest.mark.parametrize(
    ("declarations", "message"),
    [
        ("", "found no declare-network"),
        ("(declare-const X_0 Real)", "line 2: found 'declare-const', expected declare-network"),
        (f"(declare-network f {INPUT})", "found 1 input, 0 outputs, 0 equivalences"),
        (f"(declare-network {INPUT}{OUTPUT})", "found no name in declare-network"),
        (f"(declare-network f X {INPUT}{OUTPUT})", "found a word among declarations"),
        (f"(declare-network X {INPUT}{INPUT}{OUTPUT})", "line 2: found X declared again"),
        (
            f'(declare-network f {INPUT}\n(declare-hidden H Real [1] "h") {OUTPUT})',
            "line 3: found the hidden tensor H, expected none",
        ),
        (
            f"(declare-network f (declare-input X Real [2] initialized) {OUTPUT})",
            "found an input that is initialized",
        ),
        (f"(declare-network f (declare-input X) {OUTPUT})", r"expected \(declare-input NAME"),
        (
            f"(declare-network f (declare-input X uint8 [2]) {OUTPUT})",
            "found the type uint8, expected real numbers or floats",
        ),
        (
            f"(declare-network f (declare-input X Real) {OUTPUT})",
            r"expected \(declare-input NAME",
        ),
        (f"(declare-network f (declare-input X Real [0]) {OUTPUT})", r"found the shape \[0\]"),
        (f"(declare-network f (declare-tensor X Real [1]) {OUTPUT})", "found 'declare-tensor'"),
        (
            f"(declare-network f (equal-to g) {INPUT}{OUTPUT})",
            "found equal-to, expected the name",
        ),
        (
            f"(declare-network f {INPUT}{OUTPUT})(declare-network g (equal-to f)"
            "(declare-input U Real [1])(declare-output V Real [1]))",
            "found shapes that differ from those of f",
        ),
        (
            f"(declare-network f {INPUT}{OUTPUT})"
            + "".join(
                f"(declare-network {name} (isomorphic-to {other})"
                f"(declare-input U{name} Real [2])(declare-output V{name} Real [1]))"
                for name, other in ("gf", "hg")
            ),
            "found g, expected a network that is not like another",
        ),
    ],
)
def test_other_declarations_are_refused(declarations: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        loads(HEAD + declarations)


def test_inputs_without_bounds_are_named_as_in_the_file() -> None:
    with pytest.raises(UnboundedError, match=r"found X\[1, 1\] without lower bound"):
        loads(HEAD + ONE + BOX.replace("(<= 0 X[1,1] 4)", "(<= X[1,1] 4)") + SCALAR)
    with pytest.raises(UnboundedError, match="found T without upper bound"):
        loads(HEAD + ONE + BOX + "(assert (>= T 0))")


def test_vast_shapes_are_refused_by_their_size() -> None:
    vast = f"(declare-network f (declare-input X Real [99999,99999,99999]) {OUTPUT})"
    with pytest.raises(TooLargeError, match="line 2: found over 10000000 entries"):
        loads(HEAD + vast)


def test_a_file_without_its_version_is_of_version_1() -> None:
    with pytest.raises(FormatError, match="line 1: found 'declare-network'"):
        loads(ONE)
