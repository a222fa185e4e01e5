"""Programs of rows, triangles and walks through layers are written in one place each."""

from __future__ import annotations

from tests.architecture.places import PACKAGE, WEIGHTS, files, programs, triangles, walks

WALKS = {
    "interop/onnx/writing.py": "writes nodes, and goes on from the name of the last one",
    "networks/complexes/subdivision.py": "makes stages of several layers each",
    "networks/pattern.py": "reads the values of all layers, which are there already",
    "networks/rewrite.py": "writes layers, and needs the box before each while it does",
    "networks/walk.py": "is the walk",
    "relaxations/array_triangle.py": "a step of substitution before one of programs",
    "relaxations/cost.py": "sums up what layers take",
    "relaxations/deeppoly.py": "a step of substitution, over the bounds of another relaxation",
    "relaxations/phases/sets.py": "a set for each layer, of the network up to it",
    "verification/chains.py": "makes stages of several layers each",
}
"""Loops that carry something through layers and are no walk, with the reason."""


def test_programs_of_rows_are_built_in_one_place() -> None:
    assert set(programs(PACKAGE)) == {"systems/programs.py"}


def test_other_programs_are_where_they_are_said_to_be() -> None:
    assert set(WEIGHTS) <= {name for name, text in files(PACKAGE) if "LinearProgram(" in text}


def test_the_line_above_a_rectifier_is_found_in_one_place() -> None:
    assert triangles(PACKAGE) == ["polytopes/triangle.py"]


def test_layers_are_walked_in_one_place() -> None:
    assert sorted(walks(PACKAGE)) == sorted(WALKS)
