"""Certify M_1, the pieces, and the bound 1 by cases in two orders."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.arithmetic.rational import ONE
from polyrelax.certificates.certificate import Certificate, Statement
from polyrelax.certificates.certify import AT_MOST, certify_range, exact_row
from polyrelax.certificates.ledger import Ledger
from polyrelax.networks.gallery import maximum
from polyrelax.networks.regions import linear_regions
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope


def certificates() -> Iterator[tuple[str, Certificate]]:
    for d in (2, 3, 4):
        cube = Polytope.box([0] * d, [1] * d)
        yield f"d-{d}", certify_range(maximum(d), cube, "m:1")
        for order in ("first", "last"):
            yield f"d-{d}-{order}-layer-first", by_cases(d, last_first=order == "last")
    cube = Polytope.box([0] * 3, [1] * 3)
    orders = [Constraint.at_most([1, 0, -1], 0), Constraint.at_most([0, 1, -1], 0)]
    greatest_last = cube & Polytope.intersection([*cube.constraints, *orders], 3)
    yield "piece", certify_range(maximum(3), greatest_last, "triangle")
    for k, region in enumerate(linear_regions(maximum(3), cube)):
        yield f"order-cell-{k}", certify_range(maximum(3), region.cell, "exact", "triangle")


def by_cases(d: int, *, last_first: bool) -> Certificate:
    """Certify that the maximum is at most 1; the tree has a leaf for each subproblem.

    Neuron 0 of each ReLU layer compares; the others pass on what they read.
    """
    ledger = Ledger(maximum(d), Polytope.box([0] * d, [1] * d))
    depths = range(1, len(ledger.network.layers) + 1)
    order = [(i, 0) for i in depths if 0 in ledger.neurons(i)]
    form = ((ONE, depths[-1], 0),)
    node = exact_row(ledger, form, ONE, order=order[::-1] if last_first else order)
    return ledger.certificate([Statement("exact", form, AT_MOST, ONE, node)])
