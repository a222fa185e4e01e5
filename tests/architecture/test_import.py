"""What importing the library costs, and what the library must never do."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import polyrelax

PACKAGE = Path(polyrelax.__file__).parent
PROGRAMS = {PACKAGE / "certificates" / "check.py", *PACKAGE.glob("cli/**/*.py")}
LIBRARY = sorted(set(PACKAGE.rglob("*.py")) - PROGRAMS)
HEAVY = {"hypothesis", "matplotlib", "onnx", "onnxruntime", "rich", "sympy", "typer"}


def _modules_after(statement: str) -> set[str]:
    """Return what a fresh interpreter has loaded after the statement."""
    program = f"import json, sys; {statement}; json.dump(list(sys.modules), sys.stdout)"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    return set(json.loads(run.stdout))


def _prints(tree: ast.AST) -> Iterator[int]:
    """Yield the line of each call of ``print`` and each use of the standard streams."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in {"print", "breakpoint"}:
            yield node.lineno
        if isinstance(node, ast.Attribute) and node.attr in {"stdout", "stderr"}:
            yield node.lineno


def test_importing_the_package_loads_no_heavy_library() -> None:
    assert not HEAVY & _modules_after("import polyrelax")


def test_relaxations_are_named_without_graphs_arrays_and_metadata_of_packages() -> None:
    loaded = _modules_after("import polyrelax.relaxations.names") - _modules_after("pass")
    assert not {"networkx", "numpy", "importlib.metadata"} & loaded


def test_a_star_asks_for_no_extra() -> None:
    missing = "sys.modules.update(dict.fromkeys(('onnx', 'torch', 'sklearn', 'pandas')))"
    assert "polyrelax.relaxations.names" in _modules_after(
        f"{missing}; from polyrelax import *"
    )


def test_the_probe_sees_a_heavy_library_that_is_loaded() -> None:
    assert "sympy" in _modules_after("import sympy")


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_library_never_prints(path: Path) -> None:
    assert list(_prints(ast.parse(path.read_text()))) == []


def test_the_search_for_prints_finds_them() -> None:
    source = "import sys\nprint(1)\nsys.stdout.write('1')\nshow = print\n"
    assert sorted(_prints(ast.parse(source))) == [2, 3, 4]
