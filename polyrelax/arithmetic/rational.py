"""The one scalar type, exact rationals, and how other numbers become one.

Every number from outside passes :func:`rational`, which refuses floats: ``0.1`` is not
one tenth.  Whoever means the binary value of a float says so by :func:`from_float`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from types import NoneType
from typing import Protocol, SupportsFloat, SupportsInt, TypeAlias, runtime_checkable

from polyrelax.arithmetic.long_integers import digits, integer
from polyrelax.errors import DimensionError, InexactInputError, NotANumberError


class SupportsRational(Protocol):
    """``int``, ``Fraction``, flint's ``fmpq``, sympy's ``Rational``, numpy's integers."""

    @property
    def numerator(self) -> SupportsInt:
        """The numerator."""

    @property
    def denominator(self) -> SupportsInt:
        """The denominator, in lowest terms."""


@runtime_checkable
class _SupportsRatio(Protocol):
    """A number that says which quotient of integers it is."""

    def as_integer_ratio(self) -> tuple[SupportsInt, SupportsInt]: ...


Scalar: TypeAlias = SupportsRational | Decimal | str
Vector: TypeAlias = tuple[Fraction, ...]
SparseVector: TypeAlias = tuple[tuple[int, Fraction], ...]

# An exponent of at most four digits: "1e999999999" would fill the memory.
_NUMBER = re.compile(r"\s*[-+]?(\d+/\d+|(\d+(?:\.\d*)?|\.\d+)([eE][-+]?\d{1,4})?)\s*", re.ASCII)
_POWER = re.compile(r"\s*[-+]?(\d+(?:\.\d*)?|\.\d+)[eE][-+]?\d+\s*", re.ASCII)

_SHORT = 600
"""Python reads as many digits whatever its user has set."""
_SHOWN = 60

ZERO = Fraction(0)
ONE = Fraction(1)


def rational(value: Scalar) -> Fraction:
    """Return ``value`` as a :class:`~fractions.Fraction`, refusing floats.

    Raises :class:`InexactInputError` for a float (of any library) and
    :class:`NotANumberError` for a text that is no decimal and no quotient of integers.
    A :class:`~decimal.Decimal` is the number that its digits write.

    >>> rational("-1/3"), rational("2.5e-1"), rational(2)
    (Fraction(-1, 3), Fraction(1, 4), Fraction(2, 1))
    >>> rational(0.1)
    Traceback (most recent call last):
    polyrelax.errors.InexactInputError: 0.1 is inexact; write "0.1" for the decimal
    """
    if isinstance(value, (str, Decimal)):
        return _from_text(str(value))
    try:  # int() keeps numpy's wrapping integers out of the Fraction
        return Fraction(int(value.numerator), int(value.denominator))
    except (AttributeError, TypeError, ValueError):
        raise _no_rational(value) from None


def _no_rational(value: object) -> InexactInputError | NotANumberError:
    if isinstance(value, SupportsFloat) and _is_finite(value):
        return InexactInputError(f'{value} is inexact; write "{value}" for the decimal')
    return NotANumberError(f"found {shown(value)}, expected a number")


def _is_finite(value: SupportsFloat) -> bool:
    try:
        return math.isfinite(float(value))
    except (OverflowError, TypeError, ValueError):  # of arrays, and of other libraries' numbers
        return False


def _from_text(value: str) -> Fraction:
    if _NUMBER.fullmatch(value) is None:
        found = shown(value)
        if _POWER.fullmatch(value) is not None:
            raise NotANumberError(f"found {found}, expected an exponent of four digits at most")
        raise NotANumberError(f'found {found}, expected a number such as "3/7" or "0.25"')
    numerator, slash, denominator = value.strip().partition("/")
    if slash:
        if not (divisor := integer(denominator)):
            raise NotANumberError(f"found {shown(value)}, whose denominator is zero")
        return Fraction(integer(numerator), divisor)
    return Fraction(value) if len(value) <= _SHORT else _from_long_decimal(value.strip())


def _from_long_decimal(value: str) -> Fraction:
    mantissa, _, exponent = value.lower().partition("e")
    whole, _, part = mantissa.partition(".")
    return integer(whole + part) * Fraction(10) ** (int(exponent or 0) - len(part))


def shown(value: object) -> str:
    """Return how a message names what was found: texts and numbers, else their class.

    >>> shown("x"), shown(None), shown([1]), len(shown("x" * 999))
    ("'x'", 'None', 'a list', 63)
    """
    if isinstance(value, Fraction):
        return cut(text(value))
    if isinstance(value, int) and not isinstance(value, bool):
        found = digits(value)
    elif isinstance(value, (str, bytes, float, bool, NoneType)):
        found = repr(value)
    else:
        found = (
            f"{'an' if type(value).__name__[0] in 'aeiouAEIOU' else 'a'} {type(value).__name__}"
        )
    return cut(found)


def cut(found: str, most: int = _SHOWN) -> str:
    """Return what a message says of something, its end left out if it is long.

    >>> cut("a long text", 6)
    'a long...'
    """
    return found if len(found) <= most else f"{found[:most]}..."


def from_float(value: SupportsFloat) -> Fraction:
    """Return the exact value of a finite float, of any library and any precision.

    >>> from_float(0.5), from_float(0.1) == rational("0.1")
    (Fraction(1, 2), False)
    """
    if not isinstance(value, SupportsFloat):
        raise NotANumberError(f"found {shown(value)}, expected a float")
    if isinstance(value, _SupportsRatio):  # which may have more digits than doubles
        try:
            numerator, denominator = value.as_integer_ratio()
        except (OverflowError, ValueError):
            raise NotANumberError(f"found {shown(value)}, expected a finite number") from None
        except TypeError:  # a class
            raise NotANumberError(f"found {shown(value)}, expected a float") from None
        return Fraction(int(numerator), int(denominator))
    try:
        return from_float(float(value))
    except OverflowError:
        raise NotANumberError(f"found {shown(value)}, which is beyond all floats") from None
    except (TypeError, ValueError):
        raise NotANumberError(f"found {shown(value)}, expected a float") from None


def quotient(numerator: int, denominator: int) -> float:
    """Return the double nearest to a quotient of integers, infinite where doubles end.

    >>> quotient(1, 2), quotient(-(10**400), 3)
    (0.5, -inf)
    """
    try:
        return numerator / denominator
    except OverflowError:
        return math.inf if numerator > 0 else -math.inf


def from_floats(values: Iterable[SupportsFloat]) -> Vector:
    """Return the exact binary values of several finite floats, such as a vector of numpy's.

    >>> from_floats([0.5, 2.0])
    (Fraction(1, 2), Fraction(2, 1))
    """
    if not isinstance(values, Iterable) or isinstance(values, (str, bytes)):
        raise DimensionError(f"found {shown(values)}, expected several floats")
    return tuple(from_float(value) for value in values)


def vector(values: Iterable[Scalar]) -> Vector:
    """Return ``values`` as an immutable exact vector.

    >>> vector([1, "1/2"])
    (Fraction(1, 1), Fraction(1, 2))
    """
    if not isinstance(values, Iterable):
        raise DimensionError(f"found {shown(values)}, expected a vector")
    return tuple(rational(value) for value in values)


def matrix(rows: Iterable[Iterable[Scalar]]) -> tuple[Vector, ...]:
    """Return ``rows`` as a tuple of exact vectors of one length.

    >>> matrix([[1, 2], [3, "1/2"]])[1]
    (Fraction(3, 1), Fraction(1, 2))
    """
    if not isinstance(rows, Iterable):
        raise DimensionError(f"found {shown(rows)}, expected a matrix")
    result = tuple(vector(row) for row in rows)
    lengths = {len(row) for row in result}
    if len(lengths) > 1:
        raise DimensionError(f"rows have lengths {sorted(lengths)}, expected one length")
    return result


def dot(a: Vector, b: Vector) -> Fraction:
    """Return the inner product of two vectors of equal length.

    >>> dot(vector([1, 2]), vector([3, "1/2"]))
    Fraction(4, 1)
    """
    return sum((s * t for s, t in zip(a, b, strict=True) if s and t), ZERO)


def sparse(values: Vector) -> SparseVector:
    """Return the nonzero entries of ``values`` as (index, entry) pairs, in order.

    >>> sparse(vector([0, 3]))
    ((1, Fraction(3, 1)),)
    """
    return tuple((index, value) for index, value in enumerate(values) if value)


def dense_vector(form: SparseVector, dim: int) -> Vector:
    """Return the ``dim`` entries of a sparse vector.

    >>> dense_vector(((1, ONE),), 2)
    (Fraction(0, 1), Fraction(1, 1))
    """
    entries = [ZERO] * dim
    for index, value in form:
        entries[index] = value
    return tuple(entries)


def primitive(values: Vector) -> tuple[int, ...]:
    """Return the positive multiple of ``values`` with coprime integer entries.

    >>> primitive(vector(["1/2", "-3/4"])), primitive(vector([0, 0]))
    ((2, -3), (0, 0))
    """
    common = math.lcm(*(value.denominator for value in values))
    integers = [value.numerator * (common // value.denominator) for value in values]
    divisor = math.gcd(*integers) or 1
    return tuple(integer // divisor for integer in integers)


def text(value: Fraction) -> str:
    """Return ``value`` as people and files write it.

    >>> text(Fraction(3, 2)), text(Fraction(-4))
    ('3/2', '-4')
    """
    known = value if type(value) is Fraction else rational(value)
    numerator, denominator = digits(known.numerator), digits(known.denominator)
    return numerator if denominator == "1" else f"{numerator}/{denominator}"
