"""Where things are done of which there should be one place.

``python -m tests.architecture.places`` counts in the tree of this file, or in another one that
is named.  Programs are counted where they are of rows between a network's values: those of
weights of points are no such.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "polyrelax"
WEIGHTS = {
    "certificates/single_layer.py": "weights of points that mix to one",
    "certificates/windows.py": "weights of the runs of windows",
    "relaxations/cross_layer.py": "weights of the runs of windows",
    "expressivity/spans.py": "coefficients of functions",
    "expressivity/lipschitz.py": "loads of terms",
    "expressivity/data_sets.py": "a margin between points",
    "search/evidence.py": "weights of points that mix to one",
}
"""Where programs of other things are built."""
_CHORD = re.compile(r"upper(\[\w+\])? / \(?(\w+\.)?(width|upper(\[\w+\])? - (\w+\.)?lower)")


def files(package: Path) -> Iterator[tuple[str, str]]:
    """Yield the files of the package by name, without the checker, which shares nothing."""
    for path in sorted(package.rglob("*.py")):
        if path.name != "check.py":
            yield path.relative_to(package).as_posix(), path.read_text()


def naming_rectifiers(package: Path) -> list[str]:
    """Return the files that name the layer of rectifiers in their code."""
    return [name for name, text in files(package) if "ReLU" in _names(text)]


def asking_kinds(package: Path) -> list[str]:
    """Return a file for each question which kind of layer a layer is."""
    return [
        name for name, text in files(package) for _ in range(text.count("isinstance(layer"))
    ]


def programs(package: Path) -> list[str]:
    """Return a file for each place that builds a linear program of rows of networks."""
    rooms = ("arithmetic/", "lp/", "polytopes/")
    return [
        name
        for name, text in files(package)
        if not name.startswith(rooms) and name not in WEIGHTS
        for call in _calls(text)
        if call in {"LinearProgram", "FloatProgram"}
    ]


def triangles(package: Path) -> list[str]:
    """Return a file for each place that finds the slope of the line above a rectifier."""
    return [name for name, text in files(package) for _ in _CHORD.finditer(text)]


def walks(package: Path) -> list[str]:
    """Return a file for each loop over layers that threads a value through them."""
    return [
        name
        for name, text in files(package)
        for function in ast.walk(ast.parse(text))
        if isinstance(function, ast.FunctionDef)
        for loop in ast.walk(function)
        if isinstance(loop, ast.For) and _is_over_layers(loop) and _threads(function, loop)
    ]


def _names(text: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}


def _calls(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def _is_over_layers(loop: ast.For) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr == "layers"
        for node in ast.walk(loop.iter)
    )


def _threads(function: ast.FunctionDef, loop: ast.For) -> bool:
    """Whether a name that has a value before a loop gets another one in it."""
    inside = {name for node in loop.body for name in _stored(node)}
    given = {argument.arg for argument in function.args.args}
    before = {
        name
        for node in ast.walk(function)
        if isinstance(node, ast.stmt) and getattr(node, "lineno", 0) < loop.lineno
        for name in _stored(node)
        if not isinstance(node, ast.FunctionDef | ast.For)
    }
    return bool(inside & (before | given))


def _stored(node: ast.AST) -> set[str]:
    return {
        name.id
        for name in ast.walk(node)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    }


COUNTED = {
    "files that name ReLU": naming_rectifiers,
    "questions for the kind of a layer": asking_kinds,
    "places that build programs of rows": programs,
    "places that find the line above a rectifier": triangles,
    "loops that thread a value through layers": walks,
}


def main() -> None:
    """Print the counts, and the places where these are few."""
    package = Path(sys.argv[1]) / "polyrelax" if len(sys.argv) > 1 else PACKAGE
    for title, counted in COUNTED.items():
        found = counted(package)
        few = f": {', '.join(found)}" if len(found) <= 20 else f" in {len(set(found))} files"
        sys.stdout.write(f"{title}: {len(found)}{few}\n")


if __name__ == "__main__":
    main()
