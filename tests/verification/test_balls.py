"""Points with a class, and the balls around them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from polyrelax.arithmetic.interval import Interval
from polyrelax.errors import ArgumentError, DimensionError, EmptySetError, TooLargeError
from polyrelax.networks.network import network
from polyrelax.verification.balls import Labelled

UNIT = Interval(Fraction(0), Fraction(1))
PLANE = network(([[1, 0], [0, 1]], [0, 0]))


def test_the_label_is_the_first_greatest_output_unless_given() -> None:
    assert Labelled.of(PLANE, (Fraction(1), Fraction(2))).label == 1
    assert Labelled.of(PLANE, (Fraction(1), Fraction(1))).label == 0
    assert Labelled.of(PLANE, (Fraction(1), Fraction(2)), 0).label == 0


def test_rivals_are_the_other_outputs_minus_that_of_the_label() -> None:
    three = network(([[1], [2], [3]], [0, 0, 0]))
    point = Labelled.of(three, (Fraction(1),), 1)
    assert point.others == (0, 2)
    assert point.rivals.numbers.tolist() == [[1, -1, 0], [0, -1, 1]]


def test_the_ball_is_exact_and_clipped() -> None:
    third = Fraction(1, 3)
    point = Labelled.of(PLANE, (third, Fraction(1)), clip=UNIT)
    ends = point.ball(Fraction(1, 2)).bounds
    assert [str(end) for end in ends] == ["[0, 5/6]", "[1/2, 1]"]
    free = Labelled.of(PLANE, (third, Fraction(1))).ball(Fraction(1, 2)).bounds
    assert [str(end) for end in free] == ["[-1/6, 5/6]", "[1/2, 3/2]"]
    lower, upper = point.ball_in_floats(0.5)
    assert np.allclose(lower, [0, 0.5])
    assert np.allclose(upper, [5 / 6, 1])


def test_a_tie_is_a_counterexample_and_an_input_beyond_the_clip_is_none() -> None:
    point = Labelled.of(PLANE, (Fraction(1), Fraction(0)), clip=UNIT)
    assert point.is_counterexample((Fraction(1, 2), Fraction(1, 2)))
    assert not point.is_counterexample((Fraction(1), Fraction(1, 2)))
    assert not point.is_counterexample((Fraction(0), Fraction(2)))
    assert point.distance((Fraction(1, 2), Fraction(1, 4))) == Fraction(1, 2)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(DimensionError, match="found the label 2, the network has 2 classes"):
        Labelled.of(PLANE, (Fraction(1), Fraction(0)), 2)
    with pytest.raises(DimensionError, match="one output, expected one for each class"):
        Labelled.of(network(([[1]], [0])), (Fraction(1),))
    with pytest.raises(EmptySetError, match="found 2 at input 0, expected it within"):
        Labelled.of(PLANE, (Fraction(2), Fraction(0)), clip=UNIT)
    with pytest.raises(DimensionError):
        Labelled.of(PLANE, (Fraction(2),))
    with pytest.raises(ArgumentError):
        Labelled.of("net", (Fraction(2),))  # type: ignore[arg-type]


def test_numbers_beyond_all_floats_are_refused_where_floats_are_asked() -> None:
    far = Labelled.of(PLANE, (Fraction(10**400), Fraction(0)))
    assert far.label == 0
    with pytest.raises(TooLargeError, match="beyond all floats, expected a smaller one"):
        far.ball_in_floats(0.5)
