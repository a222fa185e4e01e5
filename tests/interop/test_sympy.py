"""Networks and polytopes as expressions of SymPy have the values that they have."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.errors import EmptySetError, UnsupportedNeuronError
from polyrelax.interop.sympy import polytope_to_sympy, symbols, to_sympy
from polyrelax.networks.gallery import absolute_value, tent
from polyrelax.networks.layers import Neurons
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.clip import Clip
from polyrelax.networks.neurons.component import Component
from polyrelax.networks.neurons.leaky import LeakyReLU
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.minimum import Minimum
from polyrelax.networks.neurons.neuron import Neuron
from polyrelax.networks.neurons.passing import Pass
from polyrelax.networks.neurons.sort import Sort
from polyrelax.polytopes.polytope import Polytope

NEURONS = (
    *(Pass(), Absolute(), LeakyReLU(Fraction(1, 4)), LeakyReLU(Fraction(3))),
    *(Clip(Fraction(-1), Fraction(2)), Clip(None, Fraction(1)), Clip(Fraction(0), None)),
    *(MaxMin(), Maximum(3), Minimum(2), Sort(3)),
)
HALVES = [Fraction(k, 2) for k in range(-3, 4)]


def value(expression: sympy.Expr, point: list[Fraction]) -> Fraction:
    places = zip(symbols(len(point)), point, strict=True)
    found = expression.subs({x: sympy.Rational(*p.as_integer_ratio()) for x, p in places})
    return Fraction(int(found.p), int(found.q))


@pytest.mark.parametrize("neuron", NEURONS, ids=lambda neuron: neuron.name)
def test_every_neuron_has_its_values(neuron: Neuron) -> None:
    network = Network((Neurons(neuron.in_dim, ((neuron, tuple(range(neuron.in_dim))),)),))
    expressions = to_sympy(network)
    for point in (HALVES[k:] + HALVES[:k] for k in range(7)):
        x = point[: neuron.in_dim]
        assert tuple(value(each, x) for each in expressions) == network(x)


@settings(max_examples=10)
@given(st.fractions(-1, 1))
def test_both_forms_of_the_tent_have_its_values(x: Fraction) -> None:
    (greatest,), (piecewise,) = to_sympy(tent()), to_sympy(tent(), (-1, 1))
    assert value(greatest, [x]) == value(piecewise, [x]) == tent()([x])[0]


def test_a_piecewise_form_has_a_case_for_each_region() -> None:
    (x,) = symbols(1)
    (found,) = to_sympy(absolute_value(), (-1, 2))
    assert found == sympy.Piecewise(
        (-x, sympy.And(x >= -1, x <= 0)), (x, sympy.And(x >= 0, x <= 2))
    )


def test_a_flat_polytope_is_a_condition_with_an_equation() -> None:
    x, y = symbols(2)
    diagonal = polytope_to_sympy(Polytope.hull([[0, 0], [1, 1]]))
    assert diagonal == sympy.And(sympy.Eq(x - y, 0), y >= 0, y <= 1)
    assert polytope_to_sympy(Polytope.empty(1)) == sympy.false


def test_a_neuron_without_an_expression_is_refused_by_name() -> None:
    network = Network((Neurons(3, ((Component(Sort(3), 1), (0, 1, 2)),)),))
    with pytest.raises(UnsupportedNeuronError, match="which SymPy has not"):
        to_sympy(network)


def test_an_empty_set_has_no_pieces() -> None:
    with pytest.raises(EmptySetError, match="the input set is empty"):
        to_sympy(tent(), (1, -1))
