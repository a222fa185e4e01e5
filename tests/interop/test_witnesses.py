"""Counterexamples in files, in every form that tools print."""

import gzip
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.errors import DimensionError, FormatError, InexactInputError, PolyrelaxError
from polyrelax.interop.witnesses import (
    Claimed,
    dumps,
    found_in,
    is_list,
    loads,
    read,
    read_list,
)

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


@pytest.mark.parametrize(
    "text",
    [
        "((X_0 0.5)\n (X_1 2)\n (Y_0 -1e-1))",
        "sat\n((X_0 0.5) (X_1 2) (Y_0 -0.1))",
        "(X_0 5E-1) (X_1 2.0) (Y_0 -.1)",
        "violated\n((X_0 0.5) (X_1 2))\n((Y_0 -0.1))",
        '{"inputs": [[0.5, 2]], "outputs": [["-1/10"]]}',
        '{"inputs": ["1/2", 2], "outputs": [-0.1]}',
        "# x0 x1 y\n0.5 2 -0.1\n",
        "0.5,2,-0.1",
    ],
)
def test_one_point_with_its_output_in_each_form(text: str) -> None:
    assert loads(text, 2, 1) == (Claimed((HALF, Fraction(2)), (Fraction(-1, 10),)),)


def test_a_text_may_hold_several_points() -> None:
    text = "((X_0 1) (Y_0 2) (X_0 3) (Y_0 4))\n((X_0 5))"
    assert [(each.point, each.outputs) for each in loads(text, 1, 1)] == [
        ((1,), (2,)),
        ((3,), (4,)),
        ((5,), None),
    ]


def test_points_without_outputs() -> None:
    assert [each.outputs for each in loads("[[1, 2], [3, 4]]", 2, 1)] == [None, None]


def test_floats_of_an_array_are_exact(tmp_path: Path) -> None:
    path = tmp_path / "point.npy"
    np.save(path, np.array([[0.1, 0.5]], dtype=np.float32))
    (found,) = read(path, 2, 1)
    assert found.point == (Fraction(float(np.float32(0.1))), HALF)


def test_a_file_may_be_compressed(tmp_path: Path) -> None:
    path = tmp_path / "net_property.counterexample.gz"
    path.write_bytes(gzip.compress(b"sat\n((X_0 0.5))"))
    assert read(path, 1, 1) == (Claimed((HALF,)),)
    assert list(found_in(tmp_path)) == [path]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "found no point, expected a text such as"),
        ("sat", "found no point"),
        ("unsat", "line 1: found 'unsat', expected a number"),
        ("((X_0 nan))", "line 1: found 'nan', expected a number"),
        ("((X_0 1)\n(X_2 1))", "line 2: found X_2, expected X_1"),
        ("((X_1 1))", "line 1: found X_1, expected X_0"),
        ("((X_0 1) (Z_0 1))", r"line 1: expected a list such as \(X_0 0.5\)"),
        ("((X_0 1 2))", "expected a list such as"),
        ("((X_0 1)", r"found \( without \)"),
        ("1 x", "line 1: found 'x', expected a number"),
        ('{"inputs": [[1]], "outputs": []}', "outputs: found 1 point|outputs: found 0"),
        ('{"inputs": [[NaN]]}', "inputs.0..0.: found"),
        ('{"input": [[1]]}', "found the key 'input', expected 'inputs', 'outputs'"),
        ("[1, [2]]", "found an array, expected a number"),
    ],
)
def test_what_is_no_counterexample_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        loads(text, 1, 1)


@pytest.mark.parametrize("text", ["((X_0 1))", "((X_0 1) (X_1 2) (Y_0 1) (Y_1 1))", "1 2 3 4"])
def test_a_point_of_other_dimensions_is_refused(text: str) -> None:
    with pytest.raises(DimensionError, match="the network has"):
        loads(text, 2, 1)


ENTRY = '{"tool": "t", "network": "n.onnx", "property": "p.vnnlib", "inputs": %s}'


def test_a_list_names_tools_and_files() -> None:
    text = '{"origin": "hand", "witnesses": [%s]}' % (ENTRY % "[[0.5], [1]]")
    assert is_list(text)
    (found,) = read_list(text)
    assert (found.tool, found.network, found.property) == ("t", "n.onnx", "p.vnnlib")
    assert [each.point for each in found.claimed] == [(HALF,), (1,)]


def test_what_is_wrong_with_one_entry_is_kept_beside_the_others() -> None:
    entries = ", ".join((ENTRY % '[["x"]]', ENTRY % "[[1]]"))
    bad, good = read_list(f'{{"witnesses": [{entries}]}}')
    assert bad.fault is not None
    assert "witnesses[0].inputs[0][0]: found 'x'" in bad.fault
    assert (good.fault, good.claimed) == (None, (Claimed((Fraction(1),)),))


@pytest.mark.parametrize("text", ['{"witnesses": 3}', '{"witnesses": [{"tool": "t"}]}'])
def test_a_list_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(PolyrelaxError, match="witnesses"):
        read_list(text)


@given(st.lists(st.floats(-1e9, 1e9, width=32).map(Fraction), min_size=1, max_size=3))
def test_a_point_that_is_written_is_read_again(values: list[Fraction]) -> None:
    claimed = Claimed(tuple(values), (Fraction(1, 10), *values))
    assert loads(dumps(claimed), len(values), len(values) + 1) == (claimed,)


def test_a_point_that_decimals_do_not_hold_is_refused_and_outputs_are_near() -> None:
    with pytest.raises(InexactInputError, match="found 1/3"):
        dumps(Claimed((Fraction(1, 3),)))
    (found,) = loads(dumps(Claimed((Fraction(0),), (Fraction(10**400, 3),))), 1, 1)
    assert found.outputs == (Fraction(round(Fraction(10**400, 3))),)
