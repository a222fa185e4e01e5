"""Mixtures that show why P_1 is loose, checked by evaluating the network."""

from fractions import Fraction

import pytest

from polyrelax.arithmetic.rational import ONE, vector
from polyrelax.errors import ShapeError
from polyrelax.networks.gallery import tent
from polyrelax.networks.network import Network, network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.trace import propagate
from polyrelax.search.evidence import Mixture, mixture, value_of

# relu(x1), relu(-x1), relu(x2) -> two neurons that bend inside the hull of the path
PLANE = network(
    ([[1, 0], [-1, 0], [1, 1]], [0, 0, 1]),
    ([[1, 1, -2], [2, -1, 1]], [0, -1]),
    ([[1, -1]], [0]),
)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("given", "dim"), [(tent(), 1), (PLANE, 2)])
def test_a_mixture_attains_the_bound_of_p1(given: Network, dim: int, sign: int) -> None:
    domain = Polytope.box([-1] * dim, [1] * dim)
    found = mixture(given, domain, sign=sign)
    bound = propagate(given, domain, LayerHull()).output[0]
    assert value_of(given, found) == found.value == (bound.upper if sign > 0 else bound.lower)
    assert sum(found.weights) == 1
    assert min(found.weights) > 0
    assert all(x in domain for x in found.inputs)


def test_the_value_of_a_mixture_of_one_is_that_of_the_network() -> None:
    alone = Mixture((vector(["1/3"]),), (ONE,), Fraction(0))
    assert value_of(tent(), alone) == tent()(vector(["1/3"]))[0]


def test_a_network_without_relus_has_no_mixture() -> None:
    with pytest.raises(ShapeError, match="expected a hidden layer"):
        mixture(network(([[1]], [0])), Polytope.box([0], [1]))
