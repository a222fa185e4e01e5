"""Add up maxima over all masks, and compare them with weighted sorts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import comb

from polyrelax.arithmetic.interval import Interval
from polyrelax.expressivity.distances import difference
from polyrelax.networks.layers import Affine, Neurons
from polyrelax.networks.lipschitz import geometric_weights, sort_neurons
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.regions import exact_range
from polyrelax.polytopes.polytope import Polytope

RATIO = Fraction(3, 10)


def derive() -> Iterator[tuple[str, object]]:
    for dim in range(1, 7):
        for i, polynomial in enumerate(masked(dim), start=1):
            shown = " ".join(map(str, polynomial))
            yield f"d = {dim}: coefficients of x_({i}), by powers of rho", shown
    for dim in range(1, 4):
        (ends,) = exact_range(apart(dim), unit(dim))
        yield f"d = {dim}: masked maximum less weighted sort", Interval(*ends)


def masked(dim: int) -> list[list[int]]:
    """The expected maximum of x_1 >= ... >= x_dim >= 0: of each number a polynomial in rho."""
    found = [[0] * (dim + 1) for _ in range(dim)]
    for mask in product((0, 1), repeat=dim):
        if any(mask):
            kept, first = sum(mask), mask.index(1)
            for power in range(kept + 1):  # of (1 - rho)^kept rho^(dim - kept)
                found[first][dim - kept + power] += (-1) ** power * comb(kept, power)
    return found


def unit(dim: int) -> Polytope:
    return Polytope.box([0] * dim, [1] * dim)


def apart(dim: int) -> Network:
    """The expected maximum of masked numbers, less the sort with geometric weights."""
    zeros = [[0] * dim]
    return difference(expected(dim), sort_neurons([geometric_weights(RATIO, dim)], zeros))


def expected(dim: int) -> Network:
    """A maximum for each set of numbers that are kept, with its probability as weight."""
    masks = [mask for mask in product((0, 1), repeat=dim) if any(mask)]
    groups: list[Sequence[int]] = [[j for j in range(dim) if mask[j]] for mask in masks]
    maxima = Neurons(dim, tuple((Maximum(len(group)), tuple(group)) for group in groups))
    weights = [(1 - RATIO) ** len(group) * RATIO ** (dim - len(group)) for group in groups]
    return Network((maxima, Affine.dense([weights])))
