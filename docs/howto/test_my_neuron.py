"""A neuron of one's own: the distance of two numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from polyrelax import (
    Affine,
    Constraint,
    Interval,
    Network,
    Neurons,
    Polytope,
    propagate,
    relaxation,
)
from polyrelax.arithmetic.rational import Vector
from polyrelax.networks.neurons import neuron as general
from polyrelax.networks.neurons.neuron import Box, Neuron, Piece
from polyrelax.networks.regions import exact_range
from polyrelax.strategies import boxes, rationals


@dataclass(frozen=True)
class Distance:
    """The map from two numbers to ``abs(z0 - z1)``."""

    name: str = "distance"
    in_dim: int = 2
    out_dim: int = 1
    count: int = 2

    def piece(self, index: int) -> Piece:
        sign = (-1, 1)[index]  # piece 0 is where z0 <= z1, piece 1 where z0 >= z1
        where = Constraint.at_least([sign, -sign], 0)
        return Piece((where,), Affine.dense([[sign, -sign]]))

    def __call__(self, z: Vector) -> Vector:
        return general.value(self, z)

    def live(self, box: Box) -> Iterator[int]:
        return general.live(self, box)

    def range(self, box: Box) -> tuple[Interval, ...]:
        return general.box_range(self, box)

    def rows(self, box: Box) -> tuple[Constraint, ...]:
        return general.rows(self, box)

    def least(self, form: Vector, box: Box) -> Fraction:
        return general.least(self, form, box)

    def component(self, output: int) -> Neuron:
        return self


def test_its_pieces_cover_the_plane() -> None:
    whole = Polytope.box([-1, -1], [1, 1])
    assert set(general.graph_points(Distance(), whole)) == {
        (-1, -1, 0),
        (-1, 1, 2),
        (1, -1, 2),
        (1, 1, 0),
    }


@given(st.tuples(rationals(), rationals()))
def test_it_is_a_distance(z: Vector) -> None:
    assert Distance()(z) == (abs(z[0] - z[1]),)


@given(boxes(4))
def test_its_relaxations_contain_two_of_it(box: Polytope) -> None:
    pairs = Neurons(4, ((Distance(), (0, 1)), (Distance(), (2, 3))))
    network = Network((pairs, Affine.dense([[1, -2]])))
    exact = Interval(*exact_range(network, box)[0])
    for name in ("ibp", "crown", "triangle"):
        assert propagate(network, box, relaxation(name)).output[0].contains(exact)
    assert propagate(network, box, relaxation("p:1")).output[0] == exact
