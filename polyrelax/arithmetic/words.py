"""Numbers and names of things, as messages and reports say them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from polyrelax.arithmetic.arguments import integer_of, located, require
from polyrelax.arithmetic.rational import cut, shown
from polyrelax.errors import ArgumentError

_LONGEST: Final = 200
"""Names of tensors and files tell their folders, too."""


def amount(number: int, one: str, many: str = "") -> str:
    """Return how many things there are, in English; ``many`` if it is not ``one`` with an s.

    >>> amount(1, "entry", "entries"), amount(0, "row")
    ('1 entry', '0 rows')
    """
    count = integer_of(number)
    if count is None:
        raise ArgumentError(f"found {shown(number)}, expected a whole number")
    require(one, str)
    require(many, str)
    return f"{shown(count)} {one if count == 1 else many or f'{one}s'}"


def quoted(name: str) -> str:
    """Return a name as messages quote it, cut if it is very long.

    >>> quoted("relu_1"), len(quoted("x" * 9999))
    ("'relu_1'", 203)
    """
    require(name, str)
    return cut(repr(name), _LONGEST)


def in_line(path: str | Path) -> str:
    r"""Return a path as a line of a message names it, quoted if it is no line itself.

    >>> in_line("net.onnx"), in_line("two\nlines")
    ('net.onnx', "'two\\nlines'")
    """
    name = str(located(path))
    return cut(name, _LONGEST) if name.isprintable() else quoted(name)
