r"""Rational functions of the ends of an interval, ordered by their signs near a point.

Near a point :math:`(l_0, u_0)` that is a zero of neither, the quotient of two polynomials
:math:`p / q \in \mathbb{Q}(l, u)` has the sign of :math:`p(l_0, u_0)\, q(l_0, u_0)`.  A
computation with such quotients asks for finitely many signs.  Let :math:`P` be the
irreducible factors whose signs it asked for.  Then

.. math:: \{(l, u) : \operatorname{sign} p(l, u) = \operatorname{sign} p(l_0, u_0) \ne 0
          \text{ for all } p \in P\}

is a set on which the computation runs through the same steps, so that its result, as a
quotient of polynomials, holds on all of it.

The point is called a :class:`Site`: it writes down the factors it is asked about.  If one
vanishes there, the point is of no use, and :class:`NotGenericError` says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Final, TypeAlias, final

from sympy import QQ
from sympy.polys.fields import FracElement, field
from sympy.polys.rings import PolyElement

from polyrelax.arithmetic.rational import cut, shown
from polyrelax.errors import PolyrelaxError

Polynomial: TypeAlias = PolyElement
"""An irreducible polynomial in l and u, with leading coefficient 1."""
Point: TypeAlias = tuple[Fraction, Fraction]


class NotGenericError(PolyrelaxError, ValueError):
    """A point is a zero of a polynomial whose sign matters."""


@final
class Plane:
    """The field of rational functions of l and u; it remembers how it has factored them."""

    def __init__(self) -> None:
        self.field, self._u, self._l = field("u,l", QQ)  # u first: it is eliminated first
        self._factors: Final[
            dict[PolyElement, tuple[int, tuple[tuple[Polynomial, int], ...]]]
        ] = {}

    @property
    def ends(self) -> tuple[FracElement, FracElement]:
        """The functions l and u."""
        return self._l, self._u

    def constant(self, x: Fraction) -> FracElement:
        """Return the function with one value."""
        return self.field.raw_new(self.field.ring.ground_new(QQ(x.numerator, x.denominator)))

    def factors(self, p: PolyElement) -> tuple[int, tuple[tuple[Polynomial, int], ...]]:
        """Return the sign of the content of ``p``, and its factors with multiplicities."""
        if p not in self._factors:
            content, pairs = p.factor_list()
            unit, found = int(content > 0) - int(content < 0), []
            for q, power in pairs:
                unit *= 1 if q.LC > 0 else (-1) ** power
                found.append((q.monic(), int(power)))
            self._factors[p] = (unit, tuple(found))
        return self._factors[p]


@final
class Site:
    """A point at which signs are decided, and the factors that were asked about so far."""

    def __init__(self, plane: Plane, point: Point) -> None:
        self.plane: Final = plane
        self.point: Final = point
        self._signs: Final[dict[Polynomial, int]] = {}

    @property
    def ends(self) -> tuple[Germ, Germ]:
        """The ends of the interval, as numbers near this point."""
        lower, upper = self.plane.ends
        return Germ(self, lower), Germ(self, upper)

    @property
    def signs(self) -> Mapping[Polynomial, int]:
        """The signs here of the factors that were asked about; 0 if this point is of no use."""
        return self._signs

    def sign(self, p: PolyElement) -> int:
        """Return the sign of a polynomial that is not zero, and remember its factors."""
        result, factors = self.plane.factors(p)
        for q, power in factors:
            if q not in self._signs:
                self._signs[q] = sign_at(q, self.point)
            result *= self._signs[q] ** power
        if not result:
            ends = " and ".join(map(shown, self.point))
            raise NotGenericError(f"found the ends {ends}, where {cut(str(p))} vanishes")
        return result


@final
class Germ:
    """A rational function of l and u near a site.

    >>> l, u = Site(Plane(), (Fraction(-1), Fraction(1))).ends
    >>> sign(u / (u - l)), sign(l + 2 * u), sign(l - l)
    (1, 1, 0)
    """

    __slots__ = ("_element", "_site")

    def __init__(self, site: Site, element: FracElement) -> None:
        self._site: Final = site
        self._element: Final = element

    def __add__(self, other: Number) -> Germ:
        if isinstance(other, Germ):
            return Germ(self._site, self._element + other._element)
        return self._shifted(other) if other else self

    def __sub__(self, other: Number) -> Germ:
        if isinstance(other, Germ):
            return Germ(self._site, self._element - other._element)
        return self._shifted(-other) if other else self

    def __mul__(self, other: Number) -> Germ:
        if isinstance(other, Germ):
            return Germ(self._site, self._element * other._element)
        return self if other == 1 else self._scaled(other)

    def __truediv__(self, other: Number) -> Germ:
        return Germ(self._site, self._element / self._of(other))

    def __rtruediv__(self, other: Fraction) -> Germ:
        return Germ(self._site, self._of(other) / self._element)

    def __rsub__(self, other: Fraction) -> Germ:
        return (-self)._shifted(other)

    def __neg__(self) -> Germ:
        return Germ(self._site, -self._element)

    __radd__ = __add__
    __rmul__ = __mul__

    def _shifted(self, x: Fraction) -> Germ:
        """Return the sum with a constant; the quotient stays in lowest terms."""
        numerator, denominator = self._element.numer, self._element.denom
        moved = numerator + denominator.mul_ground(QQ(x.numerator, x.denominator))
        return self._lowest(moved, denominator)

    def _scaled(self, x: Fraction) -> Germ:
        """Return a multiple; the quotient stays in lowest terms."""
        numerator = self._element.numer.mul_ground(QQ(x.numerator, x.denominator))
        return self._lowest(numerator, self._element.denom)

    def _lowest(self, numerator: PolyElement, denominator: PolyElement) -> Germ:
        plane = self._site.plane
        if not numerator:
            return Germ(self._site, plane.constant(Fraction(0)))
        return Germ(self._site, plane.field.raw_new(numerator, denominator))

    def _of(self, other: Number) -> FracElement:
        return other._element if isinstance(other, Germ) else self._site.plane.constant(other)

    @property
    def is_zero(self) -> bool:
        """Whether this is the function 0."""
        return not self._element

    @property
    def sign(self) -> int:
        """The sign near the site."""
        if self.is_zero:
            return 0
        numerator, denominator = self._element.numer, self._element.denom
        return self._site.sign(numerator) * self._site.sign(denominator)

    @property
    def value(self) -> Fraction:
        """The value at the site."""
        denominator = self._element.denom
        below = value_at(denominator, self._site.point)
        if not below:
            self._site.sign(denominator)  # raises, and remembers what vanishes
        return value_at(self._element.numer, self._site.point) / below

    def __repr__(self) -> str:
        return str(self._element)


Number: TypeAlias = Fraction | Germ
"""A rational number, or a rational function near a site."""


def sign(x: Number) -> int:
    """Return -1, 0 or 1."""
    return x.sign if isinstance(x, Germ) else (x > 0) - (x < 0)


def is_zero(x: Number) -> bool:
    """Whether ``x`` is 0, for a function: everywhere."""
    return x.is_zero if isinstance(x, Germ) else not x


def value(x: Number) -> Fraction:
    """Return the value at the site.

    >>> l, u = Site(Plane(), (Fraction(-1), Fraction(1))).ends
    >>> value(u / (u - l))
    Fraction(1, 2)
    """
    return x.value if isinstance(x, Germ) else x


def largest(values: Iterable[Number]) -> Number:
    """Return the greatest of one or more numbers.

    >>> l, u = Site(Plane(), (Fraction(-1), Fraction(1))).ends
    >>> largest([l, u, Fraction(0)])
    u
    """
    best, *rest = values
    for other in rest:
        best = other if sign(other - best) > 0 else best
    return best


def smallest(values: Iterable[Number]) -> Number:
    """Return the least of one or more numbers.

    >>> smallest([Fraction(2), Fraction(1)])
    Fraction(1, 1)
    """
    return -largest([-x for x in values])


def value_at(p: PolyElement, point: Point) -> Fraction:
    """Return the value of a polynomial in l and u."""
    top, bottom = _ratio_at(p, point)
    return Fraction(top, bottom)


def sign_at(p: PolyElement, point: Point) -> int:
    """Return the sign of a polynomial at a point."""
    top, _ = _ratio_at(p, point)
    return (top > 0) - (top < 0)


def _ratio_at(p: PolyElement, point: Point) -> tuple[int, int]:
    """Return the value of a polynomial as a ratio of integers, the second of them positive."""
    (a, b), (c, d) = ((end.numerator, end.denominator) for end in point)
    common, terms, (high, wide) = _whole(p)
    total = sum(k * a**i * b ** (wide - i) * c**j * d ** (high - j) for j, i, k in terms)
    return total, common * b**wide * d**high


@lru_cache(maxsize=100_000)
def _whole(p: PolyElement) -> tuple[int, tuple[tuple[int, int, int], ...], tuple[int, int]]:
    """Return a common denominator, exponents of u and l with whole coefficients, degrees."""
    common = lcm(*(int(k.denominator) for k in p.coeffs()))
    terms = tuple(
        (j, i, int(k.numerator) * (common // int(k.denominator))) for (j, i), k in p.terms()
    )
    return common, terms, (max(p.degree(0), 0), max(p.degree(1), 0))
