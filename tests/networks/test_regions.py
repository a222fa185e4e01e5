from __future__ import annotations

from fractions import Fraction
from itertools import product

import networkx as nx
import pytest
from hypothesis import given

from polyrelax.arithmetic.rational import Vector, vector
from polyrelax.errors import DimensionError, EmptySetError
from polyrelax.networks.adjacency import adjacency_graph
from polyrelax.networks.gallery import (
    absolute_value,
    hat,
    maximum,
    salman_example,
    tent,
    two_relu_example,
)
from polyrelax.networks.network import Network, network
from polyrelax.networks.pattern import ActivationPattern, pattern_at
from polyrelax.networks.regions import (
    count_patterns,
    exact_graph,
    exact_hull,
    exact_range,
    extremes,
    linear_regions,
    trace_vertices,
)
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.subdivision import volume
from tests.networks.cases import networks

SQUARE = Polytope.box([-1, -1], [1, 1])
GRID = [vector([Fraction(i, 4), Fraction(j, 4)]) for i in range(-4, 5) for j in range(-4, 5)]


def centre(polytope: Polytope) -> Vector:
    count = len(polytope.vertices)
    return tuple(sum(values) / count for values in zip(*polytope.vertices, strict=True))


@given(networks(2, 3, 2, 1))
def test_cells_partition_the_domain(f: Network) -> None:
    cells = [region.cell for region in linear_regions(f, SQUARE)]
    assert sum(volume(cell) for cell in cells) == 4
    assert all(cell <= SQUARE and cell.affine_dim == 2 for cell in cells)


@given(networks(2, 3, 2, 1))
def test_the_network_is_the_affine_map_on_each_cell(f: Network) -> None:
    for region in linear_regions(f, SQUARE):
        assert all(
            f(x) == region.linear(x) for x in (*region.cell.vertices, centre(region.cell))
        )
        assert pattern_at(f, centre(region.cell)) == region.pattern


@given(networks(2, 3, 2, 1))
def test_patterns_differ_and_number_the_cells(f: Network) -> None:
    patterns = [region.pattern for region in linear_regions(f, SQUARE)]
    assert len(set(patterns)) == len(patterns) == count_patterns(f, SQUARE)


@given(networks(2, 3, 2, 2))
def test_exact_range_contains_the_values_and_is_attained(f: Network) -> None:
    ranges = exact_range(f, SQUARE)
    for x in GRID:
        assert all(low <= y <= high for (low, high), y in zip(ranges, f(x), strict=True))
    for j, found in enumerate(extremes(f, SQUARE)):
        assert f(found.minimum.point)[j] == found.minimum.value == ranges[j][0]
        assert f(found.maximum.point)[j] == found.maximum.value == ranges[j][1]
        assert found.minimum.point in SQUARE
        assert found.maximum.point in SQUARE


@given(networks(2, 2, 1))
def test_graph_and_hull_contain_the_values(f: Network) -> None:
    hull, parts = exact_hull(f, SQUARE), tuple(exact_graph(f, SQUARE))
    assert Polytope.hull_of_union(parts) == hull
    assert all(any(x + f(x) in part for part in parts) for x in GRID[::7])


@given(networks(2, 3, 2, 1))
def test_runs_are_those_of_the_network(f: Network) -> None:
    runs = list(trace_vertices(f, SQUARE))
    assert all(run == f.activations(run[0]) for run in runs)
    assert {run[0] for run in runs} >= set(SQUARE.vertices)


@pytest.mark.parametrize(
    ("f", "domain", "count"),
    [
        (tent(), Polytope.box([-1], [1]), 4),
        (absolute_value(), Polytope.box([-1], [1]), 2),
        (absolute_value(), Polytope.box([1], [2]), 1),
        (hat(), Polytope.box([-1], [1]), 4),
        (maximum(2), Polytope.box([0, 0], [1, 1]), 2),
        (maximum(3), Polytope.box([0, 0, 0], [1, 1, 1]), 4),
        (two_relu_example(), SQUARE, 4),
    ],
)
def test_patterns_counted_by_hand(f: Network, domain: Polytope, count: int) -> None:
    assert count_patterns(f, domain) == count


def test_ranges_known_by_hand() -> None:
    assert exact_range(tent(10), Polytope.box([-1], [1])) == ((10, 20),)
    assert exact_range(salman_example(), SQUARE) == ((0, 1),)
    assert exact_range(maximum(3), Polytope.box([0, 0, 0], [1, 1, 1])) == ((0, 1),)


def test_a_flat_domain_has_cells_of_its_own_dimension() -> None:
    diagonal = Polytope.hull([[-1, -1], [1, 1]], 2)
    cells = [region.cell for region in linear_regions(two_relu_example(), diagonal)]
    assert [cell.affine_dim for cell in cells] == [1, 1]  # i1 + i2 changes sign, i1 - i2 is 0


def test_a_point_is_one_cell() -> None:
    point = Polytope.hull([[0]], 1)
    assert [str(region.pattern) for region in linear_regions(tent(), point)] == ["-- ++"]
    assert exact_range(tent(), point) == ((2, 2),)


def test_a_neuron_that_vanishes_on_the_domain_is_off() -> None:
    zero = network(([[0]], [0]), ([[1]], [0]))
    assert [str(r.pattern) for r in linear_regions(zero, Polytope.box([0], [1]))] == ["-"]


def test_the_empty_set_has_no_regions_and_no_range() -> None:
    empty = Polytope.empty(1)
    assert list(linear_regions(tent(), empty)) == []
    with pytest.raises(EmptySetError, match="empty input set"):
        exact_range(tent(), empty)


def test_domains_of_another_dimension_are_refused() -> None:
    with pytest.raises(DimensionError, match="dimension 2, the network reads 1"):
        list(linear_regions(tent(), SQUARE))


def test_cells_of_the_tent_form_a_path() -> None:
    graph = adjacency_graph(tent(), Polytope.box([-1], [1]))
    assert nx.is_isomorphic(graph, nx.path_graph(4))
    facets = {facet.vertices[0][0] for _, _, facet in graph.edges(data="facet")}
    assert facets == {Fraction(-1, 2), Fraction(0), Fraction(1, 2)}
    cells = dict(graph.nodes(data="polytope"))
    assert Polytope.hull_of_union(cells.values()) == Polytope.box([-1], [1])


def test_four_quadrants_form_a_cycle() -> None:
    graph = adjacency_graph(two_relu_example(), SQUARE)
    assert nx.is_isomorphic(graph, nx.cycle_graph(4))


def test_patterns_are_written_with_signs() -> None:
    pattern = ActivationPattern().then([True, False]).then([True])
    assert str(pattern) == "+- +"
    signs = [region.pattern for region in linear_regions(tent(), Polytope.box([-1], [1]))]
    assert {str(p) for p in signs} == {"-+ +-", "-+ ++", "+- -+", "+- ++"}


def test_corners_of_the_cube_bound_the_maximum_of_four() -> None:
    cube = Polytope.box([0] * 4, [1] * 4)
    values = [maximum(4)(vector(corner))[0] for corner in product((0, 1), repeat=4)]
    assert exact_range(maximum(4), cube) == ((min(values), max(values)),)


def test_a_layer_of_very_many_neurons_is_no_recursion() -> None:
    """Of 1,500 hinges two are inside the interval; Python's own limit is 1,000 calls."""
    hinges = 1500
    net = network(([[1]] * hinges, [-k for k in range(hinges)]), ([[1] * hinges], [0]))
    found = linear_regions(net, Polytope.box([-1], [2]))
    assert [region.cell for region in found] == [Polytope.box([k], [k + 1]) for k in (-1, 0, 1)]
