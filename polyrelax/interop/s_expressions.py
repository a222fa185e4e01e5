"""S-expressions: nested lists of words, each knowing its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from polyrelax.errors import FormatError

_TOKEN = re.compile(r";[^\n]*|[()]|[^\s();]+|\n")
_DEEPEST = 200


@dataclass(frozen=True)
class Word:
    """A name or a number."""

    text: str
    line: int


@dataclass(frozen=True)
class Form:
    """A list in parentheses."""

    items: tuple[Word | Form, ...]
    line: int

    @property
    def head(self) -> str:
        """The first word, empty if there is none."""
        first = self.items[0] if self.items else None
        return first.text if isinstance(first, Word) else ""


def parse(text: str) -> tuple[Form, ...]:
    """Return the lists of a text, without its comments.

    >>> [form.head for form in parse("(assert (<= X_0 1)) ; a bound")]
    ['assert']
    """
    # Lists that are open, the outermost first, each with its line; the text itself is one.
    stack: list[tuple[int, list[Word | Form]]] = [(1, [])]
    for token, line in _tokens(text):
        if len(stack) > _DEEPEST:
            raise FormatError(
                f"line {line}: found lists nested {_DEEPEST} deep, expected fewer"
            )
        if token == "(":
            stack.append((line, []))
        elif token != ")":
            stack[-1][1].append(Word(token, line))
        elif len(stack) == 1:
            raise FormatError(f"line {line}: found ) without (")
        else:
            start, items = stack.pop()
            stack[-1][1].append(Form(tuple(items), start))
    if len(stack) > 1:
        raise FormatError(f"line {stack[-1][0]}: found ( without )")
    return tuple(_outermost(item) for item in stack[0][1])


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line = 1
    for token in _TOKEN.findall(text):
        if token == "\n":
            line += 1
        elif not token.startswith(";"):
            yield token, line


def _outermost(item: Word | Form) -> Form:
    if isinstance(item, Word):
        raise FormatError(
            f"line {item.line}: found {item.text!r}, expected a list in parentheses"
        )
    return item
