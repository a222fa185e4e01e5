"""The radii of labelled points, as far as time and patience go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Final

from polyrelax.arithmetic.words import amount
from polyrelax.cli.terminal.progress import Report, progress_bar
from polyrelax.cli.terminal.stop import Stop
from polyrelax.cli.terminal.worker import NEVER, Deadline, Tell, TimeUpError, here_if_quick
from polyrelax.expressivity.data_sets import Game, LabelledPoints, Pair, games

MOST_COMPARISONS: Final = 10_000
"""With more differences of coordinates, radii are found in a process of their own."""


@dataclass
class Radii:
    """What is known of the radii of points, as two nearest ones and games say; it grows."""

    points: LabelledPoints
    nearest: Pair | None = None
    games: list[Game] = field(default_factory=list)
    stop: Stop | None = None

    def hear(self, report: Report, found: object) -> None:
        """Take in what was found."""
        if isinstance(found, Game):
            self.games.append(found)
        elif isinstance(found, tuple):
            self.nearest = found
        report(len(self.games), "pairs of classes")

    @property
    def best(self) -> Fraction | None:
        """The best radius of any classifier, if two nearest points are known."""
        return None if self.nearest is None else self.points.distance(self.nearest) / 2

    @property
    def game(self) -> Game | None:
        """The game with the least bound, of those that are known."""
        return min(self.games, key=lambda game: game.value, default=None)

    @property
    def standard(self) -> Fraction | None:
        """The least radius that is known to bound standard networks."""
        found = [game.radius for game in self.games]
        return min(found if self.best is None else [self.best, *found], default=None)

    @property
    def missing(self) -> Iterator[str]:
        """What was not found."""
        if self.nearest is None:
            yield "the best radius"
        left = len(self.points.class_pairs) - len(self.games)
        if left:
            yield f"{left} of {amount(len(self.points.class_pairs), 'pair')} of classes"


def radii(points: LabelledPoints, until: Deadline = NEVER) -> Radii:
    """Return the radii of labelled points, those that there is time for.

    >>> str(radii(LabelledPoints.of_function(2, all)).standard)
    '1/4'
    """
    found = Radii(points)
    quick = len(points.points) ** 2 * points.dim <= MOST_COMPARISONS
    try:
        with progress_bar(len(points.class_pairs)) as report:
            report(0, "the nearest points")
            told = partial(found.hear, report)
            here_if_quick(solved, points, quick=quick, told=told, until=until)
    except TimeUpError:
        found.stop = Stop.TIME_UP
    except KeyboardInterrupt:
        if found.nearest is None:
            raise
        found.stop = Stop.INTERRUPTED
    return found


def solved(points: LabelledPoints, tell: Tell) -> None:
    """Tell of two nearest points and of each game, as they are found; for a worker."""
    tell(points.nearest)
    for game in games(points):
        tell(game)
