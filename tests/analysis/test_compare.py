from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from polyrelax.analysis.compare import Comparison, compare
from polyrelax.analysis.geometry import compare_sets
from polyrelax.errors import DimensionError
from polyrelax.networks.gallery import maximum, tent, two_relu_example
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from polyrelax.strategies import polytopes

SQUARE = Polytope.box([0, 0], [1, 1])


def comparison(first: str, second: str) -> Comparison:
    traces = [propagate(maximum(2), SQUARE, relaxation(name)) for name in (first, second)]
    [result] = compare(traces)
    return result


def test_the_triangle_misses_the_maximum_by_one_half() -> None:
    output = comparison("p:1", "triangle").layers[-1]
    assert (output.first_inside, output.second_inside) == (True, False)
    assert output.gap == Fraction(1, 2)


def test_the_sets_of_the_hidden_layer_differ_by_the_facets_that_couple_its_neurons() -> None:
    # conv{(relu(x1 - x2), x2)} is the triangle (0,0), (1,0), (0,1); single neurons only
    # see c <= (1 + x1 - x2) / 2, which leaves the quadrilateral with (1/2, 1) as a vertex.
    hidden = next(c for c in comparison("p:1", "triangle").layers if c.layer == 2)
    assert hidden.geometry is not None
    assert (hidden.geometry.first_inside, hidden.geometry.second_inside) == (True, False)
    assert hidden.geometry.volume_ratio == Fraction(1, 2) / Fraction(3, 4)
    assert Constraint((Fraction(1), Fraction(1)), Fraction(1)) in hidden.geometry.only_first


def test_equal_relaxations_have_no_gap_anywhere() -> None:
    for layer in comparison("m:1", "p:1").layers:
        assert layer.gap == 0
        assert layer.geometry is not None
        assert layer.geometry.only_first == layer.geometry.only_second == ()


def test_wide_layers_are_compared_by_bounds_only() -> None:
    domain = Polytope.box([0] * 4, [1] * 4)
    traces = [propagate(maximum(4), domain, relaxation(name)) for name in ("ibp", "triangle")]
    [result] = compare(traces)
    assert result.layers[0].geometry is None
    assert result.layers[-1].geometry is not None


def test_traces_of_two_networks_are_refused() -> None:
    segment = Polytope.box([-1], [1])
    traces = [
        propagate(tent(), segment, relaxation("ibp")),
        propagate(two_relu_example(), Polytope.box([-1, -1], [1, 1]), relaxation("ibp")),
    ]
    with pytest.raises(DimensionError, match="two networks"):
        compare(traces)


@given(polytopes(dim=2), polytopes(dim=2))
def test_inclusion_is_a_volume_ratio_of_at_most_one(first: Polytope, second: Polytope) -> None:
    geometry = compare_sets(first, Polytope.hull_of_union([first, second]))
    assert geometry.first_inside
    assert geometry.volume_ratio is None or geometry.volume_ratio <= 1
    assert geometry.second_inside == (first == Polytope.hull_of_union([first, second]))
