"""The commands of the program, each of whose options is given once, and none empty.

Typer's parser takes the last of several values without a word; whoever has written two of them
meant something else.  An empty one comes from a variable that is not set, and as the name of a
file would be the current folder.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, final

import typer
from typer.core import TyperArgument, TyperCommand, TyperOption

from polyrelax.errors import UsageError

_WORDS: Final = "polyrelax.words"


@final
class Command(TyperCommand):
    """A command that refuses empty values, and options that are repeated, unless made so."""

    def parse_args(
        self,
        ctx: typer.Context,  # type: ignore[override]  # typer keeps its base class private
        args: list[str],
    ) -> list[str]:
        """Return what is left of the arguments, when the values of options are known."""
        values, _, order = self.make_parser(ctx).parse_args(args=list(args))
        _require_once(order)
        _require_something(order, values)
        ctx.meta[_WORDS] = tuple(args)
        return super().parse_args(ctx, args)


def command_line(context: typer.Context) -> str:
    """Return the command that a verb runs in, as a shell reads it."""
    words: tuple[str, ...] = context.meta[_WORDS]
    return f"{context.command_path} {shlex.join(words)}"


def _require_something(parameters: Iterable[object], values: Mapping[str, object]) -> None:
    for each in parameters:
        if isinstance(each, TyperOption | TyperArgument) and each.name is not None:
            value = values.get(each.name)
            if value == "" or (isinstance(value, list | tuple) and "" in value):
                raise UsageError(f"found an empty {_named(each)}, expected something")


def _named(parameter: TyperOption | TyperArgument) -> str:
    if isinstance(parameter, TyperArgument):
        return f"{parameter.metavar}".strip("[].")
    return " or ".join((*parameter.opts, *parameter.secondary_opts))


def _require_once(parameters: Iterable[object]) -> None:
    for each, count in Counter(parameters).items():
        if count > 1 and isinstance(each, TyperOption) and not (each.multiple or each.is_eager):
            raise UsageError(f"found {_named(each)} {count} times, expected it once")
