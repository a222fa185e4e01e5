"""Published counterexamples of VNN-COMP 2025, whose validity another exact replay has told."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.conftest import Program

VALID = {
    "alpha_beta_crown": (37, 43),
    "neuralsat": (42, 43),
    "nnv": (36, 36),
    "pyrat": (34, 42),
    "rover": (25, 43),
    "sobolbox": (40, 40),
}
"""Of each tool, how many of its files hold a valid point, and how many there are."""


@pytest.fixture(scope="module")
def program() -> Program:
    return Program()


def test_as_many_published_counterexamples_are_valid(program: Program, data_dir: Path) -> None:
    path = data_dir / "acasxu" / "witnesses_2025.json"
    results = json.loads(program("audit", "witness", path, "--format", "json").stdout)["results"]
    files = Counter(result["tool"] for result in results)
    valid = Counter(result["tool"] for result in results if result["verdict"] == "valid")
    assert {tool: (valid[tool], files[tool]) for tool in files} == VALID
