"""Complexes against the cells that cutting one polytope after the other finds."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.errors import EmptySetError, UnsupportedNeuronError
from polyrelax.networks.adjacency import adjacency_graph
from polyrelax.networks.complexes.complex import Complex
from polyrelax.networks.layers import Affine, Neurons, ReLU
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.clip import Clip
from polyrelax.networks.neurons.leaky import LeakyReLU
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.sort import Sort
from polyrelax.networks.regions import count_patterns, cut_regions, linear_regions
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.subdivision import volume
from tests.networks.cases import networks

SQUARE = Polytope.box([-1, -1], [1, 1])
CUBE = Polytope.box([-1, -1, -1], [1, 1, 1])


def integer_networks(*widths: int) -> st.SearchStrategy[Network]:
    """Weights from -1 to 1: planes coincide, are parallel, and meet in common points."""
    layers: list[st.SearchStrategy[Affine | ReLU]] = []
    for before, here in pairwise(widths):
        entry = st.integers(-1, 1)
        rows = st.lists(
            st.lists(entry, min_size=before, max_size=before), min_size=here, max_size=here
        )
        bias = st.lists(entry, min_size=here, max_size=here)
        layers += [st.builds(Affine.dense, rows, bias), st.just(ReLU(here))]
    return st.tuples(*layers[:-1]).map(Network)


def same_cells(f: Network, domain: Polytope) -> Complex:
    """Compare a complex with the cells of ``cut_regions``, and return it."""
    found, regions = Complex(f, domain), tuple(cut_regions(f, domain))
    known = {region.pattern: region for region in regions}
    assert [pattern for pattern, _ in found.cells] == [region.pattern for region in regions]
    for pattern, cell in found.cells:
        corners = [found.vertices[v] for v in found.vertices_of(cell)]
        assert sorted(corners) == sorted(known[pattern].cell.vertices)
        linear = found.linear(cell)
        assert all(f(x) == linear(x) for x in corners)
        if domain.affine_dim == domain.dim:
            assert linear == known[pattern].linear
    return found


@given(networks(2, 4, 3, 1))
def test_cells_are_those_that_cutting_finds(f: Network) -> None:
    same_cells(f, SQUARE)


@given(integer_networks(2, 5, 4, 1))
def test_regions_of_many_neurons_are_those_that_cutting_finds(f: Network) -> None:
    regions = tuple(linear_regions(f, SQUARE))
    assert regions == tuple(cut_regions(f, SQUARE))
    assert len(regions) == count_patterns(f, SQUARE)
    for one, two in zip(regions, cut_regions(f, SQUARE), strict=True):
        assert one.cell.vertices == two.cell.vertices
        assert sorted(map(str, one.cell.facets)) == sorted(
            str(side.primitive()) for side in two.cell.facets
        )


@given(integer_networks(2, 5, 4, 1))
def test_degenerate_arrangements_of_lines(f: Network) -> None:
    same_cells(f, SQUARE)


@given(integer_networks(3, 4, 2, 1))
def test_degenerate_arrangements_of_planes(f: Network) -> None:
    same_cells(f, CUBE)


@given(integer_networks(4, 3, 2, 1))
def test_degenerate_arrangements_in_space_of_four_dimensions(f: Network) -> None:
    same_cells(f, Polytope.box([0, -1, -1, -1], [1, 1, 1, 1]))


POINTS = st.lists(
    st.tuples(*(st.integers(-1, 1) for _ in range(3))), min_size=1, max_size=6, unique=True
)


@given(integer_networks(3, 4, 3, 2), POINTS)
def test_polytopes_of_any_dimension(f: Network, points: list[tuple[int, int, int]]) -> None:
    same_cells(f, Polytope.hull(points, 3))


@given(networks(3, 3, 2, 1))
def test_neighbours_have_a_facet_in_common(f: Network) -> None:
    found, graph = Complex(f, CUBE), adjacency_graph(f, CUBE)
    pairs = {frozenset(found.pattern(int(c)) for c in row[:2]) for row in found.neighbours}
    assert pairs == {frozenset(edge) for edge in graph.edges}


@given(integer_networks(2, 4, 3, 2))
def test_values_at_vertices_are_those_of_the_network(f: Network) -> None:
    found = Complex(f, SQUARE)
    assert found.values == tuple(map(f, found.vertices))
    assert len(set(found.vertices)) == found.f_vector[0]


@given(integer_networks(2, 4, 3, 1))
def test_volumes_add_up(f: Network) -> None:
    found = Complex(f, SQUARE)
    parts = (
        Polytope.hull([found.vertices[v] for v in found.vertices_of(cell)], 2)
        for cell in range(found.count)
    )
    assert sum(map(volume, parts)) == 4


@given(networks(2, 4, 3, 1))
def test_floats_are_as_near_as_they_say(f: Network) -> None:
    found = Complex(f, SQUARE)
    points, errors = found.float_points
    for x, near, error in zip(found.vertices, points.tolist(), errors.tolist(), strict=True):
        distances = (abs(Fraction(a) - b) for a, b in zip(near, x, strict=True))
        assert max(distances) <= Fraction(error)


GROUPS = st.sampled_from(
    [
        (Absolute(), 1),
        (Clip(Fraction(-1), Fraction(1)), 1),
        (Maximum(2), 2),
        (MaxMin(), 2),
        (Sort(3), 3),
    ]
)


@given(st.lists(GROUPS, min_size=1, max_size=2), st.data())
def test_neurons_of_other_kinds(kinds: list[tuple[Absolute, int]], data: st.DataObject) -> None:
    width = 3
    placed = [(neuron, tuple(range(reads))) for neuron, reads in kinds]
    first = Neurons(width, tuple(placed))
    second = integer_networks(first.out_dim, 2, 1)
    f = (*data.draw(integer_networks(2, width)).layers, first, *data.draw(second).layers)
    same_cells(Network(f), SQUARE)


def test_numbers_that_floats_cannot_hold() -> None:
    # A kink at 2^-1100: floats see none apart from the other one, at 0.
    small = Fraction(1, 2**1100)
    f = Network((Affine.dense([[1], [1]], [0, -small]), ReLU(2), Affine.dense([[1, 1]])))
    found = Complex(f, Polytope.box([-1], [1]))
    assert sorted(x for (x,) in found.vertices) == [-1, 0, small, 1]
    assert found.decided_exactly > 0


def test_concurrent_lines_make_one_vertex() -> None:
    # Four lines through the origin cut a square into eight triangles, nine vertices in all.
    f = Network((Affine.dense([[1, 0], [0, 1], [1, 1], [1, -1]]), ReLU(4)))
    assert Complex(f, SQUARE).f_vector == (9, 16, 8)


def test_neurons_without_a_plane_of_their_own() -> None:
    # Twice the same line, its opposite, a constant, and one that touches a corner.
    weight = [[1, 0], [2, 0], [-1, 0], [0, 0], [1, 1]]
    f = Network((Affine.dense(weight, [0, 0, 0, 0, -2]), ReLU(5)))
    assert Complex(f, SQUARE).f_vector == (6, 7, 2)


def test_a_point_is_a_complex() -> None:
    f = Network((Affine.dense([[1, 1]]), ReLU(1)))
    assert Complex(f, Polytope.hull([[1, 0]], 2)).f_vector == (1,)


@given(st.one_of(networks(2, 4, 3, 2), integer_networks(2, 4, 3, 2)))
def test_greatest_and_least_values_are_those_at_vertices(f: Network) -> None:
    found = Complex(f, SQUARE)
    for j in range(2):
        values = [f(x)[j] for x in found.vertices]
        ends = ((found.greatest(j), max(values)), (found.least(j), min(values)))
        for support, value in ends:
            assert (support.value, f(support.point)[j]) == (value, value)


def test_values_that_differ_by_less_than_floats_are_told_apart() -> None:
    # relu(x) + (1 - d) relu(-x) is 1 at x = 1 and 1 - d at x = -1.
    d = Fraction(1, 10**40)
    f = Network((Affine.dense([[1], [-1]]), ReLU(2), Affine.dense([[1, 1 - d], [0, 1]])))
    found = Complex(f, Polytope.box([-1], [1])).greatest(0)
    assert (found.value, found.point) == (1, (1,))
    flipped = Network((Affine.dense([[-1], [1]]), *f.layers[1:]))
    assert Complex(flipped, Polytope.box([-1], [1])).greatest(0).point == (-1,)


@pytest.mark.parametrize("layers", [(Affine.dense([[1, 2]], [3]),), (ReLU(2),)])
def test_greatest_values_without_neurons_or_layers_behind_them(
    layers: tuple[Affine | ReLU, ...],
) -> None:
    found = Complex(Network(layers), SQUARE).greatest(0)
    assert (found.value, found.point[0]) == (6 if layers[0].out_dim == 1 else 1, 1)


THREE = Network((Neurons(3, ((Maximum(3), (0, 1, 2)),)),))


@pytest.mark.parametrize(
    ("f", "domain", "kind"),
    [
        (Network((ReLU(2),)), Polytope.empty(2), EmptySetError),
        (THREE, CUBE, UnsupportedNeuronError),
    ],
)
def test_what_is_refused(f: Network, domain: Polytope, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        Complex(f, domain)


def test_arrays_are_of_the_faces() -> None:
    found = Complex(Network((ReLU(2),)), SQUARE)
    owners, facets = found.facets_of(2)
    assert np.bincount(owners).tolist() == [4, 4, 4, 4]
    assert sorted(np.bincount(facets).tolist()) == [1] * 8 + [2] * 4


def test_weights_that_floats_lose_decide_nothing() -> None:
    """Slopes of 2^-1080 are no floats, and with inputs of 2^500 they bend all the same."""
    tiny = Fraction(1, 2**1080)
    net = Network(
        (
            Affine.dense([[2**500]]),
            Affine.dense([[tiny]] * 8, [(k + 1) * Fraction(1, 2**590) for k in range(8)]),
            ReLU(8),
            Affine.dense([[2**580] * 8]),
        )
    )
    segment = Polytope.box([-1], [1])
    assert count_patterns(net, segment) == sum(1 for _ in cut_regions(net, segment))


def test_slopes_that_round_to_one_are_not_taken_for_one() -> None:
    """y falls by 2^-54 of itself in each layer: y + 1 - 150 2^-54 stays positive on [-1, 0]."""
    slope = 1 - Fraction(1, 2**54)
    leaky = Neurons(1, ((LeakyReLU(slope), (0,)),))
    last = Affine.dense([[1]], [1 - 150 * Fraction(1, 2**54)])
    net = Network((*[leaky] * 300, last, ReLU(1)))
    assert Complex(net, Polytope.box([-1], [0])).count == 1


def test_values_that_overflow_have_no_sign_in_floats() -> None:
    weights = [[2**1000, -(2**999), -(2**999), -(2**999)]]
    net = Network((Affine.dense(weights), ReLU(1)))
    box = Polytope.box([2**24] * 4, [2**24 + 1] * 4)
    found = Complex(net, box)
    assert [str(found.pattern(cell)) for cell in range(found.count)] == ["-"]


def test_inputs_beyond_floats_have_a_complex() -> None:
    net = Network((Affine.dense([[1, 1]] * 8, [Fraction(k) for k in range(8)]), ReLU(8)))
    wide = Polytope.box([-(10**400), 0], [10**400, 1])
    assert Complex(net, wide).count == 9


def test_a_network_without_inputs_has_one_region() -> None:
    net = Network((Affine.dense([[]] * 8, [1] * 8), ReLU(8)))
    assert count_patterns(net, Polytope.box([], [])) == 1
