from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Program

CONJUNCTION = {
    "format": "polyrelax-dataset/1",
    "points": [["0", "0"], ["0", "1"], ["1", "0"], ["1", "1"]],
    "labels": [0, 0, 0, 1],
}


def written(folder: Path, **changes: object) -> Path:
    path = folder / "data.json"
    path.write_text(json.dumps({**CONJUNCTION, **changes}))
    return path


def test_the_conjunction_in_the_plane(program: Program, tmp_path: Path) -> None:
    found = program("lipschitz", "--dataset", written(tmp_path), "--format", "json")
    assert found.status == 0
    assert found.data == {
        "format": "polyrelax-dataset-radius/1",
        "best": "1/2",
        "nearest": [0, 3],
        "standard": "1/4",
        "classes": [0, 1],
        "coordinates": ["1/2", "1/2"],
        "pairs": [[1, 3, "1/2"], [2, 3, "1/2"]],
    }


def test_the_table_names_points_and_weights(program: Program, tmp_path: Path) -> None:
    found = program("lipschitz", "--dataset", written(tmp_path))
    assert "<= 1/4" in found.stdout
    assert "1 (0, 1)" in found.stdout


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": [0, 0, 0, 0]}, "found points of one class, expected two classes or more"),
        ({"labels": [0, 0, 1]}, "found 4 points and 3 labels, expected a label for each point"),
        ({"labels": [0, 0, 0, -1]}, "labels[3]"),
        ({"points": [["0", "0"]] * 4}, "found (0, 0) with two labels"),
        ({"points": [[0.5, "0"]] * 4}, "points[0][0]: found 0.5, which is inexact"),
        ({"format": "polyrelax-dataset/9"}, "expected 'polyrelax-dataset/1'"),
        ({"points": []}, "found 0 points and 4 labels"),
    ],
)
def test_bad_data_is_one_line(
    program: Program, tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    found = program("lipschitz", "--dataset", written(tmp_path, **changes))
    assert (found.status, found.stdout) == (2, "")
    assert message in found.stderr
    assert found.stderr.count("\n") == 1


def test_a_refusal_names_the_file(program: Program, tmp_path: Path) -> None:
    path = written(tmp_path, labels=[0, 0, 0, -1])
    found = program("lipschitz", "--dataset", path)
    assert found.status == 2
    assert found.stderr.startswith(f"polyrelax: {path}: labels[3]: found ")
