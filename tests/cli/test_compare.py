from pathlib import Path

import pytest

from tests.cli.conftest import Program


def test_p3_is_tighter_than_p1_in_the_last_layer_of_the_tent(
    program: Program, tent: Path
) -> None:
    # P1, section 4 (b): P_1 gives [0, 2], P_3 the true [1, 2]; half the length, one facet each.
    data = program("compare", tent, "-r", "p:3", "-r", "p:1", "--format", "json").data
    assert data["format"] == "polyrelax-compare/1"
    assert [result["relaxation"] for result in data["results"]] == ["p:3", "p:1"]
    (pair,) = data["comparisons"]
    assert (pair["first"], pair["second"]) == ("p:3", "p:1")
    assert [layer["kind"] for layer in pair["layers"]][::5] == ["input", "affine"]
    assert pair["layers"][-1] == {
        "kind": "affine",
        "tighter": "first",
        "gap": "1",
        "sets": {
            "tighter": "first",
            "volume_ratio": "1/2",
            "only_first": {"inequalities": [["-1", "1"]], "equalities": []},
            "only_second": {"inequalities": [["0", "1"]], "equalities": []},
        },
    }


def test_equal_boxes_may_hold_different_sets(program: Program, tent: Path) -> None:
    # P1, section 4 (b): behind the first ReLU P_1 has a triangle, intervals the unit square.
    data = program("compare", tent, "-r", "p:1", "-r", "ibp", "--format", "json").data
    layer = data["comparisons"][0]["layers"][2]
    assert (layer["tighter"], layer["gap"]) == ("equal", "0")
    assert (layer["sets"]["tighter"], layer["sets"]["volume_ratio"]) == ("first", "1/2")
    # x0 + x1 <= 1 is 1 - x0 - x1 >= 0
    assert layer["sets"]["only_first"] == {
        "inequalities": [["1", "-1", "-1"]],
        "equalities": [],
    }


def test_each_relaxation_is_compared_with_the_next(program: Program, tent: Path) -> None:
    names = [option for name in ("dp1", "ibp", "exact") for option in ("-r", name)]
    data = program("compare", tent, *names, "--format", "json").data
    pairs = [(pair["first"], pair["second"]) for pair in data["comparisons"]]
    assert pairs == [("dp1", "ibp"), ("ibp", "exact")]
    assert data["comparisons"][0]["layers"][-1]["tighter"] == "second"


def test_the_table_says_who_is_tighter(program: Program, tent: Path) -> None:
    lines = program("compare", tent, "-r", "p:3", "-r", "p:1").stdout.splitlines()
    start = lines.index("p:3 (first) and p:1 (second)")
    assert lines[start + 8].split() == [
        *("5", "affine", "first", "tighter", "1", "first", "tighter", "1/2", "1", "1"),
    ]
    assert "Constraints that only one has" in lines
    assert any(line.split() == ["5", "affine", "p:1", "-x0", "<=", "0"] for line in lines)


def test_fewer_than_two_relaxations_are_refused(program: Program, tent: Path) -> None:
    for options in ([], ["-r", "ibp"], ["-r", "ibp", "-r", "ibp"]):
        finished = program("compare", tent, *options)
        assert (finished.status, finished.stdout) == (2, "")
        assert "expected two different relaxations or more" in finished.stderr
        assert finished.stderr.count("\n") == 1


def test_an_interruption_before_there_are_two_prints_the_bounds_of_one(
    monkeypatch: pytest.MonkeyPatch, program: Program, tent: Path
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("polyrelax.relaxations.exact.trace_vertices", interrupt)
    finished = program("compare", tent, "-r", "ibp", "-r", "exact", "--format", "markdown")
    assert (finished.status, finished.stderr) == (130, "polyrelax: interrupted\n")
    assert "| 0 | ibp | 0 | 2 |" in finished.stdout
