r"""Finite decimals: the numbers :math:`n / (2^a 5^b)`, which decimals write exactly.

Formats that know decimals alone hold a row of fractions as a multiple of itself: the least
whole number that clears the other primes from its denominators makes all of them finite.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

from polyrelax.arithmetic.arguments import exact, exact_vector
from polyrelax.arithmetic.long_integers import digits
from polyrelax.arithmetic.rational import Scalar, shown
from polyrelax.errors import InexactInputError


def decimal(value: Scalar) -> str:
    """Return a number as the decimal that it is.

    Raises :class:`InexactInputError` for one that no finite decimal is.

    >>> decimal("-3/40"), decimal(2)
    ('-0.075', '2')
    >>> decimal("1/3")
    Traceback (most recent call last):
    polyrelax.errors.InexactInputError: found 1/3, which no finite decimal is
    """
    number = exact(value)
    rest, twos, fives = _split(number.denominator)
    if rest != 1:
        raise InexactInputError(f"found {shown(number)}, which no finite decimal is")
    places = max(twos, fives)
    whole = digits(abs(number.numerator) * 2 ** (places - twos) * 5 ** (places - fives))
    padded = whole.zfill(places + 1)
    sign, point = "-" if number < 0 else "", len(padded) - places
    return f"{sign}{padded[:point]}.{padded[point:]}" if places else f"{sign}{padded}"


def real(value: Scalar) -> str:
    """Return the same with a point, as languages with types write what is no integer.

    >>> real("-3/40"), real(2)
    ('-0.075', '2.0')
    """
    found = decimal(value)
    return found if "." in found else f"{found}.0"


def clearing(values: Iterable[Scalar]) -> int:
    """Return the least whole number whose products with all values are finite decimals.

    >>> clearing(["1/2", "5/6", "2/7"]), clearing(["1/40"]), clearing([])
    (21, 1, 1)
    """
    return math.lcm(*(_split(v.denominator)[0] for v in exact_vector(values, "numbers")))


def multiple(values: Iterable[Scalar]) -> tuple[Fraction, ...]:
    """Return the least multiple of some numbers that finite decimals are.

    >>> [decimal(value) for value in multiple(["1/6", "1/4", -1])]
    ['0.5', '0.75', '-3']
    """
    numbers = exact_vector(values, "numbers")
    factor = clearing(numbers)
    return tuple(factor * value for value in numbers)


def _split(denominator: int) -> tuple[int, int, int]:
    """Return what is left of a denominator without twos and fives, and how many these are."""
    twos, fives = (denominator & -denominator).bit_length() - 1, 0
    rest = denominator >> twos
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    return rest, twos, fives
