r"""A point in each open cell that curves cut out of a triangle or rectangle.

Let :math:`P` be irreducible polynomials in :math:`l` and :math:`u`.  Their *projection* is
the set of the polynomials in :math:`l`

.. math:: \operatorname{lc}_u p, \quad \operatorname{disc}_u p, \quad
          \operatorname{res}_u(p, q), \qquad p, q \in P,

and those :math:`p` that do not contain :math:`u`.  Between two neighbouring real roots of the
projection the real roots in :math:`u` of all :math:`p(l, \cdot)` are continuous functions of
:math:`l` that do not meet, so one value of :math:`l` there, and one value of :math:`u` between
any two neighbouring roots for it, give a point of every open cell: this is the open case of
cylindrical algebraic decomposition :cite:p:`strzebonski2000`.  Roots are isolated by
intervals with rational ends, and never approximated.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction
from itertools import combinations
from math import ceil, floor
from typing import TypeAlias, final

from sympy import QQ
from sympy.polys.rings import PolyElement

from polyrelax.arithmetic.rational import SupportsRational
from polyrelax.arithmetic.readable import readable
from polyrelax.arithmetic.roots import real_roots
from polyrelax.expressivity.germs import Point, Polynomial
from polyrelax.expressivity.piecewise import End, Range


@final
@readable
@dataclass(frozen=True)
class Patch:
    """The points (l, u) with l < u in the product of two open intervals."""

    lower: Range
    upper: Range

    def points(self, polynomials: Collection[Polynomial]) -> Iterator[Point]:
        """Yield a point of each open cell that the polynomials cut out of the patch.

        >>> from polyrelax.expressivity.germs import Plane
        >>> l, u = (end.numer for end in Plane().ends)
        >>> unit = (Fraction(0), Fraction(1))
        >>> [(str(x), str(y)) for x, y in Patch(unit, unit).points([l + u - 1])]
        [('1/3', '1/2'), ('1/3', '3/4'), ('2/3', '3/4')]
        """
        for lower in gaps(_projection(self._with_border(polynomials)), self.lower):
            fibres = [_fibre(p, lower) for p in polynomials]
            start = lower if self.upper[0] is None else max(lower, self.upper[0])
            for upper in gaps(fibres, (start, self.upper[1])):
                yield lower, upper

    def _with_border(self, polynomials: Collection[Polynomial]) -> list[Polynomial]:
        if not polynomials:
            return []
        upper, lower = next(iter(polynomials)).ring.gens
        border = [
            upper - lower,
            *(upper - QQ(e.numerator, e.denominator) for e in self.upper if e is not None),
        ]
        return list(dict.fromkeys([*polynomials, *border]))


Dense: TypeAlias = list[Fraction]
"""The coefficients of a polynomial in one variable, the highest first."""


def gaps(polynomials: Iterable[Dense], within: Range) -> Iterator[Fraction]:
    """Yield a number in each open interval between neighbouring roots.

    >>> [str(x) for x in gaps([[Fraction(1), Fraction(0), Fraction(-2)]], (Fraction(0), None))]
    ['1', '2']
    """
    here: End = None
    inside = within[0] is None
    for kind, (start, end) in _isolated(polynomials, within):
        if inside:
            yield between(here, start)
        inside = (inside or kind is _Root.LOWER) and kind is not _Root.UPPER
        here = end
    if inside:
        yield between(here, None)


def between(lower: End, upper: End) -> Fraction:
    """Return a short number strictly between two ends.

    >>> [str(between(a, b)) for a, b in ((None, None), (Fraction(1, 3), Fraction(1, 2)))]
    ['0', '2/5']
    """
    if lower is None:
        return Fraction(0) if upper is None else Fraction(ceil(upper) - 1)
    return Fraction(floor(lower) + 1) if upper is None else _simplest(lower, upper)


def _simplest(lower: Fraction, upper: Fraction) -> Fraction:
    """Return the number of least denominator strictly between two numbers."""
    whole = floor(lower)
    if whole + 1 < upper:
        return Fraction(whole + 1)
    low, high = lower - whole, upper - whole
    if low:
        return whole + 1 / _simplest(1 / high, 1 / low)
    return whole + Fraction(1, floor(1 / high) + 1)


class _Root(Enum):
    LOWER = auto()
    INNER = auto()
    UPPER = auto()


def _isolated(
    polynomials: Iterable[Dense], within: Range
) -> Iterator[tuple[_Root, tuple[Fraction, Fraction]]]:
    """Yield disjoint intervals around all real roots and the ends of the range, in order."""
    ends = {
        kind: end
        for kind, end in zip((_Root.LOWER, _Root.UPPER), within, strict=True)
        if end is not None
    }
    kinds = dict(enumerate(ends))
    for root in real_roots([*([Fraction(1), -end] for end in ends.values()), *polynomials]):
        yield kinds.get(root.polynomial, _Root.INNER), (root.lower, root.upper)


def _projection(polynomials: Collection[Polynomial]) -> list[Dense]:
    """Return the factors of the projection, each once, as polynomials in l."""
    found = [_leading(p) for p in polynomials]
    high = [p for p in polynomials if p.degree(0) > 0]
    found += [p.discriminant() for p in high if p.degree(0) > 1]
    found += [p.resultant(q) for p, q in combinations(high, 2)]
    factors = {f for p in dict.fromkeys(found) for f, _ in p.factor_list()[1]}
    return [_dense(f) for f in sorted(factors, key=str)]


def _leading(p: Polynomial) -> PolyElement:
    """Return the leading coefficient in u, a polynomial in l."""
    top = p.degree(0)
    ring = p.ring.drop(0)
    return ring.from_dict({(i,): c for (j, i), c in p.terms() if j == top})


def _dense(p: PolyElement) -> Dense:
    coefficients = {i: _fraction(c) for (i,), c in p.terms()}
    return [coefficients.get(i, Fraction(0)) for i in range(p.degree(), -1, -1)]


def _fibre(p: Polynomial, lower: Fraction) -> Dense:
    """Return the polynomial in u for one value of l."""
    coefficients = [Fraction(0)] * (p.degree(0) + 1)
    for (j, i), c in p.terms():
        coefficients[-1 - j] += _fraction(c) * lower**i
    first = next((k for k, c in enumerate(coefficients) if c), len(coefficients))
    return coefficients[first:]


def _fraction(x: SupportsRational) -> Fraction:
    return Fraction(int(x.numerator), int(x.denominator))
