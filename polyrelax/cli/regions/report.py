"""The report of ``polyrelax regions``: a table, or ``polyrelax-regions/1``.

``count`` is the number of regions.  With ``--list``, ``regions`` has for each its ``pattern``
(the numbers of its neurons' pieces, layer by layer), its ``vertices``, the ``values`` of the
network there, and ``gradient`` and ``constant``: the network is x -> gradient x + constant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from polyrelax.arithmetic.rational import Vector, text
from polyrelax.arithmetic.words import amount
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.output import Json
from polyrelax.networks.regions import Region

_MOST_ROWS: Final = 40


def region_data(count: int, regions: Sequence[Region] | None) -> dict[str, Json]:
    """Return the JSON object of regions."""
    data: dict[str, Json] = {"format": "polyrelax-regions/1", "count": count}
    return data if regions is None else {**data, "regions": [_data(r) for r in regions]}


def _data(region: Region) -> dict[str, Json]:
    corners = region.cell.vertices
    return {
        "pattern": [[int(piece) for piece in layer] for layer in region.pattern.signs],
        "vertices": [list(map(text, x)) for x in corners],
        "values": [list(map(text, region.linear(x))) for x in corners],
        "gradient": [list(map(text, row)) for row in region.linear.weight],
        "constant": list(map(text, region.linear.bias)),
    }


def region_blocks(count: int, regions: Sequence[Region] | None) -> Iterator[Block]:
    """Yield the number of regions, and those that are listed."""
    yield f"{amount(count, 'region')} on which all neurons are affine."
    if not regions:
        return
    header = ("pattern", "vertices", "values", "gradient")
    rows = tuple(_row(region) for region in regions[:_MOST_ROWS])
    yield Grid("Regions", header, rows, labels=1)
    rest = count - _MOST_ROWS
    if rest > 0:
        yield f"{amount(rest, 'more region is', 'more regions are')} in the JSON report."


def _row(region: Region) -> tuple[str, str, str, str]:
    corners = region.cell.vertices
    return (
        str(region.pattern),
        " ".join(map(_point, corners)),
        " ".join(_point(region.linear(x)) for x in corners),
        " ".join(map(_point, region.linear.weight)),
    )


def _point(x: Vector) -> str:
    return f"({', '.join(map(text, x))})"
