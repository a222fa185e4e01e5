"""Polytopes in files: cdd's and lrs' formats, JSON, VNN-LIB, plain rows."""

from __future__ import annotations

from pathlib import Path

from polyrelax.errors import FormatError
from polyrelax.interop import input_sets, network_json, vnnlib
from polyrelax.interop.documents import parse
from polyrelax.interop.opening import read_text, suffix
from polyrelax.polytopes import files
from polyrelax.polytopes.polyhedra_format import is_polyhedron
from polyrelax.polytopes.polytope import Polytope


def read_set(path: Path) -> Polytope:
    """Return the polytope that a file describes."""
    return parsed_set(read_text(path), suffix(path))


def parsed_set(text: str, kind: str) -> Polytope:
    r"""Return a polytope in the format of the suffix, else that which the text looks like.

    >>> parsed_set("1 1\n1 -1", "")
    Polytope.box(['-1'], ['1'])
    """
    if kind == ".vnnlib":
        return vnnlib.loads(text).input_set()
    if kind == ".json" or text.lstrip().startswith(("{", "[")):
        return _json_set(text)
    if kind in {".ine", ".ext"} or is_polyhedron(text):
        return files.read(text, suffix=kind)
    return files.read_inequalities(text)


def _json_set(text: str) -> Polytope:
    node = parse(text)
    if not (isinstance(node.value, dict) and "layers" in node.value):
        return input_sets.from_node(node)
    given = network_json.loads(text).input
    if given is None:
        raise FormatError("found a network without an input set, expected an input set")
    return given
