"""Enumerate all 1-2-2-1 networks with weights in {-1, 0, 1, 2}, and bound one by hand."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from polyrelax.analysis.precision import exact_bounds
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import vector
from polyrelax.networks.network import network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.trace import propagate
from polyrelax.search.candidates import Space
from polyrelax.search.executor import explore
from polyrelax.search.question import Question, Side

WITNESS = network(([[2], [-1]], [0, 0]), ([[-1, 0], [0, -1]], [1, 1]), ([[1, 1]], [0]))
UNIT = Interval(Fraction(-1), Fraction(1))
SPACE = Space((1, 2, 2, 1), vector([-1, 0, 1, 2]), vector([-1, 1, 2]), (UNIT,))


def derive() -> Iterator[tuple[str, object]]:
    asked = Question(SPACE, "p:1", "exact", Side.BOTH)
    parts = list(explore(asked))
    found = [finding for part in parts for finding in part.findings]
    yield "networks enumerated", sum(part.stop - part.start for part in parts)
    yield "of them different up to symmetry", SPACE.distinct
    yield "of the enumerated, inexact for p:1", len(found)
    orbits = {SPACE.canonical(SPACE[finding.number]) for finding in found}
    yield "of these, different up to symmetry", len(orbits)
    yield "largest gap", max(asked.gap(finding.tight, finding.loose) for finding in found)
    name, unit = "relu(1 - relu(2x)) + relu(1 - relu(-x)) on [-1, 1]", Polytope.box([-1], [1])
    yield f"{name}: range", exact_bounds(WITNESS, unit)
    yield f"{name}, p:1", propagate(WITNESS, unit, LayerHull()).output
