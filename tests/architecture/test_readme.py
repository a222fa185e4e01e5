"""What the README shows is what happens."""

from __future__ import annotations

import doctest
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"


def test_the_python_session_gives_what_it_shows() -> None:
    result = doctest.testfile(str(README), module_relative=False)
    assert result.failed == 0
    assert result.attempted > 0


def test_the_network_file_has_the_bounds_of_the_python_session(tmp_path: Path) -> None:
    block = re.search(r"```json\n(.*?)```", README.read_text(), re.DOTALL)
    assert block is not None
    (tmp_path / "tent.json").write_text(block[1])
    program = "import sys; from polyrelax.cli import main; sys.exit(main())"
    verb = ["bounds", "tent.json", "-r", "triangle", "-r", "p:3", "-r", "exact"]
    run = subprocess.run(
        [sys.executable, "-c", program, *verb, "--format", "json"],
        capture_output=True,
        check=True,
        cwd=tmp_path,
        text=True,
    )
    results = json.loads(run.stdout)["results"]
    assert [(r["lower"], r["upper"]) for r in results] == [
        (["0"], ["2"]),
        (["1"], ["2"]),
        (["1"], ["2"]),
    ]


def test_every_link_to_a_file_leads_somewhere() -> None:
    links = re.findall(r"\]\(((?!http)[^)#]+)\)", README.read_text())
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make (\w+)", README.read_text(), re.MULTILINE))
    assert {"reproduce", "test"} <= named <= targets
