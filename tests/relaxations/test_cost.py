"""Estimates count what relaxations do, and what they tell of is what they do."""

from collections import Counter
from itertools import pairwise

import pytest

from polyrelax.networks.gallery import tent
from polyrelax.networks.layers import Affine, Layer, Neurons, ReLU
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.sort import Sort
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.cost import Cost, Effort, cost
from polyrelax.relaxations.counts import free_inputs
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.progress import Kind, Piece, heard_by
from polyrelax.relaxations.trace import Relaxation, propagate

SEGMENT = Polytope.box([-1], [1])


def ones(*shape: int) -> Network:
    """Return the network of a shape all of whose weights are 1."""
    layers: list[Layer] = []
    for before, after in pairwise(shape):
        layers += [Affine.dense([[1] * before] * after), ReLU(after)]
    return Network(tuple(layers[:-1]))


def told(method: Relaxation, network: Network, domain: Polytope) -> Counter[Kind]:
    """Return how many pieces of each kind a relaxation tells of."""
    pieces: list[Piece] = []
    _ = propagate(network, domain, heard_by(pieces.append, method)).bounds
    return Counter(piece.kind for piece in pieces)


@pytest.mark.parametrize(
    ("name", "kind"), [("triangle", Kind.PROGRAM), ("dp1", Kind.SUBSTITUTION)]
)
@pytest.mark.parametrize("bits", [None, 32])
def test_programs_and_substitutions_are_counted_as_they_are(
    name: str, kind: Kind, bits: int | None
) -> None:
    """Neurons that sum inputs of [-1, 1]^n are all unstable, and so are those behind them."""
    network, domain = ones(2, 3, 1), Polytope.box([-1, -1], [1, 1])
    method = relaxation(name, bits)
    expected = cost(method, network, domain, (0, 3, 0)).total(kind)
    found = told(method, network, domain)[kind]
    assert found == expected > 0


@pytest.mark.parametrize(("row", "programs"), [([1, -1], 6), ([1, 1], 0)])
def test_programs_in_floats_are_at_most_as_many_as_expected(
    row: list[int], programs: int
) -> None:
    """Each value of the second layer has two programs, those of the first have none.

    Neither has a value that is largest where all neurons are, which is attained there.
    """
    hidden = Affine.dense([[1, 1]] * 40)
    network = Network((hidden, ReLU(40), Affine.dense([row * 20] * 3)))
    domain, method = Polytope.box([-1, -1], [1, 1]), relaxation("triangle", 32)
    assert cost(method, network, domain, (0, 40, 0)).total(Kind.PROGRAM) == 6
    assert told(method, network, domain)[Kind.PROGRAM] == programs


def test_hulls_of_groups_are_counted_as_they_are() -> None:
    network, domain = ones(4, 4, 1), Polytope.box([-1] * 4, [1] * 4)
    method = relaxation("krelu:2", 32)
    assert cost(method, network, domain, (0, 4, 0)).total(Kind.HULL) == 6  # pairs of four
    assert told(method, network, domain)[Kind.HULL] == 6


def test_corners_of_regions_are_at_most_as_many_as_expected() -> None:
    # Two hyperplanes through the middle of the segment: 2 cells; a bound is 1 + 4 cells.
    expected = cost(relaxation("exact"), tent(), SEGMENT, (0, 2, 0, 2, 0))
    assert expected.total(Kind.REGION) == (1 + 4) * 2
    assert 0 < told(relaxation("exact"), tent(), SEGMENT)[Kind.REGION] <= 10


@pytest.mark.parametrize("name", ["p:1", "p:2", "m:1", "krelu:2", "exact", "crown", "triangle"])
def test_a_listener_changes_no_bounds_and_no_value(name: str) -> None:
    method = relaxation(name)
    heard = heard_by(lambda _: None, method)
    assert heard == method
    assert propagate(tent(), SEGMENT, heard).bounds == propagate(tent(), SEGMENT, method).bounds


@pytest.mark.parametrize("name", ["p:1", "p:2", "m:1", "krelu:2", "exact", "triangle"])
def test_stable_networks_cost_nothing_of_what_grows(name: str) -> None:
    network, domain = ones(30, 30, 30, 1), Polytope.box([1] * 30, [1] * 30)
    assert cost(relaxation(name, 32), network, domain, (0,) * 5).seconds < 0.01


def test_more_unstable_neurons_cost_more() -> None:
    network, domain = ones(4, 40, 1), Polytope.box([-1] * 4, [1] * 4)
    for name in ("triangle", "krelu:2", "krelu:3", "exact", "p:1"):
        costs = [
            cost(relaxation(name, 32), network, domain, (0, count, 0)).seconds
            for count in (1, 10, 40)
        ]
        assert costs == sorted(costs)
        assert costs[0] < costs[2]


def test_no_size_is_too_large_for_an_estimate() -> None:
    network, domain = ones(3000, 500, 1), Polytope.box([-1] * 3000, [1] * 3000)
    for name in ("triangle", "krelu:400", "m:400", "p:2", "p:1", "exact"):
        found = cost(relaxation(name, 32), network, domain, (0, 500, 0))
        assert (0.1 if name == "triangle" else 10) < found.seconds < 1e18
        assert found.expected(0, Kind.HULL) >= 0


def test_the_share_of_the_work_grows_to_one() -> None:
    layers = ((), (Effort(Kind.PROGRAM, 4, 1.0),), (Effort(Kind.HULL, 2, 3.0),))
    found = Cost(layers)
    steps: list[tuple[int, dict[Kind, int]]] = [
        (0, {}),
        (1, {Kind.PROGRAM: 2}),
        (1, {Kind.PROGRAM: 99}),
        (2, {Kind.HULL: 1}),
        (3, {}),
    ]
    assert [found.share(*step) for step in steps] == [0.0, 0.2, 0.4, 0.7, 1.0]


def test_inputs_that_are_fixed_are_not_free() -> None:
    assert free_inputs(Polytope.box([0, 0, 1], [0, 1, 1])) == 1


@pytest.mark.parametrize("name", ["crown", "triangle", "krelu:2", "m:1"])
def test_neurons_of_very_many_pieces_take_time(name: str) -> None:
    """A sort of eight has 40,320 pieces, one of five has 120."""
    seconds = []
    for size in (5, 8):
        net = Network((Neurons(size, ((Sort(size), tuple(range(size))),)),))
        box = Polytope.box([0] * size, [1] * size)
        seconds.append(cost(relaxation(name), net, box, (0,)).seconds)
    assert seconds[1] > 10 > seconds[0]


def test_more_neurons_in_a_group_than_are_unstable_cost_nothing_more() -> None:
    net, box = tent(), Polytope.box([-1], [1])
    found = [cost(relaxation(f"krelu:{k}"), net, box, (0, 2, 0, 2, 0)) for k in (2, 10**17)]
    assert found[0] == found[1]
