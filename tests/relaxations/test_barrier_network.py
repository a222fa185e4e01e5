r"""A network of depth three on which the methods all differ, worked out by hand.

The optimum of the triangle is checked against weak duality: the Wong--Kolter objective
:math:`J(\alpha)` for lower slopes :math:`\alpha`, written out here from its own formula.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, dot, rational, vector
from polyrelax.networks.gallery import salman_example
from polyrelax.networks.layers import Affine, ReLU
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.relu_graph import relu_graph_hull
from polyrelax.relaxations.deeppoly import CROWN, FAST_LIN, BackSubstitution
from polyrelax.relaxations.exact import Exact
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.multi_neuron import KReLU, octahedron
from polyrelax.relaxations.program_set import ProgramSet
from polyrelax.relaxations.trace import Relaxation, Trace, propagate
from polyrelax.relaxations.triangle import Triangle

NETWORK = salman_example()
FIRST_LAYER = ((1, ((0, 1),)),)
SQUARE = Polytope.box([-1, -1], [1, 1])


def interval(lower: str, upper: str) -> Interval:
    return Interval(Fraction(lower), Fraction(upper))


def run(relaxation: Relaxation) -> Trace:
    return propagate(NETWORK, SQUARE, relaxation)


@pytest.mark.parametrize(
    ("relaxation", "first", "second", "minimum"),
    [
        (IBP(), ("-4", "0"), ("-5", "3"), "-2"),
        (CROWN, ("-4", "2"), ("-11/3", "5/3"), "-11/6"),
        (FAST_LIN, ("-4", "4/3"), ("-11/3", "5/3"), "-5/4"),
        (Triangle(), ("-4", "0"), ("-11/3", "5/3"), "-2/3"),
        (Exact(), ("-4", "0"), ("-3", "1"), "0"),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_all_methods_differ(
    relaxation: Relaxation, first: tuple[str, str], second: tuple[str, str], minimum: str
) -> None:
    trace = run(relaxation)
    assert trace.bounds[1] == (interval("-2", "4"), interval("-2", "4"))
    assert trace.bounds[3] == (interval(*first), interval(*second))
    assert trace.output[0].lower == Fraction(minimum)


@pytest.mark.parametrize(
    ("relaxation", "minimum"),
    [
        (Triangle(neurons=FAST_LIN), "-1"),
        (Triangle(neurons=IBP()), "-3/2"),
        (Triangle(neurons=CROWN), "-7/6"),
        (replace(CROWN, neurons=FAST_LIN), "-35/24"),
        (replace(CROWN, neurons=Triangle()), "-2/3"),
        (replace(FAST_LIN, neurons=Triangle()), "-2/3"),
        (KReLU(2, groups=FIRST_LAYER, neurons=Triangle()), "-11/24"),
        (KReLU(2, groups=FIRST_LAYER), "0"),
        (KReLU(2, neurons=Triangle()), "0"),
    ],
)
def test_bounds_of_neurons_and_groups_decide_the_minimum(
    relaxation: Relaxation, minimum: str
) -> None:
    assert run(relaxation).output[0].lower == Fraction(minimum)


@pytest.mark.parametrize("relaxation", [IBP(), Triangle(), Exact()])
def test_the_maximum_is_one(relaxation: Relaxation) -> None:
    assert run(relaxation).output[0].upper == 1


def wong_kolter(
    bounds: tuple[tuple[Interval, ...], ...], alphas: Mapping[int, Vector]
) -> Fraction:
    r"""Return the dual objective :math:`J(\alpha)` for the minimum of the output.

    :math:`\nu_L = -1`, :math:`\hat\nu = W^T \nu`, and for an unstable neuron
    :math:`\nu = \frac{u}{u-l} \hat\nu^+ - \alpha \hat\nu^-`;
    :math:`J = -\sum \nu^T b - \epsilon |\hat\nu_1|_1 + \sum l \nu^+`.
    """
    nu: Vector = (-ONE,)
    value = ZERO
    for index in range(len(NETWORK.layers) - 1, -1, -1):
        layer = NETWORK.layers[index]
        if isinstance(layer, Affine):
            value -= dot(nu, layer.bias)
            nu = tuple(dot(column, nu) for column in zip(*layer.weight, strict=True))
        if isinstance(layer, ReLU):
            nu = tuple(
                _backward(n, z, a)
                for n, z, a in zip(nu, bounds[index], alphas[index], strict=True)
            )
            unstable = [
                (n, z) for n, z in zip(nu, bounds[index], strict=True) if z.lower < 0 < z.upper
            ]
            value += sum((z.lower * max(n, ZERO) for n, z in unstable), ZERO)
    return value - sum((abs(n) for n in nu), ZERO)


def _backward(nu: Fraction, z: Interval, alpha: Fraction) -> Fraction:
    if z.upper <= 0:
        return ZERO
    if z.lower >= 0:
        return nu
    return z.upper / z.width * max(nu, ZERO) + alpha * min(nu, ZERO)


@pytest.mark.parametrize(
    ("alpha", "value"),
    [
        ("4/15", "-1"),
        ("2/3", "-5/4"),
        ("0", "-13/12"),
        ("1", "-35/24"),
        ("1/3", "-25/24"),
        ("1/5", "-1"),
    ],
)
def test_back_substitution_is_the_wong_kolter_dual_for_its_slopes(
    alpha: str, value: str
) -> None:
    """The slope of neuron (1, 1) matters, on the neuron bounds of Fast-Lin."""
    fast_lin = run(FAST_LIN).bounds
    chosen = rational(alpha)
    # At the slopes of the other neurons nothing changes, so they keep those of Fast-Lin.
    alphas = {1: (Fraction(2, 3), chosen), 3: (Fraction(1, 4), Fraction(5, 16))}
    assert wong_kolter(fast_lin, alphas) == Fraction(value)
    substitution = BackSubstitution(
        "given", lambda layer, neuron, _z: alphas[layer][neuron], neurons=FAST_LIN
    )
    assert run(substitution).output[0].lower == Fraction(value)


def test_strong_duality_holds_for_the_triangle() -> None:
    best = wong_kolter(
        run(FAST_LIN).bounds, {1: vector(["2/3", "4/15"]), 3: vector(["1/4", "5/16"])}
    )
    assert run(Triangle(neurons=FAST_LIN)).output[0].lower == best == -1


def test_the_first_layer_is_coupled_by_its_octahedron() -> None:
    relaxed = ProgramSet.of_polytope(SQUARE)
    first = NETWORK.layers[0]
    assert isinstance(first, Affine)
    enclosure = octahedron(relaxed.image(first))
    assert enclosure.bounds == (interval("-2", "4"), interval("-2", "4"))
    assert enclosure.support([1, 1]).value == 8
    assert enclosure.support([-1, -1]).value == 4
    assert enclosure.support([1, -1]).value == enclosure.support([-1, 1]).value == 2
    hull = relu_graph_hull(enclosure)
    assert (len(hull.vertices), len(hull.facets)) == (9, 12)
