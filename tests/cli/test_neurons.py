"""Networks of neurons of all kinds, by the program."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

POOL = """{"format": "polyrelax-network/1", "input": {"lower": ["0", "0"], "upper": ["1", "1"]},
 "layers": [{"neurons": [{"maximum": [0, 1]}, {"absolute": [0]}]},
            {"affine": {"weight": [["1", "-1"]], "bias": ["0"]}}]}"""
MOST = "maximum of 2, absolute value"


def polyrelax(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "polyrelax", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def pool(tmp_path: Path) -> str:
    path = tmp_path / "pool.json"
    path.write_text(POOL, encoding="utf-8")
    return str(path)


def test_bounds_knows_them(pool: str) -> None:
    # max(x, y) - |x| on the unit square is max(y - x, 0): its hull over the square and with it
    # every relaxation of single neurons has 1 at (0, 1) and 0 where x = y.
    names = ("ibp", "triangle", "p:1", "exact")
    asked = [part for name in names for part in ("-r", name)]
    run = polyrelax("bounds", pool, *asked, "--format", "json")
    assert (run.returncode, run.stderr) == (0, "")
    results = json.loads(run.stdout)["results"]
    found = {each["relaxation"]: (each["lower"], each["upper"]) for each in results}
    tight = (["0"], ["1"])
    assert found == {"ibp": (["-1"], ["1"]), **dict.fromkeys(names[1:], tight)}
    assert {each["layers"][1]["kind"] for each in results} == {MOST}


def test_a_report_says_what_the_layers_are_and_why_there_is_no_certificate(
    pool: str, tmp_path: Path
) -> None:
    page = tmp_path / "report.html"
    run = polyrelax("report", pool, "-r", "triangle", "-o", str(page))
    assert run.returncode == 0
    text = page.read_text(encoding="utf-8")
    assert "2 → 1, 2 neurons." in text
    assert MOST in text
    reason = f"none: found a layer of {MOST}, expected affine, ReLU and identity layers"
    assert reason in text
