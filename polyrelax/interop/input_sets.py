"""Input sets in files: boxes, inequalities, vertices.

A JSON input set is an object of one of the forms

* ``{"lower": ["-1"], "upper": ["1/2"]}``, a box;
* ``{"inequalities": [["b", "a1", ...], ...]}``, the polytope of all ``b + a1 x1 + ... >= 0``
  (the order of cdd's files);
* ``{"vertices": [["0", "1"], ...]}``, a convex hull.
"""

from __future__ import annotations

from pathlib import Path

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import shown, text
from polyrelax.interop import vnnlib
from polyrelax.interop.documents import Node, parse
from polyrelax.interop.opening import read_text, suffix
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope

_FORMS = (("lower", "upper"), ("inequalities",), ("vertices",))


def read(path: str | Path) -> Polytope:
    """Return the input set of a ``.vnnlib`` file or of a JSON file.

    The cases of a VNN-LIB file must share their inputs;
    :func:`polyrelax.interop.vnnlib.read` gives all of what it says.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "box.json"
    ...     _ = path.write_text('{"lower": ["0"], "upper": ["1/2"]}')
    ...     read(path)
    Polytope.box(['0'], ['1/2'])
    """
    if suffix(path) == ".vnnlib":
        return vnnlib.read(path).input_set()
    return from_node(parse(read_text(path)))


def from_node(node: Node) -> Polytope:
    """Return the polytope that a JSON value describes.

    >>> from_node(parse('{"inequalities": [["1", "1"], ["2", "-1"]]}'))
    Polytope.box(['-1'], ['2'])
    """
    require(node, Node)
    keys = tuple(node.value) if isinstance(node.value, dict) else ()
    form = next((form for form in _FORMS if set(form) & set(keys)), _FORMS[0])
    fields = node.fields(form)
    if form == ("lower", "upper"):
        return _box(node, fields["lower"], fields["upper"])
    rows = fields[form[0]].vectors()
    if form == ("vertices",):
        return Polytope.hull(rows, len(rows[0]))
    if not rows[0]:
        raise fields["inequalities"].error("found an empty row, expected b, a1, ...")
    constraints = [Constraint.at_least(row[1:], -row[0]) for row in rows]
    return Polytope.intersection(constraints, len(rows[0]) - 1)


def as_data(polytope: Polytope) -> dict[str, list[str] | list[list[str]]]:
    """Return the JSON object that describes a polytope: its ends if it is a box, or vertices.

    >>> as_data(Polytope.box([0], ["1/2"]))
    {'lower': ['0'], 'upper': ['1/2']}
    """
    require(polytope, Polytope)
    if polytope.is_box:
        lower, upper = zip(*polytope.bounds, strict=True) if polytope.dim else ((), ())
        return {"lower": [text(end) for end in lower], "upper": [text(end) for end in upper]}
    return {"vertices": [[text(value) for value in vertex] for vertex in polytope.vertices]}


def _box(node: Node, low: Node, up: Node) -> Polytope:
    lower, upper = low.vector(), up.vector()
    if len(lower) != len(upper):
        raise node.error(
            f"found {len(lower)} lower and {len(upper)} upper ends, expected the same number"
        )
    for i, (start, end) in enumerate(zip(lower, upper, strict=True)):
        if start > end:
            raise node.error(
                f"found {shown(start)} > {shown(end)} at coordinate {i}, "
                "expected lower <= upper"
            )
    return Polytope.box(lower, upper)
