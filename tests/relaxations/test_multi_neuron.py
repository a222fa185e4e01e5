from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from polyrelax.errors import GroupingError
from polyrelax.networks.gallery import maximum, two_relu_example
from polyrelax.networks.layers import Affine, ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.cross_layer import CrossLayer
from polyrelax.relaxations.multi_neuron import KReLU, LayerNeurons
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate

SQUARE = Polytope.box([-1, -1], [1, 1])


def test_a_pair_that_shares_its_inputs_is_exact_where_the_triangle_is_not() -> None:
    """P2.4 A: y1 + y2 <= 2 on the square, and 3 for the triangle."""
    assert propagate(two_relu_example(), SQUARE, KReLU(2)).output[0] == (0, 2)
    assert propagate(two_relu_example(), SQUARE, relaxation("triangle")).output[0] == (0, 3)


def test_independent_inputs_gain_nothing_from_pairs() -> None:
    sum_of_two = Network((ReLU(2), Affine.dense([[1, 1]])))
    box = Polytope.box([-2, -2], [2, 2])
    for name in ("triangle", "krelu:2"):
        assert propagate(sum_of_two, box, relaxation(name)).output[0] == (0, 4)


def test_matching_pairs_are_looser_than_all_inputs_of_the_layer() -> None:
    """P2.4 B: max(x1, x2) on the unit square."""
    unit = Polytope.box([0, 0], [1, 1])
    assert propagate(maximum(2), unit, KReLU(2)).output[0] == (0, Fraction(3, 2))
    assert propagate(maximum(2), unit, LayerNeurons(1)).output[0] == (0, 1)


def test_five_copies_of_one_neuron_are_known_to_be_equal() -> None:
    """Five copies of x + y under one group, which is a segment in five dimensions."""
    copies = Affine.dense([[1, 1]] * 5)
    difference = Affine.dense([[1, -1, 0, 0, 0]])
    network = Network((copies, ReLU(5), difference))
    group = KReLU(5, groups=((1, ((0, 1, 2, 3, 4),)),))
    assert propagate(network, SQUARE, group).output[0] == (0, 0)
    assert propagate(network, SQUARE, relaxation("triangle")).output[0] == (-1, 1)


@pytest.mark.parametrize("seed", range(4))
def test_a_group_of_a_whole_first_layer_is_exact_however_many_neurons_it_has(seed: int) -> None:
    """Six neurons of two inputs: their values are a polygon."""
    random = Random(seed)
    rows = [[random.randint(-3, 3) for _ in range(2)] for _ in range(6)]
    first = Affine.dense(rows, [random.randint(-1, 1) for _ in rows])
    network = Network((first, ReLU(6), Affine.dense([[1, -2, 1, -1, 3, -1]])))
    exact = propagate(network, SQUARE, relaxation("exact")).output
    assert propagate(network, SQUARE, KReLU(6)).output == exact
    assert propagate(network, SQUARE, relaxation("triangle")).output != exact


def test_a_group_of_five_independent_neurons_sees_its_octahedron() -> None:
    """Over a box its hull is the product of triangles: no gain, no loss, and no time."""
    box = Polytope.box([-1] * 5, [2] * 5)
    network = Network((ReLU(5), Affine.dense([[1] * 5])))
    assert propagate(network, box, KReLU(5)).output[0] == (0, 10)


@pytest.mark.parametrize(
    "groups",
    [
        ((0, ((0, 1),)),),
        ((99, ((0, 1),)),),
        ((1, ((0, 1),)), (1, ((0, 1),))),
        ((1, ((0, 2),)),),
    ],
    ids=["affine layer", "no layer", "layer twice", "no such neuron"],
)
def test_groups_that_do_not_fit_the_network_are_refused(
    groups: tuple[tuple[int, tuple[tuple[int, ...], ...]], ...],
) -> None:
    with pytest.raises(GroupingError, match="found groups"):
        propagate(two_relu_example(), SQUARE, KReLU(2, groups=groups))


@pytest.mark.parametrize("group", [(), (0, 0), (0, 1, 2)])
def test_groups_have_distinct_neurons_up_to_their_size(group: tuple[int, ...]) -> None:
    with pytest.raises(GroupingError, match="expected 1 to 2 neurons"):
        KReLU(2, groups=((1, (group,)),))


def test_sizes_start_at_one() -> None:
    for method in (KReLU, LayerNeurons, CrossLayer):
        with pytest.raises(GroupingError, match="found"):
            method(0)


def test_a_relu_of_all_neurons_is_the_same_however_it_is_written() -> None:
    assert ReLU(2, (1, 0)) == ReLU(2)
    assert ReLU(2, (0,)) != ReLU(2)
