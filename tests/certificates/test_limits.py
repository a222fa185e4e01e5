"""A short file cannot keep the checker busy for long, whatever it asks for."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from polyrelax.certificates.check import RejectedError, check
from tests.certificates.by_hand import statement, stating, with_change
from tests.certificates.cases import Document, rehashed
from tests.certificates.hostile import (
    FAMILIES,
    MOST_MEGABYTES,
    MOST_SECONDS,
    boxes_of_entries,
    denominators_of_inputs,
    determinants_of_one_simplex,
    effort,
    largest,
    statements_of_pairs,
)


def test_a_short_file_cannot_ask_for_a_wide_network() -> None:
    inputs = {"dim": 10**5, "constraints": []}
    problem = {"input": inputs, "layers": ["identity"] * 3}
    document = rehashed(with_problem(problem))
    with pytest.raises(RejectedError, match="the problem: found more than 100000 values"):
        check(json.dumps(document))
    wider = rehashed(with_problem({**problem, "input": {**inputs, "dim": 10**9}}))
    with pytest.raises(RejectedError, match="found 1000000000, expected a whole number"):
        check(json.dumps(wider))


def with_problem(problem: Document) -> Document:
    document: Document = json.loads(with_change("problem", value=problem))
    return document


def test_a_short_file_cannot_ask_for_many_groups() -> None:
    width = 40
    run = {"kind": "run", "input": ["1"]}
    group = {"layer": 1, "neurons": [0], "mixture": [["1", 0]]}
    loose = {"kind": "point", "relaxation": "krelu:20", "input": ["0"], "groups": [group]}
    wide = [["1"]] * width
    problem = {
        "input": {"lower": ["-1"], "upper": ["1"]},
        "layers": [{"affine": {"weight": wide, "bias": ["0"] * width}}, "relu"],
    }
    mixed = {**group, "layer": 2, "mixture": [["1/2", 0], ["1/2", 1]]}
    nodes = [run, {**run, "input": ["-1"]}, {**loose, "groups": [mixed]}]
    document = {**with_problem(problem), "nodes": nodes}
    with pytest.raises(RejectedError, match="found more than 1000000 groups of 20 neurons"):
        check(json.dumps(rehashed(document)))


def test_a_short_file_cannot_ask_for_much_work() -> None:
    unit = {"lower": ["0"] * 200, "upper": ["1"] * 200}
    problem = {"input": unit, "layers": ["identity"] * 490}
    nodes = [{"kind": "boxes"}] * 40
    document = rehashed({**with_problem(problem), "nodes": nodes})
    with pytest.raises(RejectedError, match="more work than its size allows"):
        check(json.dumps(document))


def test_a_short_file_cannot_ask_for_many_covers() -> None:
    width = 36
    ends = [{"kind": "run", "input": [x]} for x in ("1", "-1")]
    mixed = {"layer": 2, "mixture": [["1/2", 0], ["1/2", 1]]}
    # Four neurons are in one of five groups, each of which leaves out another one.
    groups = [{**mixed, "neurons": [j for j in range(width) if j != left]} for left in range(5)]
    node = {"kind": "point", "relaxation": "krelu:4", "input": ["0"], "groups": groups}
    problem = {
        "input": {"lower": ["-1"], "upper": ["1"]},
        "layers": [{"affine": {"weight": [["1"]] * width, "bias": ["0"] * width}}, "relu"],
    }
    stated = statement("krelu:4", [["1", 2, width - 1]], "reaches", "1/2")
    assert check(stating(problem, [*ends, node], stated)).endswith("reaches 1/2")
    with pytest.raises(RejectedError, match="node 3: the file asks for more work"):
        check(stating(problem, [*ends, node, node], stated))


def test_a_short_file_cannot_ask_for_many_runs_in_windows() -> None:
    width, depth = 1000, 9
    unit = {"lower": ["0"] * width, "upper": ["1"] * width}
    problem = {"input": unit, "layers": ["identity"] * depth}
    run = {"kind": "run", "input": ["0"] * width}

    def mixed(count: int) -> str:
        windows = [[[f"1/{count}", 0]] * count]
        node = {"kind": "windows", "relaxation": f"p:{depth}", "windows": windows}
        return stating(problem, [run, node], statement(f"p:{depth}", [], "reaches", "0"))

    assert check(mixed(2)) == f"p:{depth}: 0 reaches 0"
    with pytest.raises(RejectedError, match="node 1: the file asks for more work"):
        check(mixed(150))


MORE = "the file asks for more work than its size allows"


def test_a_short_file_cannot_ask_for_long_mixtures() -> None:
    count = 2000
    problem = {"layers": ["relu"], "input": {"lower": ["0"] * count, "upper": ["1"] * count}}
    run = {"kind": "run", "input": ["1"] * count}

    def mixed(count: int) -> str:
        group = {"layer": 1, "neurons": [0], "mixture": [[f"1/{count}", 0]] * count}
        node = {**run, "kind": "point", "relaxation": "triangle", "groups": [group]}
        return stating(problem, [run, node], statement("triangle", [], "reaches", "0"))

    assert check(mixed(2)) == "triangle: 0 reaches 0"
    with pytest.raises(RejectedError, match=f"node 1: {MORE}"):
        check(mixed(count))
    pairs: Document = {"kind": "pairs", "pairs": [[f"1/{count}", 0, 0]] * count}
    with pytest.raises(RejectedError, match=f"the claim: {MORE}"):
        check(stating(problem, [run, pairs], {"missed": [], "by": "0"}))


def test_a_short_file_cannot_ask_for_many_values_of_functions() -> None:
    problem = {"layers": ["relu"], "input": {"lower": ["0"], "upper": ["1"]}}
    run = {"kind": "run", "input": ["1"]}
    functional = {"kind": "functional", "weights": [["1", 0]] * 1000}
    function: Document = {"outside": [["1", 1, 0]]}
    few, many = ({**function, "span": [[]] * count} for count in (1, 1500))
    told = "1 v(1, 0) is no combination of 0"
    assert check(stating(problem, [run, functional], few)) == told
    with pytest.raises(RejectedError, match=f"the claim: {MORE}"):
        check(stating(problem, [run, functional], many))


def test_a_short_file_cannot_ask_for_numbers_that_grow() -> None:
    inputs = {"lower": ["0"], "upper": ["1"]}

    def through(depth: int, digits: int, node: Document) -> str:
        number = f"{'9' * digits}/1{'0' * digits}"  # times itself in each layer
        layer = {"affine": {"weight": [[number]], "bias": ["0"]}}
        nodes = [node, {"kind": "run", "input": ["0"]}]
        problem = {"layers": [layer] * depth, "input": inputs}
        return stating(problem, nodes, statement("exact", [], "reaches", "0"))

    boxes, run = {"kind": "boxes"}, {"kind": "run", "input": ["1"]}
    for node, digits, depth in ((run, 30, 1000), (boxes, 1500, 300)):
        assert check(through(2, digits, node)) == "exact: 0 reaches 0"
        with pytest.raises(RejectedError, match=f"node 0: {MORE}"):
            check(through(depth, digits, node))


def test_deep_nesting_is_rejected_and_not_an_error() -> None:
    tree: Any = []
    for _ in range(600):
        tree = {"split": [2, 0], "off": tree, "on": []}
    with pytest.raises(RejectedError, match="cannot be split here"):
        check(with_change("nodes", 0, "tree", value=tree))
    deep = with_change("nodes", 0, "tree", value="DEEP").replace(
        '"DEEP"', "[" * 800 + "]" * 800
    )
    with pytest.raises(RejectedError, match="node 0"):
        check(deep)


def test_a_short_file_cannot_ask_for_many_changes_of_many_layers() -> None:
    depth, count = 6000, 3000
    wide = {"affine": {"weight": [["1"]] * count, "bias": ["0"] * count}}
    layers = [*["relu"] * depth, wide, "relu"]
    problem = {"layers": layers, "input": {"lower": ["0"], "upper": ["1"]}}
    run = {"kind": "run", "input": ["1"]}
    groups = [{"layer": 1, "neurons": [], "mixture": [["1", 0]]}] * count
    outputs = [[depth + 2, j, "1", 0] for j in range(count)]
    for node in (
        {**run, "kind": "point", "relaxation": "triangle", "groups": groups},
        {**run, "kind": "between", "relaxation": "dp0", "outputs": outputs},
    ):
        with pytest.raises(RejectedError, match=f"node 1: {MORE}"):
            check(stating(problem, [run, node], statement("exact", [], "reaches", "0")))


AFTERWARDS = {  # families that a rule rejects in the end, whatever their size
    "determinants_of_one_simplex": "a facet has no simplex",
    "points_of_a_hull": "point 0 is no vertex, or stands twice",
    "facets_and_points_of_a_hull": "a facet has no simplex",
    "coordinates_of_a_hull": "a facet has no simplex",
    "hidden_layers": "part 0: the part is missing",
}
BEYOND = {  # families whose numbers get longer than bounds may be
    "halves_of_wide_boxes": "node 0: a leaf is not proved",
}


def judged(text: str) -> str:
    try:
        return f"accepted: {check(text)}"
    except RejectedError as error:
        return str(error)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_no_family_of_files_keeps_the_checker_busy(family: Callable[[int], str]) -> None:
    reason = AFTERWARDS.get(family.__name__, "accepted: ")
    assert reason in judged(family(4)), "small files are valid, so that large ones are read"
    start = time.process_time()
    told = judged(largest(family, 10_000))
    assert time.process_time() - start < MOST_SECONDS
    assert reason in told or told.endswith((MORE, BEYOND.get(family.__name__, MORE)))


@pytest.mark.parametrize(
    "family",
    [
        boxes_of_entries,
        denominators_of_inputs,
        determinants_of_one_simplex,
        statements_of_pairs,
    ],
    ids=lambda family: family.__name__,
)
def test_a_file_of_100_kb_is_judged_in_ten_seconds_and_500_megabytes(
    family: Callable[[int], str], tmp_path: Path
) -> None:
    took = effort(largest(family, 100_000), tmp_path)
    assert took.status == 1
    assert MORE in took.told
    assert took.seconds < MOST_SECONDS
    assert took.megabytes < MOST_MEGABYTES
