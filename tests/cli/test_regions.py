from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Program

# relu(x) + relu(-x) + relu(y): four quadrants.
NET = {
    "format": "polyrelax-network/1",
    "layers": [
        {
            "affine": {
                "weight": [["1", "0"], ["-1", "0"], ["0", "1"]],
                "bias": ["0", "0", "0"],
            }
        },
        "relu",
        {"affine": {"weight": [["1", "1", "1"]], "bias": ["0"]}},
    ],
}
SQUARE = ("--lower=-1,-1", "--upper=1,1")


@pytest.fixture
def net(tmp_path: Path) -> Path:
    path = tmp_path / "net.json"
    path.write_text(json.dumps(NET))
    return path


def test_regions_are_counted(program: Program, net: Path) -> None:
    found = program("regions", net, *SQUARE, "--format", "json")
    assert found.status == 0
    assert found.data == {"format": "polyrelax-regions/1", "count": 4}
    assert "4 regions" in program("regions", net, *SQUARE).stdout


def test_regions_are_listed_with_values_and_gradients(program: Program, net: Path) -> None:
    data = program("regions", net, *SQUARE, "--list", "--format", "json").data
    assert data["count"] == 4
    first = data["regions"][0]  # x <= 0, so that the second neuron is on, and y <= 0
    assert first == {
        "pattern": [[0, 1, 0]],
        "vertices": [["-1", "-1"], ["-1", "0"], ["0", "-1"], ["0", "0"]],
        "values": [["1"], ["1"], ["0"], ["0"]],
        "gradient": [["-1", "0"]],
        "constant": ["0"],
    }
    assert "-+-" in program("regions", net, *SQUARE, "--list").stdout


def test_a_picture_is_drawn(program: Program, net: Path, tmp_path: Path) -> None:
    path = tmp_path / "regions.svg"
    assert program("regions", net, *SQUARE, "--plot", path).status == 0
    assert "<svg" in path.read_text()


def test_many_regions_of_an_arrangement_of_lines(program: Program, tmp_path: Path) -> None:
    # Lines x = k/8 and y = k/8 for k = -3, ..., 3 cut the square into 8 x 8 cells.
    weight = [["1", "0"]] * 7 + [["0", "1"]] * 7
    bias = [f"{k}/8" for k in range(-3, 4)] * 2
    layers = [{"affine": {"weight": weight, "bias": bias}}, "relu"]
    path = tmp_path / "grid.json"
    path.write_text(json.dumps({"format": NET["format"], "layers": layers}))
    assert program("regions", path, *SQUARE, "--format", "json").data["count"] == 64


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "names no input set"),
        ((*SQUARE, "--plot", "regions.txt"), "expected .pdf, .png, .svg"),
        ((*SQUARE, "--plot", "missing/regions.svg"), "no such directory"),
        (("--lower=-1,-1,-1", "--upper=1,1,1"), "3"),
    ],
)
def test_what_is_refused_is_one_line(
    program: Program, net: Path, options: tuple[str, ...], message: str
) -> None:
    found = program("regions", net, *options)
    assert (found.status, found.stdout, found.stderr.count("\n")) == (2, "", 1)
    assert message in found.stderr
