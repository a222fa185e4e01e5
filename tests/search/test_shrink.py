"""Shrinking ends at witnesses that theory says cannot be smaller."""

from fractions import Fraction

import pytest

from polyrelax.errors import ShapeError
from polyrelax.networks.gallery import tent
from polyrelax.networks.layers import Affine, Identity, Neurons, ReLU
from polyrelax.networks.network import Network, network
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.regions import exact_range
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.trace import propagate
from polyrelax.search.question import Side
from polyrelax.search.shrink import Witness, shrink

# On [-3, 2]: three and three neurons, with the tent of gap 3/2 inside.
LARGE = network(
    ([["5/2"], ["-7/3"], [1]], [0, 0, 4]),
    ([[-2, 0, 0], [0, -2, 0], [0, 0, 1]], [1, "1/2", 1]),
    ([[3, 4, "1/10"]], [11]),
)
WITNESS = Witness(LARGE, Polytope.box([-3], [2]), "p:1", "exact", Side.LOWER)


def hidden_widths(witness: Witness) -> list[int]:
    layers = witness.network.layers
    return [len(layer.active) for layer in layers if isinstance(layer, ReLU)]


def test_a_witness_against_p1_shrinks_to_the_smallest_shape_there_is() -> None:
    # 1-2-2-1 is the smallest shape that P_1 bounds inexactly.
    assert WITNESS.gap > 0
    *_, last = shrink(WITNESS)
    assert hidden_widths(last) == [2, 2]
    ends = [end for bounds in last.domain.bounds for end in bounds]
    assert all(end.denominator == 1 for end in ends)
    assert last.cost < WITNESS.cost


def test_every_step_is_a_smaller_witness_by_other_code() -> None:
    before = WITNESS
    steps = list(shrink(WITNESS))
    assert len(steps) > 5
    for step in steps:
        assert step.cost < before.cost
        lower, _ = exact_range(step.network, step.domain)[0]
        relaxed = propagate(step.network, step.domain, LayerHull()).output[0].lower
        assert lower - relaxed == step.gap > 0
        before = step


def test_a_witness_against_the_triangle_shrinks_to_two_neurons() -> None:
    # One neuron is monotone in an affine form: the triangle is exact.
    *_, last = shrink(Witness(LARGE, WITNESS.domain, "triangle", "exact", Side.BOTH))
    assert hidden_widths(last) == [2]


def test_the_least_gap_remains() -> None:
    steps = list(shrink(WITNESS, min_gap=Fraction(1, 2)))
    assert len(steps) > 5
    assert min(step.gap for step in steps) >= Fraction(1, 2)
    assert list(shrink(WITNESS, min_gap=Fraction(100))) == []


def test_what_is_small_stays() -> None:
    *_, last = shrink(WITNESS)
    assert list(shrink(last)) == []


def test_identity_layers_and_skips_are_left_out() -> None:
    layers = list(tent().layers)
    padded = Network((*layers[:2], Identity(2), *layers[2:]))
    given = Witness(padded, Polytope.box([-1], [1]), "p:1", "exact", Side.LOWER)
    *_, last = shrink(given)
    assert not any(isinstance(layer, Identity) for layer in last.network.layers)
    skipping = network(([[1], [1], [1]], [0, 0, 0]), ([[1, -1, "1/4"]], [0]))
    passing = Network((skipping.layers[0], ReLU(3, (0, 1)), skipping.layers[2]))
    given = Witness(passing, Polytope.box([-1], [1]), "triangle", "exact", Side.BOTH)
    *_, last = shrink(given)
    assert last.network.widths == (1, 2, 2, 1)


def test_without_a_gap_there_is_nothing_to_shrink() -> None:
    given = Witness(tent(), Polytope.box([0], [1]), "p:1", "exact", Side.BOTH)
    assert given.gap == 0
    assert list(shrink(given)) == []


def test_a_polytope_that_is_no_box_is_kept() -> None:
    triangle = Polytope.hull([[-1, -1], [2, 0], [0, 2]], 2)
    given = network(([[3, 1], [3, 1]], [0, 0]), ([[2, -2]], [0]))
    *_, last = shrink(Witness(given, triangle, "triangle", "exact"))
    assert last.domain == triangle


def test_several_outputs_are_refused() -> None:
    with pytest.raises(ShapeError, match="found 2 outputs, expected one"):
        Witness(network(([[1], [1]], [0, 0])), Polytope.box([0], [1]), "p:1", "exact")


def test_neurons_of_other_kinds_are_left_out_too() -> None:
    # |x| - |x| is 0, and single neurons bound it by 1; the maximum has nothing to do with it.
    layer = Neurons(3, ((Absolute(), (0,)), (Maximum(2), (1, 2)), (Absolute(), (0,))))
    layers = (Affine.dense([[1], [1], [2]]), layer, Affine.dense([[3, 1, -3]]))
    given = Witness(Network(layers), Polytope.box([-1], [1]), "triangle", "exact")
    *_, small = shrink(given)
    (found,) = (each for each in small.network.layers if isinstance(each, Neurons))
    assert [neuron.name for neuron, _ in found.placed] == ["absolute value"] * 2
    assert small.network.widths[-1] == 1
