"""Polytopes in files: cdd's and lrs' formats, JSON, VNN-LIB, plain rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from polyrelax.arithmetic.words import amount
from polyrelax.errors import EmptySetError, FormatError, ShapeError
from polyrelax.interop import input_sets, network_json, vnnlib
from polyrelax.interop.documents import parse
from polyrelax.interop.opening import read_text, suffix
from polyrelax.networks.properties import Property
from polyrelax.polytopes import files
from polyrelax.polytopes.polyhedra_format import is_polyhedron
from polyrelax.polytopes.polytope import Polytope

_POLYHEDRA: Final = frozenset((".ine", ".ext"))


@dataclass(frozen=True)
class Sets:
    """The sets that a file describes, and lines on what it says beyond them.

    ``out_dim`` is how many outputs it declares.
    """

    polytopes: tuple[Polytope, ...] = ()
    notes: tuple[str, ...] = ()
    out_dim: int = 0


def read_sets(path: Path) -> Sets:
    """Return the sets that a file describes, one for each case that differs in inputs."""
    return parsed_sets(read_text(path), suffix(path))


def only_polytope(sets: Sets) -> Polytope:
    """Return the polytope of a file that describes one."""
    if len(sets.polytopes) != 1:
        raise ShapeError(f"found {amount(len(sets.polytopes), 'set')}, expected one")
    return sets.polytopes[0]


def parsed_sets(text: str, kind: str) -> Sets:
    r"""Return the sets in the format of the suffix, else that which the text looks like.

    >>> parsed_sets("1 1\n1 -1", "").polytopes
    (Polytope.box(['-1'], ['1']),)
    """
    is_lisp = text.lstrip().startswith(("(", ";"))
    if kind == ".vnnlib" or (is_lisp and kind not in _POLYHEDRA):
        property_ = vnnlib.loads(text)
        if not property_.cases:
            raise EmptySetError("the set is empty, as the assertions exclude each other")
        notes = tuple(_beyond_inputs(property_))
        return Sets(property_.input_sets(), notes, property_.out_dim)
    return Sets((_parsed_polytope(text, kind),))


def _beyond_inputs(property_: Property) -> Iterator[str]:
    """Yield what a property says that its sets of inputs do not."""
    rows = {id(row): row for case in property_.cases for row in case.rows}.values()
    if outputs := len({row for row in rows if row.outputs}):
        noun = "constraint on outputs was" if outputs == 1 else "constraints on outputs were"
        yield f"{outputs} {noun} not used, only those on inputs"
    if strict := sum(not row.outputs for row in rows):
        noun = "inequality on inputs was" if strict == 1 else "inequalities on inputs were"
        yield f"{strict} strict {noun} taken with the boundary, where bounds hold too"


def _parsed_polytope(text: str, kind: str) -> Polytope:
    if kind == ".json" or text.lstrip().startswith(("{", "[")):
        return _json_set(text)
    if kind in _POLYHEDRA or is_polyhedron(text):
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
