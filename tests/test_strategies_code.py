"""Failing examples are printed as Python that makes them again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import polyrelax
from polyrelax.errors import ArgumentError
from polyrelax.networks.layers import Affine, Identity, ReLU
from polyrelax.networks.network import Network, network
from polyrelax.networks.neurons import (
    absolute,
    clip,
    leaky,
    maximum,
    maxmin,
    minimum,
    passing,
    relu,
    sort,
)
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.strategies import (
    constraints,
    mixed_networks,
    networks,
    neuron_networks,
    polytopes,
)
from polyrelax.strategies.code import Written, code

MODULES = (absolute, clip, leaky, maximum, maxmin, minimum, passing, relu, sort)


def made(expression: str) -> object:
    """Evaluate an expression with the names that a person imports."""
    names = {name: thing for module in MODULES for name, thing in vars(module).items()}
    names |= {name: getattr(polyrelax, name) for name in polyrelax.__all__}
    return eval(expression, names)


WRITTEN = st.one_of(
    networks(2),
    mixed_networks(2),
    neuron_networks(2),
    polytopes(2),
    constraints(2),
)


@settings(max_examples=60)
@given(WRITTEN)
def test_code_makes_the_value_again(value: Written) -> None:
    assert made(code(value)) == value


@pytest.mark.parametrize(
    "value",
    [
        Network((ReLU(2, (1,)), Identity(2))),
        Network((Affine([], [], 2),)),
        Affine.dense([["1/2", 0]], [-3]),
        Constraint.equal([1, "1/2"], 3),
        Polytope.empty(2),
        Polytope.box([], []),
        Polytope.hull([[0, 0], ["1/3", 0]]).explicit(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_code_makes_rare_values_again(value: Written) -> None:
    assert made(code(value)) == value


def test_code_is_what_a_person_would_type() -> None:
    given_network = network(([["1/2"], [1]], [0, -2]), ([[1, 1]], [0]))
    assert code(given_network) == 'network(([["1/2"], [1]], [0, -2]), ([[1, 1]], [0]))'


def test_a_failing_example_is_printed_as_code() -> None:
    @settings(database=None, max_examples=5)
    @given(networks(1))
    def fails(net: Network) -> None:
        raise AssertionError

    with pytest.raises(AssertionError) as raised:
        fails()
    assert "net=network(([[0]], [0]))" in "\n".join(raised.value.__notes__)


def test_other_values_have_no_code() -> None:
    with pytest.raises(ArgumentError, match="found 3, expected a network"):
        code(3)  # type: ignore[arg-type]
