"""Normalized volumes of faces of Newton polytopes."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from polyrelax.expressivity.newton import least_layers, max_min, maximum, obstruction
from polyrelax.polytopes.polytope import Polytope

UNITS = ([1, 0, 0], [0, 1, 0], [0, 0, 1])


def derive() -> Iterator[tuple[str, object]]:
    binary = [least_layers(maximum(count)) for count in range(2, 10)]
    yield "integral weights: layers not forbidden, n = 2, ..., 9", binary
    ternary = [least_layers(maximum(count), prime=3) for count in range(2, 11)]
    yield "decimal fractions: layers not forbidden, n = 2, ..., 10", ternary
    face = obstruction(maximum(5), 2)
    found = "none" if face is None else [len(face.vertices), face.volume]
    yield "max of 5: the face that forbids two layers: vertices, volume", found
    cube = Polytope.box([0, 0, 0], [1, 1, 1])
    yield "a cube in three dimensions: one layer forbidden", obstruction(cube, 1) is not None
    median = max_min([list(pair) for pair in combinations(UNITS, 2)])
    name = "max of the median and the least of three, as a max-min form, at (3, 1, 2)"
    yield name, median((Fraction(3), Fraction(1), Fraction(2)))
