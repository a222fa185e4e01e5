"""Certify, on sorted inputs, the two networks and that maxima of fewer numbers do not suffice.

Where x_1 >= ... >= x_5, the maximum of some of the numbers is the first of them; a function
outside a span there is outside it everywhere, and what is symmetric and equal there is equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from itertools import combinations

from polyrelax.arithmetic.rational import ONE
from polyrelax.certificates.certificate import Certificate, Form
from polyrelax.certificates.functions import certify_outside, certify_zero
from polyrelax.expressivity.maximum_of_five import as_network
from polyrelax.networks.layers import Identity
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope

from .derive import OTHER, SHORT

SORTED = Polytope.hull([[1] * k + [0] * (5 - k) for k in range(6)], 5)


def certificates() -> Iterator[tuple[str, Certificate | partial[Certificate]]]:
    less_the_first: Form = ((ONE, 5, 0), (-ONE, 0, 0))
    yield "identity", partial(certify_zero, as_network(SHORT), SORTED, less_the_first)
    yield "other-identity", partial(certify_zero, as_network(OTHER), SORTED, less_the_first)
    numbers = Network((Identity(5),))
    span = [greatest(count) for count in (1, 2, 3, 4)]
    yield "outside", certify_outside(numbers, SORTED, greatest(5), span=span)


def greatest(count: int) -> Form:
    """Return the sum, over all choices of ``count`` numbers, of the first in the choice."""
    firsts = [min(choice) for choice in combinations(range(5), count)]
    return tuple((Fraction(firsts.count(j)), 0, j) for j in sorted(set(firsts)))
