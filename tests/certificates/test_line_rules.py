"""Lines around a neuron are chosen by its bounds, in the relaxation that they are for."""
# ruff: noqa: ANN401 -- documents are JSON

from typing import Any

import pytest

from polyrelax.certificates.check import RejectedError, check
from tests.certificates.by_hand import BY_HAND, statement, stating
from tests.certificates.cases import Document


def bound(relaxation: str, sign: str, at_most: str, *, j: int = 0) -> Document:
    """Return a row that bounds the input of neuron ``j``, by the ends of the box alone."""
    row = {"kind": "linear", "relaxation": relaxation, "form": [[sign, 1, j]], "terms": []}
    return {**row, "at_most": at_most}


def bounded(relaxation: str, form: Any, at_most: str, reason: list[Any]) -> Document:
    """Return a row that one reason proves."""
    row = {"kind": "linear", "relaxation": relaxation, "form": form, "at_most": at_most}
    return {**row, "terms": [["1", reason]]}


def proving(node: Document, *, given: list[Document], problem: Document) -> str:
    stated = statement(node["relaxation"], node["form"], "at most", node["at_most"])
    return stating(problem, [*given, node], stated)


@pytest.mark.parametrize("size", [2, 3])
def test_lines_of_windows_have_bounds_of_single_layers(size: int) -> None:
    # A window mixes values that lie beyond the bounds of longer windows.
    node = bounded(f"p:{size}", [["1", 2, 0]], "2", ["upper", 2, 0, 0, 1])

    def by_bounds_of(relaxation: str) -> str:
        ends = [bound(relaxation, sign, "2") for sign in ("-1", "1")]
        return proving(node, given=ends, problem=BY_HAND["problem"])

    assert check(by_bounds_of("p:1")) == f"p:{size}: 1 v(2, 0) <= 2"
    with pytest.raises(RejectedError, match=f"node 2: node 0 is a row of p:{size}"):
        check(by_bounds_of(f"p:{size}"))


# One neuron whose input is that of the network.
ALONE = {"layers": ["identity", "relu"]}
FLAT, SLOPE = [["-1", 2, 0]], [["1", 1, 0], ["-1", 2, 0]]  # 0 <= y and z <= y


@pytest.mark.parametrize(
    ("lower", "upper", "right", "wrong"),
    [
        ("-1/3", "1/2", SLOPE, FLAT),  # the end that is greater has the numerator 1
        ("-1", "1/2", FLAT, SLOPE),
        ("-1/2", "1/2", FLAT, SLOPE),
    ],
)
def test_crown_has_the_line_of_the_greater_end(
    lower: str, upper: str, right: Any, wrong: Any
) -> None:
    problem = {**ALONE, "input": {"lower": [lower], "upper": [upper]}}
    given = [
        bound("crown", "-1", lower[1:]),
        bound("crown", "1", upper),
        *({"kind": "run", "input": [x]} for x in (lower, upper)),
        {
            **{"kind": "range", "relaxation": "crown", "coordinate": [1, 0]},
            **{"below": 0, "above": 1, "least": 2, "greatest": 3},
        },
    ]

    def line(form: Any) -> str:
        node = bounded("crown", form, "0", ["lower", 2, 0, 4])
        return proving(node, given=given, problem=problem)

    assert check(line(right)).endswith("<= 0")
    with pytest.raises(RejectedError, match="node 5: the terms do not imply the row"):
        check(line(wrong))


def test_a_reason_has_nothing_that_it_does_not_use() -> None:
    form = [["1", 1, 0], ["-2", 2, 0]]  # -|z|

    def signed(*more: Any) -> str:
        leaf = [["1", ["sign", 2, 0, *more]]]
        tree = {"split": [2, 0], "off": leaf, "on": leaf}
        node = {"kind": "cases", "relaxation": "exact", "form": form, "at_most": "0"}
        return proving({**node, "tree": tree}, given=[], problem=BY_HAND["problem"])

    assert check(signed()).endswith("<= 0")
    with pytest.raises(RejectedError, match=r"node 0: the sign of \(2, 0\) is not known here"):
        check(signed(0))


def test_terms_leave_no_form_of_inputs_that_have_no_ends() -> None:
    rows = [{"normal": ["2"], "offset": "1"}, {"normal": ["-1"], "offset": "0"}]  # [0, 1/2]
    problem = {"layers": ["identity"], "input": {"dim": 1, "constraints": rows}}
    row = {"kind": "linear", "relaxation": "exact", "form": [["1", 1, 0]], "at_most": "1/2"}

    def by(*terms: list[Any]) -> str:
        return proving({**row, "terms": list(terms)}, given=[], problem=problem)

    assert check(by(["1/2", ["input", 0]])) == "exact: 1 v(1, 0) <= 1/2"
    for terms in ([], [["1", ["input", 1]]], [["1/3", ["input", 0]]]):
        with pytest.raises(RejectedError, match="node 0: the terms leave a form of the inputs"):
            check(by(*terms))
