"""The report of ``polyrelax lipschitz --dataset``: tables, or ``polyrelax-dataset-radius/1``.

``best`` is the best radius of any classifier, ``nearest`` two points (by their places in the
file, from 0) that no larger balls around them keep apart; ``standard`` is the bound of standard
Lipschitz networks on the two ``classes``.  ``coordinates`` (a weight for each) and ``pairs``
(two points and a weight) are optimal strategies: each adds up to 1, no pair of points has a
smaller weighted sum of differences than twice the bound, and no coordinate a greater one.
"""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.arithmetic.rational import text
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.output import Json
from polyrelax.expressivity.data_sets import Game, LabelledPoints

_MOST_ROWS = 20


def radius_data(points: LabelledPoints, game: Game) -> Json:
    """Return the JSON object of the radii of labelled points."""
    return {
        "format": "polyrelax-dataset-radius/1",
        "best": text(points.best_radius),
        "nearest": list(points.nearest),
        "standard": text(min(game.radius, points.best_radius)),
        "classes": list(game.classes),
        "coordinates": [text(weight) for weight in game.coordinates],
        "pairs": [[*pair, text(weight)] for pair, weight in game.pairs],
    }


def radius_blocks(points: LabelledPoints, game: Game) -> Iterator[Block]:
    """Yield the radii, and what proves them."""
    i, j = points.nearest
    header = ("classifier", "radius", "because of")
    a, b = game.classes
    rows = (
        ("any", f"= {text(points.best_radius)}", f"points {i} and {j}"),
        (
            "standard network",
            f"<= {text(game.radius)}",
            f"the pairs of classes {a} and {b} below",
        ),
    )
    yield Grid("Certified radius at all points (maximum norm)", header, rows)
    weights = tuple(
        (f"{i} {_place(points, i)}", f"{j} {_place(points, j)}", text(weight))
        for (i, j), weight in game.pairs[:_MOST_ROWS]
    )
    yield Grid("Pairs of points", ("point", "point", "weight"), weights, frozenset(["weight"]))
    rest = len(game.pairs) - _MOST_ROWS
    more = f" ({rest} more pairs are in the JSON report)" if rest > 0 else ""
    sizes = ", ".join(map(text, game.coordinates))
    yield (
        f"No coordinate has a greater weighted sum of differences over these pairs{more} "
        f"than {text(game.value)}; with the weights {sizes} of the coordinates no pair has "
        "a smaller one."
    )


def _place(points: LabelledPoints, index: int) -> str:
    return f"({', '.join(map(text, points.points[index]))})"
