"""The options of the verb ``search``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from polyrelax.cli.terminal.output import require_place
from polyrelax.errors import UsageError


def require_store(store: Path | None) -> None:
    """Refuse a file of --store that cannot be written, before any work.

    >>> require_store(Path("-"))
    Traceback (most recent call last):
    polyrelax.errors.UsageError: found --store -, expected the name of a file
    """
    if store == Path("-"):
        raise UsageError("found --store -, expected the name of a file")
    require_place(store)


Shape: TypeAlias = Annotated[
    str, typer.Option(metavar="N-..-1", help="Inputs, hidden neurons, one output.")
]
Weights: TypeAlias = Annotated[
    str,
    typer.Option(metavar="A..B|A,B,..", help="Weights and biases: integers A to B, or a list."),
]
Loose: TypeAlias = Annotated[
    str, typer.Option(metavar="NAME", help="The relaxation to refute.")
]
Tight: TypeAlias = Annotated[
    str, typer.Option(metavar="NAME", help="The relaxation to compare it with.")
]
SideOption: TypeAlias = Annotated[str, typer.Option(metavar="upper|lower|both", help="Bounds.")]
Outputs: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="A..B|A,B,..", help="Output weights. Default: those but zero."),
]
BoxOption: TypeAlias = Annotated[
    str, typer.Option(metavar="A..B,..", help="The input box; one interval serves for all.")
]
Identities: TypeAlias = Annotated[
    int, typer.Option(min=0, metavar="M", help="Identity layers behind the first hidden layer.")
]
MinGap: TypeAlias = Annotated[
    str,
    typer.Option(
        metavar="Q",
        help="The least gap that counts, with the least output weights of each direction.",
    ),
]
Limit: TypeAlias = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Stop at the witness number N.")
]
MethodOption: TypeAlias = Annotated[
    str, typer.Option("--method", metavar="random|ascent", help="How networks are proposed.")
]
Tries: TypeAlias = Annotated[int, typer.Option(min=1, metavar="N", help="Proposals.")]
Seed: TypeAlias = Annotated[
    int, typer.Option(min=0, metavar="N", help="Of all that is random.")
]
Bound: TypeAlias = Annotated[
    str, typer.Option(metavar="B", help="The greatest absolute value of a parameter.")
]
Denominator: TypeAlias = Annotated[
    int, typer.Option(min=1, metavar="Q", help="The denominator of all parameters.")
]
StoreFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Keep the search in FILE; go on where FILE ends."),
]
CampaignFile: TypeAlias = Annotated[
    Path, typer.Argument(metavar="FILE", help="The file of --store.")
]
