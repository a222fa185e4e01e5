"""Laws that hold between relaxations, for networks of neurons of all kinds."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings

from polyrelax.analysis.partition import PhaseSearch, first_layer_first
from polyrelax.arithmetic.rational import Vector, vector
from polyrelax.errors import GroupingError, UnsupportedNeuronError
from polyrelax.networks.layers import Affine, Neurons
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.clip import Clip
from polyrelax.networks.neurons.leaky import LeakyReLU
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.passing import Pass
from polyrelax.networks.neurons.relu import Rectifier
from polyrelax.networks.neurons.sort import Sort
from polyrelax.networks.pattern import pattern_at
from polyrelax.networks.regions import exact_hull, exact_range, linear_regions
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.subdivision import volume
from polyrelax.relaxations.multi_neuron import KReLU
from polyrelax.relaxations.trace import propagate
from polyrelax.strategies import neuron_networks, polytopes
from tests.laws.relaxations import NAMES, TIGHTER, is_inside, run

FEW = settings(max_examples=settings().max_examples // 3)
SQUARE = Polytope.box([-1, -1], [1, 1])
domains = polytopes(dim=2)
some_networks = neuron_networks(2)
shallow = neuron_networks(2, most_layers=1)


def centre(polytope: Polytope) -> Vector:
    count = len(polytope.vertices)
    return tuple(sum(values) / count for values in zip(*polytope.vertices, strict=True))


@given(some_networks)
def test_regions_partition_the_domain_and_the_network_is_affine_on_each(f: Network) -> None:
    regions = list(linear_regions(f, SQUARE))
    assert sum(volume(region.cell) for region in regions) == 4
    for region in regions:
        middle = centre(region.cell)
        assert all(f(x) == region.linear(x) for x in (*region.cell.vertices, middle))
        assert pattern_at(f, middle) == region.pattern
    assert len({region.pattern for region in regions}) == len(regions)


@given(some_networks, domains)
def test_exact_bounds_are_those_of_the_hull_and_of_the_regions(
    f: Network, domain: Polytope
) -> None:
    (found,) = run("exact", f, domain).output
    assert tuple(found) == exact_range(f, domain)[0]
    assert found == exact_hull(f, domain).bounds[-1]


@pytest.mark.parametrize("name", NAMES)
@FEW
@given(network=some_networks, domain=domains)
def test_every_relaxation_contains_the_values_of_the_network(
    name: str, network: Network, domain: Polytope
) -> None:
    trace = run(name, network, domain)
    for x in (*domain.vertices, centre(domain)):
        for value, bounds in zip(network.activations(x), trace.bounds, strict=True):
            assert all(v in interval for v, interval in zip(value, bounds, strict=True))


@pytest.mark.parametrize(("tighter", "looser"), TIGHTER)
@FEW
@given(network=some_networks, domain=domains)
def test_relaxations_are_ordered_as_theory_says(
    tighter: str, looser: str, network: Network, domain: Polytope
) -> None:
    assert is_inside(run(tighter, network, domain), run(looser, network, domain))


@FEW
@given(network=shallow, domain=domains)
def test_one_layer_of_neurons_is_exact_under_its_hull(
    network: Network, domain: Polytope
) -> None:
    exact = run("exact", network, domain).output
    assert run("p:1", network, domain).output == exact
    assert run("m:2", network, domain).output == exact


@pytest.mark.parametrize("name", ["ibp", "triangle", "krelu:2", "m:1", "p:1", "exact"])
@FEW
@given(network=some_networks, domain=domains)
def test_a_smaller_domain_gives_no_looser_bounds(
    name: str, network: Network, domain: Polytope
) -> None:
    half, corner = Fraction(1, 2), domain.vertices[0]
    shrunk = domain.affine_map(
        (vector([half, 0]), vector([0, half])), tuple(half * c for c in corner)
    )
    assert is_inside(run(name, network, shrunk), run(name, network, domain))


@pytest.mark.parametrize(
    "name", ["ibp", "dp0", "dp1", "crown", "fastlin", "triangle", "krelu:2"]
)
@pytest.mark.parametrize("bits", [6, 24])
@FEW
@given(network=some_networks, domain=domains)
def test_rounded_bounds_contain_the_exact_ones(
    name: str, bits: int, network: Network, domain: Polytope
) -> None:
    assert is_inside(run("exact", network, domain), run(name, network, domain, bits))


def sum_of(layer: Neurons) -> Network:
    """Return the network of the sum of a layer's values."""
    return Network((layer, Affine.dense([[1] * layer.out_dim])))


@pytest.mark.parametrize(
    ("layer", "domain", "bounds"),
    [
        # |x| on [-1, 3]: above, the chord from (-1, 1) to (3, 3); below, -x, x, or for fastlin
        # x/2, which is least on the graph at 0.
        (
            Neurons(1, ((Absolute(), (0,)),)),
            ([-1], [3]),
            {"ibp": "[0, 3]", "dp0": "[-3, 3]", "dp1": "[-1, 3]", "fastlin": "[-1/2, 3]"},
        ),
        # max(x, y) on the unit square: above, x + y or 1; at the centre both are 1, and 1 is
        # taken, which is never greater.  Below, x and y are equal at the centre too.
        (
            Neurons(2, ((Maximum(2), (0, 1)),)),
            ([0, 0], [1, 1]),
            {"ibp": "[0, 1]", "crown": "[0, 1]", "triangle": "[0, 1]", "exact": "[0, 1]"},
        ),
        # max(x, y) + min(x, y) = x + y.
        (
            Neurons(2, ((MaxMin(), (0, 1)),)),
            ([0, 0], [1, 2]),
            {"ibp": "[0, 3]", "triangle": "[0, 3]", "exact": "[0, 3]"},
        ),
        # clip(x) + x rises on [-1, 2] from 0 - 1 to 1 + 2.
        (
            Neurons(1, ((Clip(Fraction(0), Fraction(1)), (0,)), (Pass(), (0,)))),
            ([-1], [2]),
            {"ibp": "[-1, 3]", "triangle": "[-1, 3]", "exact": "[-1, 3]"},
        ),
    ],
    ids=["absolute", "maximum", "maxmin", "clip"],
)
def test_bounds_of_small_layers_are_those_found_by_hand(
    layer: Neurons, domain: tuple[list[int], list[int]], bounds: dict[str, str]
) -> None:
    found = {
        name: str(run(name, sum_of(layer), Polytope.box(*domain)).output[0]) for name in bounds
    }
    assert found == bounds


def test_the_hull_of_two_neurons_together_sees_what_single_ones_do_not() -> None:
    # |x| - |x| by two neurons: alone, each may be anywhere between |x| and 1 on [-1, 1].
    twice = Neurons(1, ((Absolute(), (0,)), (Absolute(), (0,))))
    difference = Network((twice, Affine.dense([[1, -1]])))
    segment = Polytope.box([-1], [1])
    assert str(run("triangle", difference, segment).output[0]) == "[-1, 1]"
    assert str(run("krelu:2", difference, segment).output[0]) == "[0, 0]"
    assert str(run("m:2", difference, segment).output[0]) == "[0, 0]"


def test_two_rectifiers_may_read_one_value() -> None:
    twice = Neurons(1, ((Rectifier(), (0,)), (Rectifier(), (0,))))
    difference = Network((twice, Affine.dense([[1, -1]])))
    segment = Polytope.box([-1], [1])
    assert str(run("triangle", difference, segment).output[0]) == "[-1/2, 1/2]"
    for name in ("krelu:2", "m:2", "p:1", "exact"):
        assert str(run(name, difference, segment).output[0]) == "[0, 0]"


def test_a_sort_gives_order_statistics() -> None:
    # Of three numbers in [0, 1], [0, 1] and [2, 3] the greatest is the last.
    layer = Neurons(3, ((Sort(3), (0, 1, 2)),))
    trace = run("triangle", Network((layer,)), Polytope.box([0, 0, 2], [1, 1, 3]))
    assert [str(y) for y in trace.output] == ["[2, 3]", "[0, 1]", "[0, 1]"]


def test_neurons_that_are_affine_on_their_bounds_are_exact() -> None:
    # On [1, 2]: leaky relu, absolute value and x itself are equal, so they cancel.
    layer = Neurons(1, ((LeakyReLU(Fraction(1, 3)), (0,)), (Absolute(), (0,))))
    difference = Network((layer, Affine.dense([[1, -1]])))
    for name in ("dp0", "dp1", "crown", "fastlin", "triangle", "krelu:2", "m:1"):
        assert str(run(name, difference, Polytope.box([1], [2])).output[0]) == "[0, 0]"


def test_a_layer_that_only_moves_values_moves_them() -> None:
    layer = Neurons(3, ((Pass(), (2,)), (Maximum(1), (0,))))
    box = Polytope.box([0, 2, 4], [1, 3, 5])
    for name in NAMES:
        bounds = run(name, Network((layer,)), box).output
        assert [str(y) for y in bounds] == ["[4, 5]", "[0, 1]"]


@pytest.mark.parametrize("name", ["dp0", "dp1", "crown", "fastlin", "triangle", "p:1"])
def test_a_neuron_may_read_a_value_twice(name: str) -> None:
    # max(x, x) - x is 0; relaxations of single neurons do not know that both are the same.
    layer = Neurons(1, ((Maximum(2), (0, 0)), (Pass(), (0,))))
    bounds = run(name, sum_of(layer), Polytope.box([0], [1])).output[0]
    assert str(bounds) == "[0, 2]"


def test_groups_name_neurons_by_their_first_values() -> None:
    # Two MaxMins of the same two numbers: their first values are 0 and 2.
    pair = (MaxMin(), (0, 1))
    difference = Network((Neurons(2, (pair, pair)), Affine.dense([[1, 0, -1, 0]])))
    square = Polytope.box([0, 0], [1, 1])
    chosen = KReLU(2, groups=((0, ((0, 2),)),))
    assert str(propagate(difference, square, chosen).output[0]) == "[0, 0]"
    assert str(run("triangle", difference, square).output[0]) == "[-1/2, 1/2]"
    foreign = KReLU(2, groups=((0, ((0, 1),)),))
    with pytest.raises(GroupingError, match=r"^found groups 0,1, which are not of"):
        propagate(difference, square, foreign)


def test_branch_and_bound_on_phases_refuses_other_neurons() -> None:
    network, segment = sum_of(Neurons(1, ((Absolute(), (0,)),))), Polytope.box([-1], [1])
    search = PhaseSearch(network, segment, Fraction(0), first_layer_first)
    message = "found a layer of absolute value, expected affine, ReLU and identity layers"
    with pytest.raises(UnsupportedNeuronError, match=message):
        list(search.leaves())
