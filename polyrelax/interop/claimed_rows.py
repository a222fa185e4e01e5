r"""Rows that somebody claims of a layer of neurons, in files.

A row ``b, a1, ..., an, c1, ..., cm`` stands for :math:`b + \langle a, x\rangle +
\langle c, y\rangle \ge 0`, with the inputs :math:`x` of the layer and its values :math:`y`: the
order of cdd's files, in which tools for groups of neurons print them.  Files are rows of text,
an array of NumPy, or JSON, which may name the neurons::

    {"format": "polyrelax-claimed-rows/1",
     "neurons": [{"relu": [0]}, {"maximum": [0, 1]}],
     "rows": [["0", "-1", "0", "1", "0"], [1, 0.5, 0, -1, 0]]}

Without ``neurons`` there is a rectifier on each input.  Decimals are the numbers that are
written, or the floats that programs read in them; the floats of an array are what they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from polyrelax.arithmetic.arguments import all_of, dimension, require
from polyrelax.arithmetic.rational import Vector, from_float
from polyrelax.arithmetic.words import amount
from polyrelax.audit.readings import Reading, read_as
from polyrelax.errors import DimensionError, FormatError, NotANumberError
from polyrelax.interop import neurons_json, npy, witnesses
from polyrelax.interop.documents import Node, parse
from polyrelax.interop.opening import decoded, read_bytes
from polyrelax.networks.layers import Layer, ReLU
from polyrelax.polytopes.constraint import Constraint

FORMAT: Final = "polyrelax-claimed-rows/1"
_FORMATS: Final = 'JSON {"rows": [...]}, rows "b a1 ... c1 ..." or an array (.npy)'


@dataclass(frozen=True)
class ClaimedRows:
    """A layer of neurons, and rows that are claimed of its inputs and values."""

    layer: Layer
    rows: tuple[Constraint, ...]

    def __post_init__(self) -> None:
        require(self.layer, Layer, "a layer")
        object.__setattr__(self, "rows", all_of(self.rows, Constraint, "rows"))


def read(path: str | Path, in_dim: int, *, reading: Reading = Reading.EXACT) -> ClaimedRows:
    """Return the rows that a file claims of a layer that reads ``in_dim`` values.

    Raises :class:`FormatError` for another format, :class:`DimensionError` for rows of another
    length and :class:`TooLargeError` for decimals beyond the floats.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "rows.csv"
    ...     _ = path.write_text("1, 0.5, -1")
    ...     print(*read(path, 1).rows)
    -1/2 x0 + x1 <= 1
    """
    content = read_bytes(path, expected=_FORMATS)
    if npy.is_array(content):
        in_dim = dimension(in_dim, "a dimension")
        return _claimed(ReLU(in_dim), _of_array(npy.floats(content)))
    return loads(decoded(content, expected=_FORMATS), in_dim, reading=reading)


def loads(text: str, in_dim: int, *, reading: Reading = Reading.EXACT) -> ClaimedRows:
    """Return the rows that a text claims, as :func:`read` does.

    >>> print(*loads('{"neurons": [{"maximum": [0, 1]}], "rows": [[0, -1, 0, 1]]}', 2).rows)
    x0 - x2 <= 0
    """
    require(text, str)
    require(reading, Reading)
    in_dim = dimension(in_dim, "a dimension")
    layer: Layer = ReLU(in_dim)
    if text.lstrip().startswith("{"):
        fields = parse(text).fields(["rows"], ["format", "neurons"])
        layer, rows = _layer(fields, in_dim), _of_json(fields["rows"])
    else:
        rows = witnesses.rows_of(text)
    return _claimed(layer, tuple(read_as(row, reading) for row in rows))


def _layer(fields: dict[str, Node], in_dim: int) -> Layer:
    found = fields.get("format")
    if found is not None and found.value != FORMAT:
        raise found.error(f"found {found.kind}, expected {FORMAT!r}")
    if "neurons" not in fields:
        return ReLU(in_dim)
    return neurons_json.from_node(Node({"neurons": fields["neurons"].value}), in_dim)


def _of_json(rows: Node) -> tuple[Vector, ...]:
    return tuple(tuple(entry.decimal() for entry in row.items()) for row in rows.items())


def _of_array(array: np.ndarray) -> tuple[Vector, ...]:
    if array.ndim != 2:
        raise FormatError(f"found an array of shape {array.shape}, expected rows of numbers")
    if not np.isfinite(array).all():
        raise NotANumberError("found nan or inf, expected finite numbers")
    return tuple(tuple(map(from_float, row)) for row in array.tolist())


def _claimed(layer: Layer, rows: tuple[Vector, ...]) -> ClaimedRows:
    if not rows:
        raise FormatError("found no row, expected at least one")
    width = 1 + layer.in_dim + layer.out_dim
    for number, row in enumerate(rows):
        if len(row) != width:
            expected = f"b and a number for each of {layer.in_dim} inputs"
            raise DimensionError(
                f"row {number}: found {amount(len(row), 'number')}, expected {width}: "
                f"{expected} and {amount(layer.out_dim, 'value')}"
            )
    return ClaimedRows(layer, tuple(Constraint.at_least(row[1:], -row[0]) for row in rows))
