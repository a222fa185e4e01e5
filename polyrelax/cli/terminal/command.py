"""The commands of the program, each of whose options is given once.

Typer's parser takes the last of several values without a word; whoever has written two of them
meant something else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import final

import typer
from typer.core import TyperCommand, TyperOption

from polyrelax.errors import UsageError


@final
class Command(TyperCommand):
    """A command that refuses an option which is repeated, unless it is made for that."""

    def parse_args(
        self,
        ctx: typer.Context,  # type: ignore[override]  # typer keeps its base class private
        args: list[str],
    ) -> list[str]:
        """Return what is left of the arguments, when the values of options are known."""
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        _require_once(order)
        return super().parse_args(ctx, args)


def _require_once(parameters: Iterable[object]) -> None:
    for each, count in Counter(parameters).items():
        if count > 1 and isinstance(each, TyperOption) and not (each.multiple or each.is_eager):
            names = " or ".join((*each.opts, *each.secondary_opts))
            raise UsageError(f"found {names} {count} times, expected it once")
