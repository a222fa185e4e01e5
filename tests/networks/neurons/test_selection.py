"""The steps of a sort: the greatest number first, in exchange for the first one."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.interval import Interval
from polyrelax.networks.neurons.selection import Selection
from polyrelax.networks.neurons.sort import Sort

numbers = st.lists(st.fractions(-3, 3, max_denominator=4), min_size=2, max_size=6)


@given(numbers)
def test_steps_of_all_then_of_all_but_the_first_are_the_sort(drawn: list[Fraction]) -> None:
    values = tuple(drawn)
    for first in range(len(drawn) - 1):
        values = (*values[:first], *Selection(len(drawn) - first)(values[first:]))
    assert values == Sort(len(drawn))(tuple(drawn))


@given(numbers, numbers)
def test_values_are_in_the_range_over_a_box(one: list[Fraction], two: list[Fraction]) -> None:
    ends = [Interval(min(pair), max(pair)) for pair in zip(one, two, strict=False)]
    found = Selection(len(ends)).range(ends)
    for side in (one, two):
        values = Selection(len(ends))(tuple(side[: len(ends)]))
        assert all(end.lower <= y <= end.upper for end, y in zip(found, values, strict=True))


def test_a_step_has_a_piece_for_each_input_where_a_sort_has_one_for_each_order() -> None:
    assert [Selection(4).count, Sort(4).count] == [4, 24]
    piece = Selection(3).piece(2)
    assert [str(side) for side in piece.where] == ["x0 - x2 <= 0", "x1 - x2 <= 0"]
    assert piece.image((Fraction(1), Fraction(2), Fraction(5))) == (5, 2, 1)
