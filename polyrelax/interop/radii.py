"""Radii as ``polyrelax radius --format json`` prints them, ``polyrelax-radius/1``.

::

    {"format": "polyrelax-radius/1", "method": "lp-all",
     "results": [{"image": 0, "lower": "1/64", "upper": "1/32"}]}

``upper`` is null where no counterexample was found.  What else is known of an image, its
``label`` and the ``counterexample``, is not read, nor what was left ``unfinished``.
"""

from __future__ import annotations

from pathlib import Path

from polyrelax.arithmetic.arguments import require
from polyrelax.errors import FormatError, ShapeError
from polyrelax.interop.documents import Node, parse
from polyrelax.interop.opening import read_text
from polyrelax.verification.survey import Bracket

FORMAT = "polyrelax-radius/1"


def read(path: str | Path) -> tuple[str, dict[int, Bracket]]:
    """Return the method of a file, and what it knows of each image, by the image's number.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "radii.json"
    ...     _ = path.write_text('''{"format": "polyrelax-radius/1", "method": "lp-all",
    ...     "results": []}''')
    ...     read(path)
    ('lp-all', {})
    """
    return loads(read_text(path, expected="JSON"))


def loads(content: str) -> tuple[str, dict[int, Bracket]]:
    """Return the method of a JSON text, and what it knows of each image.

    >>> method, radii = loads('''{"format": "polyrelax-radius/1", "method": "lp-all",
    ... "results": [{"image": 3, "lower": "1/64", "upper": null}]}''')
    >>> method, str(radii[3].lower), radii[3].upper
    ('lp-all', '1/64', None)
    """
    return from_node(parse(content))


def from_node(document: Node) -> tuple[str, dict[int, Bracket]]:
    """Return the same of a document that is part of another.

    >>> data = {"format": "polyrelax-radius/1", "method": "lp-all", "results": [1]}
    >>> from_node(Node(data, "reports[0]"))
    Traceback (most recent call last):
    polyrelax.errors.FormatError: reports[0].results[0]: found 1, expected an object
    """
    require(document, Node)
    optional = ["stopped", "unfinished"]
    fields = document.fields(["format", "method", "results"], optional)
    if fields["format"].value != FORMAT:
        raise fields["format"].error(f"found {fields['format'].kind}, expected {FORMAT!r}")
    radii: dict[int, Bracket] = {}
    for entry in fields["results"].items():
        parts = entry.fields(["image", "lower", "upper"], ["label", "counterexample"])
        image = parts["image"].index()
        if image in radii:
            raise entry.error(f"found image {image} twice")
        radii[image] = _bracket(entry, parts["lower"], parts["upper"])
    return fields["method"].words(), radii


def _bracket(entry: Node, lower: Node, upper: Node) -> Bracket:
    try:
        return Bracket(lower.number(), None if upper.value is None else upper.number())
    except ShapeError as error:
        raise FormatError(f"{entry.place}: {error}") from None
