"""JSON documents in which every number is exact and every error says where it is.

Numbers are texts such as ``"3/7"`` or ``"0.25"``, or JSON integers.  Other JSON numbers are
refused: readers turn ``0.1`` into the nearest binary number, and ``"0.1"`` is one tenth.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import Vector, rational, shown
from polyrelax.arithmetic.words import amount
from polyrelax.errors import FormatError

_SHORT: Final = 4000
"""Up to so many digits, integers are made while JSON is read; Python refuses longer ones."""


@dataclass(frozen=True)
class _Literal:
    """A JSON number that is no integer, or a very long one, as it is written."""

    text: str


@dataclass(frozen=True)
class Node:
    """A value in a document, and its place there, such as ``layers[2].affine``."""

    value: object
    place: str = ""

    def error(self, problem: str) -> FormatError:
        """Return an error that says where it is."""
        return FormatError(f"{self.place}: {problem}" if self.place else problem)

    def fields(self, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, Node]:
        """Return the members of an object that has the required keys and no unknown ones.

        >>> Node({"a": 1}).fields(["b"])
        Traceback (most recent call last):
        polyrelax.errors.FormatError: found the key 'a', expected 'b'
        """
        if not isinstance(self.value, dict):
            raise self.error(f"found {self.kind}, expected an object")
        needed, allowed = list(required), [*required, *optional]
        if not set(needed) <= self.value.keys() <= set(allowed):
            raise self.error(f"found {self.keys}, expected {_quoted(allowed)}")
        return {key: Node(value, self._inside(key)) for key, value in self.value.items()}

    def items(self) -> list[Node]:
        """Return the entries of an array."""
        if not isinstance(self.value, list):
            raise self.error(f"found {self.kind}, expected an array")
        return [Node(entry, f"{self.place}[{i}]") for i, entry in enumerate(self.value)]

    def number(self) -> Fraction:
        """Return an exact number.

        >>> Node("3/7").number()
        Fraction(3, 7)
        """
        value = self.value
        if isinstance(value, _Literal):
            if not value.text.lstrip("-").isdecimal():
                raise self.error(f'found {value.text}, which is inexact; write "{value.text}"')
            value = value.text
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise self.error(f'found {self.kind}, expected a number such as "3/7" or 2')
        try:
            return rational(value)
        except ValueError as error:  # also a text too long for an integer
            raise self.error(str(error)) from None

    def decimal(self) -> Fraction:
        """Return an exact number, or the decimal that is written where JSON has one.

        >>> parse("[0.1]").items()[0].decimal()
        Fraction(1, 10)
        """
        if isinstance(self.value, _Literal):
            return Node(self.value.text, self.place).number()
        return self.number()

    def index(self) -> int:
        """Return an integer that is not negative."""
        if isinstance(self.value, bool) or not isinstance(self.value, int) or self.value < 0:
            raise self.error(f"found {self.kind}, expected an index such as 0")
        return self.value

    def words(self) -> str:
        """Return a text.

        >>> Node(3, "side").words()
        Traceback (most recent call last):
        polyrelax.errors.FormatError: side: found 3, expected a text
        """
        if not isinstance(self.value, str):
            raise self.error(f"found {self.kind}, expected a text")
        return self.value

    def vector(self) -> Vector:
        """Return an array of exact numbers."""
        return tuple(entry.number() for entry in self.items())

    def vectors(self) -> tuple[Vector, ...]:
        """Return an array of one or more arrays of exact numbers, all of one length."""
        rows = [(entry, entry.vector()) for entry in self.items()]
        if not rows:
            raise self.error("found no rows, expected at least one")
        expected = len(rows[0][1])
        for entry, row in rows:
            if len(row) != expected:
                raise entry.error(
                    f"found {amount(len(row), 'number')}, expected {expected} as in row 0"
                )
        return tuple(row for _, row in rows)

    @property
    def keys(self) -> str:
        """The keys of an object, as messages name them, or what else the value is.

        >>> Node({"a": 1, "b": 2}).keys, Node([]).keys
        ("the keys 'a', 'b'", 'an array')
        """
        if not isinstance(self.value, dict):
            return self.kind
        noun = "key" if len(self.value) == 1 else "keys"
        return f"the {noun} {_quoted(self.value)}" if self.value else "no keys"

    @property
    def kind(self) -> str:
        """What the value is, as messages name it.

        >>> Node({"a": 1}).kind, Node([]).kind, Node("b").kind, Node(-1).kind, Node(True).kind
        ('an object', 'an array', "'b'", '-1', 'true')
        """
        match self.value:
            case dict():
                return "an object"
            case list():
                return "an array"
            case bool() | None:
                return json.dumps(self.value)
            case _Literal():
                return shown(self.value.text).strip("'")
        return shown(self.value)

    def _inside(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key


def parse(text: str) -> Node:
    """Return the document that a text holds.

    >>> parse('{"lower": ["1/2", 3]}').fields(["lower"])["lower"].vector()
    (Fraction(1, 2), Fraction(3, 1))
    """
    require(text, str)
    try:
        value: object = json.loads(
            text,
            parse_int=_integer,
            parse_float=_Literal,
            parse_constant=_Literal,
            object_pairs_hook=_object,
        )
    except FormatError:
        raise
    except RecursionError:
        raise FormatError("found arrays too deep to be a file of this kind") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise FormatError(f"this is not JSON, from {place} on") from None
    return Node(value)


def _integer(text: str) -> int | _Literal:
    return int(text) if len(text) <= _SHORT else _Literal(text)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = next(key for key, count in counts.items() if count > 1)
        raise FormatError(f"found the key {shown(twice)} twice in one object")
    return result


def _quoted(keys: Iterable[object]) -> str:
    return ", ".join(map(repr, keys))
