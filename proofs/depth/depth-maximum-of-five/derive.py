"""The maximum of five numbers in the span of functions with two hidden layers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations

from polyrelax.expressivity.maximum_of_five import (
    Atom,
    as_network,
    dictionary,
    maximum_of,
    proves,
)
from polyrelax.expressivity.spans import Arrangement, Combination, Dictionary, Separation
from polyrelax.networks.layers import ReLU

AB, AC, CD, BC, DE = (0, 1), (0, 2), (2, 3), (1, 2), (3, 4)
SHORT: list[tuple[Atom, Fraction]] = [
    ((((0, 0), (0, 0)), (BC, DE)), Fraction(1, 30)),
    (((AB, AB), (CD, CD)), Fraction(1, 15)),
    (((AB, AC), (BC, DE)), Fraction(-1, 30)),
]
OTHER: list[tuple[Atom, Fraction]] = [
    (((AB, AB), (CD, CD)), Fraction(1, 20)),
    (((AB, AC), ((0, 3), (0, 4))), Fraction(1, 30)),
    (((AB, CD), (AC, (1, 3))), Fraction(1, 20)),
    (((AB, CD), (AC, (1, 4))), Fraction(-1, 60)),
]


def derive() -> Iterator[tuple[str, object]]:
    known, target = dictionary(), maximum_of(5)
    rays = known.arrangement.points[:-1]
    yield "orbits of max(Z_1, Z_2)", len(known.orbits)
    yield "hyperplanes", len(known.arrangement.normals)
    yield "rays", sum(len(set(permutations(ray))) for ray in rays)
    found = known.find(target)
    short = isinstance(found, Combination) and len(found.coefficients) <= 4
    yield "in the span: orbits in the combination found, at most 4", short
    yield "the combination found holds on all rays", known.proves(found, target)
    yield "the identity of the statement holds on all rays", proves(SHORT)
    yield "another identity, with orbits 15, 15, 5, 60, holds on all rays", proves(OTHER)
    hidden = (layer for layer in as_network(SHORT).layers if isinstance(layer, ReLU))
    sizes = [len(layer.active) for layer in hidden]
    yield "neurons in the two hidden layers of the statement's network", sizes
    yield from _smaller_maxima()


def _smaller_maxima() -> Iterator[tuple[str, object]]:
    target = maximum_of(5)
    smaller = tuple(maximum_of(count) for count in (1, 2, 3, 4))
    arrangement = Arrangement.of([target])
    few = Dictionary(smaller, arrangement)
    ranks = (few.rank, Dictionary((*smaller, target), arrangement).rank)
    yield "maxima of at most four: rank without and with the maximum of five", ranks
    evidence = few.find(target)
    proved = isinstance(evidence, Separation) and few.proves(evidence, target)
    yield "maxima of at most four: combination", "none" if proved else "not settled"
