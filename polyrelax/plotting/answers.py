"""Tables of answers such as which relaxation expresses which class of functions."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import shown
from polyrelax.errors import DimensionError, EmptySetError
from polyrelax.plotting.canvas import plane
from polyrelax.plotting.looks import BLACK, ORANGE, SKY, label

_WORDS = {True: "yes", False: "no", None: "?"}
_COLOURS = {True: SKY, False: ORANGE, None: "white"}


def plot_answers(
    answers: Mapping[str, Mapping[str, bool | None]], *, ax: Axes | None = None
) -> list[Rectangle]:
    """Draw a row for each name, and in it an answer for each column; ``None`` is unknown.

    Names of relaxations are written as legends write them.  Each answer is a word on a colour,
    and is the label of its rectangle.

    >>> from matplotlib.figure import Figure
    >>> answers = {"ibp": {"convex": False, "all": False}, "p:1": {"convex": True, "all": None}}
    >>> [cell.get_label() for cell in plot_answers(answers, ax=Figure().subplots())]
    ['no', 'no', 'yes', '?']
    """
    require(answers, Mapping, "answers by their names")
    for row in answers.values():
        require(row, Mapping, "answers by their names")
    if not answers:
        raise EmptySetError("found no answers, expected at least one row")
    axes, columns = plane(ax), list(next(iter(answers.values()), {}))
    for name, row in answers.items():
        if not row:
            raise DimensionError(f"found no columns of {shown(name)}, expected at least one")
        if list(row) != columns:
            found = f"found the columns {', '.join(row)} of {shown(name)}"
            raise DimensionError(f"{found}, expected {', '.join(columns)}")
    cells = [
        _cell(axes, (x, y), answer)
        for y, row in enumerate(answers.values())
        for x, answer in enumerate(row.values())
    ]
    axes.set(xlim=(0, len(columns)), ylim=(len(answers), 0), aspect=0.5)
    axes.set_xticks([x + 0.5 for x in range(len(columns))], columns)
    axes.set_yticks([y + 0.5 for y in range(len(answers))], [label(name) for name in answers])
    axes.tick_params(length=0, top=False, labeltop=True, labelbottom=False)
    axes.spines[:].set_visible(False)
    return cells


def _cell(axes: Axes, corner: tuple[int, int], answer: bool | None) -> Rectangle:
    word, (x, y) = _WORDS[answer], corner
    hatch = "" if answer is not None else "////"
    cell = Rectangle(corner, 1, 1, facecolor=_COLOURS[answer], edgecolor="0.8", hatch=hatch)
    cell.set(label=word, linewidth=1)
    axes.add_patch(cell)
    axes.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor="white", linewidth=2))
    background = {"facecolor": "white", "edgecolor": "none", "pad": 2} if hatch else None
    axes.text(x + 0.5, y + 0.5, word, ha="center", va="center", color=BLACK, bbox=background)
    return cell
