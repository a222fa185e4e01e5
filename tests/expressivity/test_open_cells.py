from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from polyrelax.expressivity.germs import (
    NotGenericError,
    Plane,
    Polynomial,
    Site,
    sign,
    sign_at,
)
from polyrelax.expressivity.open_cells import Patch, between, gaps

EVERYWHERE = Patch((None, None), (None, None))


def variables() -> tuple[Polynomial, Polynomial]:
    lower, upper = Plane().ends
    return lower.numer, upper.numer


def signs(patch: Patch, polynomials: list[Polynomial]) -> set[tuple[int, ...]]:
    return {tuple(sign_at(p, x) for p in polynomials) for x in patch.points(polynomials)}


def test_both_sides_of_a_circle_are_met() -> None:
    lo, up = variables()
    assert signs(EVERYWHERE, [lo**2 + up**2 - 1]) == {(-1,), (1,)}


def test_every_cell_of_a_circle_and_a_parabola_is_met() -> None:
    lo, up = variables()
    # u = l^2 - 2 leaves the disk of radius 1 on one side; the disk lies above it
    found = signs(EVERYWHERE, [lo**2 + up**2 - 1, up - lo**2 + 2])
    assert found == {(-1, 1), (1, 1), (1, -1)}


def test_a_thin_cell_between_two_curves_is_met() -> None:
    lo, up = variables()
    thin = Fraction(1, 1000)
    curves = [up**2 - lo**2 - 2, up**2 - lo**2 - 2 - lo.ring.domain(1, 1000)]
    assert (1, -1) in signs(Patch((Fraction(0), thin), (None, None)), curves)


def test_points_lie_in_the_patch_left_of_the_diagonal_and_on_no_curve() -> None:
    lo, up = variables()
    curves = [lo * up + 1, up**2 - 2, lo + 3 * up]
    patch = Patch((Fraction(-2), Fraction(1, 3)), (Fraction(-1), Fraction(2)))
    for lower, upper in patch.points(curves):
        assert -2 < lower < Fraction(1, 3)
        assert max(Fraction(-1), lower) < upper < 2
        assert all(sign_at(p, (lower, upper)) for p in curves)


def test_a_gap_ends_at_an_irrational_root() -> None:
    found = list(gaps([[Fraction(1), Fraction(0), Fraction(-2)]], (None, None)))
    assert [x * x < 2 for x in found] == [False, True, False]
    assert sorted(found) == found


@pytest.mark.parametrize(("a", "b"), [*product(range(-5, 5), range(1, 4))])
def test_between_is_between(a: int, b: int) -> None:
    lower, upper = Fraction(a, 3), Fraction(a, 3) + Fraction(1, 7 * b)
    assert lower < between(lower, upper) < upper


def test_a_point_on_a_border_is_of_no_use_and_says_which() -> None:
    site = Site(Plane(), (Fraction(1), Fraction(2)))
    lower, upper = site.ends
    with pytest.raises(NotGenericError):
        sign(upper - lower * Fraction(2))
    assert list(site.signs.values()) == [0]
