"""Relaxations by their names, and sets of inputs as people write them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import from_floats
from polyrelax.certificates.certify import certify_range
from polyrelax.errors import (
    ArgumentError,
    DimensionError,
    EmptySetError,
    InexactInputError,
    UnknownNameError,
)
from polyrelax.networks.adjacency import adjacency_graph
from polyrelax.networks.gallery import maximum, tent
from polyrelax.networks.input_sets import InputSet
from polyrelax.networks.network import network
from polyrelax.networks.regions import exact_range, linear_regions
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from polyrelax.verification.lipschitz import lipschitz_constant

SQUARE = Polytope.box([-1, -1], [1, 1])


@pytest.mark.parametrize("name", ["ibp", "triangle", "krelu:2", "p:1", "exact"])
def test_a_name_stands_for_the_relaxation(name: str) -> None:
    by_name = propagate(maximum(2), SQUARE, name)
    assert by_name.bounds == propagate(maximum(2), SQUARE, relaxation(name)).bounds


@pytest.mark.parametrize(
    "box",
    [
        ([-1, -1], [1, 1]),
        (["-1", Fraction(-1)], (1, "1.0")),
        (-1, 1),
        (np.array([-1, -1]), np.array([1, 1])),
        (from_floats(np.array([-1.0, -1.0])), from_floats([1.0, 1.0])),
        [Interval(-1, 1), Interval(-1, 1)],
        Interval(-1, 1),
        Polytope.around([0, 0], 1),
    ],
    ids=["lists", "texts", "for all", "arrays", "floats", "intervals", "interval", "ball"],
)
def test_a_box_is_one_however_it_is_written(box: InputSet) -> None:
    total = network(([[1, 1]], [0]))
    assert propagate(total, box, "p:1").sets[0].bounds == SQUARE.bounds
    assert exact_range(total, box) == ((-2, 2),)


@pytest.mark.parametrize(
    ("box", "error", "message"),
    [
        (
            ([0, 0], 1),
            ArgumentError,
            "found a list and a number, expected lower and upper",
        ),
        (None, ArgumentError, r"found None, expected a polytope or a pair \(lower, upper\)"),
        (
            [[0, 0], [1, 1], [2, 2]],
            ArgumentError,
            "found a list, expected a polytope",
        ),
        (([0.5, 0], [1, 1]), InexactInputError, r"0\.5 is inexact"),
        (([0], [1]), DimensionError, "the input set has dimension 1, the network reads 2"),
        ((1, 0), EmptySetError, "the input set is empty"),
    ],
)
def test_what_is_no_set_of_inputs_is_refused(
    box: InputSet, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        propagate(maximum(2), box, "ibp")


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(UnknownNameError, match=r"found relaxation 'triangel'.*did you mean"):
        propagate(tent(), (-1, 1), "triangel")


def test_every_question_reads_boxes_as_people_write_them() -> None:
    segment = Polytope.box([-1], [1])
    assert list(linear_regions(tent(), (-1, 1))) == list(linear_regions(tent(), segment))
    assert len(adjacency_graph(tent(), (-1, 1))) == 4
    # The tent rises and falls by two.
    assert lipschitz_constant(tent(), (-1, 1)).lower == 2
    assert certify_range(tent(), (-1, 1), "ibp") == certify_range(tent(), segment, "ibp")
