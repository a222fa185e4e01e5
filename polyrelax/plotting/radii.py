"""What is known of radii: how far each method certifies an image, and where it is refuted.

An image has a bar from 0 to its counterexample.  The methods come in the order given, the
loosest first, and each has the part of the bar that it certifies beyond those before it.  Of
the part above the last method nothing is known.  If single neurons come first and pairs last,
what single neurons cannot certify is the part of the pairs and the unknown one together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final, TypeAlias

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.container import BarContainer

from polyrelax.arithmetic.arguments import all_of, require, wholes
from polyrelax.arithmetic.rational import shown
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError, EmptySetError
from polyrelax.plotting.canvas import Points, as_place, name_axes, plane
from polyrelax.plotting.looks import BLACK, label, look
from polyrelax.verification.survey import Bracket

Brackets: TypeAlias = Mapping[int, Bracket]
"""What a method knows of each image."""

MOST_NAMES: Final = 15
"""Of more images the numbers would overlap."""


def plot_radii(known: Mapping[str, Brackets], *, ax: Axes | None = None) -> list[BarContainer]:
    """Draw for each image the radii that methods certify, and the part that is unknown.

    ``known`` has for each method what it knows of each image, by the image's number; images
    are sorted by the largest certified radius.  The bars of each method are returned, and last
    those of the unknown parts, which have no height where there is no counterexample.

    >>> from matplotlib.figure import Figure
    >>> known = {"lp-last": {7: Bracket(1)}, "lp-all": {7: Bracket(2, 5)}}
    >>> drawn = plot_radii(known, ax=Figure().subplots())
    >>> [float(bars[0].get_height()) for bars in drawn]
    [1.0, 1.0, 3.0]
    """
    images, axes = _images(known), plane(ax)
    floor, bars = np.zeros(len(images)), []
    for name, brackets in known.items():
        top = np.maximum(floor, [as_place(brackets[image].lower) for image in images])
        bars.append(_bars(axes, floor, top, label(name)))
        plt.setp(bars[-1], facecolor=look(name).colour)
        floor = top
    points = _counterexamples(known, images)
    upper = np.maximum(floor, [floor[k] if y is None else y for k, y in enumerate(points)])
    bars.append(_bars(axes, floor, upper, "unknown"))
    plt.setp(bars[-1], facecolor="white", edgecolor="0.6", hatch="////")
    _draw_points(axes, points)
    names = [str(image) for image in images] if len(images) <= MOST_NAMES else []
    axes.set_xticks(range(len(names)), names)
    axes.set_ylim(bottom=0)
    name_axes(axes, "image", "radius")
    return bars


def _images(known: Mapping[str, Brackets]) -> list[int]:
    """Return the numbers of the images, by their largest certified radius."""
    require(known, Mapping, "brackets by the names of methods")
    for name, brackets in known.items():
        require(name, str)
        wholes(brackets, "the numbers of images")
        require(brackets, Mapping, "brackets by the numbers of images")
        all_of(brackets.values(), Bracket, "brackets")
    images = set(next(iter(known.values()), {}))
    if not images:
        raise EmptySetError("found no radii, expected at least one to draw")
    for name, brackets in known.items():
        if set(brackets) != images:
            found = f"found {amount(len(brackets), 'image')} of {shown(name)}"
            raise DimensionError(f"{found}, expected the same {len(images)} as of the others")

    for image in images:
        _require_consistent([brackets[image] for brackets in known.values()])

    def certified(image: int) -> tuple[Fraction, int]:
        return max(brackets[image].lower for brackets in known.values()), image

    return sorted(images, key=certified)


def _require_consistent(brackets: Sequence[Bracket]) -> None:
    """Refuse a counterexample that another method's certified radius excludes."""
    some = [bracket.upper for bracket in brackets if bracket.upper is not None]
    if some:
        Bracket(max(bracket.lower for bracket in brackets), min(some))


def _bars(axes: Axes, low: Points, high: Points, name: str) -> BarContainer:
    return axes.bar(np.arange(len(low)), high - low, 0.8, low, label=name)


def _counterexamples(known: Mapping[str, Brackets], images: list[int]) -> list[float | None]:
    """Return the distance of the nearest counterexample of each image, if there is one."""
    found = []
    for image in images:
        every = [brackets[image].upper for brackets in known.values()]
        some = [upper for upper in every if upper is not None]
        found.append(as_place(min(some)) if some else None)
    return found


def _draw_points(axes: Axes, points: list[float | None]) -> None:
    there = [(k, y) for k, y in enumerate(points) if y is not None]
    places = np.array(there, dtype=np.float64).reshape(-1, 2)
    axes.plot(*places.T, "_", markersize=12, color=BLACK, label="counterexample")
