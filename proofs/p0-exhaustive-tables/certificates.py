"""Certify the gap of each of the 59 networks with weights in {-1, 0, 1}."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import vector
from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_gap
from polyrelax.search.candidates import Space
from polyrelax.search.incompleteness import findings
from polyrelax.search.question import Question

UNIT = Interval(Fraction(-1), Fraction(1))


def rebuilt() -> Iterator[tuple[str, partial[Certificate]]]:
    space = Space((1, 2, 2, 1), vector([-1, 0, 1]), vector([-1, 1]), (UNIT,))
    asked = Question(space, "p:1", "exact")
    for found in findings(asked, 0, asked.space.size):
        network = asked.space[found.number].network
        key = "1-2-2-1 over -1..1, upper: p:1 against exact"
        yield key, partial(certify_gap, network, space.domain, "p:1", "exact", sign=1)
