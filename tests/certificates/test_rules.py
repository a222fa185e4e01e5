"""Each rule of the format is checked: what breaks it is rejected, with the reason."""
# ruff: noqa: ANN401 -- documents are JSON

import json
from fractions import Fraction
from typing import Any

import pytest

from polyrelax.arithmetic.rational import ONE
from polyrelax.certificates.certify import certify_range
from polyrelax.certificates.check import RejectedError, check
from polyrelax.certificates.functions import certify_outside
from polyrelax.certificates.hulls import certify_hull, certify_set
from polyrelax.networks.gallery import absolute_value, maximum, tent
from polyrelax.polytopes.polytope import Polytope
from tests.certificates.by_hand import BY_HAND, CITING, with_change
from tests.certificates.cases import Document, rehashed


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
            "node 0: the row has more than 1 neurons",
        ),
        (
            [{**CASES, "relaxation": "p:1", "form": [["1", 0, 0], ["1", 2, 0]]}],
            "node 0: the row spans more than 1 layers",
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
            "node 5: the row has more than 1 neurons",
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


# The hull of the graph of the absolute value on [-1, 1]: a triangle.
HULL = json.loads(certify_hull(absolute_value(), Polytope.box([-1], [1])).dumps())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"coordinates": [[0, 0], [0, 0]]}, "a coordinate is named twice"),
        ({"coordinates": [[0, 0], [2, 0]]}, "a facet reads other coordinates"),
        ({"simplices": HULL["nodes"][-1]["simplices"][:2]}, "a facet has no simplex"),
        ({"simplices": [[0, [0, 0]]]}, "a simplex is not in increasing order"),
        ({"simplices": [[0, [1, 0]]]}, "a simplex is not in increasing order"),
        ({"simplices": [[k, [0, 1]] for k in range(3)]}, "a simplex leaves facet"),
        (
            {
                "facets": HULL["nodes"][-1]["facets"][:2],
                "simplices": [s for s in HULL["nodes"][-1]["simplices"] if s[0] < 2],
            },
            "the simplices do not close",
        ),
        (
            {"points": HULL["nodes"][-1]["points"][:2], "simplices": []},
            "the points lie in the hyperplane of a facet",
        ),
    ],
)
def test_an_incomplete_hull_is_rejected(change: Document, message: str) -> None:
    nodes = [*HULL["nodes"][:-1], {**HULL["nodes"][-1], **change}]
    with pytest.raises(RejectedError, match=message):
        check(json.dumps({**HULL, "nodes": nodes}))


def test_assumptions_are_of_the_network_alone() -> None:
    row = {"form": [["1", 3, 0]], "at_most": "1"}
    claim = {**BY_HAND["claim"], "assuming": [row]}
    with pytest.raises(RejectedError, match="only exact rows can be stated under"):
        check(json.dumps(rehashed({**BY_HAND, "claim": claim})))
    claim = {**HULL["claim"], "assuming": [row]}
    with pytest.raises(RejectedError, match="only exact rows can be stated under"):
        check(json.dumps({**HULL, "claim": claim}))


def test_an_empty_claim_is_rejected() -> None:
    empty = {**BY_HAND, "claim": {"statements": []}, "proof": []}
    with pytest.raises(RejectedError, match="the claim states nothing"):
        check(json.dumps(rehashed(empty)))


SEGMENT = Polytope.box([-1], [1])

# Each of these is false, and proved but for one rule.
ZERO = {"kind": "run", "input": ["0", "0"]}
ENDS = [{"kind": "run", "input": ["0", y]} for y in ("1", "-1")]
SUM = {"form": [["1", 2, 0], ["1", 2, 1]], "at_most": "2", "tree": BY_HAND["nodes"][0]["tree"]}
SLANTED = {
    "form": [["1", 2, 0], ["1", 1, 1]],
    "at_most": "2",
    "tree": {"split": [2, 0], "off": [], "on": []},
}


def stating(relaxation: str, form: Any, relation: str, value: str) -> Document:
    stated = {"relaxation": relaxation, "form": form, "relation": relation, "value": value}
    return {"statements": [stated]}


@pytest.mark.parametrize(
    ("claim", "nodes", "message"),
    [
        (
            stating("triangle", [["1", 3, 0]], "reaches", "4"),
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
            stating("krelu:1", SUM["form"], "at most", "2"),
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
            "node 4: the row has more than 1 neurons",
        ),
        (
            stating("m:1", SUM["form"], "at most", "2"),
            [{**CASES, **SUM, "relaxation": "m:1"}],
            "node 0: the row has more than 1 neurons",
        ),
        (
            stating("krelu:1", SLANTED["form"], "at most", "2"),
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
            "node 4: the row has more than 1 neurons",
        ),
    ],
)
def test_a_false_claim_fails_at_one_rule(
    claim: Document, nodes: list[Document], message: str
) -> None:
    other = {**BY_HAND, "claim": claim, "nodes": nodes, "proof": [len(nodes) - 1]}
    with pytest.raises(RejectedError, match=message):
        check(json.dumps(rehashed(other)))


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
    claim = stating("dp0", [["1", 3, 0]], "reaches", value)
    return json.dumps(
        rehashed({**BY_HAND, "claim": claim, "nodes": [*LINES, node], "proof": [5]})
    )


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
    nodes = [
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
    claim = stating("krelu:2", [["1", 3, 0]], "reaches", "3/2")  # it is at most 1
    problem = {**BY_HAND["problem"], "input": half}
    document = {**BY_HAND, "claim": claim, "problem": problem, "nodes": nodes, "proof": [3]}
    with pytest.raises(RejectedError, match="node 3: node 0 does not fix the phase"):
        check(json.dumps(rehashed(document)))


def test_windows_agree_where_they_overlap() -> None:
    document = json.loads(certify_range(tent(), Polytope.box([-1], [1]), "p:2").dumps())
    [windows] = [
        node["windows"]
        for node in document["nodes"]
        if node["kind"] == "windows" and any(len(window) > 1 for window in node["windows"])
    ]
    first = next(window for window in windows if len(window) > 1)
    windows[-1] = [["1", first[0][1]]]
    with pytest.raises(RejectedError, match="the windows differ at layer"):
        check(json.dumps(document))


def test_every_facet_of_a_hull_reads_its_coordinates_alone() -> None:
    row = {"kind": "cases", "relaxation": "exact", "form": [["1", 0, 0], ["-1", 2, 0]]}
    tree = {"split": [2, 0], "off": [], "on": []}
    nodes = [*HULL["nodes"][:-1], {**row, "at_most": "1", "tree": tree}]
    facets = [*HULL["nodes"][-1]["facets"][:-1], len(nodes) - 1]
    with pytest.raises(RejectedError, match="a facet reads other coordinates"):
        check(json.dumps({**HULL, "nodes": [*nodes, {**HULL["nodes"][-1], "facets": facets}]}))


def test_a_statement_is_about_what_its_node_proves() -> None:
    relaxed = json.loads(certify_set(tent(), SEGMENT, "p:1", depth=2).dumps())
    del relaxed["claim"]["statements"][0]["relaxation"]
    with pytest.raises(RejectedError, match="is no hull of exact"):
        check(json.dumps(relaxed))
    outside = {"statements": [{"outside": [["1", 3, 0]], "span": []}]}
    with pytest.raises(RejectedError, match="node 0 is no functional"):
        check(json.dumps(rehashed({**BY_HAND, "claim": outside, "proof": [0]})))


@pytest.mark.parametrize("value", ["0", "1", "2"])
def test_a_range_is_about_one_coordinate(value: str) -> None:
    intervals = [
        {"kind": "boxes"},
        {"kind": "range", "relaxation": "ibp", "coordinate": [2, 0], "boxes": 0},
    ]
    claim = stating("ibp", [["1", 3, 0]], "reaches", value)
    document = {**BY_HAND, "claim": claim, "nodes": intervals, "proof": [1]}
    with pytest.raises(RejectedError, match="node 1 has another value"):
        check(json.dumps(rehashed(document)))


def test_an_interval_has_a_side_and_boxes() -> None:
    side = {"kind": "interval", "coordinate": [2, 0], "boxes": 0, "side": "within"}
    with pytest.raises(RejectedError, match="node 1: found the side 'within'"):
        check(with_change("nodes", value=[{"kind": "boxes"}, side]))
    with pytest.raises(RejectedError, match="node 1: node 0 is no interval bound"):
        check(with_change("nodes", value=[BY_HAND["nodes"][1], {**side, "side": "above"}]))


@pytest.mark.parametrize("theorem", ["", " ", "two\nlines", 7])
def test_a_theorem_has_a_name(theorem: Any) -> None:
    nodes = [{**CITING["nodes"][0], "theorem": theorem}, *CITING["nodes"][1:]]
    with pytest.raises(RejectedError, match="node 0: a theorem is cited by its name"):
        check(json.dumps(rehashed({**CITING, "nodes": nodes})))


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
        claim = stating("triangle", [["1", 2, 0]], "at most", value)
        problem = {**BY_HAND["problem"], "input": {"lower": lower, "upper": upper}}
        nodes = [*rows, {**line, "at_most": value}]
        other = {**BY_HAND, "claim": claim, "problem": problem, "nodes": nodes, "proof": [2]}
        return json.dumps(rehashed(other))

    assert check(stated(greatest)).endswith(f"<= {greatest}")
    with pytest.raises(RejectedError, match="node 2: the terms do not imply the row"):
        check(stated(less))
