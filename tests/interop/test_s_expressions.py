from __future__ import annotations

import pytest

from polyrelax.errors import FormatError, TooLargeError
from polyrelax.interop import s_expressions
from polyrelax.interop.s_expressions import Form, Word, parse


def test_words_know_their_lines_through_comments_quotes_and_indices() -> None:
    text = '(a "x ;\n(y" ; comment (\n |b\n)| X [0,\n 1] d[] (\n e))\n\n(f)'
    first, second = parse(text)
    assert first.items == (
        Word("a", 1),
        Word('"x ;\n(y"', 1),
        Word("|b\n)|", 3),
        Word("X[0,1]", 4),
        Word("d[]", 5),
        Form((Word("e", 6),), 5),
    )
    assert (first.head, second.line, second.head) == ("a", 8, "f")


def test_lists_are_yielded_as_they_end() -> None:
    forms = parse("(a) (b")
    assert next(forms).head == "a"
    with pytest.raises(FormatError, match=r"line 1: found \( without \)"):
        next(forms)


@pytest.mark.parametrize("text", ["(a [0)", '(a "b)', "(a |b)", "(a ])"])
def test_halves_of_brackets_are_refused(text: str) -> None:
    with pytest.raises(FormatError, match=r"line 1: found .* without its other half"):
        list(parse(text))


def test_long_lists_are_refused_by_their_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s_expressions, "_MOST_WORDS", 5)
    assert len(list(parse("(a b c) " * 3))) == 3
    with pytest.raises(TooLargeError, match="line 2: found a list of over 5 words"):
        list(parse("(a)\n(a b c d e)"))
