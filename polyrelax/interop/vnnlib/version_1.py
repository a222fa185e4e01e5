"""The declarations of VNN-LIB 1.0: constants ``X_0, X_1, ...`` and ``Y_0, Y_1, ...``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from polyrelax.arithmetic.rational import shown
from polyrelax.errors import FormatError
from polyrelax.interop.s_expressions import Form, Word
from polyrelax.interop.vnnlib.terms import Coordinate

_NAME: Final = re.compile(r"([XY])_(0|[1-9][0-9]{0,8})")
_IGNORED: Final = frozenset(
    ("set-logic", "set-info", "set-option", "check-sat", "get-model", "exit", "echo")
)


@dataclass(frozen=True)
class Declarations:
    """What a file has declared so far: the line of each name."""

    lines: dict[str, int] = field(default_factory=dict)

    def declare(self, form: Form) -> None:
        """Take note of a declaration, and pass over commands that say nothing here."""
        if form.head in {"declare-const", "declare-fun"}:
            self._add(form, _declared_name(form))
        elif form.head not in _IGNORED:
            raise form.error(f"found {shown(form.head)}, expected declare-const or assert")

    def coordinate(self, word: Word) -> Coordinate | None:
        """Return the input or output of this name."""
        if word.text in self.lines:
            return Coordinate(word.text[0] == "Y", int(word.text[2:]))
        if word.text[:2] in {"X_", "Y_"}:
            raise word.error(f"found {word.text}, which is not declared before")
        return None

    def sizes(self) -> tuple[int, int]:
        """Return the numbers of inputs and outputs, which must be numbered from 0."""
        in_dim, out_dim = (self._count(letter) for letter in "XY")
        return in_dim, out_dim

    def input_name(self, index: int) -> str:
        """Return the name of an input."""
        return f"X_{index}"

    def _add(self, form: Form, name: str) -> None:
        if name in self.lines:
            first = self.lines[name]
            raise form.error(f"found {name} declared again, first in line {first}")
        self.lines[name] = form.line

    def _count(self, letter: str) -> int:
        names = [name for name in self.lines if name[0] == letter]
        missing = next(
            (j for j in range(len(names)) if f"{letter}_{j}" not in self.lines), None
        )
        if missing is not None:
            greatest = max(names, key=len)
            raise FormatError(f"{letter}_{missing} is not declared, but {greatest} is")
        return len(names)


def _declared_name(form: Form) -> str:
    """Return the name in ``(declare-const NAME Real)`` or ``(declare-fun NAME () Real)``."""
    items = form.items[1:]
    if form.head == "declare-fun" and len(items) == 3 and items[1] == Form((), form.line):
        items = (items[0], items[2])
    match items:
        case (Word(text=name), Word(text="Real")) if _NAME.fullmatch(name):
            return name
        case (Word(text=name), Word(text="Real")):
            raise form.error(f"found the name {name}, expected X_0, X_1, ... or Y_0, Y_1, ...")
    raise form.error("expected a declaration such as (declare-const X_0 Real)")
