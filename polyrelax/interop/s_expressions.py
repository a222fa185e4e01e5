"""S-expressions: nested lists of words, each knowing its line, read one by one in linear time.

A word with indices behind it, such as ``X [0, 1]``, is one word, ``X[0,1]``.  Comments go from
a semicolon to the end of the line; texts in quotes and ``|names in bars|`` are words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple, TypeAlias

from polyrelax.arithmetic.rational import shown
from polyrelax.errors import FormatError, TooLargeError

_TOKEN: Final = re.compile(
    r"""( [()] | [^\s();\[\]"|]++ (?! \s* \[ ) ) | (\n) | (;[^\n]*)
    | "(?:[^"]|"")*" | \|[^|]*\| | [^\s();\[\]"|]+ \s* \[ [^\[\]();"|]* \] | \S""",
    re.VERBOSE,
)
_PLAIN, _LINE_END, _COMMENT = 1, 2, 3
_INCOMPLETE: Final = frozenset('[]"|')
_DEEPEST: Final = 200
_MOST_WORDS: Final = 10_000_000


class Word(NamedTuple):
    """A name or a number."""

    text: str
    line: int

    def error(self, problem: str) -> FormatError:
        """Return an error that says where the word is."""
        return FormatError(f"line {self.line}: {problem}")


class Form(NamedTuple):
    """A list in parentheses."""

    items: tuple[Item, ...]
    line: int

    @property
    def head(self) -> str:
        """The first word, empty if there is none."""
        first = self.items[0] if self.items else None
        return first.text if isinstance(first, Word) else ""

    def error(self, problem: str) -> FormatError:
        """Return an error that says where the list begins."""
        return FormatError(f"line {self.line}: {problem}")


Item: TypeAlias = "Word | Form"


def parse(text: str) -> Iterator[Form]:
    """Yield the lists of a text, without its comments.

    Raises :class:`FormatError` where the text is no sequence of lists, and
    :class:`TooLargeError` for a list of very many words.

    >>> [form.head for form in parse("(assert (<= X_0 1)) ; a bound")]
    ['assert']
    """
    # Lists that are open, the outermost first, each with its line.
    opened: list[tuple[int, list[Item]]] = []
    words = 0
    for token, line in _tokens(text):
        words += 1
        if words > _MOST_WORDS or len(opened) > _DEEPEST:
            raise _too_large(line, len(opened))
        if token == "(":
            opened.append((line, []))
        elif not opened:
            raise FormatError(f"line {line}: found {_shown(token)}, expected a list")
        elif token != ")":
            opened[-1][1].append(Word(token, line))
        elif len(opened) > 1:
            opened[-2][1].append(_closed(opened))
        else:
            words = 0
            yield _closed(opened)
    if opened:
        raise FormatError(f"line {opened[-1][0]}: found ( without )")


def _closed(opened: list[tuple[int, list[Item]]]) -> Form:
    line, items = opened.pop()
    return Form(tuple(items), line)


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line = 1
    for found in _TOKEN.finditer(text):
        token, kind = found.group(), found.lastindex
        if kind == _PLAIN:
            yield token, line
        elif kind == _LINE_END:
            line += 1
        elif token in _INCOMPLETE:
            raise FormatError(f"line {line}: found {token} without its other half")
        elif kind != _COMMENT:
            yield ("".join(token.split()) if token.endswith("]") else token), line
            line += token.count("\n")


def _too_large(line: int, depth: int) -> FormatError | TooLargeError:
    if depth > _DEEPEST:
        return FormatError(f"line {line}: found lists nested {_DEEPEST} deep, expected fewer")
    return TooLargeError(f"line {line}: found a list of over {_MOST_WORDS} words")


def _shown(token: str) -> str:
    return ") without (" if token == ")" else f"{shown(token)}"
