"""Precision on families of boxes, against counts and ranges found by hand."""

from __future__ import annotations

from fractions import Fraction
from math import comb

from polyrelax.analysis.precision import (
    cells,
    exact_bounds,
    grid,
    imprecise,
    is_precise,
    segments,
)
from polyrelax.arithmetic.interval import Interval
from polyrelax.networks.gallery import absolute_value, maximum, tent_merged
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.subdivision import volume
from polyrelax.relaxations.deeppoly import DP0, DP1
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.triangle import Triangle


def test_a_grid_of_n_steps_has_all_pairs_of_ends_as_segments() -> None:
    boxes = segments(grid(-1, 1, 16))
    assert len(set(boxes)) == comb(17, 2)
    assert Polytope.box([-1], ["-7/8"]) in boxes


def test_cells_fill_the_square_without_overlap() -> None:
    parts = cells(grid(0, 2, 3), 2)
    assert len(parts) == 9
    assert sum((volume(part) for part in parts), Fraction(0)) == 4
    assert Polytope.hull_of_union(parts) == Polytope.box([0, 0], [2, 2])


def test_exact_bounds_are_attained_inside_and_at_the_border() -> None:
    assert exact_bounds(absolute_value(), Polytope.box([-1], [2])) == (
        Interval(Fraction(0), Fraction(2)),
    )


def test_intervals_are_imprecise_for_the_absolute_value_iff_zero_is_inside() -> None:
    boxes = segments(grid(-1, 1, 4))
    expected = [box for box in boxes if box.bounds[0][0] < 0 < box.bounds[0][1]]
    assert list(imprecise(absolute_value(), boxes, IBP())) == expected


def test_deeppoly_1_is_imprecise_for_the_merged_tent_iff_its_last_neuron_is_unstable() -> None:
    boxes = segments(grid(-1, 1, 8))
    assert list(imprecise(tent_merged(), boxes, DP0)) == []
    assert len(list(imprecise(tent_merged(), boxes, DP1))) == 20


def test_the_triangle_is_precise_for_the_maximum_off_the_diagonal_only() -> None:
    precise = [is_precise(maximum(2), part, Triangle()) for part in cells(grid(0, 1, 2), 2)]
    assert precise == [False, True, True, False]
