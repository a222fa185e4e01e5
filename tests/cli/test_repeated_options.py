"""An option that is given twice is refused, by every verb, unless it may be repeated."""

from collections.abc import Iterator
from typing import Any

import pytest
import typer
from typer.core import TyperOption

from polyrelax.cli.app import _application
from tests.cli.conftest import Program


def verbs(commands: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, verb in commands.items():
        if hasattr(verb, "commands"):
            yield from (((name, *words), inner) for words, inner in verbs(verb.commands))
        else:
            yield (name,), verb


def options() -> Iterator[tuple[tuple[str, ...], TyperOption]]:
    program = vars(typer.main.get_command(_application()))
    for words, verb in verbs(program["commands"]):
        for each in verb.params:
            if isinstance(each, TyperOption) and not each.is_eager:
                yield words, each


def given(option: TyperOption, name: str) -> tuple[str, ...]:
    return (name,) if option.is_flag else (name, "1")


@pytest.mark.parametrize(
    ("words", "option"),
    [pytest.param(*each, id=f"{' '.join(each[0])} {each[1].name}") for each in options()],
)
def test_an_option_is_given_once(
    words: tuple[str, ...], option: TyperOption, program: Program
) -> None:
    first, *_, last = (*option.opts, *option.secondary_opts, option.opts[-1])
    found = program(*words, *given(option, first), *given(option, last))
    repeated = f"found {' or '.join((*option.opts, *option.secondary_opts))} 2 times"
    if option.multiple:
        assert repeated not in found.stderr
        return
    line = f"polyrelax: {repeated}, expected it once\n"
    assert (found.status, found.stdout, found.stderr) == (2, "", line)


def test_options_that_are_repeatable() -> None:
    found = {(words[0], option.name) for words, option in options() if option.multiple}
    verbs_of_bounds = ("bounds", "compare", "report")
    several = {(verb, name) for verb in verbs_of_bounds for name in ("relaxation", "groups")}
    assert found == several | {("radius", "epsilon"), ("audit", "fail_on")}
