"""A neuron that the package does not have, the median of three, goes through all of it.

All that it needs is this class: its pieces, and one line for each question.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from typing import final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Vector, vector
from polyrelax.certificates.certify import certify_range
from polyrelax.errors import ShapeError, UnsupportedNeuronError
from polyrelax.interop.network_json import Problem, dumps
from polyrelax.networks.layers import Affine, Neurons
from polyrelax.networks.network import Network
from polyrelax.networks.neurons import neuron as general
from polyrelax.networks.neurons.neuron import Box, Neuron, Piece
from polyrelax.networks.neurons.passing import Pass
from polyrelax.networks.regions import exact_hull, exact_range, linear_regions
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.subdivision import volume
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from polyrelax.strategies import boxes, rationals

ORDERS = tuple(permutations(range(3)))
CUBE = Polytope.box([0, 0, 0], [1, 1, 1])


@final
@dataclass(frozen=True)
class Median:
    """The second of three numbers in order: a piece for each order."""

    name: str = "median"
    in_dim: int = 3
    out_dim: int = 1
    count: int = 6

    def piece(self, index: int) -> Piece:
        first, second, third = ORDERS[index]
        where = (_at_most(first, second), _at_most(second, third))
        return Piece(where, Affine.select([second], 3))

    def live(self, box: Box) -> Iterator[int]:
        return general.live(self, box)

    def __call__(self, z: Vector) -> Vector:
        return general.value(self, z)

    def range(self, box: Box) -> tuple[Interval, ...]:
        return general.box_range(self, box)

    def rows(self, box: Box) -> tuple[Constraint, ...]:
        return general.rows(self, box)

    def least(self, form: Vector, box: Box) -> Fraction:
        return general.least(self, form, box)

    def component(self, output: int) -> Neuron:
        return self


def _at_most(low: int, high: int) -> Constraint:
    return Constraint.at_most([(j == low) - (j == high) for j in range(3)], 0)


MEDIAN = Network((Neurons(3, ((Median(), (0, 1, 2)),)),))


@given(st.tuples(rationals(), rationals(), rationals()))
def test_its_value_is_the_second_in_order(z: Vector) -> None:
    assert MEDIAN(z) == (sorted(z)[1],)


@given(boxes(3))
def test_its_range_is_found_by_monotony(box: Polytope) -> None:
    lows, highs = zip(*box.bounds, strict=True)
    (found,) = Median().range(box.bounds)
    assert found == Interval(sorted(lows)[1], sorted(highs)[1])


def test_its_hull_over_the_cube_is_that_of_the_corners() -> None:
    # The median is linear on six simplices whose vertices are corners of the cube.
    corners = [(*x, sorted(x)[1]) for x in CUBE.vertices]
    assert general.hull(Median(), CUBE) == Polytope.hull(corners, 4) == exact_hull(MEDIAN, CUBE)


def test_its_regions_are_the_orders() -> None:
    regions = list(linear_regions(MEDIAN, CUBE))
    assert sorted(str(region.pattern) for region in regions) == sorted("-+2345")
    assert [volume(region.cell) for region in regions] == [Fraction(1, 6)] * 6


@pytest.mark.parametrize(
    ("name", "bounds"),
    [
        ("ibp", "[-1, 3]"),
        ("triangle", "[0, 2]"),
        ("krelu:2", "[0, 2]"),
        ("m:1", "[0, 2]"),
        ("p:1", "[0, 2]"),
        ("p:2", "[0, 2]"),
        ("exact", "[0, 2]"),
    ],
)
def test_relaxations_bound_the_sum_of_the_two_others(name: str, bounds: str) -> None:
    # The sum less the median is 0, 1 or 2 at the corners of the cube, with its hull between.
    reads = tuple((Pass(), (j,)) for j in range(3))
    layer = Neurons(3, (*reads, (Median(), (0, 1, 2))))
    others = Network((layer, Affine.dense([[1, 1, 1, -1]])))
    assert str(propagate(others, CUBE, relaxation(name)).output[0]) == bounds


@pytest.mark.parametrize("name", ["dp0", "dp1", "crown", "fastlin"])
@given(box=boxes(3))
def test_lines_contain_it(name: str, box: Polytope) -> None:
    (found,) = propagate(MEDIAN, box, relaxation(name)).output
    assert found.contains(Interval(*exact_range(MEDIAN, box)[0]))


def test_it_has_no_certificates_and_no_name_in_files() -> None:
    message = "^found a layer of median, expected affine, ReLU and identity layers; for bounds "
    with pytest.raises(UnsupportedNeuronError, match=message):
        certify_range(MEDIAN, CUBE, "triangle")
    message = "^found the neuron median, expected one of pass, relu, absolute, "
    with pytest.raises(UnsupportedNeuronError, match=message):
        dumps(Problem(MEDIAN))


def test_pieces_that_do_not_cover_are_found() -> None:
    message = r"^found no piece of median at \(3, 2, 1\), expected them to cover$"
    with pytest.raises(ShapeError, match=message):
        general.piece_at(Median(count=3), vector([3, 2, 1]))
