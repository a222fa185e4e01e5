"""Lipschitz constants that are known by hand, with the inputs that attain them."""

from fractions import Fraction

import pytest

from polyrelax.arithmetic.rational import ZERO, Vector
from polyrelax.errors import ArgumentError, DimensionError, ShapeError
from polyrelax.networks.gallery import absolute_value, tent, two_relu_example
from polyrelax.networks.layers import Affine, Identity, Neurons, ReLU
from polyrelax.networks.network import Network, network
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.clip import Clip
from polyrelax.networks.neurons.leaky import LeakyReLU
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.neuron import Neuron
from polyrelax.networks.neurons.sort import Sort
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.verification.gradients import Norm
from polyrelax.verification.lipschitz import (
    LipschitzBounds,
    LipschitzSearch,
    lipschitz_constant,
)

SQUARE = Polytope.box([-1, -1], [1, 1])
SEGMENT = Polytope.box([-1], [1])
# relu(x) - relu(-x) = x, although both slopes are 1 where both neurons are on, at 0 alone.
LINE = network(([[1], [-1]], [0, 0]), ([[1, -1]], [0]))
# relu(x + y) - relu(-x - y) + relu(x - y) = x + y + relu(x - y): (1, 1) or (2, 0).
TIE = network(([[1, 1], [-1, -1], [1, -1]], [0, 0, 0]), ([[1, -1, 1]], [0]))
# (x + y, x - y, 2 y): rows (1, 1), (1, -1), (0, 2); columns (1, 1, 0), (1, -1, 2).
LINEAR = network(([[1, 1], [1, -1], [0, 2]], [5, 0, 0]))
# (relu(x), relu(-x), 0): the Jacobians are (1, 0, 0) and (0, -1, 0).
SIGNS = Network((Affine.dense([[1], [-1], [0]]), ReLU(3)))


def distance(x: Vector, y: Vector, norm: Norm) -> Fraction:
    sizes = [abs(a - b) for a, b in zip(x, y, strict=True)]
    return sum(sizes, ZERO) if norm == "1" else max(sizes)


def require_attained(net: Network, found: LipschitzBounds) -> None:
    assert found.is_exact
    assert found.steepest is not None
    x, y = found.steepest.pair
    quotient = distance(net(x), net(y), found.norm) / distance(x, y, found.norm)
    assert quotient == found.lower == found.steepest.value


@pytest.mark.parametrize("domain", [SEGMENT, None])
@pytest.mark.parametrize("norm", ["inf", "1"])
@pytest.mark.parametrize(
    ("net", "constant"),
    [(LINE, 1), (absolute_value(), 1), (tent(), 2), (SIGNS, 1), (network(([[0]], [7])), 0)],
)
def test_functions_of_one_input(
    net: Network, constant: int, norm: Norm, domain: Polytope | None
) -> None:
    found = lipschitz_constant(net, domain, norm)
    assert (found.lower, found.norm) == (constant, norm)
    require_attained(net, found)


@pytest.mark.parametrize("domain", [SQUARE, None])
@pytest.mark.parametrize(
    ("net", "norm", "constant"),
    [
        (TIE, "inf", 2),
        (TIE, "1", 2),
        (two_relu_example(), "inf", 2),  # 0, (1, 1), (1, -1) or (2, 0)
        (two_relu_example(), "1", 2),
        (LINEAR, "inf", 2),
        (LINEAR, "1", 4),
        (network(([["1/2", "-1/3"]], [2])), "inf", "5/6"),
        (network(([["1/2", "-1/3"]], [2])), "1", "1/2"),
    ],
)
def test_functions_of_two_inputs(
    net: Network, norm: Norm, constant: int | str, domain: Polytope | None
) -> None:
    found = lipschitz_constant(net, domain, norm)
    assert found.lower == Fraction(constant)
    require_attained(net, found)


def test_a_cell_that_only_touches_the_set_does_not_count() -> None:
    # The tent has slope -2 and then, from 1/2 on, 1 - 2 relu(-x) = 1: constant.
    assert lipschitz_constant(tent(), Polytope.box(["1/2"], [1])).lower == 0
    assert lipschitz_constant(tent(), Polytope.box(["1/4"], [1])).lower == 2


def test_a_polytope_that_is_no_box() -> None:
    # In the triangle x, y >= 0, x + y <= 1 both neurons of relu(x - 1) + relu(y - 1) are off.
    corner = network(([[1, 0], [0, 1]], [-1, -1]), ([[1, 1]], [0]))
    sides = [([-1, 0], 0), ([0, -1], 0), ([1, 1], 1)]
    triangle = Polytope.intersection([Constraint.at_most(*side) for side in sides], 2)
    assert lipschitz_constant(corner, triangle).lower == 0
    wider = Polytope.intersection([Constraint.at_most(*side) for side in sides[:2]], 2)
    more = wider.cut(Constraint.at_most([1, 1], 2))
    found = lipschitz_constant(corner, more)  # only one of both is on there
    assert found.lower == 1
    require_attained(corner, found)
    assert found.steepest is not None
    assert all(x in more for x in found.steepest.pair)


def test_where_neurons_read_a_constant_their_pieces_are_twins() -> None:
    # relu(x) is 0 for x < 0, and then the second layer reads 0, the kink of all its neurons.
    dead = network(([[1]], [0]), ([[1], [-1]], [0, 0]), ([[3, 5]], [0]))
    found = lipschitz_constant(dead)
    assert found.lower == 3
    require_attained(dead, found)


@pytest.mark.parametrize(
    ("neuron", "constant"),
    [
        (Absolute(), 1),
        (LeakyReLU(Fraction(-3)), 3),
        (Clip(Fraction(0), Fraction(1)), 1),
        (MaxMin(), 1),
        (Maximum(4), 1),
        (Sort(8), 1),  # of 40,320 orders
    ],
)
def test_neurons_of_all_kinds(neuron: Neuron, constant: int) -> None:
    net = Network((Neurons(neuron.in_dim, ((neuron, tuple(range(neuron.in_dim))),)),))
    norms: tuple[Norm, ...] = ("inf", "1")
    for norm in norms:
        found = lipschitz_constant(net, None, norm)
        assert found.lower == constant
        require_attained(net, found)


def test_values_that_several_neurons_read() -> None:
    # (max(x, y), max(x, y), y): in the 1-norm y = (0, 1) makes 1 + 1 + 1.
    both = Neurons(
        2, ((Maximum(2), (0, 1)), (Maximum(2), (0, 1)), (LeakyReLU(Fraction(1)), (1,)))
    )
    net = Network((both, Identity(3)))
    assert lipschitz_constant(net, None, "1").lower == 3
    assert lipschitz_constant(net, None, "inf").lower == 1


def test_the_constant_has_no_rounding() -> None:
    # 1/3 x and 2/3 y, and a millionth of a millionth more where x > 0.
    tiny = Fraction(1, 10**12)
    net = network(([["1/3", 0], [tiny, 0], [0, "2/3"]], [0] * 3), ([[1, 1, -1]], [0]))
    assert lipschitz_constant(net, SQUARE).lower == 1 + tiny


def test_numbers_that_floats_do_not_hold() -> None:
    huge = Fraction(10) ** 400
    net = network(([[huge], [-1]], [0, 1]), ([[1, 1 / huge]], [0]))
    assert lipschitz_constant(net).lower == huge
    assert lipschitz_constant(net, Polytope.box([-2], [-1])).lower == 1 / huge


def test_a_search_can_be_stopped_with_both_bounds() -> None:
    search = LipschitzSearch(two_relu_example(), SQUARE, "inf")
    first = next(search.run())
    assert first.lower <= 2 <= first.upper
    *_, last = search.run()
    assert last.lower == last.upper == 2
    assert search.bounds().cases == last.cases


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ShapeError, match="found inputs without interior"):
        lipschitz_constant(TIE, Polytope.box([0, 0], [0, 1]))
    with pytest.raises(ShapeError, match="found inputs without interior"):
        lipschitz_constant(TIE, Polytope.hull([[0, 0], [1, 1]], 2))
    with pytest.raises(ShapeError, match="found inputs without interior"):
        lipschitz_constant(TIE, Polytope.empty(2))
    with pytest.raises(
        DimensionError, match="the input set has dimension 1, the network reads 2"
    ):
        lipschitz_constant(TIE, SEGMENT)
    with pytest.raises(ArgumentError, match="found the norm '2', expected 'inf' or '1'"):
        lipschitz_constant(TIE, SQUARE, "2")  # type: ignore[arg-type]
