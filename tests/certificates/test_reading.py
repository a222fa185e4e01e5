"""How the checker reads inputs, layers, numbers and reasons: one rule each."""
# ruff: noqa: ANN401 -- documents are JSON

import json
from typing import Any

import pytest

from polyrelax.certificates.check import RejectedError, check, determinant
from tests.certificates.by_hand import BY_HAND, stating, with_change
from tests.certificates.cases import Document, rehashed

CORNER: Document = {"normal": ["1", "1"], "offset": "1"}
SIDES: list[Document] = [
    {"normal": ["-1", "0"], "offset": "0"},
    {"normal": ["0", "-1"], "offset": "0"},
]


def at_input(rows: list[Document], x: list[str]) -> str:
    """State that the network of the hand-written certificate reaches its value at ``x``."""
    problem = {**BY_HAND["problem"], "input": {"dim": 2, "constraints": rows}}
    form = [["1", 0, 0]]
    statement = {"relaxation": "exact", "form": form, "relation": "reaches", "value": x[0]}
    return stating(problem, [{"kind": "run", "input": x}], statement)


@pytest.mark.parametrize("x", [["1", "1"], ["-1", "0"], ["0", "-1"], ["-1", "2"]])
def test_an_input_satisfies_every_row(x: list[str]) -> None:
    assert check(at_input([CORNER, *SIDES], ["1", "0"])) == "exact: 1 v(0, 0) reaches 1"
    with pytest.raises(RejectedError, match="node 0: the point is no input"):
        check(at_input([CORNER, *SIDES], x))


@pytest.mark.parametrize("x", [["0", "0"], ["1", "1"]])
def test_an_input_satisfies_equations_from_both_sides(x: list[str]) -> None:
    rows = [{**CORNER, "equation": True}, *SIDES]
    assert check(at_input(rows, ["0", "1"])) == "exact: 1 v(0, 0) reaches 0"
    with pytest.raises(RejectedError, match="node 0: the point is no input"):
        check(at_input(rows, x))


def test_a_box_may_be_a_point() -> None:
    problem = {"layers": ["relu"], "input": {"lower": ["1"], "upper": ["1"]}}
    stated = {"relaxation": "exact", "form": [["1", 1, 0]], "relation": "reaches"}
    run = {"kind": "run", "input": ["1"]}
    assert check(stating(problem, [run], {**stated, "value": "1"})).endswith("reaches 1")


@pytest.mark.parametrize("x", ["1/2", "-2/3"])
def test_an_input_lies_in_the_box(x: str) -> None:
    problem = {"layers": ["relu"], "input": {"lower": ["-1/2"], "upper": ["1/3"]}}
    stated = {"relaxation": "exact", "form": [["1", 0, 0]], "relation": "reaches"}

    def reaching(value: str) -> str:
        return stating(problem, [{"kind": "run", "input": [value]}], {**stated, "value": value})

    for end in ("-1/2", "1/3"):
        assert check(reaching(end)) == f"exact: 1 v(0, 0) reaches {end}"
    with pytest.raises(RejectedError, match="node 0: the point is no input"):
        check(reaching(x))


def test_values_of_several_layers_have_several_denominators() -> None:
    doubled = {
        "layers": [{"affine": {"weight": [["2"]], "bias": ["0"]}}],
        "input": {"lower": ["0"], "upper": ["1"]},
    }
    run = {"kind": "run", "input": ["1/2"]}  # the value is 1, and 1/2 + 1 = 3/2

    def reaching(value: str) -> str:
        form = [["1", 0, 0], ["1", 1, 0]]
        stated = {"relaxation": "exact", "form": form, "relation": "reaches", "value": value}
        return stating(doubled, [run], stated)

    assert check(reaching("3/2")) == "exact: 1 v(0, 0) + 1 v(1, 0) reaches 3/2"
    for value in ("1/2", "1", "2"):
        with pytest.raises(RejectedError, match="node 0 has another value"):
            check(reaching(value))


def test_the_scale_of_a_layer_divides_all_that_is_in_it() -> None:
    layer = {"affine": {"scale": "2", "weight": [[1, 2]], "bias": [4]}}
    problem = {"layers": [layer], "input": {"lower": ["0", "0"], "upper": ["1", "1"]}}
    stated = {"relaxation": "exact", "form": [["1", 1, 0]], "relation": "reaches"}
    run = {"kind": "run", "input": ["1", "1"]}
    assert check(stating(problem, [run], {**stated, "value": "7/2"})).endswith("reaches 7/2")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("nodes",), {}, "the problem: found {}, expected an array"),
        (("claim",), [], "the claim: found [], expected an object"),
        (("nodes",), "", "the problem: found '', expected an array"),
        (("nodes", 0, "form", 0, 1), -1, "node 0: found -1, expected a whole number below 4"),
        (("nodes", 0, "form", 0, 2), -1, "node 0: found -1, expected a whole number below 1"),
        (("proof", 0), -1, "the claim: found -1, expected a whole number below 4"),
        (
            ("nodes", 0, "form"),
            [["1", 3, 0], ["1", 3, 0]],
            "node 0: a coordinate is named twice",
        ),
        (
            ("claim", "statements", 0, "form"),
            [["1", 3, 0], ["1", 3, 0]],
            "the claim: a coordinate is named twice",
        ),
        (("note",), "x", "the file: found the unknown field 'note'"),
    ],
)
def test_what_is_not_of_the_format_is_rejected(
    path: tuple[Any, ...], value: Any, message: str
) -> None:
    with pytest.raises(RejectedError) as rejected:
        check(with_change(*path, value=value))
    assert str(rejected.value).startswith(message)


@pytest.mark.parametrize("name", ["claim", "sha256", "problem", "nodes", "proof"])
def test_no_part_of_a_certificate_may_be_missing(name: str) -> None:
    document = rehashed(BY_HAND)
    del document[name]
    with pytest.raises(RejectedError, match=f"the file: the field '{name}' is missing"):
        check(json.dumps(document))


def linear(relaxation: str, form: Any, at_most: str, *reason: Any) -> Document:
    row = {"kind": "linear", "relaxation": relaxation, "form": form, "at_most": at_most}
    return {**row, "terms": [["1", list(reason)]]}


@pytest.mark.parametrize(
    ("reason", "form"),
    [("positive", [["-1", 2, 0]]), ("above", [["1", 1, 0], ["-1", 2, 0]])],
)
def test_a_neuron_is_at_least_0_and_its_input_and_no_more(reason: str, form: Any) -> None:
    def proving(value: str) -> str:
        node = linear("triangle", form, value, reason, 2, 0)
        stated = {"relaxation": "triangle", "form": form, "relation": "at most"}
        return stating(BY_HAND["problem"], [node], {**stated, "value": value})

    assert check(proving("0")).endswith("<= 0")
    for value in ("-1", "-1/1000"):
        with pytest.raises(RejectedError, match="node 0: the terms do not imply the row"):
            check(proving(value))


@pytest.mark.parametrize(
    ("relaxation", "reason"),
    [
        ("triangle", ["middle"]),
        ("triangle", ["positive", 0]),
        ("triangle", ["lower", 0]),
        ("triangle", ["upper", 0]),
        ("dp0", ["positive"]),
        ("dp0", ["above"]),
    ],
)
def test_a_relaxation_has_its_own_reasons(relaxation: str, reason: list[Any]) -> None:
    name, *rest = reason
    node = linear(relaxation, [["-1", 2, 0]], "0", name, 2, 0, *rest)
    with pytest.raises(RejectedError, match=f"node 0: found .* a reason of {relaxation}"):
        check(with_change("nodes", value=[node]))


@pytest.mark.parametrize(("low", "high", "wrong"), [(1, 2, 2), (3, 0, 3)])
def test_both_bounds_of_a_line_are_those_of_its_input(low: int, high: int, wrong: int) -> None:
    ends = [(c, j) for j in (0, 1) for c in ("1", "-1")]
    row = {"kind": "linear", "relaxation": "triangle", "at_most": "2", "terms": []}
    rows = [{**row, "form": [[c, 1, j]]} for c, j in ends]  # above and below, of both neurons

    def bounded(low: int, high: int) -> str:
        form, stated = [["1", 2, 0]], {"relaxation": "triangle", "relation": "at most"}
        node = linear("triangle", form, "2", "upper", 2, 0, low, high)
        statement = {**stated, "form": form, "value": "2"}
        return stating(BY_HAND["problem"], [*rows, node], statement)

    assert check(bounded(1, 0)) == "triangle: 1 v(2, 0) <= 2"
    with pytest.raises(RejectedError, match=rf"node 4: node {wrong} does not bound \(1, 0\)"):
        check(bounded(low, high))


def test_the_sign_of_a_phase_is_at_0() -> None:
    form = [["1", 1, 0], ["-2", 2, 0]]  # -|z| of the first neuron's input z
    leaf = [["1", ["sign", 2, 0]]]

    def proving(value: str) -> str:
        node = {"kind": "cases", "relaxation": "exact", "form": form, "at_most": value}
        stated = {"relaxation": "exact", "form": form, "relation": "at most", "value": value}
        tree = {"split": [2, 0], "off": leaf, "on": leaf}
        return stating(BY_HAND["problem"], [{**node, "tree": tree}], stated)

    assert check(proving("0")).endswith("<= 0")
    with pytest.raises(RejectedError, match="node 0: the terms do not imply the row"):
        check(proving("-1"))


@pytest.mark.parametrize("rest", [[], [0]])
def test_a_sign_is_known_in_its_case_alone(rest: list[int]) -> None:
    node = linear("triangle", [["1", 1, 0]], "0", "sign", 2, 0, *rest)
    with pytest.raises(RejectedError, match=r"node 0: the sign of \(2, 0\) is not known here"):
        check(with_change("nodes", value=[node]))


def test_inputs_are_no_outputs_of_the_last_layer() -> None:
    last = {"layers": ["relu"], "input": {"lower": ["-1"], "upper": ["1"]}}
    node = linear("triangle", [["-1", 0, 0]], "0", "positive", 0, 0)
    row = {"relaxation": "triangle", "form": [["-1", 0, 0]], "value": "0"}
    with pytest.raises(RejectedError, match=r"node 0: \(0, 0\) is no output of a ReLU"):
        check(stating(last, [node], {**row, "relation": "at most"}))


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        ([], 1),
        ([[-3]], -3),
        ([[1, 0], [0, 1]], 1),
        ([[0, 1], [1, 0]], -1),
        ([[1, 2], [2, 4]], 0),
        ([[0, 0, 1], [0, 1, 0], [1, 0, 0]], -1),
        ([[1, 1, 1], [1, 2, 4], [1, 3, 9]], 2),  # Vandermonde: (2-1)(3-1)(3-2)
        ([[2, 1, 0, 0], [1, 2, 1, 0], [0, 1, 2, 1], [0, 0, 1, 2]], 5),  # n + 1 for n rows
    ],
)
def test_determinants_are_those_of_the_textbook(rows: list[list[int]], value: int) -> None:
    assert determinant(rows) == value
