"""Large gaps of P_1 with parameters from {-2, ..., 2}: all of 1-2-2-1, and what was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from polyrelax.analysis.precision import exact_bounds
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import vector
from polyrelax.networks.network import Network, network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.trace import propagate
from polyrelax.search.candidates import Space
from polyrelax.search.executor import explore
from polyrelax.search.question import Finding, Question, Side

UNIT = Polytope.box([-1], [1])
FOUND: Mapping[str, Network] = {
    "1-2-2-1": network(
        ([[-2], [2]], [-1, 2]),
        ([[-2, 2], [2, 2]], [-2, -2]),
        ([[-2, 2]], [0]),
    ),
    "1-3-3-1": network(
        ([[-2], [2], [-2]], [0, 1, 0]),
        ([[2, 2, 2], [2, -2, 1], [-2, 1, -2]], [0, 1, 2]),
        ([[2, -2, -2]], [0]),
    ),
    "1-4-4-1": network(
        ([[-2], [2], [-2], [2]], [0, 0, 0, 0]),
        ([[-2, 1, -2, 1], [-2, 2, -2, 1], [1, -2, 2, -2], [1, 2, 2, 2]], [1, 0, 2, 0]),
        ([[-2, -2, -2, 2]], [0]),
    ),
    "1-3-3-3-1": network(
        ([[-2], [2], [2]], [2, 2, 2]),
        ([[-1, 1, 2], [-1, 2, 0], [2, -2, -2]], [-2, -1, 2]),
        ([[2, 1, 2], [1, 2, -2], [-2, -2, 2]], [1, 2, 1]),
        ([[2, -2, -2]], [0]),
    ),
    "1-4-4-4-1": network(
        ([[-2], [-2], [2], [2]], [0, 0, 0, 1]),
        ([[2, 1, -2, -2], [2, 2, 2, 2], [-2, -2, 2, 2], [2, 1, 2, 0]], [0, 0, 0, 2]),
        ([[-2, 1, -1, 1], [-2, 2, -2, 2], [-2, 1, -2, 2], [-2, 2, -2, 2]], [0, 0, 0, 0]),
        ([[2, 2, 2, 2]], [0]),
    ),
}


def derive() -> Iterator[tuple[str, object]]:
    for shape, found in FOUND.items():
        yield f"{shape}: range", exact_bounds(found, UNIT)
        yield f"{shape}: p:1", propagate(found, UNIT, LayerHull()).output
    values = vector(range(-2, 3))
    box = (Interval(Fraction(-1), Fraction(1)),)
    space = Space((1, 2, 2, 1), values, tuple(filter(None, values)), box)
    asked = Question(space, "p:1", "exact", Side.UPPER)  # lower bounds: of the negatives
    gap = ratio = Fraction(0)
    for part in explore(asked):
        for finding in part.findings:
            gap = max(gap, scaled_gap(asked, finding))
            if finding.tight.width:
                ratio = max(ratio, finding.loose.width / finding.tight.width)
    yield "1-2-2-1, all integers from -2 to 2: largest gap", gap
    yield "1-2-2-1, all that are not constant: largest ratio of widths", ratio


def scaled_gap(asked: Question, finding: Finding) -> Fraction:
    """The gap with the output weights scaled until the largest is 2."""
    outputs = asked.space[finding.number].outputs
    return asked.gap(finding.tight, finding.loose) * 2 / max(map(abs, outputs))
