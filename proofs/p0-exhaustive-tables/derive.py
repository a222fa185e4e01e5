"""Examine all networks of small shapes with weights from a finite set."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import vector
from polyrelax.search.candidates import Space
from polyrelax.search.executor import explore
from polyrelax.search.question import Question, Side

UNIT = Interval(Fraction(-1), Fraction(1))
# shape, greatest weight, side, loose and tight relaxation, identity layers
TABLE = (
    ("1-1-1", 2, Side.BOTH, "triangle", "exact", 0),
    ("2-1-1", 2, Side.BOTH, "triangle", "exact", 0),
    ("1-1-1-1", 1, Side.BOTH, "triangle", "exact", 0),
    ("1-2-1", 2, Side.BOTH, "triangle", "exact", 0),
    ("2-2-1", 1, Side.BOTH, "triangle", "exact", 0),
    ("2-2-1", 2, Side.BOTH, "triangle", "exact", 0),
    ("2-3-1", 1, Side.BOTH, "triangle", "exact", 0),
    ("2-1-1", 2, Side.BOTH, "m:1", "m:2", 0),
    ("1-1-1-1", 1, Side.BOTH, "m:1", "m:2", 0),
    ("1-2-1", 2, Side.BOTH, "m:1", "m:2", 0),
    ("1-1-1-1", 1, Side.BOTH, "p:1", "exact", 0),
    ("1-1-2-1", 1, Side.BOTH, "p:1", "exact", 0),
    ("1-2-1-1", 2, Side.BOTH, "p:1", "exact", 0),
    ("1-2-2-1", 1, Side.UPPER, "p:1", "exact", 0),
    ("1-2-2-1", 2, Side.UPPER, "p:1", "exact", 0),
    ("1-2-2-1", 1, Side.UPPER, "p:2", "exact", 0),
    ("1-2-2-1", 1, Side.UPPER, "p:3", "exact", 0),
    ("1-2-2-1", 1, Side.UPPER, "p:3", "exact", 1),
)


def derive() -> Iterator[tuple[str, object]]:
    for shape, size, side, loose, tight, identities in TABLE:
        asked = Question(space(shape, size, identities), loose, tight, side)
        pumped = f" and {identities} identity layer" if identities else ""
        name = f"{shape}{pumped} over -{size}..{size}, {side}: {loose} against {tight}"
        yield name, counted(asked)


def space(shape: str, size: int, identities: int) -> Space:
    widths = tuple(map(int, shape.split("-")))
    values = vector(range(-size, size + 1))
    outputs = tuple(filter(None, values))
    return Space(widths, values, outputs, (UNIT,) * widths[0], identities=identities)


def counted(asked: Question) -> str:
    enumerated, gaps = 0, list[Fraction]()
    for part in explore(asked):
        enumerated += part.stop - part.start
        gaps += [asked.gap(finding.tight, finding.loose) for finding in part.findings]
    return f"{enumerated} enumerated, {len(gaps)} imprecise, by {max(gaps, default=0)} at most"
