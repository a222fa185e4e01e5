"""What each kind of neuron is, and the laws that all of them obey."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Vector, dot, rational, vector
from polyrelax.errors import InexactInputError, ShapeError, TooLargeError
from polyrelax.networks.neurons import neuron as general
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.broken_line import BrokenLine
from polyrelax.networks.neurons.clip import Clip
from polyrelax.networks.neurons.leaky import LeakyReLU
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.minimum import Minimum
from polyrelax.networks.neurons.neuron import Box, Neuron
from polyrelax.networks.neurons.passing import Pass
from polyrelax.networks.neurons.relu import Rectifier
from polyrelax.networks.neurons.sort import Sort
from polyrelax.polytopes.polytope import Polytope
from polyrelax.strategies import rationals

half = Fraction(1, 2)
ZIGZAG = BrokenLine(((-half, half), (half, -half)), Fraction(1), Fraction(1))
NEURONS: tuple[Neuron, ...] = (
    Pass(),
    Rectifier(),
    LeakyReLU(half),
    LeakyReLU(Fraction(-1)),
    LeakyReLU(Fraction(2)),
    Absolute(),
    Clip(Fraction(-1), Fraction(1)),
    Clip(None, Fraction(1)),
    Clip(half, None),
    ZIGZAG,
    Maximum(1),
    Maximum(2),
    Maximum(3),
    Minimum(2),
    Minimum(3),
    MaxMin(),
    Sort(2),
    Sort(3),
)
SMALL_ENDS = st.integers(-2, 2).map(Fraction)
each_neuron = pytest.mark.parametrize("neuron", NEURONS, ids=lambda neuron: neuron.name)


def boxes(dim: int) -> st.SearchStrategy[Box]:
    """Boxes with small ends, so that ties and points are frequent."""
    ends = st.tuples(SMALL_ENDS, SMALL_ENDS).map(lambda pair: Interval(min(pair), max(pair)))
    return st.tuples(*[ends] * dim)


def interval(lower: int, upper: int) -> Interval:
    return Interval(Fraction(lower), Fraction(upper))


def graph(neuron: Neuron, box: Box) -> Polytope:
    """Return what the rows and the box cut out."""
    dim = neuron.in_dim + neuron.out_dim
    sides = general.as_polytope(box).constraints
    inputs = [side.embed(range(neuron.in_dim), dim) for side in sides]
    return Polytope.intersection((*inputs, *neuron.rows(box)), dim)


@pytest.mark.parametrize(
    ("neuron", "z", "y"),
    [
        (Pass(), [-2], [-2]),
        (Rectifier(), [-2], [0]),
        (Rectifier(), [2], [2]),
        (LeakyReLU(half), [-3], ["-3/2"]),
        (LeakyReLU(half), [3], [3]),
        (Absolute(), [-3], [3]),
        (Clip(Fraction(0), Fraction(6)), [7], [6]),
        (Clip(Fraction(0), Fraction(6)), [5], [5]),
        (Clip(Fraction(0), Fraction(6)), [-1], [0]),
        (Clip(None, Fraction(6)), [-1], [-1]),
        (Clip(Fraction(0), None), [9], [9]),
        (ZIGZAG, [-2], [-1]),  # up to the kink (-1/2, 1/2), down to (1/2, -1/2), and up
        (ZIGZAG, ["1/4"], ["-1/4"]),
        (ZIGZAG, [2], [1]),
        (Maximum(3), [1, 3, 2], [3]),
        (Minimum(3), [1, 3, 2], [1]),
        (MaxMin(), [1, 3], [3, 1]),
        (Sort(4), [1, 3, 2, 3], [3, 3, 2, 1]),
    ],
    ids=str,
)
def test_a_neuron_is_its_definition(neuron: Neuron, z: list[int], y: list[int]) -> None:
    assert neuron(vector(z)) == vector(y)


def test_the_hull_of_a_clip_has_two_sides_below_and_two_above() -> None:
    # Hard tanh on [-2, 3]: the points (-2, -1), (-1, -1), (1, 1), (3, 1).
    hull = graph(Clip(Fraction(-1), Fraction(1)), [interval(-2, 3)])
    assert hull.vertices == ((-2, -1), (-1, -1), (1, 1), (3, 1))
    assert [str(side) for side in hull.facets] == [
        "-2 x0 + 3 x1 <= 1",
        "-x1 <= 1",
        "x1 <= 1",
        "x0 - 2 x1 <= 1",
    ]


def test_the_hull_of_a_maximum_over_the_square_is_a_simplex_of_four_points() -> None:
    # (0, 0, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1): above, y <= z0 + z1 and y <= 1.
    hull = graph(Maximum(2), [interval(0, 1)] * 2)
    assert hull.vertices == ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 1))


def test_the_maximum_of_boxes_of_different_ends_has_a_row_for_each_level() -> None:
    # l = (0, 1), u = (2, 4): at level 1, y <= 1 + z0/2 + z1 - 1; at level 2 only z1 remains
    # above, y <= 2 + 2/3 (z1 - 1); level 4 is reached by one input only.
    rows = Maximum(2).rows([interval(0, 2), interval(1, 4)])
    assert [str(row) for row in rows[2:]] == ["-x0 - 2 x1 + 2 x2 <= 0", "-2 x1 + 3 x2 <= 4"]


def test_the_values_of_maxmin_keep_the_sum() -> None:
    hull = graph(MaxMin(), [interval(0, 1)] * 2)
    assert hull.vertices == ((0, 0, 0, 0), (0, 1, 1, 0), (1, 0, 1, 0), (1, 1, 1, 1))


def test_a_sort_of_eight_is_not_enumerated() -> None:
    ends = [interval(j, j + 1) for j in range(0, 16, 2)]
    assert Sort(8).count == 40320
    assert [Sort(8).order(k) for k in Sort(8).live(ends)] == [(7, 6, 5, 4, 3, 2, 1, 0)]


def test_a_hull_of_too_many_pieces_is_refused() -> None:
    message = "^found sort of 6 with more than 120 live pieces, expected at most so many$"
    with pytest.raises(TooLargeError, match=message):
        Sort(6).rows([interval(0, 1)] * 6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Clip(None, None), "found a clip without ends, expected one or two"),
        (
            lambda: Clip(half, half),
            "found a clip from 1/2 to 1/2, expected the first to be less",
        ),
        (lambda: BrokenLine(()), "found a broken line without kinks, expected one or more"),
        (
            lambda: BrokenLine(((half, half), (half, half))),
            "found the kink at 1/2 after 1/2, expected them to rise",
        ),
        (lambda: Maximum(0), "found a maximum of 0 numbers, expected at least 1"),
        (lambda: Minimum(0), "found a minimum of 0 numbers, expected at least 1"),
        (lambda: Sort(0), "found a sort of 0 numbers, expected at least 1"),
    ],
)
def test_what_is_no_neuron_is_refused(make: object, message: str) -> None:
    assert callable(make)
    with pytest.raises(ShapeError, match=f"^{message}$"):
        make()


def test_parameters_are_exact_numbers() -> None:
    assert Clip(rational("1/2"), None) == Clip(half, None)
    for inexact in (
        lambda: Clip(0.5, None),  # type: ignore[arg-type]
        lambda: LeakyReLU(0.1),  # type: ignore[arg-type]
        lambda: BrokenLine(((half, 0.5),)),  # type: ignore[arg-type]
    ):
        with pytest.raises(InexactInputError):
            inexact()


@each_neuron
@given(data=st.data())
def test_the_value_is_that_of_every_piece_whose_cell_has_the_point(
    neuron: Neuron, data: st.DataObject
) -> None:
    z = data.draw(st.tuples(*[st.one_of(SMALL_ENDS, rationals())] * neuron.in_dim))
    pieces = [neuron.piece(k) for k in range(neuron.count)]
    values = {piece.image(z) for piece in pieces if z in piece}
    assert values == {neuron(z)} == {general.value(neuron, z)}


@each_neuron
@given(data=st.data())
def test_live_pieces_are_those_of_the_definition(neuron: Neuron, data: st.DataObject) -> None:
    box = data.draw(boxes(neuron.in_dim))
    assert tuple(neuron.live(box)) == tuple(general.live(neuron, box))


@each_neuron
@given(data=st.data())
def test_rows_cut_out_the_hull_of_the_pieces(neuron: Neuron, data: st.DataObject) -> None:
    box = data.draw(boxes(neuron.in_dim))
    assert graph(neuron, box) == general.hull(neuron, general.as_polytope(box))


@each_neuron
@given(data=st.data())
def test_ranges_and_least_values_are_those_of_the_hull(
    neuron: Neuron, data: st.DataObject
) -> None:
    box = data.draw(boxes(neuron.in_dim))
    form: Vector = data.draw(st.tuples(*[SMALL_ENDS] * (neuron.in_dim + neuron.out_dim)))
    hull = general.hull(neuron, general.as_polytope(box))
    assert tuple(neuron.range(box)) == hull.bounds[neuron.in_dim :]
    assert tuple(neuron.range(box)) == general.box_range(neuron, box)
    assert neuron.least(form, box) == min(dot(form, point) for point in hull.vertices)


@each_neuron
@given(data=st.data())
def test_the_rows_of_a_larger_box_hold_on_a_smaller_one(
    neuron: Neuron, data: st.DataObject
) -> None:
    inner, outer = data.draw(boxes(neuron.in_dim)), data.draw(boxes(neuron.in_dim))
    joined = [
        Interval(min(a.lower, b.lower), max(a.upper, b.upper))
        for a, b in zip(inner, outer, strict=True)
    ]
    assert graph(neuron, inner) <= graph(neuron, joined)


@each_neuron
@given(data=st.data())
def test_components_are_the_outputs(neuron: Neuron, data: st.DataObject) -> None:
    box = data.draw(boxes(neuron.in_dim))
    hull = general.hull(neuron, general.as_polytope(box))
    for output in range(neuron.out_dim):
        component = neuron.component(output)
        places = (*range(neuron.in_dim), neuron.in_dim + output)
        assert graph(component, box) == hull.project(places)
        assert component.range(box)[0] == neuron.range(box)[output]
        corner = tuple(end.lower for end in box)
        assert component(corner) == (neuron(corner)[output],)
