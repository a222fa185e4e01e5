"""What a search found: how often each gap occurs, and the largest gap so far.

Gaps are the rationals that the search proved, by the number of the network that has them:
:func:`stored_gaps` reads them from the file of a search; in the JSON of a report they are the
entries ``number`` and ``gap`` of each witness.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from polyrelax.arithmetic.arguments import exact_vector, require, sparse_vector, whole
from polyrelax.errors import EmptySetError, PictureError
from polyrelax.plotting.canvas import as_places, name_axes, plane
from polyrelax.plotting.looks import BLUE, VERMILION
from polyrelax.search.store import Store


def stored_gaps(store: Store) -> dict[int, Fraction]:
    """Return the gap of each witness that a search has found so far, by its number."""
    require(store, Store)
    asked = store.question
    return {found.number: asked.gap(found.tight, found.loose) for found in store.findings()}


def plot_gaps(gaps: Iterable[Fraction], *, ax: Axes | None = None) -> LineCollection:
    """Draw a line for each gap that occurs, as high as the number of networks that have it.

    >>> from matplotlib.figure import Figure
    >>> half = Fraction(1, 2)
    >>> plot_gaps([half, half], ax=Figure().subplots()).get_segments()[0].tolist()
    [[0.5, 0.0], [0.5, 2.0]]
    """
    gaps = exact_vector(gaps, "gaps")
    axes = plane(ax)
    counts = sorted(Counter(gaps).items())
    _require_some(counts)
    places, heights = as_places(counts).T
    lines = axes.vlines(places, 0, heights, color=BLUE, linewidth=2)
    axes.plot(places, heights, linestyle="none", marker="o", markersize=3, color=BLUE)
    axes.set_yscale("symlog", linthresh=1)
    axes.yaxis.set_major_formatter(FuncFormatter(_whole))
    axes.set(xlim=(0, None), ylim=(0, 2 * heights.max()))
    name_axes(axes, "gap", "networks")
    return lines


def plot_progress(
    gaps: Mapping[int, Fraction], examined: int, *, ax: Axes | None = None
) -> Line2D:
    """Draw the largest gap among the networks up to each number, as steps.

    >>> from matplotlib.figure import Figure
    >>> found = {2: Fraction(1), 5: Fraction(1, 2), 7: Fraction(3)}
    >>> line = plot_progress(found, 9, ax=Figure().subplots())
    >>> line.get_xdata().tolist(), line.get_ydata().tolist()
    ([2.0, 7.0, 9.0], [1.0, 3.0, 3.0])
    """
    require(gaps, Mapping, "gaps by their numbers")
    gaps = dict(sparse_vector(gaps.items()))
    examined = whole(examined, "a whole number")
    axes = plane(ax)
    _require_some(gaps)
    if max(gaps) >= examined:
        raise PictureError(f"found witness {max(gaps)} among {examined} networks examined")
    records = _records(gaps)
    steps = [*records, (examined, records[-1][1])]
    numbers, largest = as_places(steps).T
    (line,) = axes.step(numbers, largest, where="post", color=VERMILION, linewidth=2)
    axes.plot(numbers[:-1], largest[:-1], linestyle="none", marker="o", color=VERMILION)
    axes.set(xlim=(0, examined), ylim=(0, 1.1 * largest.max() or 1))
    axes.xaxis.set_major_formatter(FuncFormatter(_whole))
    axes.locator_params(axis="x", nbins=4)
    name_axes(axes, "networks examined", "largest gap so far")
    return line


def _records(gaps: Mapping[int, Fraction]) -> list[tuple[int, Fraction]]:
    """Return each number at which a larger gap than all before appears, with that gap."""
    records: list[tuple[int, Fraction]] = []
    for number, gap in sorted(gaps.items()):
        if not records or gap > records[-1][1]:
            records.append((number, gap))
    return records


def _whole(value: float, _: object) -> str:
    return f"{value:,.0f}"


def _require_some(found: object) -> None:
    if not found:
        raise EmptySetError("found no witnesses, expected at least one to draw")
