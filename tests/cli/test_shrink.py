"""The verb shrink, on networks and on the reports of searches."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Program


def test_the_tent_becomes_a_smaller_witness(program: Program, tent: Path) -> None:
    data = program("shrink", tent, "--format", "json").data
    assert (data["format"], data["loose"], data["tight"]) == (
        "polyrelax-shrink/1",
        "p:1",
        "exact",
    )
    assert data["steps"] > 0
    widths = [len(layer["affine"]["bias"]) for layer in data["network"]["layers"][::2]]
    assert widths == [2, 2, 1]


def test_what_it_writes_is_a_network_with_the_bounds_it_says(
    program: Program, tent: Path, tmp_path: Path
) -> None:
    data = program("shrink", tent, "--side", "lower", "--format", "json").data
    smaller = tmp_path / "smaller.json"
    smaller.write_text(json.dumps(data["network"]))
    relaxed, exact = program(
        "bounds", smaller, "-r", "p:1", "-r", "exact", "--format", "json"
    ).data["results"]
    assert (relaxed["lower"], exact["lower"]) == (
        [data["relaxed"]["lower"]],
        [data["exact"]["lower"]],
    )
    assert relaxed["lower"] != exact["lower"]
    again = program("shrink", smaller, "--side", "lower", "--format", "json").data
    assert (again["steps"], again["network"]) == (0, data["network"])


def test_the_report_of_a_search_is_a_witness_too(program: Program, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    space = ("--shape", "1-3-1", "--weights=-2..1", "--loose", "triangle", "--limit", "3")
    assert (
        program("search", "incompleteness", *space, "--format", "json", "-o", report).status
        == 0
    )
    data = program("shrink", report, "--format", "json").data
    assert (data["loose"], data["side"]) == ("triangle", "upper")
    assert len(data["network"]["layers"][0]["affine"]["bias"]) == 2
    refused = program("shrink", report, "--lower", "0", "--upper", "1")
    assert (refused.status, refused.stdout) == (2, "")
    assert "expected no other input set" in refused.stderr


def test_a_network_without_a_gap_is_a_no(program: Program, tent: Path) -> None:
    finished = program("shrink", tent, "--lower", "0", "--upper", "1")
    assert finished.status == 1
    assert "there is nothing to shrink" in finished.stdout


def test_the_table_shows_before_and_after(program: Program, tent: Path) -> None:
    # Without 4 neurons no gap remains on the lower side; size: 11 weights and biases, 2 ends.
    finished = program("shrink", tent, "--side", "lower")
    assert finished.status == 0
    rows = [line.split() for line in finished.stdout.splitlines()]
    (before,) = [row for row in rows if row[:1] == ["before"]]
    (after,) = [row for row in rows if row[:1] == ["after"]]
    assert before[:3] == ["before", "4", str(2 * 2 + 2 * 3 + 2 * 2 + 2 * 2 + 2 * 2)]
    assert after[1] == "4"
    assert int(after[2]) < int(before[2])


def test_bad_requests_are_refused_in_one_line(
    program: Program, tent: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.json"
    empty.write_text('{"format": "polyrelax-search/1"}')
    for arguments, message in (
        ((tmp_path / "missing.json",), "no such file"),
        ((empty,), "found the key 'format', expected"),
        ((tent, "--side", "left"), "--side: found 'left', expected one of upper, lower, both"),
        ((tent, "--loose", "delta"), "found relaxation 'delta'"),
        ((tent, "--min-gap", "x"), "found 'x'"),
    ):
        finished = program("shrink", *arguments)
        assert (finished.status, finished.stdout) == (2, "")
        assert message in finished.stderr
        assert finished.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (
            {"loose": 3, "tight": "exact", "side": "both"},
            "question.loose: found 3, expected a text",
        ),
        (
            {"loose": "p:1", "tight": "exact"},
            "question: found the keys 'loose', 'tight', expected",
        ),
        ([], "question: found an array, expected an object"),
    ],
)
def test_a_question_that_is_none_is_refused_with_its_place(
    program: Program, tent: Path, tmp_path: Path, question: object, message: str
) -> None:
    witness = {
        **dict.fromkeys(("number", "relaxed", "gap", "certificate")),
        "network": json.loads(tent.read_text()),
    }
    keys = ("exhaustive", "networks", "enumerated", "distinct", "imprecise", "largest_gap")
    report = {
        "format": "polyrelax-search/1",
        **dict.fromkeys(keys),
        "witnesses": [witness],
        "question": question,
    }
    path = tmp_path / "report.json"
    path.write_text(json.dumps(report))
    found = program("shrink", path)
    assert (found.status, found.stdout) == (2, "")
    assert found.stderr.startswith(f"polyrelax: {path}: {message}")
