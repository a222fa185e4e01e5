from __future__ import annotations

from fractions import Fraction

import pytest

from polyrelax.analysis.precision import cells, grid, imprecise, is_precise
from polyrelax.arithmetic.rational import vector
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.expressivity.all_boxes import decide
from polyrelax.expressivity.constructions import (
    convex_minimal,
    flat_encoding,
    maximum_of_affine,
    merge_parallel,
    monotone_encoding,
)
from polyrelax.expressivity.piecewise import Piecewise
from polyrelax.expressivity.solution_spaces import encodings, solution_space
from polyrelax.expressivity.some_boxes import imprecise_box
from polyrelax.networks.gallery import cancelling, hat, tent, tent_flattened
from polyrelax.networks.network import concatenate, network
from polyrelax.networks.rewrite import clamp, reflect
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation

RISING = Piecewise.of_slopes([1, 0, 2, "1/2"], [-1, 0, "3/2"], at_first_kink="-1/3")
FALLING = Piecewise.of_slopes([0, -3, -1, 0], [-2, -1, 5], at_first_kink=7)
BOWL = Piecewise.of_slopes([-2, "-1/2", 0, 3], [-1, 0, 2], at_first_kink=1)
VALLEY = Piecewise.of_slopes([-2, -1, 1, 2], [-1, 0, 1])
WAVE = Piecewise.of_slopes([0, 2, -1, 1], [-1, 0, 2], at_first_kink=1)


@pytest.mark.parametrize("function", [RISING, FALLING, Piecewise.of_slopes([2], [])])
def test_interval_arithmetic_is_exact_on_monotone_encodings(function: Piecewise) -> None:
    net = monotone_encoding(function)
    assert Piecewise.of_network(net) == function
    assert decide(net, "ibp").is_precise
    assert decide(net, "dp0").is_precise


@pytest.mark.parametrize("function", [BOWL, VALLEY])
def test_deeppoly_is_exact_on_minimal_convex_encodings(function: Piecewise) -> None:
    net = convex_minimal(function)
    assert Piecewise.of_network(net) == function
    assert decide(net, "dp0").is_precise
    assert not decide(net, "ibp").is_precise
    assert decide(reflect(net), "dp1").is_precise
    assert not decide(reflect(net), "dp0").is_precise


def test_a_kink_between_falling_and_rising_needs_a_neuron_more() -> None:
    assert len(solution_space(VALLEY, "dp0").precise) == 0
    assert [convex_minimal(f).widths[1] for f in (BOWL, VALLEY)] == [3, 4]


@pytest.mark.parametrize("function", [RISING, BOWL, WAVE, Piecewise.of_slopes([1], [])])
def test_hulls_are_exact_on_flat_encodings(function: Piecewise) -> None:
    net = flat_encoding(function)
    assert Piecewise.of_network(net) == function
    assert decide(net, "p:1").is_precise


def test_flattening_makes_the_tent_precise_for_hulls_everywhere() -> None:
    assert not decide(tent(), "p:1").is_precise
    flat = flat_encoding(Piecewise.of_network(tent()))
    assert decide(flat, "p:1").is_precise
    assert not decide(flat, "triangle").is_precise
    within = (Fraction(-1), Fraction(1))
    assert Piecewise.of_network(flat).on(*within) == Piecewise.of_network(tent_flattened()).on(
        *within
    )


@pytest.mark.parametrize("function", [WAVE, VALLEY])
def test_only_monotone_functions_have_monotone_encodings(function: Piecewise) -> None:
    with pytest.raises(ShapeError, match="monotone"):
        monotone_encoding(function)


def test_clamping_makes_one_domain_exact_and_not_its_intervals() -> None:
    # |x| on [-1, 1] with two neurons, clamped to its range [0, 1]
    absolute = network(([[1], [-1]], [0, 0]), ([[1, 1]], [0]))
    clamped = clamp(absolute, 0, 1)
    assert is_precise(clamped, Polytope.box([-1], [1]), relaxation("ibp"))
    witness = decide(clamped, "ibp", (Fraction(-1), Fraction(1))).imprecise
    assert witness is not None
    assert witness != (-1, 1)


def test_merging_parallel_neurons_repairs_what_cancels() -> None:
    assert not decide(cancelling(), "triangle").is_precise
    merged = merge_parallel(cancelling())
    assert merged.widths == (1, 1, 1, 1)
    assert decide(merged, "triangle").is_precise


def test_merging_keeps_the_function_and_different_neurons() -> None:
    net = network(([[1, 2], [2, 4], [-1, -2], [0, 0]], [1, 2, -1, 3]), ([[1, 1, 1, 1]], [0]))
    merged = merge_parallel(net)
    assert merged.widths[1] == 3
    for x in (["0", "0"], ["1", "-3"], ["1/2", "5"], ["-4", "1"]):
        assert merged(vector(x)) == net(vector(x))
    assert merge_parallel(hat()) == hat()


def test_hulls_are_exact_on_maxima_of_affine_functions() -> None:
    top = maximum_of_affine([[1, 0], [0, 1], [-1, -1]], [0, "1/2", 0])
    square = Polytope.box([-1, -1], [1, 1])
    assert imprecise_box(top, square, relaxation("p:1"), limit=40) is None
    assert not list(imprecise(top, cells(grid(-1, 1, 3), 2), relaxation("p:1")))
    assert imprecise_box(top, square, relaxation("triangle"), limit=40) is not None
    line = maximum_of_affine([[-2], ["1/2"], [3]], [0, 1, "-1/3"])
    assert decide(line, "p:1").is_precise


def test_bad_shapes_are_refused() -> None:
    with pytest.raises(ShapeError, match="convex"):
        convex_minimal(WAVE)
    with pytest.raises(ShapeError, match="with a kink"):
        encodings(Piecewise.of_slopes([1], []))
    with pytest.raises(DimensionError, match="found 1 row and 2 offsets"):
        maximum_of_affine([[1]], [0, 0])


def test_side_by_side_networks_are_two_outputs_and_refused() -> None:
    with pytest.raises(DimensionError, match="2 outputs"):
        decide(concatenate(tent(), tent()), "ibp")


def test_triangles_take_every_sign_and_deeppoly_one() -> None:
    # slopes -1, 0, 1: the rule is + where the slope before a kink is not negative, and -
    # where the slope after it is not positive; DeepPoly-1 takes the opposite signs
    trough = Piecewise.of_slopes([-1, 0, 1], [-1, 1])
    assert len(solution_space(trough, "triangle").precise) == 4
    assert solution_space(trough, "dp0").precise == ("-+",)
    assert solution_space(trough, "dp1").precise == ("+-",)
    assert solution_space(trough, "ibp").precise == ()
