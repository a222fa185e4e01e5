"""Each rule of the format is checked: what breaks it is rejected, with the reason."""
# ruff: noqa: ANN401 -- documents are JSON

from fractions import Fraction
from typing import Any

import pytest

from polyrelax.arithmetic.rational import ONE
from polyrelax.certificates.certify import certify_range
from polyrelax.certificates.check import RejectedError, check
from polyrelax.certificates.functions import certify_outside
from polyrelax.certificates.hulls import certify_hull
from polyrelax.networks.gallery import absolute_value, maximum
from polyrelax.polytopes.polytope import Polytope
from tests.certificates.by_hand import BY_HAND, statement, stating, with_change
from tests.certificates.cases import Document


def node_three(**changes: Any) -> list[Document]:
    return [*BY_HAND["nodes"][:3], {**BY_HAND["nodes"][3], **changes}]


CASES: Document = {"kind": "cases", "form": [["1", 2, 0]], "at_most": "2", "tree": []}
ROW: Document = {"kind": "linear", "relaxation": "triangle", "terms": [], "at_most": "2"}
MEAN = {"layer": 2, "neurons": [0], "mixture": [["1/2", 1], ["1/2", 2]]}


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        (
            [{**CASES, "relaxation": "m:1", "form": [["1", 0, 0], ["1", 2, 0]]}],
            "node 0: the row spans more than a layer",
        ),
        (
            [{**CASES, "relaxation": "m:1", "form": [["1", 2, 0], ["1", 2, 1]]}],
            "node 0: the row has more than 1 neuron",
        ),
        (
            [{**CASES, "relaxation": "p:1", "form": [["1", 0, 0], ["1", 2, 0]]}],
            "node 0: the row spans more than 1 layer",
        ),
        (
            [*BY_HAND["nodes"][:3], {**CASES, "relaxation": "krelu:2", "unstable": [[1, 2]]}],
            "node 3: the neuron (2, 0) is not shown to be unstable",
        ),
        (
            [
                *BY_HAND["nodes"][:3],
                {"kind": "run", "input": ["0", "0"]},
                {**CASES, "relaxation": "krelu:2", "unstable": [[3, 1]]},
            ],
            "node 4: the neuron (2, 0) is not shown to be unstable",
        ),
        (
            [
                *BY_HAND["nodes"][:3],
                {"kind": "run", "input": ["0", "0"]},
                {**CASES, "relaxation": "krelu:2", "unstable": [[2, 3]]},
            ],
            "node 4: the neuron (2, 0) is not shown to be unstable",
        ),
        (
            [
                *BY_HAND["nodes"][:3],
                *({"kind": "run", "input": ["0", y]} for y in ("1", "-1")),
                {
                    **CASES,
                    "relaxation": "krelu:1",
                    "form": [["1", 2, 0], ["1", 1, 1]],
                    "unstable": [[2, 1], [3, 4]],
                },
            ],
            "node 5: the row has more than 1 neuron",
        ),
        (
            [{**ROW, "form": [["1", 1, 0]], "terms": [["1", ["assumed", 0]]]}],
            "node 0: triangle knows no assumptions",
        ),
        (
            [{**ROW, "form": [["1", 2, 0]], "terms": [["1", ["upper", 2, 0, 0, 0]]]}],
            "node 0: found 0, expected a whole number below 0",
        ),
        (
            [
                {**ROW, "form": [["1", 1, 1]]},
                {**ROW, "form": [["1", 2, 0]], "terms": [["1", ["upper", 2, 0, 0, 0]]]},
            ],
            "node 1: node 0 does not bound (1, 0)",
        ),
        (
            [{**ROW, "form": [["1", 1, 1]]}, {**BY_HAND["nodes"][3], "stable": [[2, 1, 0]]}],
            "node 1: node 0 does not fix the phase of (2, 1)",
        ),
        (node_three(relaxation="p:2"), "node 3: p:2 has windows"),
        (node_three(groups=[{**MEAN, "layer": 0}]), "node 3: layer 0 has no neurons"),
        (
            node_three(groups=[{**MEAN, "mixture": [["-1", 1], ["2", 2]]}]),
            "node 3: a weight is negative",
        ),
        (
            [
                *BY_HAND["nodes"][:3],
                {"kind": "run", "input": ["0", "0"]},
                {**BY_HAND["nodes"][3], "groups": [MEAN, {**MEAN, "mixture": [["1", 3]]}]},
            ],
            "node 4: mixtures differ at (2, 0)",
        ),
        (
            [{"kind": "between", "relaxation": "triangle", "input": ["0", "0"], "outputs": []}],
            "node 0: 'triangle' has no lines",
        ),
    ],
)
def test_a_node_that_its_relaxation_does_not_allow_is_rejected(
    nodes: list[Document], message: str
) -> None:
    with pytest.raises(RejectedError) as rejected:
        check(with_change("nodes", value=nodes))
    assert str(rejected.value).startswith(message)


# Each of these is false, and proved but for one rule.
ZERO = {"kind": "run", "input": ["0", "0"]}
ENDS = [{"kind": "run", "input": ["0", y]} for y in ("1", "-1")]
SUM = {"form": [["1", 2, 0], ["1", 2, 1]], "at_most": "2", "tree": BY_HAND["nodes"][0]["tree"]}
SLANTED = {
    "form": [["1", 2, 0], ["1", 1, 1]],
    "at_most": "2",
    "tree": {"split": [2, 0], "off": [], "on": []},
}


@pytest.mark.parametrize(
    ("stated", "nodes", "message"),
    [
        (
            statement("triangle", [["1", 3, 0]], "reaches", "4"),
            [
                *BY_HAND["nodes"][1:3],
                ZERO,
                {
                    **BY_HAND["nodes"][3],
                    "groups": [{**MEAN, "mixture": [["1", 0], ["1", 1], ["-1", 2]]}],
                },
            ],
            "node 3: a weight is negative",
        ),
        (
            statement("krelu:1", SUM["form"], "at most", "2"),
            [
                *BY_HAND["nodes"][1:3],
                *ENDS,
                {
                    **CASES,
                    **SUM,
                    "relaxation": "krelu:1",
                    "unstable": [[1, 0], [2, 3]],
                },
            ],
            "node 4: the row has more than 1 neuron",
        ),
        (
            statement("m:1", SUM["form"], "at most", "2"),
            [{**CASES, **SUM, "relaxation": "m:1"}],
            "node 0: the row has more than 1 neuron",
        ),
        (
            statement("krelu:1", SLANTED["form"], "at most", "2"),
            [
                *BY_HAND["nodes"][1:3],
                *ENDS,
                {
                    **CASES,
                    **SLANTED,
                    "relaxation": "krelu:1",
                    "unstable": [[1, 0], [2, 3]],
                },
            ],
            "node 4: the row has more than 1 neuron",
        ),
    ],
)
def test_a_false_claim_fails_at_one_rule(
    stated: Document, nodes: list[Document], message: str
) -> None:
    with pytest.raises(RejectedError, match=message):
        check(stating(BY_HAND["problem"], nodes, stated))


def test_denominators_may_differ() -> None:
    corner = Polytope.hull([[0, 0], ["1/2", 0], [0, "1/3"]], 2)
    certificate = certify_range(maximum(2), corner, "ibp")
    assert certificate.values[0] == Fraction(5, 6)  # relu(x - y) + y by intervals
    assert check(certificate.dumps()) == str(certificate)
    uneven = Polytope.box(["-1/2"], ["1/3"])
    for each in (
        certify_hull(absolute_value(), uneven),
        certify_outside(absolute_value(), uneven, ((ONE, 3, 0),), span=[((ONE, 0, 0),)]),
    ):
        assert check(each.dumps()) == str(each)


@pytest.mark.parametrize(
    ("lower", "upper", "ends", "greatest", "less"),
    [
        (["1", "0"], ["2", "1"], ("-1", "3"), "3", "2"),
        (["-2", "0"], ["-1", "1"], ("2", "0"), "0", "-1"),
    ],
)
def test_the_upper_line_of_a_stable_neuron_is_its_phase(
    lower: list[str], upper: list[str], ends: tuple[str, str], greatest: str, less: str
) -> None:
    pairs = zip(("-1", "1"), ends, strict=True)
    rows = [{**ROW, "form": [[c, 1, 0]], "at_most": end} for c, end in pairs]
    line = {**ROW, "form": [["1", 2, 0]], "terms": [["1", ["upper", 2, 0, 0, 1]]]}

    def stated(value: str) -> str:
        problem = {**BY_HAND["problem"], "input": {"lower": lower, "upper": upper}}
        nodes = [*rows, {**line, "at_most": value}]
        return stating(problem, nodes, statement("triangle", line["form"], "at most", value))

    assert check(stated(greatest)).endswith(f"<= {greatest}")
    with pytest.raises(RejectedError, match="node 2: the terms do not imply the row"):
        check(stated(less))
