"""The lemma on contractions holds for random ones, and what is none is named."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import ONE, ZERO, Vector, vector
from polyrelax.errors import ShapeError
from polyrelax.expressivity.boolean_functions import radius
from polyrelax.expressivity.contractions import fan
from polyrelax.expressivity.data_sets import LabelledPoints, standard_bound
from polyrelax.networks.contractions import require_contraction
from polyrelax.networks.layers import Affine, Layer, Neurons, ReLU
from polyrelax.networks.lipschitz import distance_neurons, sort_neurons
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.broken_line import BrokenLine
from polyrelax.networks.neurons.clip import Clip
from polyrelax.networks.neurons.leaky import LeakyReLU
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.neuron import Neuron
from polyrelax.networks.neurons.relu import Rectifier
from polyrelax.networks.neurons.sort import Sort

HALF = Fraction(1, 2)
CURVES: tuple[Neuron, ...] = (
    Rectifier(),
    Absolute(),
    Clip(ZERO, ONE),
    LeakyReLU(Fraction(-1, 3)),
    BrokenLine(((-HALF, HALF), (HALF, -HALF)), ONE, ONE),
)
FOUR: tuple[tuple[Neuron, ...], ...] = (
    (MaxMin(), MaxMin()),
    (Sort(3), Absolute()),
    (Sort(4),),
)


@st.composite
def rows(draw: st.DrawFn, in_dim: int, out_dim: int) -> Affine:
    """Affine maps whose rows have 1-norm 1, or are zero."""
    weight = [draw(st.tuples(*[st.integers(-3, 3)] * in_dim)) for _ in range(out_dim)]
    norms = [sum(map(abs, row)) or 1 for row in weight]
    exact = [[Fraction(a, norm) for a in row] for row, norm in zip(weight, norms, strict=True)]
    return Affine.dense(
        exact, draw(st.tuples(*[st.fractions(-1, 1, max_denominator=4)] * out_dim))
    )


@st.composite
def contractions(draw: st.DrawFn, dim: int, *, is_standard: bool) -> Network:
    """Contractions of at most three layers of four values."""
    layers: list[Layer] = []
    width = dim
    for _ in range(draw(st.integers(0, 3))):
        curves = [draw(st.sampled_from(CURVES)) for _ in range(4)]
        neurons = curves if is_standard else draw(st.sampled_from(FOUR))
        starts = [sum(n.in_dim for n in neurons[:k]) for k in range(len(neurons))]
        places = [range(s, s + n.in_dim) for s, n in zip(starts, neurons, strict=True)]
        placed = tuple((n, tuple(at)) for n, at in zip(neurons, places, strict=True))
        layers += [draw(rows(width, 4)), Neurons(4, placed)]
        width = 4
    return Network((*layers, draw(rows(width, 1))))


POINTS = st.lists(
    st.tuples(*[st.tuples(*[st.integers(-2, 2).map(Fraction)] * 3)] * 2), min_size=1, max_size=4
)


def spread(network: Network, pairs: list[tuple[Vector, Vector]]) -> Fraction:
    return sum((abs(network(p)[0] - network(q)[0]) for p, q in pairs), ZERO)


@pytest.mark.parametrize("is_standard", [True, False])
@given(data=st.data(), pairs=POINTS)
def test_no_contraction_spreads_pairs_more_than_its_fan_times_a_coordinate(
    is_standard: bool,
    data: st.DataObject,
    pairs: list[tuple[Vector, Vector]],
) -> None:
    network = data.draw(contractions(3, is_standard=is_standard))
    require_contraction(network)
    if is_standard:
        assert fan(network) == 1
    widest = max(sum(abs(p[j] - q[j]) for p, q in pairs) for j in range(3))
    assert spread(network, pairs) <= fan(network) * widest


@given(data=st.data(), label=st.tuples(*[st.booleans()] * 8))
def test_no_standard_network_beats_the_bound_of_a_boolean_function(
    data: st.DataObject, label: tuple[bool, ...]
) -> None:
    if len(set(label)) == 2:
        known = LabelledPoints.of_function(3, lambda x: label[4 * x[0] + 2 * x[1] + x[2]])
        network = data.draw(contractions(3, is_standard=True))
        assert radius(network, known) <= standard_bound(known).radius


def test_a_fan_is_a_product_over_layers() -> None:
    pair = Neurons(2, ((MaxMin(), (0, 1)),))
    assert fan(Network((pair, Affine.dense([[1, 0], [0, 1]]), ReLU(2), pair))) == 4
    assert fan(Network((Affine.dense([[1]]),))) == 1


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (Affine.dense([[1, 0], ["1/2", "-2/3"]]), "row 1 of layer 2 with 1-norm 7/6"),
        (
            Neurons(2, ((LeakyReLU(Fraction(2)), (1,)),)),
            "the neuron leaky relu 2 of layer 2 with 1-norm 2",
        ),
    ],
)
def test_a_layer_that_expands_is_named(layer: Layer, message: str) -> None:
    with pytest.raises(ShapeError, match=f"found {message}, expected at most 1"):
        require_contraction(Network((ReLU(2), layer)))


def test_distance_neurons_are_contractions() -> None:
    # |(1, -2) - (3, 1)| = 3 in the maximum norm, |(1, -2) - 0| = 2
    network = distance_neurons([vector([3, 1]), vector([0, 0])], vector([1, "-1/2"]))
    assert network(vector([1, -2])) == vector([4, "3/2"])
    require_contraction(network)


def test_sort_neurons_are_contractions() -> None:
    # |(1, -2) + (0, -1)| = (1, 3), sorted (3, 1); |(1, -2) + (4, 0)| = (5, 2)
    weights = [vector(["1/2", "-1/2"]), vector([0, 1])]
    network = sort_neurons(weights, [vector([0, -1]), vector([4, 0])])
    assert network(vector([1, -2])) == vector([1, 2])
    require_contraction(network)
