"""The versions that are tested are those that the project admits."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

UNLOCKED = {"pandas", "torch"}
"""Extras that "all" leaves out: their tests are skipped where they are not installed."""
ROOT = Path(__file__).parents[2]
CONSTRAINTS = ROOT / "constraints.txt"


def _requirements() -> Iterator[str]:
    """Yield what the program, its extras and its development need of others."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"].values()
    groups = project["dependency-groups"].values()
    for requirement in chain(project["project"]["dependencies"], *extras, *groups):
        if not requirement.startswith("polyrelax["):
            yield requirement


def test_what_is_not_locked_is_no_part_of_all() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    [named] = extras["optional-dependencies"]["all"]
    assert not UNLOCKED & set(re.findall(r"\w+", named))


def _locked() -> dict[str, str]:
    lines = CONSTRAINTS.read_text().splitlines()
    pairs = (line.split("==") for line in lines if not line.startswith("#"))
    return {re.sub(r"[-_.]+", "-", name): version for name, version in pairs}


def _parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def test_every_requirement_has_a_lower_bound_and_no_other() -> None:
    """make test-lowest reads them."""
    wrong = [r for r in _requirements() if not re.fullmatch(r"[A-Za-z-]+>=[0-9.]+", r)]
    assert wrong == []


def test_the_lock_names_a_version_of_every_requirement_that_its_bound_admits() -> None:
    locked = _locked()
    for requirement in _requirements():
        name, bound = requirement.lower().split(">=")
        if name in UNLOCKED:
            continue
        assert _parts(locked[name]) >= _parts(bound)


def test_the_lock_names_versions_alone() -> None:
    lines = CONSTRAINTS.read_text().splitlines()
    wrong = [s for s in lines if not re.fullmatch(r"#.*|[\w.-]+==[\w.+!]+", s) or "://" in s]
    assert wrong == []
