"""The report of ``polyrelax lipschitz --dataset``: tables, or ``polyrelax-dataset-radius/1``.

``best`` is the best radius of any classifier, ``nearest`` two points (by their places in the
file, from 0) that no larger balls around them keep apart; ``standard`` is the bound of standard
Lipschitz networks on the two ``classes``.  ``coordinates`` (a weight for each) and ``pairs``
(two points and a weight) are optimal strategies: each adds up to 1, no pair of points has a
smaller weighted sum of differences than twice the bound, and no coordinate a greater one.

Where the time was up or an interruption came, ``stopped`` says which, and what was not found
is missing; ``standard`` is the least bound that is known, which the best radius is too.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from polyrelax.arithmetic.rational import text
from polyrelax.arithmetic.words import amount
from polyrelax.cli.lipschitz.dataset_run import Radii
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.output import Json
from polyrelax.expressivity.data_sets import Game, LabelledPoints

_MOST_ROWS = 20


def radius_data(found: Radii) -> Json:
    """Return the JSON object of the radii of labelled points."""
    data: dict[str, Json] = {"format": "polyrelax-dataset-radius/1"}
    if found.stop is not None:
        data["stopped"] = found.stop.value
    if found.best is not None and found.nearest is not None:
        data |= {"best": text(found.best), "nearest": list(found.nearest)}
    if found.standard is not None:
        data["standard"] = text(found.standard)
    return data if found.game is None else data | _game_data(found.game)


def _game_data(game: Game) -> dict[str, Json]:
    return {
        "classes": list(game.classes),
        "coordinates": [text(weight) for weight in game.coordinates],
        "pairs": [[*pair, text(weight)] for pair, weight in game.pairs],
    }


def radius_blocks(found: Radii) -> Iterator[Block]:
    """Yield the radii, and what proves them."""
    header = ("classifier", "radius", "because of")
    rows = tuple(_radius_rows(found))
    if rows:
        yield Grid("Certified radius at all points (maximum norm)", header, rows)
    if found.game is not None:
        yield from _game_blocks(found.points, found.game)
    missing = ", ".join(found.missing)
    if found.stop is not None and missing:
        yield f"Not finished: {missing}."


def _radius_rows(found: Radii) -> Iterator[tuple[str, str, str]]:
    if found.best is not None and found.nearest is not None:
        i, j = found.nearest
        yield "any", f"= {text(found.best)}", f"points {i} and {j}"
    if found.game is not None:
        a, b = found.game.classes
        radius = f"<= {text(found.game.radius)}"
        yield "standard network", radius, f"the pairs of classes {a} and {b} below"


def _game_blocks(points: LabelledPoints, game: Game) -> Iterator[Block]:
    """Yield the strategies that prove the bound of standard networks."""
    rows = tuple(_pair_row(points, *entry) for entry in game.pairs[:_MOST_ROWS])
    yield Grid("Pairs of points", ("point", "point", "weight"), rows, frozenset(["weight"]))
    rest = len(game.pairs) - _MOST_ROWS
    more = (
        f" ({amount(rest, 'more pair is', 'more pairs are')} in the JSON report)"
        if rest > 0
        else ""
    )
    sizes = ", ".join(map(text, game.coordinates))
    yield (
        f"No coordinate has a greater weighted sum of differences over these pairs{more} "
        f"than {text(game.value)}; with the weights {sizes} of the coordinates no pair has "
        "a smaller one."
    )


def _pair_row(
    points: LabelledPoints, pair: tuple[int, int], weight: Fraction
) -> tuple[str, str, str]:
    i, j = pair
    return f"{i} {_place(points, i)}", f"{j} {_place(points, j)}", text(weight)


def _place(points: LabelledPoints, index: int) -> str:
    return f"({', '.join(map(text, points.points[index]))})"
