"""Whatever a file holds, readers return a value or raise polyrelax's own errors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.errors import PolyrelaxError
from polyrelax.interop import input_sets, network_json, points, vnnlib
from polyrelax.interop.documents import parse
from polyrelax.interop.opening import decoded, opened

WORDS = [
    *["(", ")", "[", "]", "[0]", "[0,1]", "[]", ";", "\n", '"', "|", "<2.0>", "X", "Y", "f"],
    *["vnnlib-version", "declare-network", "declare-input", "declare-output", "equal-to"],
    *["declare-hidden", "declare-const", "declare-fun", "assert", "X_0", "X_1", "Y_0", "Real"],
    *["float32", "uint8", "and", "or", "not", "=>", "<=", ">=", "<", ">", "=", "==", "!="],
    *["distinct", "+", "-", "*", "/", "0", "1", "-1", "0.5", "1e9999", "1/0", "true", "false"],
    *["ite", "\u0661", "()"],
]
VALID = [
    "(declare-const X_0 Real)(declare-const Y_0 Real)"
    "(assert (<= 0 X_0 1))(assert (or (<= Y_0 1) (and (> Y_0 (* 2 X_0)))))",
    "(vnnlib-version <2.0>)"
    "(declare-network f (declare-input X Real [2]) (declare-output Y Real []))"
    "(assert (<= 0 X[0] 1))(assert (<= 0 X[1] 1))(assert (not (== Y 0.5)))",
]
DOCUMENTS = [
    '{"format": "polyrelax-network/1", "input": {"lower": ["-1"], "upper": ["1"]}, "layers": '
    '[{"affine": {"weight": [["1"]], "bias": ["0"]}}, "relu", {"relu": {"neurons": [0]}}]}',
    '{"vertices": [["0", 1], ["1/2", "0.25"]]}',
    '{"inequalities": [[1, 1], ["1", "-1"]]}',
    '[[1, "2"], [3, 4]]',
]
JSON_WORDS = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    "0.5",
    "1e999",
    "NaN",
    "null",
    "true",
    '"input"',
]


@st.composite
def spliced(draw: st.DrawFn, whole: list[str], words: list[str]) -> str:
    """A valid text with some parts cut out, doubled, or replaced by words."""
    text = draw(st.sampled_from(whole))
    for _ in range(draw(st.integers(0, 4))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
        middle = draw(st.sampled_from([text[start:end] * 2, "", *words]))
        text = text[:start] + middle + text[end:]
    return text


def outcome(read: Callable[[str], object], text: str) -> object:
    try:
        return read(text)
    except PolyrelaxError as error:
        return str(error)


@given(
    st.one_of(
        st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join),
        spliced(VALID, WORDS),
        st.text(),
    )
)
def test_vnnlib(text: str) -> None:
    outcome(vnnlib.loads, text)


@given(
    st.one_of(
        st.lists(st.sampled_from(JSON_WORDS), max_size=30).map(" ".join),
        spliced(DOCUMENTS, JSON_WORDS),
        st.text(),
    )
)
def test_json(text: str) -> None:
    outcome(network_json.loads, text)
    outcome(lambda given: input_sets.from_node(parse(given)), text)


HEADS = [
    b"\x93NUMPY\x01\x00",
    b"\x1f\x8b",
    b"\xff\xfe",
    b"\x08\x07",
    b"PK\x03\x04",
    b"[",
    b"1,2",
]


@given(st.sampled_from(HEADS), st.binary(max_size=200))
def test_bytes(head: bytes, rest: bytes) -> None:
    outcome(lambda _: decoded(opened(head + rest)), "")


@pytest.mark.parametrize("dim", [1, 4])
@given(head=st.sampled_from(HEADS), rest=st.binary(max_size=200))
def test_points(
    tmp_path_factory: pytest.TempPathFactory, dim: int, head: bytes, rest: bytes
) -> None:
    path = Path(tmp_path_factory.getbasetemp()) / "points"
    path.write_bytes(head + rest)
    found = outcome(lambda name: points.read(name, dim), str(path))
    if isinstance(found, points.Points):
        outcome(lambda _: [found.point(index) for index in range(found.count)], "")
