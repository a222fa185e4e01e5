"""The verb ``lipschitz``."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from polyrelax.cli.terminal.options import Format, Layout, Output
from polyrelax.cli.terminal.output import emit, formatted, require_place


def lipschitz(
    *,
    dataset: Annotated[
        Path,
        typer.Option(metavar="FILE", help="Labelled points, as polyrelax-dataset/1."),
    ],
    layout: Layout = Format.TABLE,
    output: Output = None,
) -> None:
    """Bound the certified radius of classifiers of labelled points.

    The best radius of any classifier, and the greatest that networks of layers with rows of
    1-norm at most 1 and 1-Lipschitz activations can have, with what proves it.
    """
    from polyrelax.cli.lipschitz.report import radius_blocks, radius_data
    from polyrelax.cli.terminal.naming import naming
    from polyrelax.expressivity.data_sets import standard_bound
    from polyrelax.interop.data_sets import read

    require_place(output)
    with naming(str(dataset)):
        points = read(dataset)
        game = standard_bound(points)
    blocks = radius_blocks(points, game)
    emit(formatted(blocks, radius_data(points, game), layout), output)
