"""What the documentation shows is what happens."""

from __future__ import annotations

import doctest
import pkgutil
import re
import tomllib
from pathlib import Path

import pytest

import polyrelax
from polyrelax import plotting, strategies
from polyrelax.claims import STATUSES, load_claims

ROOT = Path(__file__).parents[1]
PAGES = [
    path
    for path in sorted((ROOT / "docs").rglob("*.md"))
    if "generated" not in path.parts and ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_sessions_give_what_they_show(path: Path) -> None:
    result = doctest.testfile(str(path), module_relative=False)
    assert result.failed == 0
    assert result.attempted > 0


def test_every_room_but_the_command_line_has_a_page_of_its_own() -> None:
    text = (ROOT / "docs" / "pages.py").read_text(encoding="utf-8")
    rooms = {module.name for module in pkgutil.iter_modules(polyrelax.__path__)}
    assert set(re.findall(r'^    "(\w+)": "', text, re.MULTILINE)) == rooms - {
        "cli",
        "__main__",
    }


def test_there_are_pages_with_sessions() -> None:
    assert {"start", "pycddlib", "drawing"} <= {path.stem for path in PAGES}


def test_the_example_of_a_user_is_among_the_tests() -> None:
    options = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "docs/howto" in options["tool"]["pytest"]["ini_options"]["testpaths"]
    assert (ROOT / "docs" / "howto" / "test_my_verifier.py").exists()


def test_every_strategy_is_in_the_table() -> None:
    text = (ROOT / "docs" / "howto" / "testing.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)\(", text))
    assert set(strategies.__all__) <= named


def test_every_picture_function_is_in_the_table() -> None:
    text = (ROOT / "docs" / "howto" / "drawing.md").read_text(encoding="utf-8")
    plots = {name for name in plotting.__all__ if name.startswith("plot_")}
    assert plots <= set(re.findall(r"`(plot_\w+)`", text))


def test_the_page_of_results_has_every_claim_where_its_status_belongs() -> None:
    text = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    parts = dict(part.split("\n", 1) for part in text.split("\n## ")[1:])
    shown = {title: set(re.findall(r"\[`([\w-]+)`\]", part)) for title, part in parts.items()}
    by_status = {
        status: {claim.name for claim in load_claims() if claim.status == status}
        for status in STATUSES
    }
    assert shown["New"] | shown["Reproduced"] == by_status["reproduced"]
    assert shown["Refuted as stated"] == by_status["refuted as stated"]
    assert shown["Open"] >= by_status["open"]
