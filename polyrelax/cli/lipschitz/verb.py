"""The verb ``lipschitz``."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from polyrelax.cli.terminal.options import Format, Layout, Output, Time
from polyrelax.cli.terminal.output import emit, formatted, require_file, require_place


def lipschitz(
    *,
    dataset: Annotated[
        Path,
        typer.Option(metavar="FILE", help="Labelled points, as polyrelax-dataset/1."),
    ],
    time: Time = None,
    layout: Layout = Format.TABLE,
    output: Output = None,
) -> None:
    """Bound the certified radius of classifiers of labelled points.

    The best radius of any classifier, and the greatest that networks of layers with rows of
    1-norm at most 1 and 1-Lipschitz activations can have, with what proves it.
    """
    require_place(output)
    require_file(dataset)
    from polyrelax.cli.lipschitz.report import radius_blocks, radius_data
    from polyrelax.cli.lipschitz.run import radii
    from polyrelax.cli.terminal.naming import naming
    from polyrelax.cli.terminal.stop import end, time_limit
    from polyrelax.interop.data_sets import read

    until = time_limit(time)
    with naming(str(dataset)):
        points = read(dataset)
    found = radii(points, until)
    emit(formatted(radius_blocks(found), radius_data(found), layout), output)
    end(found.stop, tuple(found.missing))
