"""The verb search inexpressibility."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from polyrelax.arithmetic.rational import vector
from polyrelax.expressivity.all_boxes import decide
from polyrelax.expressivity.piecewise import Piecewise
from polyrelax.expressivity.uniform_hulls import MaxMin
from polyrelax.interop import network_json
from polyrelax.search.inexpressibility import canonical
from tests.cli.conftest import Program


def test_the_verb_writes_networks_that_are_precise(program: Program, tmp_path: Path) -> None:
    store = tmp_path / "survey.json"
    words = ("search", "inexpressibility", "--shape", "1-2-1", "--relaxations", "dp0")
    first = program(*words, "--limit", "20", "--store", store, "--format", "json")
    assert (first.data["enumerated"], first.data["exhaustive"]) == (20, False)
    whole = program(*words, "--store", store, "--format", "json").data
    assert whole == program(*words, "--format", "json").data
    assert whole["exhaustive"]
    for entry in whole["functions"]:
        for name, found in entry["precise"].items():
            network = network_json.loads(json.dumps(found["network"])).network
            assert decide(network, name).is_precise
            expected = Piecewise.of_slopes(entry["slopes"], entry["kinks"])
            assert canonical(Piecewise.of_network(network)) == expected


def test_the_verb_says_what_it_did_not_find(program: Program) -> None:
    finished = program("search", "inexpressibility", "--shape", "1-2-1", "--relaxations", "ibp")
    assert finished.status == 1
    assert "says nothing about other networks" in finished.stdout


def test_the_verb_refuses_other_shapes(program: Program) -> None:
    for options in (("--shape", "2-2-1"), ("--shape", "1-x-1"), ("--relaxations", "crown")):
        assert program("search", "inexpressibility", *options).status == 2
    refused = program("search", "inexpressibility", "--shape", "2-2-1").stderr
    assert "--shape: found '2-2-1', expected one input each" in refused


def test_the_plane_is_surveyed_with_networks_that_are_the_functions(program: Program) -> None:
    words = ("search", "inexpressibility", "--plane", "--weights", "0,1", "--offsets", "0")
    finished = program(*words, "--format", "json")
    assert finished.status == 0
    data = finished.data
    assert (data["functions"], data["exhaustive"]) == (16, True)
    for entry in data["answers"]:
        network = network_json.loads(json.dumps(entry["network"])).network
        groups = tuple(tuple(vector(form) for form in group) for group in entry["groups"])
        for x in ((0, 0), (1, 0), (0, 1), ("1/3", "1/2"), (1, 1)):
            assert network(vector(x)) == (MaxMin(groups)(vector(x)),)
    assert "For the others nothing is proved" in program(*words, "--limit", "2").stdout


def test_options_that_the_survey_would_not_read_are_refused(
    program: Program, tmp_path: Path
) -> None:
    given = {
        "shape": "1-2-1",
        "outputs": "1",
        "relaxations": "dp0",
        "pieces": "3",
        "store": str(tmp_path / "survey.json"),
    }
    for name, value in given.items():
        words = ("search", "inexpressibility", "--plane", "--limit", "1")
        finished = program(*words, f"--{name}", value)
        assert finished.status == 2
        assert finished.stderr.count("\n") == 1
        assert f"found --{name}, expected it without --plane" in finished.stderr
    finished = program("search", "inexpressibility", "--offsets", "0", "--shape", "1-1-1")
    assert finished.status == 2
    assert "found --offsets, expected it with --plane" in finished.stderr


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("enumerated", "x"),
        ("enumerated", -5),
        ("enumerated", 10**6),
        ("enumerated", True),
        ("functions", {}),
        ("functions", [1]),
        ("precise", [1]),
        ("precise", {"dp0": [0, 1]}),
        ("precise", {"dp0": [-1, 1, 1]}),
        ("precise", {"dp0": ["0", 1, 1]}),
        ("precise", {"dp1": [0, 1, 1]}),
        ("slopes", 3),
        ("slopes", ["x", "1"]),
        ("kinks", []),
    ],
)
def test_a_broken_file_is_refused_in_one_line(
    program: Program, tmp_path: Path, key: str, value: object
) -> None:
    store = tmp_path / "survey.json"
    words = ("search", "inexpressibility", "--shape", "1-2-1", "--relaxations", "dp0")
    program(*words, "--store", store, "--limit", "20")
    data = json.loads(store.read_text())
    assert data["functions"]
    (data if key in data else data["functions"][0])[key] = value
    store.write_text(json.dumps(data))
    finished = program(*words, "--store", store)
    assert (finished.status, finished.stderr.count("\n")) == (2, 1)
    assert "Traceback" not in finished.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[]", "found a list, expected an object"),
        ('{"format": 1}', "found the format 1, expected 'polyrelax-inexpressibility/1'"),
        (
            '{"format": "polyrelax-inexpressibility/1", "inquiry": {"shapes": ["1-2-1"]}}',
            "found other weights than those asked for",
        ),
        (
            '{"format": "polyrelax-inexpressibility/1", "inquiry": null}',
            "found None, expected an object",
        ),
    ],
)
def test_a_file_of_another_survey_is_told_in_one_line_of_words(
    program: Program, tmp_path: Path, content: str, message: str
) -> None:
    path = tmp_path / "survey.json"
    path.write_text(content)
    found = program("search", "inexpressibility", "--shape", "1-2-1", "--store", path)
    assert (found.status, found.stdout) == (2, "")
    assert found.stderr == f"polyrelax: {path}: found no such survey: {message}\n"
    assert path.read_text() == content
