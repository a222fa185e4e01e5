"""Every public function of the rooms that compute shows an example, which the doctests run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import polyrelax

PACKAGE = Path(polyrelax.__file__).parent
ROOMS = (
    "analysis", "arithmetic", "interop", "lp", "networks", "polytopes", "relaxations",
    "training", "verification",
)  # fmt: skip
MODULES = sorted(
    path
    for room in ROOMS
    for path in (PACKAGE / room).rglob("*.py")
    if not path.name.startswith("_") and "engines" not in path.parts
)


def _without_example(tree: ast.Module) -> Iterator[str]:
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    for node in functions:
        if not node.name.startswith("_") and ">>>" not in (ast.get_docstring(node) or ""):
            yield node.name


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_public_functions_show_an_example(path: Path) -> None:
    assert list(_without_example(ast.parse(path.read_text(encoding="utf-8")))) == []


def test_a_function_without_an_example_is_found() -> None:
    source = (
        'def shown():\n    """Do.\n\n    >>> 1\n    1\n    """\n\ndef f():\n    """Do."""\n'
    )
    assert list(_without_example(ast.parse(source))) == ["f"]
