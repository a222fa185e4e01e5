"""Every network of the gallery equals its closed form on a grid of rationals."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import vector
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.networks import gallery
from polyrelax.networks.layers import Identity, ReLU
from polyrelax.networks.network import Network
from tests.networks.cases import small_rationals

LINE = [Fraction(i, 8) for i in range(-24, 25)]
UNIT = [x for x in LINE if abs(x) <= 1]
PLANE = list(product([Fraction(i, 2) for i in range(-3, 4)], repeat=2))

Function = Callable[[Fraction], Fraction]


def relu(x: Fraction) -> Fraction:
    return max(x, Fraction(0))


def bump(x: Fraction) -> Fraction:
    return relu(1 - 2 * abs(x))


@pytest.mark.parametrize(
    ("f", "closed", "points"),
    [
        (gallery.tent(), lambda x: 1 + bump(x), UNIT),
        (gallery.tent("7/2"), lambda x: Fraction(7, 2) * (1 + bump(x)), UNIT),
        (gallery.tent_unit_weights(), lambda x: 1 + relu(1 - abs(x)), UNIT),
        (gallery.tent_with_identities(3, 2), lambda x: 2 + 2 * bump(x), UNIT),
        (gallery.tent_with_blocks(2, 2), lambda x: 2 + 2 * bump(x), UNIT),
        (gallery.tent_copied(), lambda x: 1 + bump(x), UNIT),
        (gallery.tent_clamped(), lambda x: 1 + bump(x), UNIT),
        (gallery.tent_merged(), lambda x: 1 + bump(x), LINE),
        (gallery.tent_flattened(), lambda x: 1 + bump(x), LINE),
        (gallery.absolute_value(), abs, LINE),
        (gallery.cancelling(), lambda _: 0, LINE),
        (gallery.clipped_ramp(), lambda x: min(relu(x), Fraction(1, 2)), LINE),
        (gallery.hat(), bump, LINE),
        (gallery.ramp_reflected(), lambda x: min(relu(x - 1), 1), LINE),
        (gallery.ramp_difference(), lambda x: min(relu(x - 1), 1), LINE),
    ],
)
def test_function_of_one_variable(f: Network, closed: Function, points: list[Fraction]) -> None:
    assert [f((x,)) for x in points] == [(closed(x),) for x in points]


def test_tents_without_repair_and_with_it_differ_in_shape_only_as_said() -> None:
    assert gallery.tent().widths == (1, 2, 2, 2, 2, 1)
    assert gallery.tent_merged().widths == (1, 2, 2, 1, 1, 1)
    assert gallery.tent_flattened().widths == (1, 3, 3, 1)
    assert gallery.tent_copied().widths == (1, 3, 3, 3, 3, 1)
    assert gallery.tent_clamped().widths == (1, 2, 2, 2, 2, 1, 1, 1)


def test_identities_come_after_the_first_relu() -> None:
    layers = gallery.tent_with_identities(2).layers
    assert layers[1:5] == (ReLU(2), Identity(2), Identity(2), gallery.tent().layers[2])


@pytest.mark.parametrize("count", [2, 3, 4])
def test_maximum_of_numbers_that_are_not_negative(count: int) -> None:
    f = gallery.maximum(count)
    for corner in product(vector([0, "1/3", 2]), repeat=count):
        assert f(corner) == (max(corner),)


def test_maximum_of_two_has_the_published_weights() -> None:
    first, _, last = gallery.maximum(2).layers
    assert first.weight == ((1, -1), (0, 1))  # type: ignore[union-attr]
    assert last.weight == ((1, 1),)  # type: ignore[union-attr]


def test_encodings_of_the_maximum_hold_on_the_plane() -> None:
    for f in gallery.maximum_encodings():
        assert all(f((x, y)) == (max(x, y),) for x, y in PLANE)


def test_functions_of_two_variables() -> None:
    half = Fraction(1, 2)
    for x, y in PLANE:
        assert gallery.two_relu_example()((x, y)) == (relu(x + y) + relu(x - y),)
        u1, u2 = relu(x - 3 * y / 2 - half), relu(x + 3 * y / 2 - half)
        assert gallery.section_three_example()((x, y)) == (relu(1 - u1) + relu(1 - u2),)
        h1, h2 = relu(1 - 2 * x - y), relu(1 - x - 2 * y)
        assert gallery.salman_example()((x, y)) == (1 - relu(-h1) - relu(h1 - h2 - 1),)


@pytest.mark.parametrize(("a", "b", "height"), [(-1, 1, 1), (0, 3, 10), (-5, -4, "1/2")])
def test_unbounded_gap_is_its_closed_form(a: int, b: int, height: int | str) -> None:
    f, scale = gallery.unbounded_gap((a, b), height, in_dim=2), 2 * Fraction(height)
    for k in range(9):
        x = a + Fraction(k * (b - a), 8)
        t = (2 * x - a - b) / (b - a)
        expected = abs(relu(t + 1) - 1) + abs(relu(t) - Fraction(1, 2))
        assert f((x, Fraction(99))) == (scale * expected,)


@given(st.lists(small_rationals, min_size=2, max_size=5, unique=True), st.data())
def test_monotone_encodings_interpolate(xs: list[Fraction], data: st.DataObject) -> None:
    steps = data.draw(st.lists(small_rationals, min_size=len(xs), max_size=len(xs)))
    ys = [sum(map(abs, steps[: i + 1]), Fraction(0)) for i in range(len(xs))]
    points = list(zip(sorted(xs), ys, strict=True))
    for f in (gallery.monotone_ramps(points), gallery.monotone_sum(points)):
        assert [f((x,)) for x, _ in points] == [(y,) for _, y in points]
        for (x, y), (z, w) in pairwise(points):
            assert f(((x + z) / 2,)) == ((y + w) / 2,)
        assert f((points[0][0] - 1,)) == (points[0][1],)
    assert gallery.monotone_ramps(points)((points[-1][0] + 1,)) == (points[-1][1],)


def test_monotone_sum_has_the_published_weights() -> None:
    f = gallery.monotone_sum([(0, 0), (1, 2), (2, "5/2"), (3, "7/2")])
    assert f.layers[-1].weight == (vector([2, "-3/2", "1/2"]),)  # type: ignore[union-attr]


def convex(slopes: list[Fraction], kinks: list[Fraction], x: Fraction) -> Fraction:
    """The value of the convex function that is 0 at its first kink, as a maximum of lines."""
    lines = [slopes[0] * (x - kinks[0])]
    height = Fraction(0)
    for slope, kink, following in zip(slopes[1:], kinks, [*kinks[1:], None], strict=True):
        lines.append(height + slope * (x - kink))
        height += slope * (following - kink) if following is not None else 0
    return max(lines)


@given(
    st.lists(small_rationals, min_size=2, max_size=4, unique=True),
    st.lists(small_rationals, min_size=3, max_size=3, unique=True),
)
def test_all_signs_encode_one_convex_function(
    slopes: list[Fraction], kinks: list[Fraction]
) -> None:
    s, x = sorted(slopes), sorted(kinks)[: len(slopes) - 1]
    split = gallery.convex_split_encoding(s, x)
    for signs in product("+-", repeat=len(x)):
        f = gallery.convex_encoding(s, x, "".join(signs))
        for point in LINE[::6]:
            assert f((point,)) == split((point,)) == (convex(s, x, point),)


def test_linear_terms_are_carried_only_where_there_are_any() -> None:
    slopes, kinks = [-2, -1, 0, 1], [-1, 0, 1]
    assert gallery.convex_encoding(slopes, kinks, "--+").widths == (1, 3, 3, 1)
    assert gallery.convex_encoding(slopes, kinks, "+++").widths == (1, 4, 4, 1)
    assert gallery.convex_split_encoding([-1, 1], [0]).widths == (1, 2, 2, 1)
    assert gallery.convex_encoding([-1, 1], [0], "-", at_first_kink=5)(vector([0])) == (5,)


def test_input_convex_networks_are_midpoint_convex() -> None:
    hidden: list[gallery.ConvexLayer] = [
        ([[], []], [[1, -2], [0, 1]], [0, "1/2"]),
        ([[1, 2]], [[-1, 3]], [1]),
    ]
    f = gallery.input_convex(hidden, ([[3]], [[-1, 0]], [2]))
    for (a, b), (c, d) in product(PLANE[::5], repeat=2):
        z1, z2 = relu(a - 2 * b), relu(b + Fraction(1, 2))
        assert f((a, b)) == (3 * relu(z1 + 2 * z2 - a + 3 * b + 1) - a + 2,)
        middle = f(((a + c) / 2, (b + d) / 2))[0]
        assert 2 * middle <= f((a, b))[0] + f((c, d))[0]


def test_what_is_not_convex_or_monotone_is_refused() -> None:
    with pytest.raises(ShapeError, match="negative hidden weight"):
        gallery.input_convex([([[]], [[1]], [0])], ([[-1]], [[0]], [0]))
    with pytest.raises(ShapeError, match="expected a convex function"):
        gallery.convex_encoding([1, 0], [0], "+")
    with pytest.raises(ShapeError, match="expected increasing values"):
        gallery.monotone_ramps([(0, 1), (1, 0)])
    with pytest.raises(ShapeError, match="two points or more"):
        gallery.monotone_sum([(0, 1)])
    with pytest.raises(ShapeError, match="positive length"):
        gallery.unbounded_gap((1, 1), 1)


def test_data_that_do_not_fit_are_refused() -> None:
    with pytest.raises(DimensionError, match="two or more"):
        gallery.maximum(1)
    with pytest.raises(DimensionError, match=r"found signs '\+\+'"):
        gallery.convex_encoding([0, 1], [0], "++")
    with pytest.raises(DimensionError, match="one more slope"):
        gallery.convex_encoding([0, 1], [0, 1], "++")
    with pytest.raises(DimensionError, match="does not have 1 column"):
        gallery.input_convex([([[]], [[1]], [0])], ([[1, 1]], [[0]], [0]))
