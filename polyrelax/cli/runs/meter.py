"""How far a relaxation is, and how long it may still take.

The process that does the work counts its pieces and tells of them a few times a second; the one
that waits sets them beside what they were expected to cost, and the time that has passed.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from polyrelax.cli.terminal.worker import Tell
from polyrelax.relaxations.cost import Cost
from polyrelax.relaxations.layerwise import Box
from polyrelax.relaxations.progress import Kind, Piece

_PAUSE: Final = 0.1
"""Seconds between two messages about pieces of one kind."""
_SOON: Final = 2.0
"""Seconds before which nothing is said of how long it takes."""
_ENOUGH: Final = 3
"""From so many hulls of a layer on, those that follow are expected to take as long."""
_UNITS: Final = ((60.0, 1.0, "s"), (3600.0, 60.0, "min"), (86400.0, 3600.0, "h"))


def duration(seconds: float) -> str:
    """Return roughly how long it takes, in one unit.

    >>> [duration(s) for s in (0.2, 42, 754, 9000, 400000, 1e12)]
    ['1 s', '42 s', '13 min', '2 h', '5 days', 'years']
    """
    for limit, unit, name in _UNITS:
        if seconds < 1.5 * limit:
            return f"{max(round(seconds / unit), 1)} {name}"
    days = seconds / 86400
    return f"{round(days)} days" if days < 730 else "years"


def span(seconds: float, *, rests_on_hulls: bool) -> str:
    """Return roughly how long it takes, of hulls the range in which it may lie.

    >>> span(60, rests_on_hulls=False), span(60, rests_on_hulls=True)
    ('60 s', '20 s to 10 min')
    """
    if not rests_on_hulls:
        return duration(seconds)
    least, most = duration(seconds / 3), duration(10 * seconds)
    return most if least == most else f"{least} to {most}"


@dataclass(frozen=True)
class Busy:
    """A piece of work that has begun: the how manyth of its kind since the last bounds."""

    piece: Piece
    number: int


@dataclass(frozen=True)
class Bounded:
    """The bounds after one more layer are proved."""

    box: Box


@dataclass
class Teller:
    """Counts pieces, and tells of some of them; mutable."""

    tell: Tell
    counts: Counter[Kind] = field(default_factory=Counter)
    last: Kind | None = None
    told: float = 0.0

    def hear(self, piece: Piece) -> None:
        """Count a piece, and tell of it if that is news."""
        self.counts[piece.kind] += 1
        now = time.monotonic()
        if piece.kind is not self.last or now - self.told > _PAUSE:
            self.last, self.told = piece.kind, now
            self.tell(Busy(piece, self.counts[piece.kind]))

    def bounded(self, box: Box) -> None:
        """Tell of bounds that are proved."""
        self.counts.clear()
        self.last = None
        self.tell(Bounded(box))


@dataclass
class Meter:
    """What is known of a relaxation at work on some layers; it grows."""

    name: str
    layers: int
    cost: Cost
    show: Callable[[int, str], None]
    boxes: list[Box] = field(default_factory=list)
    done: Counter[Kind] = field(default_factory=Counter)
    begun: float = field(default_factory=time.monotonic)

    def hear(self, message: object) -> None:
        """Take in what the work tells, and show it."""
        if isinstance(message, Bounded):
            self.boxes.append(message.box)
            self.done.clear()
            self._show(self.name)
        if isinstance(message, Busy):
            self.done[message.piece.kind] = message.number - 1
            self._show(self._text(message))

    def _show(self, text: str) -> None:
        self.show(max(len(self.boxes) - 1, 0), text + self._left())

    def _text(self, busy: Busy) -> str:
        layer = f"layer {len(self.boxes)} of {self.layers}"
        expected = self.cost.expected(len(self.boxes), busy.piece.kind)
        of = f" of about {expected:,}" if expected >= busy.number else ""
        detail = f" {busy.piece.detail}" if busy.piece.detail else ""
        return f"{self.name}, {layer}: {busy.piece.kind} {busy.number:,}{of}{detail}"

    def _left(self) -> str:
        """Return how long it may still take, by the speed so far."""
        passed = time.monotonic() - self.begun
        if passed < _SOON:
            return ""
        layer = len(self.boxes)
        if any(n > self.cost.expected(layer, kind) for kind, n in self.done.items()):
            return ", more than expected"
        share = self.cost.share(layer, self.done)
        if not 0 < share < 1:
            return ""
        is_known = self.done[Kind.HULL] >= _ENOUGH
        hulls = self.cost.rests_on_hulls(layer) and not is_known
        return f", about {span(passed * (1 - share) / share, rests_on_hulls=hulls)} left"
