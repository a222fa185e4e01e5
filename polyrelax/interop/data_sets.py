"""Labelled points as JSON, ``polyrelax-dataset/1``.

::

    {"format": "polyrelax-dataset/1",
     "points": [["0", "0"], ["0", "1"], ["1", "0"], ["1", "1"]],
     "labels": [0, 0, 0, 1]}

Numbers are exact, as in all JSON here; a label is the number of a class, from 0.
"""

from __future__ import annotations

from pathlib import Path

from polyrelax.expressivity.data_sets import LabelledPoints
from polyrelax.interop.documents import parse
from polyrelax.interop.opening import read_text

FORMAT = "polyrelax-dataset/1"


def read(path: str | Path) -> LabelledPoints:
    """Return the labelled points of a file.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "data.json"
    ...     _ = path.write_text('''{"format": "polyrelax-dataset/1", "points": [[0], [1]],
    ...     "labels": [0, 1]}''')
    ...     read(path).labels
    (0, 1)
    """
    return loads(read_text(path, expected="JSON"))


def loads(content: str) -> LabelledPoints:
    """Return the labelled points of a JSON text.

    >>> loads('''{"format": "polyrelax-dataset/1", "points": [["1/2"], [1]],
    ... "labels": [0, 1]}''').best_radius
    Fraction(1, 4)
    """
    fields = parse(content).fields(["format", "points", "labels"])
    if fields["format"].value != FORMAT:
        raise fields["format"].error(f"found {fields['format'].kind}, expected {FORMAT!r}")
    points = tuple(node.vector() for node in fields["points"].items())
    return LabelledPoints(points, tuple(node.index() for node in fields["labels"].items()))
