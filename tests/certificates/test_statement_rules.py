"""A statement is proved by a node that proves it, under assumptions where there may be some."""
# ruff: noqa: ANN401 -- documents are JSON

import json
from typing import Any

import pytest

from polyrelax.certificates.check import RejectedError, check
from polyrelax.certificates.functions import certify_outside
from polyrelax.certificates.hulls import certify_hull, certify_set
from tests.certificates.by_hand import BY_HAND, CITING, statement, stating, with_change
from tests.certificates.cases import KINKS, PROBLEMS, Document, parsed, rehashed


def test_assumptions_are_of_the_network_alone() -> None:
    row = {"form": [["1", 3, 0]], "at_most": "1"}
    claim = {**BY_HAND["claim"], "assuming": [row]}
    with pytest.raises(RejectedError, match="only exact rows can be stated under"):
        check(json.dumps(rehashed({**BY_HAND, "claim": claim})))
    hull = parsed(certify_hull(*PROBLEMS["tent"]))
    claim = {**hull["claim"], "assuming": [row]}
    with pytest.raises(RejectedError, match="only exact rows can be stated under"):
        check(json.dumps({**hull, "claim": claim}))


def test_functions_are_outside_a_span_without_assumptions() -> None:
    document = parsed(certify_outside(*PROBLEMS["tent"], KINKS[:1], span=[KINKS[2:]]))
    assert check(json.dumps(document)).endswith("is no combination of -1 v(0, 0)")
    document["claim"]["assuming"] = [{"form": [["1", 0, 0]], "at_most": "-1"}]
    with pytest.raises(RejectedError, match="only exact rows can be stated under"):
        check(json.dumps(document))


def test_a_hull_is_stated_with_all_its_vertices() -> None:
    document = parsed(certify_hull(*PROBLEMS["tent"]))
    [stated] = document["claim"]["statements"]
    for points in (stated["points"][:-1], [*stated["points"], stated["points"][0]]):
        changed = {"statements": [{**stated, "points": points}]}
        with pytest.raises(RejectedError, match="the claim: the points differ"):
            check(json.dumps({**document, "claim": changed}))


def test_an_empty_claim_is_rejected() -> None:
    empty = {**BY_HAND, "claim": {"statements": []}, "proof": []}
    with pytest.raises(RejectedError, match="the claim states nothing"):
        check(json.dumps(rehashed(empty)))


def test_a_statement_is_about_what_its_node_proves() -> None:
    relaxed = json.loads(certify_set(*PROBLEMS["tent"], "p:1", depth=2).dumps())
    del relaxed["claim"]["statements"][0]["relaxation"]
    with pytest.raises(RejectedError, match="is no hull of exact"):
        check(json.dumps(relaxed))
    outside = {"statements": [{"outside": [["1", 3, 0]], "span": []}]}
    with pytest.raises(RejectedError, match="node 0 is no functional"):
        check(json.dumps(rehashed({**BY_HAND, "claim": outside, "proof": [0]})))


@pytest.mark.parametrize("value", ["0", "1", "2"])
def test_a_range_is_about_one_coordinate(value: str) -> None:
    intervals: list[Document] = [
        {"kind": "boxes"},
        {"kind": "range", "relaxation": "ibp", "coordinate": [2, 0], "boxes": 0},
    ]
    stated = statement("ibp", [["1", 3, 0]], "reaches", value)
    with pytest.raises(RejectedError, match="node 1 has another value"):
        check(stating(BY_HAND["problem"], intervals, stated))


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("exact", [["1", 3, 0]]),
        ("triangle", [["1", 3, 0]]),
        ("ibp", [["1", 3, 0], ["1", 2, 0]]),
    ],
)
def test_a_range_is_reached_on_its_relaxation_alone(name: str, form: Any) -> None:
    intervals: list[Document] = [
        {"kind": "boxes"},
        {"kind": "range", "relaxation": "ibp", "coordinate": [3, 0], "boxes": 0},
    ]
    good = statement("ibp", [["1", 3, 0]], "reaches", "4")  # 2 + 2, but 3 and 2 by the others
    assert check(stating(BY_HAND["problem"], intervals, good)) == "ibp: 1 v(3, 0) reaches 4"
    with pytest.raises(RejectedError, match="node 1 has another value"):
        check(stating(BY_HAND["problem"], intervals, statement(name, form, "reaches", "4")))


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
