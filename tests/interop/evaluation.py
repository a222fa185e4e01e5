"""Scripts of SMT-LIB and files of MPS as their definitions say, in fractions.

Nothing is shared with what writes them but the reader of nested lists.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from typing import Final

from polyrelax.interop.s_expressions import Form, Item, Word, parse

Value = Fraction | bool
RELATIONS: Final[Mapping[str, Callable[[Value, Value], bool]]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
}
NUMBERS: Final[Mapping[str, Callable[[Value, Value], Value]]] = {
    "+": operator.add,
    "*": operator.mul,
    "/": operator.truediv,
}


def value(item: Item, known: Mapping[str, Value]) -> Value:
    """The value of a term or formula."""
    if isinstance(item, Word):
        return _word(item.text, known)
    if item.head == "ite":
        condition, then, other = item.items[1:]
        return value(then if value(condition, known) else other, known)
    return _combined(item.head, [value(part, known) for part in item.items[1:]])


def _word(text: str, known: Mapping[str, Value]) -> Value:
    if text in {"true", "false"}:
        return text == "true"
    if text in known:
        return known[text]
    assert "." in text, "a numeral of reals has a point"
    return Fraction(text)


def _combined(operation: str, parts: list[Value]) -> Value:
    match operation:
        case "and" | "or":
            return all(parts) if operation == "and" else any(parts)
        case "-":
            (part,) = parts
            return Fraction(-part)
        case "=" | "<" | "<=":
            return all(RELATIONS[operation](a, b) for a, b in pairwise(parts))
    return reduce(NUMBERS[operation], parts)


def is_satisfied(script: str, given: Mapping[str, Fraction]) -> bool:
    """Whether all assertions hold at given constants, which others are defined by."""
    known: dict[str, Value] = dict(given)
    first, *forms, last = parse(script)
    assert (first.head, last.head) == ("set-logic", "check-sat")
    asserted = []
    for form in forms:
        if form.head == "assert":
            asserted.append(form.items[1])
            _define(asserted[-1], known)
    return all(value(formula, known) for formula in asserted)


def _define(formula: Item, known: dict[str, Value]) -> None:
    match formula:
        case Form(items=(Word(text="="), Word(text=name), term)) if name not in known:
            known[name] = value(term, known)


@dataclass
class Program:
    """What a file of MPS says: rows by name, bounds by column."""

    is_maximum: bool = False
    kinds: dict[str, str] = field(default_factory=dict)
    entries: dict[tuple[str, str], Fraction] = field(default_factory=dict)
    right: dict[str, Fraction] = field(default_factory=dict)
    bounds: dict[str, list[Fraction | None]] = field(default_factory=dict)

    def contains(self, point: Mapping[str, Fraction]) -> bool:
        """Whether a point is within all bounds and rows."""
        totals = dict.fromkeys(self.kinds, Fraction(0))
        for (column, row), a in self.entries.items():
            totals[row] += a * point[column]
        boxed = all(
            (low is None or low <= point[column]) and (up is None or point[column] <= up)
            for column, (low, up) in self.bounds.items()
        )
        return boxed and all(self._holds(row, totals[row]) for row in totals)

    def _holds(self, row: str, total: Fraction) -> bool:
        limit = self.right.get(row, Fraction(0))
        kind = self.kinds[row]
        return kind == "N" or (total == limit if kind == "E" else total <= limit)


def program(text: str) -> Program:
    """The program of a file in the free format of MPS."""
    found, section = Program(), ""
    for line in text.splitlines():
        words = line.split()
        if not line.startswith(" "):
            section = words[0]
        elif section == "OBJSENSE":
            found.is_maximum = words == ["MAX"]
        elif section == "ROWS":
            found.kinds[words[1]] = words[0]
        elif section == "COLUMNS":
            found.entries[words[0], words[1]] = Fraction(words[2])
            found.bounds.setdefault(words[0], [Fraction(0), None])
        elif section == "RHS":
            found.right[words[1]] = Fraction(words[2])
        elif section == "BOUNDS":
            _bound(found.bounds[words[2]], words)
    assert section == "ENDATA"
    return found


def _bound(ends: list[Fraction | None], words: list[str]) -> None:
    match words:
        case ("LO" | "UP" as side, _, _, number):
            ends[["LO", "UP"].index(side)] = Fraction(number)
        case ("MI" | "FR", _, _):
            ends[0] = None
