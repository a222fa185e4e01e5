"""The options that name a set of inputs: boxes, files, balls."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cli.conftest import Finished, Program

IDENTITY = {
    "format": "polyrelax-network/1",
    "layers": [{"affine": {"weight": [["1", "0"], ["0", "1"]], "bias": ["0", "0"]}}],
}
DECLARED = "".join(f"(declare-const {letter}_{j} Real)" for letter in "XY" for j in range(2))


@pytest.fixture
def net(tmp_path: Path) -> Path:
    """The identity of two inputs, whose outputs are the inputs."""
    path = tmp_path / "net.json"
    path.write_text(json.dumps(IDENTITY))
    return path


def outputs(finished: Finished) -> list[list[str]]:
    assert finished.status == 0
    result: dict[str, Any] = finished.data["results"][0]
    return [result["lower"], result["upper"]]


def bounded(program: Program, net: Path, *options: object) -> list[list[str]]:
    return outputs(program("bounds", net, "-r", "ibp", "--format", "json", *options))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--center", "0.1,-1", "--epsilon", "1/5"), [["-1/10", "-6/5"], ["3/10", "-4/5"]]),
        (("--center", "1/2", "--epsilon", "1"), [["-1/2", "-1/2"], ["3/2", "3/2"]]),
        (("--center", "0.1,0.9", "--epsilon", "0"), [["1/10", "9/10"], ["1/10", "9/10"]]),
        (
            ("--center", "0.1,0.9", "--epsilon", "1/5", "--clip", "0,1"),
            [["0", "7/10"], ["3/10", "1"]],
        ),
        (("--center", "2,0", "--epsilon", "1", "--clip", "0,1"), [["1", "0"], ["1", "1"]]),
    ],
)
def test_a_ball_is_a_box_around_its_center(
    program: Program, net: Path, options: tuple[str, ...], expected: list[list[str]]
) -> None:
    assert bounded(program, net, *options) == expected


def test_centers_come_from_files(program: Program, net: Path, tmp_path: Path) -> None:
    array, table, lists = tmp_path / "c.npy", tmp_path / "c.csv", tmp_path / "c.json"
    np.save(array, np.array([[[0.5]], [[-0.25]]], dtype=np.float32))
    table.write_text("3,0,255\n4,51,102\n")
    lists.write_text('[["1/3", 1], [2, 3]]')
    ball = ("--epsilon", "0", "--center")
    assert bounded(program, net, *ball, array) == [["1/2", "-1/4"]] * 2
    assert bounded(program, net, *ball, table, "--image", 1) == [["1/5", "2/5"]] * 2
    assert bounded(program, net, *ball, lists, "--image", 0) == [["1/3", "1"]] * 2


@pytest.mark.parametrize(
    "verb", [("bounds",), ("compare", "-r", "ibp"), ("report",), ("shrink",)]
)
def test_every_verb_that_takes_an_input_set_takes_a_ball(
    program: Program, tent: Path, verb: tuple[str, ...]
) -> None:
    name, *rest = verb
    methods = () if name == "shrink" else ("-r", "dp0")
    finished = program(name, tent, *rest, *methods, "--center", "0", "--epsilon", "1")
    assert finished.status == 0, finished.stderr


WRONG = {
    "negative radius": (("--center", "0", "--epsilon", "-1"), "found --epsilon -1"),
    "two radii": (
        ("--center", "0", "--epsilon", "1,2"),
        "--epsilon: found '1,2', expected one number",
    ),
    "no radius": (("--center", "0"), "found --center without --epsilon"),
    "no center": (("--epsilon", "1"), "found --epsilon without --center"),
    "a clip alone": (("--clip", "0,1"), "found --clip without --center"),
    "an image alone": (("--image", "1"), "found --image without --center"),
    "a ball and a box": (
        ("--center", "0", "--epsilon", "1", "--lower", "0", "--upper", "1"),
        "found a box and a ball, expected one of them",
    ),
    "a ball and a file": (
        ("--center", "0", "--epsilon", "1", "--input", "set.json"),
        "found --input and a ball, expected one of them",
    ),
    "too many numbers": (("--center", "0,0,0", "--epsilon", "1"), "--center: found 3 numbers"),
    "no number": (("--center", "0,nan", "--epsilon", "1"), "--center: found 'nan'"),
    "no radius that is one": (("--center", "0", "--epsilon", "inf"), "--epsilon: found 'inf'"),
    "a missing file": (
        ("--center", "missing.npy", "--epsilon", "1"),
        "missing.npy: no such file",
    ),
    "a box and a clip": (
        ("--clip", "0,1", "--lower", "0", "--upper", "1"),
        "found a box and a ball, expected one of them",
    ),
    "one end of a clip": (
        ("--center", "0", "--epsilon", "1", "--clip", "0"),
        "--clip: found '0', expected two numbers",
    ),
    "ends of a clip in the wrong order": (
        ("--center", "0", "--epsilon", "1", "--clip", "1,0"),
        "found --clip 1,0, expected the lower end first",
    ),
    "nothing left by a clip": (
        ("--center", "0,3", "--epsilon", "1", "--clip", "0,1"),
        "found [2, 4] around input 1, expected part of --clip [0, 1]",
    ),
    "an image without a file": (
        ("--center", "0", "--epsilon", "1", "--image", "0"),
        "found --image 0 without a file",
    ),
    "a case that is not there": (
        ("--lower", "0", "--upper", "1", "--case", "2"),
        "found --case 2, expected 1 to 1",
    ),
}


@pytest.mark.parametrize(("options", "message"), WRONG.values(), ids=WRONG.keys())
def test_other_options_are_refused_in_one_line(
    program: Program, net: Path, options: tuple[str, ...], message: str
) -> None:
    finished = program("bounds", net, "-r", "ibp", *options)
    assert (finished.status, finished.stdout) == (2, "")
    assert finished.stderr.count("\n") == 1
    assert message in finished.stderr


def test_an_image_must_be_chosen_and_be_there(
    program: Program, net: Path, tmp_path: Path
) -> None:
    table = tmp_path / "c.csv"
    table.write_text("3,0,255\n4,51,102\n5,0,0\n")
    ball = ("bounds", net, "--center", table, "--epsilon", "0")
    assert f"{table}: found 3 points, expected --image 0 to 2" in program(*ball).stderr
    for wrong in (-1, 3):
        message = f"{table}: found --image {wrong}, expected 0 to 2"
        assert message in program(*ball, "--image", wrong).stderr


def test_a_set_of_another_dimension_is_named(
    program: Program, net: Path, tmp_path: Path
) -> None:
    path = tmp_path / "set.json"
    path.write_text('{"lower": ["0"], "upper": ["1"]}')
    finished = program("bounds", net, "--input", path)
    message = f"{path}: found inputs of dimension 1, the network reads 2 values"
    assert finished.stderr == f"polyrelax: {message}\n"


BOX = "(assert (<= 0 X_0 1))(assert (<= 0 X_1 2))"


@pytest.mark.parametrize(
    ("asserted", "note"),
    [
        (
            "(assert (<= Y_0 Y_1)) (assert (>= Y_1 0.5))",
            "2 constraints on outputs were not used",
        ),
        ("(assert (>= Y_1 X_0))", "1 constraint on outputs was not used"),
        ("(assert (< X_0 1))", "1 strict inequality on inputs was taken with the boundary"),
    ],
)
def test_what_is_not_used_of_a_property_is_said_in_a_line(
    program: Program, net: Path, tmp_path: Path, asserted: str, note: str
) -> None:
    path = tmp_path / "a.vnnlib"
    path.write_text(DECLARED + BOX + asserted)
    finished = program("bounds", net, "--input", path, "-r", "ibp", "--format", "json")
    assert outputs(finished) == [["0", "0"], ["1", "2"]]
    assert finished.stderr.count("\n") == 1
    assert note in finished.stderr


@pytest.mark.parametrize(
    ("declared", "note"),
    [
        ("", ""),
        (
            "(declare-const Y_0 Real)",
            "polyrelax: outputs that the property declares: 1, of the network: 2\n",
        ),
    ],
)
def test_a_property_of_other_outputs_is_noted(
    program: Program, net: Path, tmp_path: Path, declared: str, note: str
) -> None:
    path = tmp_path / "a.vnnlib"
    path.write_text("(declare-const X_0 Real)(declare-const X_1 Real)" + declared + BOX)
    finished = program("bounds", net, "--input", path, "-r", "ibp", "--format", "json")
    assert outputs(finished) == [["0", "0"], ["1", "2"]]
    assert finished.stderr == note


def test_vnnlib_is_known_without_its_suffix(
    program: Program, net: Path, tmp_path: Path
) -> None:
    path = tmp_path / "set"
    path.write_text("; a comment\n" + DECLARED + BOX)
    assert bounded(program, net, "--input", path) == [["0", "0"], ["1", "2"]]


CONTRADICTIONS = [
    "(assert (<= X_0 -1))",
    "(assert false)",
    "(assert (or (> X_0 2) (< X_0 -1)))",
]


@pytest.mark.parametrize("asserted", CONTRADICTIONS)
def test_a_property_without_inputs_is_refused(
    program: Program, net: Path, tmp_path: Path, asserted: str
) -> None:
    path = tmp_path / "a.vnnlib"
    path.write_text(DECLARED + BOX + asserted)
    finished = program("bounds", net, "--input", path, "-r", "ibp")
    assert (finished.status, finished.stdout) == (2, "")
    assert f"{path}: the set is empty" in finished.stderr


TWO_BOXES = (
    "(assert (or (and (<= -1 X_0 0) (<= 0 X_1 1)) (and (<= 0 X_0 1) (<= 1 X_1 2))"
    " (and (>= 2 (* 2 X_0) -2) (<= X_0 0) (<= 0 X_1 1) (<= Y_0 1))))"
)


@pytest.fixture
def two_boxes(tmp_path: Path) -> Path:
    """[-1, 0] x [0, 1] written in two ways, and [0, 1] x [1, 2]."""
    path = tmp_path / "two.vnnlib"
    path.write_text(DECLARED + TWO_BOXES)
    return path


@pytest.mark.parametrize("verb", [("compare", "-r", "ibp"), ("report",), ("shrink",)])
def test_verbs_on_one_set_ask_which_of_several(
    program: Program, net: Path, two_boxes: Path, tmp_path: Path, verb: tuple[str, ...]
) -> None:
    name, *rest = verb
    methods = () if name == "shrink" else ("-r", "dp0")
    asked = (name, net, *rest, *methods, "--input", two_boxes)
    finished = program(*asked)
    message = f"{two_boxes}: found 2 sets of inputs, expected one: add --case N, 1 to 2"
    assert (finished.status, finished.stderr) == (2, f"polyrelax: {message}\n")
    chosen = program(*asked, "--case", "2", "-o", tmp_path / "answer")
    assert "sets of inputs" not in chosen.stderr


def test_several_sets_are_bounded_one_by_one_and_their_union_last(
    program: Program, net: Path, two_boxes: Path
) -> None:
    asked = ("bounds", net, "-r", "ibp", "-r", "exact", "--input", two_boxes)
    finished = program(*asked, "--format", "json")
    assert finished.status == 0
    lines = finished.stderr.splitlines()
    assert lines == [
        "polyrelax: 1 constraint on outputs was not used, only those on inputs",
        "polyrelax: 2 sets of inputs, each by itself; --case N takes one",
    ]
    data = finished.data
    assert data["format"] == "polyrelax-bounds/1"
    assert [(r["relaxation"], r["lower"], r["upper"]) for r in data["results"]] == [
        (name, ["-1", "0"], ["1", "2"]) for name in ("ibp", "exact")
    ]
    assert [layer["upper"] for layer in data["results"][0]["layers"]] == [["1", "2"]] * 2
    boxes = [(["-1", "0"], ["0", "1"]), (["0", "1"], ["1", "2"])]
    assert [(c["case"], c["input"]) for c in data["cases"]] == [
        (number, {"lower": low, "upper": high}) for number, (low, high) in enumerate(boxes, 1)
    ]
    assert [[(r["lower"], r["upper"]) for r in c["results"]] for c in data["cases"]] == [
        [box] * 2 for box in boxes
    ]


def test_one_of_several_sets_is_bounded_as_if_it_were_alone(
    program: Program, net: Path, two_boxes: Path
) -> None:
    assert bounded(program, net, "--input", two_boxes, "--case", 2) == [["0", "1"], ["1", "2"]]
    out_of_range = program("bounds", net, "--input", two_boxes, "--case", 3)
    assert f"{two_boxes}: found --case 3, expected 1 to 2" in out_of_range.stderr


def test_the_table_has_a_row_for_each_case_and_for_all(
    program: Program, net: Path, two_boxes: Path
) -> None:
    table = program("bounds", net, "-r", "ibp", "--input", two_boxes).stdout.splitlines()
    rows = [line.split()[:5] for line in table if " ibp " in line and line.count("ibp") == 1]
    assert rows[:6] == [
        ["1", "0", "ibp", "-1", "0"],
        ["1", "1", "ibp", "0", "1"],
        ["2", "0", "ibp", "0", "1"],
        ["2", "1", "ibp", "1", "2"],
        ["all", "0", "ibp", "-1", "1"],
        ["all", "1", "ibp", "0", "2"],
    ]


def test_very_many_cases_are_one_row_in_the_table_and_all_in_json(
    program: Program, net: Path, tmp_path: Path
) -> None:
    path = tmp_path / "many.vnnlib"
    squares = " ".join(f"(and (<= {j} X_0 {j + 1}) (<= {j} X_1 {j + 1}))" for j in range(50))
    path.write_text(f"{DECLARED}(assert (or {squares}))")
    table = program("bounds", net, "-r", "ibp", "--input", path).stdout
    assert "50 cases: --format json has each of them" in table
    assert [
        line.split()[:5] for line in table.splitlines() if line.lstrip().startswith("all")
    ] == [["all", str(j), "ibp", "0", "50"] for j in range(2)]
    data = program("bounds", net, "-r", "ibp", "--input", path, "--format", "json").data
    assert [c["results"][0]["upper"][0] for c in data["cases"]] == [
        str(j + 1) for j in range(50)
    ]


def test_empty_cases_are_left_out_and_counted(
    program: Program, net: Path, tmp_path: Path
) -> None:
    path = tmp_path / "empty.vnnlib"
    path.write_text(DECLARED + BOX + "(assert (or (<= X_0 -1) (>= X_0 0.5) (<= X_1 -1)))")
    finished = program("bounds", net, "-r", "ibp", "--input", path, "--format", "json")
    assert outputs(finished) == [["1/2", "0"], ["1", "2"]]
    assert finished.stderr == "polyrelax: 1 of 2 sets of inputs is empty\n"


def test_the_union_is_not_bounded_unless_all_cases_are(
    program: Program, net: Path, two_boxes: Path
) -> None:
    asked = ("bounds", net, "-r", "ibp", "--input", two_boxes, "--time", "0.000001")
    finished = program(*asked, "--format", "json")
    assert finished.status == 3
    assert (finished.data["results"], finished.data["stopped"]) == ([], "time")
    assert [each["relaxation"] for each in finished.data["unfinished"]] == ["ibp"]
    assert "Not finished: the time was up" in program(*asked).stdout


def test_hull_says_what_it_did_not_use(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "a.vnnlib"
    path.write_text(DECLARED + BOX + "(assert (<= Y_0 Y_1))")
    finished = program("hull", path, "--format", "json")
    assert finished.data["points"] == [["0", "0"], ["0", "2"], ["1", "0"], ["1", "2"]]
    assert "1 constraint on outputs was not used, only those on inputs" in finished.stderr
