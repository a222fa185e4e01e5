"""Clamped networks on the input set of the clamp and on smaller boxes."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.analysis.precision import exact_bounds
from polyrelax.networks.gallery import maximum, tent
from polyrelax.networks.rewrite import clamp
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.trace import propagate
from polyrelax.relaxations.triangle import Triangle


def derive() -> Iterator[tuple[str, object]]:
    yield from _tent()
    yield from _maximum()


def _tent() -> Iterator[tuple[str, object]]:
    unit, small = Polytope.box([-1], [1]), Polytope.box(["-1/4"], ["1/4"])
    yield "tent on [-1, 1]: range", exact_bounds(tent(), unit)
    yield "tent on [-1, 1], p:1", propagate(tent(), unit, LayerHull()).output
    name, clamped = "tent clamped to [1, 2] on", clamp(tent(), 1, 2)
    yield f"{name} [-1, 1], ibp", propagate(clamped, unit, IBP()).output
    yield f"{name} [-1/4, 1/4]: range", exact_bounds(clamped, small)
    yield f"{name} [-1/4, 1/4], ibp", propagate(clamped, small, IBP()).output


def _maximum() -> Iterator[tuple[str, object]]:
    name, clamped = "max clamped to [0, 1] on", clamp(maximum(2), 0, 1)
    for relaxation in (IBP(), Triangle()):
        found = propagate(clamped, Polytope.box([0, 0], [1, 1]), relaxation).output
        yield f"{name} [0, 1]^2, {relaxation.name}", found
    for lower, upper in (("1/4", "3/4"), ("3/8", "5/8")):
        square = Polytope.box([lower] * 2, [upper] * 2)
        yield f"{name} [{lower}, {upper}]^2: range", exact_bounds(clamped, square)
        found = propagate(clamped, square, Triangle()).output
        yield f"{name} [{lower}, {upper}]^2, triangle", found
