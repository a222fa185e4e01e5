r"""The real roots of polynomials in one variable, between rational numbers.

FLINT encloses the complex roots of a polynomial with whole coefficients in disjoint disks, and
says of each whether its root is real.  Polynomials are made coprime before, so that no two have
a root in common, and the precision is doubled until no two intervals meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import Final, NamedTuple, cast

import flint

from polyrelax.arithmetic.arguments import exact_vector, listed
from polyrelax.arithmetic.rational import Vector
from polyrelax.arithmetic.readable import readable

_FIRST_PRECISION: Final = 53


@readable
class Root(NamedTuple):
    """A real root between two rational numbers, and the first polynomial that has it."""

    lower: Fraction
    upper: Fraction
    polynomial: int


def real_roots(polynomials: Sequence[Sequence[Fraction]]) -> list[Root]:
    """Return disjoint intervals around the real roots of some polynomials, in order, each once.

    The coefficients of a polynomial come highest first; constants have no roots.

    >>> one, none = Fraction(1), Fraction(0)
    >>> roots = real_roots([(one, -one), (one, none, -one)])  # x - 1 and x^2 - 1
    >>> [(root.lower <= x <= root.upper, root.polynomial) for root, x in zip(roots, (-1, 1))]
    [(True, 1), (True, 0)]
    """
    wanted = [exact_vector(p, "coefficients") for p in listed(polynomials, "polynomials")]
    factors = list(_coprime(wanted))
    precision = _FIRST_PRECISION
    while True:
        found = _found(factors, precision)
        if all(one.upper < other.lower for one, other in pairwise(found)):
            return found
        precision *= 2


def _coprime(polynomials: Sequence[Vector]) -> Iterator[tuple[int, flint.fmpz_poly]]:
    """Yield the part of each polynomial that is coprime to those before it."""
    known = list[flint.fmpz_poly]()
    for k, coefficients in enumerate(polynomials):
        common = lcm(*(c.denominator for c in coefficients))
        part = flint.fmpz_poly([int(c * common) for c in reversed(coefficients)])
        for other in known:
            while part and (shared := part.gcd(other)).degree() > 0:
                part //= shared
        if part.degree() > 0:
            known.append(part)
            yield k, part


def _found(factors: Sequence[tuple[int, flint.fmpz_poly]], precision: int) -> list[Root]:
    """Return the real roots in order; FLINT's precision is left as it was."""
    before = flint.ctx.prec
    flint.ctx.prec = precision
    try:
        return sorted(root for k, p in factors for root in _enclosed(k, p))
    finally:
        flint.ctx.prec = before


def _enclosed(k: int, polynomial: flint.fmpz_poly) -> Iterator[Root]:
    # FLINT's stubs leave the multiplicities out
    for root, _ in cast("list[tuple[flint.acb, int]]", polynomial.complex_roots()):
        if root.imag.is_zero():
            middle, radius = _exact(root.real.mid()), _exact(root.real.rad())
            yield Root(middle - radius, middle + radius, k)


def _exact(x: flint.arb) -> Fraction:
    mantissa, exponent = map(int, x.man_exp())
    return Fraction(mantissa << max(exponent, 0), 1 << max(-exponent, 0))
