"""Published counterexamples of VNN-COMP 2025, whose validity another exact replay has told."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

VALID = {
    "alpha_beta_crown": (37, 43),
    "neuralsat": (42, 43),
    "nnv": (36, 36),
    "pyrat": (34, 42),
    "rover": (25, 43),
    "sobolbox": (40, 40),
}
"""Of each tool, how many of its files hold a valid point, and how many there are."""


def test_as_many_published_counterexamples_are_valid(data_dir: Path) -> None:
    path = data_dir / "acasxu" / "witnesses_2025.json"
    verb = [sys.executable, "-m", "polyrelax", "audit", "witness"]
    done = subprocess.run(
        [*verb, str(path), "--format", "json"], capture_output=True, text=True, check=True
    )
    results = json.loads(done.stdout)["results"]
    files = Counter(result["tool"] for result in results)
    valid = Counter(result["tool"] for result in results if result["verdict"] == "valid")
    assert {tool: (valid[tool], files[tool]) for tool in files} == VALID
    wrong = {result["tool"] for result in results if result["verdict"] == "violates nothing"}
    assert wrong == {"rover"}
