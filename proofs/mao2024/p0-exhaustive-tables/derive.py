"""Examine all networks of small shapes with weights from a finite set."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import vector
from polyrelax.search.candidates import Space
from polyrelax.search.executor import explore
from polyrelax.search.question import Finding, Question, Side

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


# The loose relaxations of certificates, and of how many enumerated networks at most.
CERTIFIED, MOST_ENUMERATED = ("triangle", "m:1", "p:1"), 100_000


def derive() -> Iterator[tuple[str, object]]:
    for shape, size, side, loose, tight, identities in TABLE:
        asked = Question(space(shape, size, identities), loose, tight, side)
        pumped = f" and {identities} identity layer" if identities else ""
        name = f"{shape}{pumped} over -{size}..{size}, {side}: {loose} against {tight}"
        enumerated, findings = explored(asked)
        gaps = [asked.gap(finding.tight, finding.loose) for finding in findings]
        found = f"{len(gaps)} imprecise, by {max(gaps, default=0)} at most"
        yield name, f"{enumerated} enumerated, {found}"
        if loose in CERTIFIED and enumerated <= MOST_ENUMERATED:
            orbits = {asked.space.canonical(asked.space[each.number]) for each in findings}
            total = space(shape, size, identities).distinct
            yield f"{name}, up to symmetry", f"{len(orbits)} of {total}"


def space(shape: str, size: int, identities: int) -> Space:
    widths = tuple(map(int, shape.split("-")))
    values = vector(range(-size, size + 1))
    outputs = tuple(filter(None, values))
    return Space(widths, values, outputs, (UNIT,) * widths[0], identities=identities)


def explored(asked: Question) -> tuple[int, list[Finding]]:
    """Return how many networks are enumerated, and those that are imprecise."""
    parts = list(explore(asked))
    findings = [finding for part in parts for finding in part.findings]
    return sum(part.stop - part.start for part in parts), findings
