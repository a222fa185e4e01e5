"""The triangle on four encodings of max(x1, x2), on squares around (1/2, 1/2)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from polyrelax.analysis.precision import exact_bounds
from polyrelax.networks.gallery import maximum, maximum_encodings
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network
from polyrelax.networks.rewrite import clamp, fold, reflect
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.multi_neuron import KReLU
from polyrelax.relaxations.trace import propagate
from polyrelax.relaxations.triangle import Triangle

NAMES = (
    "x2 + relu(x1-x2)",
    "x1 + relu(x2-x1)",
    "(x1+x2)/2 + (relu(x1-x2)+relu(x2-x1))/2",
    "relu(x1-x2) + relu(x2)",
)
CENTRE = Fraction(1, 2)


def derive() -> Iterator[tuple[str, object]]:
    encodings = dict(zip(NAMES, (*maximum_encodings(), maximum(2)), strict=True))
    yield from _on_squares(encodings)
    yield from _deeper()
    box, name = Polytope.box([0, "1/4"], [1, "3/4"]), NAMES[0]
    yield "range on [0,1] x [1/4,3/4]", exact_bounds(encodings[name], box)
    yield f"{name} on [0,1] x [1/4,3/4]", propagate(encodings[name], box, Triangle()).output
    found = propagate(encodings[NAMES[2]], _square(Fraction(1, 4)), KReLU(2)).output
    yield f"{NAMES[2]}, eps = 1/4, krelu:2", found


def _on_squares(encodings: dict[str, Network]) -> Iterator[tuple[str, object]]:
    for radius in (Fraction(1, n) for n in (2, 4, 8, 100)):
        square = _square(radius)
        yield f"range, eps = {radius}", exact_bounds(maximum(2), square)
        for name, network in encodings.items():
            found = propagate(network, square, Triangle()).output
            yield f"{name}, eps = {radius}", found


def _deeper() -> Iterator[tuple[str, object]]:
    repeated = fold([Affine.select([0, 1, 0], 2), *maximum(3).layers])
    radius = Fraction(1, 8)
    for name, network in (
        ("max(max(x1, x2), x1)", repeated),
        ("max, clamped to [0, 1]", clamp(maximum(2), 0, 1)),
        ("max, relu(z) as z + relu(-z)", reflect(maximum(2))),
        ("max(max(x1, x2), x1), relu(z) as z + relu(-z)", reflect(repeated)),
    ):
        upper = propagate(network, _square(radius), Triangle()).output[0].upper
        yield f"{name}, eps = {radius}: at least c + 2 eps", upper >= CENTRE + 2 * radius


def _square(radius: Fraction) -> Polytope:
    return Polytope.box([CENTRE - radius] * 2, [CENTRE + radius] * 2)
