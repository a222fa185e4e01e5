"""Points of a relaxation lie between its lines, in its windows, and off its stable neurons."""

import json
from typing import Any

import pytest

from polyrelax.certificates.certify import certify_range
from polyrelax.certificates.check import RejectedError, check
from tests.certificates.by_hand import BY_HAND, statement, stating
from tests.certificates.cases import PROBLEMS, Document

# The first neuron's range under dp0, by which it may be at most 1 where its input is 0.
LINES: list[Document] = [
    {"kind": "linear", "relaxation": "dp0", "form": [["1", 1, 0]], "at_most": "2", "terms": []},
    {
        "kind": "linear",
        "relaxation": "dp0",
        "form": [["-1", 1, 0]],
        "at_most": "2",
        "terms": [],
    },
    *BY_HAND["nodes"][1:3],
    {
        "kind": "range",
        "relaxation": "dp0",
        "coordinate": [1, 0],
        "below": 1,
        "above": 0,
        "least": 3,
        "greatest": 2,
    },
]


def between(output: list[Any], value: str) -> str:
    node = {"kind": "between", "relaxation": "dp0", "input": ["1", "-1"], "outputs": [output]}
    stated = statement("dp0", [["1", 3, 0]], "reaches", value)
    return stating(BY_HAND["problem"], [*LINES, node], stated)


def test_outputs_lie_between_their_own_lines() -> None:
    assert check(between([2, 0, "1", 4], "3")) == "dp0: 1 v(3, 0) reaches 3"
    for value, reached in (("2", "4"), ("1001/1000", "3001/1000"), ("-1", "1")):
        with pytest.raises(RejectedError, match=r"node 5: the output .* not between its lines"):
            check(between([2, 0, value, 4], reached))
    with pytest.raises(RejectedError, match="node 5: node 4 is the range of"):
        check(between([2, 1, "2", 4], "2"))


def test_a_neuron_is_stable_only_by_its_sign() -> None:
    half = {"lower": ["-1/2", "-1/2"], "upper": ["1/2", "1/2"]}
    row = {"kind": "linear", "relaxation": "krelu:2", "form": [["1", 1, 1]], "at_most": "1"}
    nodes: list[Document] = [
        {**row, "terms": []},
        {"kind": "run", "input": ["1/2", "1/2"]},
        {"kind": "run", "input": ["-1/2", "-1/2"]},
        {
            **BY_HAND["nodes"][3],
            "relaxation": "krelu:2",
            "input": ["1/2", "-1/2"],
            "stable": [[2, 1, 0]],
        },
    ]
    stated = statement("krelu:2", [["1", 3, 0]], "reaches", "3/2")  # it is at most 1
    with pytest.raises(RejectedError, match="node 3: node 0 does not fix the phase"):
        check(stating({**BY_HAND["problem"], "input": half}, nodes, stated))


def test_windows_agree_where_they_overlap() -> None:
    document = json.loads(certify_range(*PROBLEMS["tent"], "p:2").dumps())
    [windows] = [
        node["windows"]
        for node in document["nodes"]
        if node["kind"] == "windows" and any(len(window) > 1 for window in node["windows"])
    ]
    first = next(window for window in windows if len(window) > 1)
    windows[-1] = [["1", first[0][1]]]
    with pytest.raises(RejectedError, match="the windows differ at layer"):
        check(json.dumps(document))


@pytest.mark.parametrize("name", ["m:1", "krelu:1"])
def test_relaxations_of_single_layers_have_no_windows(name: str) -> None:
    problem = {"layers": ["relu"], "input": {"lower": ["-1"], "upper": ["1"]}}

    def mixed(name: str) -> str:
        nodes: list[Document] = [
            {"kind": "run", "input": ["1"]},
            {"kind": "windows", "relaxation": name, "windows": [[["1", 0]]]},
        ]
        return stating(problem, nodes, statement(name, [["1", 1, 0]], "reaches", "1"))

    assert check(mixed("p:1")) == "p:1: 1 v(1, 0) reaches 1"
    with pytest.raises(RejectedError, match=f"node 1: {name} has no windows"):
        check(mixed(name))


# A neuron that is off, for inputs in [-2, -1]: its output is 0.
OFF: Document = {"layers": ["identity", "relu"], "input": {"lower": ["-2"], "upper": ["-1"]}}


@pytest.mark.parametrize("name", ["dp0", "dp1", "crown", "fastlin"])
def test_a_neuron_that_is_off_is_0(name: str) -> None:
    row = {"kind": "linear", "relaxation": name, "terms": []}
    ends: list[Document] = [
        {**row, "form": [["-1", 1, 0]], "at_most": "2"},
        {**row, "form": [["1", 1, 0]], "at_most": "-1"},
        *({"kind": "run", "input": [x]} for x in ("-2", "-1")),
        {
            **{"kind": "range", "relaxation": name, "coordinate": [1, 0]},
            **{"below": 0, "above": 1, "least": 2, "greatest": 3},
        },
    ]

    def replaced(value: str) -> str:
        outputs = [[2, 0, value, 4]]
        node = {"kind": "between", "relaxation": name, "input": ["-2"], "outputs": outputs}
        stated = statement(name, [["1", 2, 0]], "reaches", value)
        return stating(OFF, [*ends, node], stated)

    assert check(replaced("0")) == f"{name}: 1 v(2, 0) reaches 0"
    for value in ("1/2", "2", "-1/2", "-2"):
        with pytest.raises(RejectedError, match=r"node 5: the output .* is not between"):
            check(replaced(value))


@pytest.mark.parametrize("sign", ["1", "-1"])
def test_the_interval_of_a_neuron_that_is_off_is_0(sign: str) -> None:
    intervals: list[Document] = [
        {"kind": "boxes"},
        {"kind": "range", "relaxation": "ibp", "coordinate": [2, 0], "boxes": 0},
    ]

    def reaching(value: str) -> str:
        return stating(OFF, intervals, statement("ibp", [[sign, 2, 0]], "reaches", value))

    assert check(reaching("0")) == f"ibp: {sign} v(2, 0) reaches 0"
    for value in ("-1", "1"):
        with pytest.raises(RejectedError, match="node 1 has another value"):
            check(reaching(value))


def test_a_mixture_of_fractions_is_their_mean() -> None:
    problem = {"layers": ["relu"], "input": {"lower": ["0"], "upper": ["1"]}}
    runs: list[Document] = [{"kind": "run", "input": [x]} for x in ("1/2", "1/3")]
    windows = [[["1/4", 0], ["3/4", 1]]]
    mixed = {"kind": "windows", "relaxation": "p:1", "windows": windows}

    def reaching(value: str) -> str:
        stated = statement("p:1", [["1", 1, 0]], "reaches", value)
        return check(stating(problem, [*runs, mixed], stated))

    assert reaching("3/8") == "p:1: 1 v(1, 0) reaches 3/8"  # 1/8 + 1/4
    for other in ("0", "1/3", "5/12", "1/2"):
        with pytest.raises(RejectedError, match="node 2 has another value"):
            reaching(other)
