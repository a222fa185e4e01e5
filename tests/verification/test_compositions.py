"""Lipschitz constants of networks whose sorts are too wide for cases, by hand and by cases."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ZERO, Vector
from polyrelax.certificates.check import RejectedError, check
from polyrelax.errors import ShapeError, TooLargeError
from polyrelax.networks.contractions import column_norms, require_contraction, row_norms
from polyrelax.networks.layers import Affine, Neurons
from polyrelax.networks.lipschitz import distance_neurons, geometric_weights, sort_neurons
from polyrelax.networks.network import Network, compose, network
from polyrelax.networks.neurons import neuron as general
from polyrelax.networks.neurons.component import Component
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.neuron import Box, Neuron, Piece
from polyrelax.networks.neurons.sort import Sort
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.strategies import networks
from polyrelax.verification.chains import is_too_wide
from polyrelax.verification.compositions import CompositionSearch, constant_search
from polyrelax.verification.gradients import Norm
from polyrelax.verification.lipschitz import (
    LipschitzBounds,
    LipschitzSearch,
    lipschitz_constant,
)
from polyrelax.verification.lipschitz_certificates import certified

HALF = Fraction(1, 2)


def sortnet(*widths: int) -> Network:
    """A SortNet with weights (1/2) (1/2)^i; its shifts are multiples of 1/7."""
    found: Network | None = None
    for size, count in pairwise(widths):
        weights = [geometric_weights(HALF, size)] * count
        shifts = [
            [Fraction((3 * k + 5 * j) % 7 - 3, 7) for j in range(size)] for k in range(count)
        ]
        layer = sort_neurons(weights, shifts)
        found = layer if found is None else compose(found, layer)
    assert found is not None
    return found


def ended(search: CompositionSearch) -> LipschitzBounds:
    for _ in search.run():
        pass
    return search.bounds()


def test_a_wide_sortnet_grows_by_the_product_of_its_weights_far_away() -> None:
    # Each layer's weights sum to 1 - 2^-n; far along (1, ..., 1) nothing cancels.
    wide = sortnet(64, 64, 10)
    assert is_too_wide(wide)
    found = ended(CompositionSearch(wide, None, "inf"))
    assert found.lower == found.upper == (1 - Fraction(1, 2**64)) ** 2
    assert found.cases == 1


def test_two_inputs_attain_what_is_found() -> None:
    wide = sortnet(64, 64, 10)
    steepest = ended(CompositionSearch(wide, None, "inf")).steepest
    assert steepest is not None
    first, second = map(wide, steepest.pair)
    apart = max(abs(a - b) for a, b in zip(*steepest.pair, strict=True))
    changes = zip(steepest.weights, first, second, strict=True)
    change = sum((w * (b - a) for w, a, b in changes), ZERO)
    assert abs(change) / apart == steepest.value


def test_distances_to_centers_change_as_much_as_their_inputs() -> None:
    centers = [[Fraction((i * j) % 5, 5) for j in range(64)] for i in range(64)]
    wide = distance_neurons(centers, [0] * 64)
    found = ended(CompositionSearch(wide, Polytope.box([0] * 64, [1] * 64), "inf"))
    assert found.is_exact
    assert found.lower == 1


def test_cases_refuse_at_once_what_is_too_wide() -> None:
    wide = sortnet(64, 64, 10)
    assert isinstance(constant_search(wide, None, "inf"), CompositionSearch)
    with pytest.raises(TooLargeError, match="found sorts, maxima or minima of too large"):
        lipschitz_constant(wide)
    with pytest.raises(TooLargeError):
        LipschitzSearch(wide, None, "inf").prepare()


@settings(deadline=None, max_examples=40)
@given(networks(2), st.sampled_from(("inf", "1")), st.booleans())
def test_the_constant_by_cases_lies_between(net: Network, norm: Norm, somewhere: bool) -> None:
    domain = Polytope.box([-1, 0], [1, 3]) if somewhere else None
    between = lipschitz_constant(net, domain, norm).lower
    for found in islice(CompositionSearch(net, domain, norm).run(), 5):
        assert found.lower <= between <= found.upper


@settings(deadline=None, max_examples=15)
@given(st.integers(2, 3), st.sampled_from(("inf", "1")))
def test_the_constant_of_a_small_sortnet_lies_between(size: int, norm: Norm) -> None:
    net = sortnet(size, 2, 1)
    between = lipschitz_constant(net, None, norm).lower
    found = ended(CompositionSearch(net, None, norm))
    assert found.lower <= between <= found.upper


def test_a_set_of_another_shape_than_a_box_has_inputs_to_try() -> None:
    triangle = Polytope.hull([(0, 0), (1, 0), (0, 1)], 2)
    found = ended(CompositionSearch(network(([[1, 1]], [0])), triangle, "inf"))
    assert found.lower == found.upper == 2


def test_norms_of_layers_by_hand() -> None:
    two = network(([[1, -2], [3, 0]], [0, 0]), ([["1/2", "1/2"]], [0]))
    assert row_norms(two) == (3, 1, 1)
    assert column_norms(two) == (4, 1, HALF)
    sorts = Neurons(3, ((Sort(3), (0, 1, 2)), (Component(Sort(3), 1), (0, 1, 2))))
    assert row_norms(Network((sorts,))) == (1,)
    assert column_norms(Network((sorts,))) == (2,)  # every value is read twice


@dataclass(frozen=True)
class Double:
    """A neuron of one piece, which doubles its input."""

    name: str = "double"
    in_dim: int = 1
    out_dim: int = 1
    count: int = 1

    def piece(self, index: int) -> Piece:
        assert index == 0
        return Piece((), Affine.dense([[2]]))

    def live(self, box: Box) -> Iterator[int]:
        yield from range(len(box))

    def __call__(self, z: Vector) -> Vector:
        return general.value(self, z)

    def range(self, box: Box) -> tuple[Interval, ...]:
        return tuple(Interval(2 * end.lower, 2 * end.upper) for end in box)

    def rows(self, box: Box) -> tuple[Constraint, ...]:
        return general.rows(self, box)

    def least(self, form: Vector, box: Box) -> Fraction:
        return general.least(self, form, box)

    def component(self, output: int) -> Neuron:
        assert output == 0
        return self


def test_a_neuron_of_one_piece_may_expand_too() -> None:
    doubled = Network((Neurons(1, ((Double(), (0,)),)),))
    assert row_norms(doubled) == column_norms(doubled) == (2,)
    with pytest.raises(ShapeError, match="the neuron double of layer 1 with 1-norm 2"):
        require_contraction(doubled)


MEAN_OF_MAXIMA = Network(
    (
        Neurons(10, tuple((MaxMin(), (2 * k, 2 * k + 1)) for k in range(5))),
        Affine.dense([[Fraction(k % 2 == 0, 5) for k in range(10)]]),
    )
)
"""The mean of five maxima of two: its constant is 1, where intervals of gradients see 2."""


def test_norms_bound_what_intervals_do_not_see_and_the_checker_knows() -> None:
    search = LipschitzSearch(MEAN_OF_MAXIMA, None, "inf")
    assert [found.upper for found in search.run()][-1] == 1
    assert search.bounds().is_exact
    made = certified(search).dumps()
    assert check(made).count("the Lipschitz constant") == 2
    less = made.replace('"at_most": "1"', '"at_most": "99/100"')
    less = less.replace(
        '"relation": "at most", "value": "1"', '"relation": "at most", "value": "99/100"'
    )
    assert less.count("99/100") == 2
    with pytest.raises(RejectedError, match="a gradient is longer"):
        check(less)
