"""All relaxations run in one request, whichever came before, some in other processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Program

NAMES = (
    "ibp", "dp0", "dp1", "crown", "fastlin", "triangle",
    "krelu:2", "m:1", "m:2", "p:1", "p:2", "p:3", "exact",
)  # fmt: skip

# x, -x, x + 1/2 and 2x + 1, rectified, and their sum: wide enough for processes of their own.
WIDE = {
    "format": "polyrelax-network/1",
    "input": {"lower": ["-1"], "upper": ["1"]},
    "layers": [
        {
            "affine": {
                "weight": [["1"], ["-1"], ["1"], ["2"]],
                "bias": ["0", "0", "1/2", "1"],
            }
        },
        "relu",
        {"affine": {"weight": [["1", "1", "1", "1"]], "bias": ["0"]}},
    ],
}


@pytest.mark.parametrize("names", [NAMES, NAMES[::-1]], ids=["forwards", "backwards"])
def test_each_relaxation_runs_after_each_other(
    program: Program, tmp_path: Path, names: tuple[str, ...]
) -> None:
    file = tmp_path / "wide.json"
    file.write_text(json.dumps(WIDE))
    asked = [option for name in names for option in ("-r", name)]
    finished = program("bounds", file, *asked, "--format", "json")
    assert finished.status == 0
    found = {r["relaxation"]: (*r["lower"], *r["upper"]) for r in finished.data["results"]}
    assert tuple(found) == names
    # By hand: |x| + relu(x + 1/2) + relu(2x + 1) is 1/2 at -1/2 and 11/2 at 1.
    assert found["exact"] == ("1/2", "11/2")
    assert found["p:2"] == found["exact"]
