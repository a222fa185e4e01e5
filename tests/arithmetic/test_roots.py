from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.roots import real_roots

ONE, ZERO = Fraction(1), Fraction(0)


def value(p: list[Fraction], x: Fraction) -> Fraction:
    total = ZERO
    for coefficient in p:
        total = total * x + coefficient
    return total


def times(p: list[Fraction], root: Fraction) -> list[Fraction]:
    """Return the product with ``x - root``."""
    return [a - root * b for a, b in zip([*p, ZERO], [ZERO, *p], strict=True)]


RATIONALS = st.fractions(min_value=-9, max_value=9, max_denominator=9)


@given(st.lists(st.lists(RATIONALS, max_size=4), max_size=4))
def test_roots_are_found_each_once_with_the_first_polynomial_that_has_it(
    families: list[list[Fraction]],
) -> None:
    polynomials = []
    for family in families:
        p = [ONE, ZERO, ONE]  # x^2 + 1, which has none
        for root in family:
            p = times(p, root)
        polynomials.append(p)
    found = real_roots([tuple(p) for p in polynomials])
    known = sorted({root for family in families for root in family})
    assert len(found) == len(known)
    for enclosure, root in zip(found, known, strict=True):
        assert enclosure.lower <= root <= enclosure.upper
        assert root in families[enclosure.polynomial]
        assert all(root not in family for family in families[: enclosure.polynomial])


@given(st.integers(1, 60))
def test_roots_that_nearly_agree_are_told_apart(power: int) -> None:
    near = Fraction(1, 10**power)
    found = real_roots([(ONE, ZERO, -2 * ONE), (ONE, ZERO, -2 - near)])
    assert [root.polynomial for root in found] == [1, 0, 0, 1]
    assert all(one.upper < other.lower for one, other in pairwise(found))


def test_a_sign_changes_across_an_irrational_root() -> None:
    p = (ONE, ZERO, ZERO, -2 * ONE)  # x^3 - 2
    [root] = real_roots([p])
    assert value(list(p), root.lower) < 0 < value(list(p), root.upper)


def test_constants_have_no_roots() -> None:
    assert real_roots([(ONE,), (), (ZERO, ZERO)]) == []
    assert [root.polynomial for root in real_roots([(ONE, ZERO), (ZERO, ZERO)])] == [0]
