"""Every verb's help ends with examples that its parser takes."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import pytest
import typer

from polyrelax.cli.app import _application
from polyrelax.cli.terminal.examples import EXAMPLES, epilog

PROGRAM = typer.main.get_command(_application())
"""Its parts are of classes that typer keeps to itself."""


def verbs(group: object = PROGRAM, name: str = "") -> Iterator[tuple[str, object]]:
    for word, part in getattr(group, "commands", {}).items():
        path = f"{name} {word}".strip()
        if hasattr(part, "commands"):
            yield from verbs(part, path)
        else:
            yield path, part


VERBS = dict(verbs())


def test_there_are_examples_of_every_verb_and_of_no_other() -> None:
    assert set(EXAMPLES) == set(VERBS)


@pytest.mark.parametrize("verb", EXAMPLES)
def test_examples_are_parsed(verb: str) -> None:
    for example in EXAMPLES[verb]:
        VERBS[verb].make_context(verb, shlex.split(example))  # type: ignore[attr-defined]


def test_an_example_that_is_wrong_is_noticed() -> None:
    with pytest.raises(Exception, match="No such option: --loudly"):
        VERBS["hull"].make_context("hull", ["cube.ine", "--loudly"])  # type: ignore[attr-defined]


@pytest.mark.parametrize("verb", EXAMPLES)
def test_help_ends_with_the_examples_as_they_are_typed(verb: str) -> None:
    assert VERBS[verb].epilog == epilog(verb)  # type: ignore[attr-defined]
    lines = epilog(verb).splitlines()[2:]
    assert all(line.startswith(f"  polyrelax {verb}") and len(line) <= 90 for line in lines)
