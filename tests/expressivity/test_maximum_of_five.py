from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.errors import ShapeError, TooLargeError
from polyrelax.expressivity.maximum_of_five import (
    Atom,
    as_network,
    atoms,
    dictionary,
    find,
    images,
    maximum_of,
    proves,
)
from polyrelax.expressivity.newton import least_layers, maximum
from polyrelax.expressivity.spans import Arrangement, Combination, Dictionary, Orbit, Separation

Terms = list[tuple[Atom, Fraction]]
AA, AB, AC, BC, BE, CD, AD, AE, DE = (
    *((0, 0), (0, 1), (0, 2), (1, 2), (1, 4), (2, 3), (0, 3), (0, 4), (3, 4)),
)
# An identity found before by another program, over configurations of five indices:
# 1/10 S15 max(m_ab, m_cd) + 1/30 S15 max(m_ab + m_ac, m_ad + m_ae)
# + 1/60 S15 max(m_ab + m_cd, m_ac + m_bd) - 1/60 S60 max(m_ab + m_cd, m_ac + m_be).
# The third kind is the greatest sum of two of a, b, c, d: 15 configurations, 5 functions.
KNOWN: Terms = [
    (((AB, AB), (CD, CD)), Fraction(1, 20)),
    (((AB, AC), (AD, AE)), Fraction(1, 30)),
    (((AB, CD), (AC, (1, 3))), Fraction(3, 60)),
    (((AB, CD), (AC, BE)), Fraction(-1, 60)),
]
# Found by this library: shorter, three orbits
SHORT: Terms = [
    (((AA, AA), (BC, DE)), Fraction(1, 30)),
    (((AB, AB), (CD, CD)), Fraction(1, 15)),
    (((AB, AC), (BC, DE)), Fraction(-1, 30)),
]
NETWORKS = [as_network(terms) for terms in (KNOWN, SHORT)]


def test_the_maximum_of_five_is_in_the_span_of_two_hidden_layers() -> None:
    found = find()
    assert proves(found)
    assert len(found) <= 3
    net = as_network(found)
    for x in ((0, 0, 0, 0, 1), (5, -2, 5, 3, 4), (1, 2, 3, 4, -5)):
        assert net(tuple(map(Fraction, x)))[0] == max(x)


@pytest.mark.parametrize("terms", [KNOWN, SHORT])
def test_identities_hold_on_all_rays(terms: Terms) -> None:
    assert proves(terms)


def test_orbits_have_the_sizes_of_the_identity() -> None:
    assert [len(images(atom)) for atom, _ in KNOWN] == [15, 15, 5, 60]
    assert [len(images(atom)) for atom, _ in SHORT] == [15, 15, 30]


@pytest.mark.parametrize("terms", [KNOWN, SHORT])
def test_an_identity_with_one_wrong_coefficient_is_refused(terms: Terms) -> None:
    (atom, c), *rest = terms
    assert not proves([(atom, c + Fraction(1, 60)), *rest])


@given(x=st.lists(st.fractions(-4, 4, max_denominator=6), min_size=5, max_size=5))
def test_the_network_with_two_hidden_layers_is_the_maximum(x: list[Fraction]) -> None:
    for net in NETWORKS:
        assert net(tuple(x)) == (max(x),)


def test_the_arrangement_has_55_hyperplanes_and_3300_rays() -> None:
    every = dictionary().arrangement
    assert len(every.normals) == 10 + 15 + 30  # a = b, a + b = c + d, 2 a = b + c
    assert sum(len(set(permutations(ray))) for ray in every.points[:-1]) == 3300


def test_there_are_131_orbits() -> None:
    assert sum(1 for _ in atoms()) == 131


def test_the_maximum_of_five_is_no_combination_of_smaller_maxima() -> None:
    smaller = tuple(maximum_of(k) for k in (1, 2, 3, 4))
    few = Dictionary(smaller, Arrangement.of([maximum_of(5)]))
    assert few.rank == 4
    found = few.find(maximum_of(5))
    assert isinstance(found, Separation)
    assert few.proves(found, maximum_of(5))
    # the sums count subsets that meet the ones of a 0-1 vector: by hand, with j ones,
    # C(5, k) - C(5 - j, k), and 1 for k = 5
    assert not few.proves(Separation(found.weights[1:]), maximum_of(5))
    assert few.proves(Combination(((0, Fraction(1)),)), maximum_of(1))


def test_integral_weights_would_need_a_layer_more() -> None:
    assert least_layers(maximum(5)) == 3


def test_bad_data_are_refused() -> None:
    three = Arrangement.of([maximum_of(2, 3)])
    with pytest.raises(ShapeError, match="symmetric normals"):
        Arrangement(((1, -1, 0),))
    with pytest.raises(ShapeError, match="breaks"):
        Dictionary((), three).values(Orbit.of(frozenset({(2, 0, 0), (0, 1, 1)})))
    with pytest.raises(TooLargeError):
        maximum_of(2, 3)((1 << 62, 0, 0))
