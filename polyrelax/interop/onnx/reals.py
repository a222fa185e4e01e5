r"""Arrays of exact real numbers: doubles as long as these suffice, fractions where they do not.

A double *is* a rational number, so an array of doubles is exact as it stands, and most weights
stay so from the file to the layer.  Arithmetic is done in doubles and kept where a test shows
that nothing was rounded:

* a product :math:`ab \ne 0` is exact if the significant bits of :math:`a` and :math:`b` are 53
  or fewer together and the result is normal;
* a sum is exact if the error term of Knuth's *TwoSum*, which is itself exact, is zero.

Otherwise the whole array becomes fractions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Final, TypeAlias, TypeGuard

import numpy as np
import numpy.typing as npt

from polyrelax.arithmetic.rational import ZERO
from polyrelax.networks.double_rows import fractions as exact_fractions

Doubles: TypeAlias = npt.NDArray[np.float64]
Reals: TypeAlias = npt.NDArray[np.float64 | np.object_]

_BITS: Final = 53
_LEAST_NORMAL: Final = float(np.finfo(np.float64).tiny)
_MOST_INTEGER: Final = 2**53


def real(value: Fraction | int | float) -> Reals:
    """Return one number, as an array without axes.

    >>> real(Fraction(1, 2)), real(Fraction(1, 3)).dtype
    (array(0.5), dtype('O'))
    """
    number = Fraction(value)
    try:
        near = float(number)
    except OverflowError:
        return _box(number)
    return np.asarray(near) if Fraction(near) == number else _box(number)


def reals(values: Sequence[Fraction]) -> Reals:
    """Return an array of these numbers.

    >>> reals([Fraction(1, 2), Fraction(3)])
    array([0.5, 3. ])
    """
    if not values:
        return np.zeros(0)
    parts = [real(value) for value in values]
    if all(part.dtype == np.float64 for part in parts):
        return np.array([float(part) for part in parts])
    return _boxes(values)


def is_real(array: npt.NDArray[np.generic]) -> TypeGuard[Reals]:
    """Whether an array holds real numbers, not integers or truth values.

    >>> is_real(np.ones(1)), is_real(np.array([1]))
    (True, False)
    """
    return array.dtype in (np.float64, np.object_)


def entry_type(array: npt.NDArray[np.generic]) -> str:
    """Return what the entries of a constant are; which floats, is not known any more.

    >>> entry_type(np.ones(1)), entry_type(np.array([1], dtype=np.int8))
    ('floats', 'int8')
    """
    return "floats" if is_real(array) else str(array.dtype)


def joined(parts: Sequence[Reals]) -> Reals:
    """Return the entries of arrays of one axis, one after the other.

    >>> joined([np.array([0.5]), reals([Fraction(1, 3)])]).tolist()
    [Fraction(1, 2), Fraction(1, 3)]
    """
    return np.concatenate(alike(parts))


def alike(arrays: Sequence[Reals]) -> list[Reals]:
    """Return arrays of one type, so that numpy may put their entries into one.

    >>> [each.dtype for each in alike([np.ones(1), reals([Fraction(1, 3)])])]
    [dtype('O'), dtype('O')]
    """
    if all(each.dtype == np.float64 for each in arrays):
        return list(arrays)
    return [fractional(each) for each in arrays]


def scattered(values: Reals, places: npt.NDArray[np.generic], size: int) -> Reals:
    """Return an array of zeros with the values at their places, indices or truth values.

    >>> scattered(np.array([0.5]), np.array([1]), 3)
    array([0. , 0.5, 0. ])
    """
    exact = values.dtype == np.object_
    spread = np.full(size, ZERO, dtype=np.object_) if exact else np.zeros(size)
    spread[places] = values
    return spread


def real_of(array: npt.NDArray[np.generic]) -> Reals:
    """Return the exact numbers that an array of floats, integers or truth values holds.

    >>> real_of(np.array([1, 2**53 + 1])).tolist()
    [Fraction(1, 1), Fraction(9007199254740993, 1)]
    """
    if array.dtype == np.object_:
        return array.astype(np.object_, copy=False)
    near = array.astype(np.float64)
    if array.dtype.kind in "iu" and array.dtype.itemsize == 8:
        exact = [int(value) for value in array.flat]
        if any(abs(value) > _MOST_INTEGER for value in exact):
            return _boxes([Fraction(value) for value in exact]).reshape(array.shape)
    return near


def fractions(array: Reals) -> list[Fraction]:
    """Return the entries in row-major order.

    >>> fractions(np.array([[0.5], [2.0]]))
    [Fraction(1, 2), Fraction(2, 1)]
    """
    if array.dtype == np.float64:
        return exact_fractions(_doubles(array).ravel())
    flat: list[Fraction] = array.ravel().tolist()
    return flat


def fractional(array: Reals) -> npt.NDArray[np.object_]:
    """Return the array with fractions for entries.

    >>> fractional(np.array([0.5]))
    array([Fraction(1, 2)], dtype=object)
    """
    if array.dtype == np.float64:
        return _boxes(fractions(array)).reshape(array.shape)
    return np.asarray(array, dtype=np.object_)


def times(a: Reals, b: Reals) -> Reals:
    """Return the products entry by entry.

    >>> times(np.array([0.5]), np.array([3.0])), times(real(Fraction(1, 3)), np.array([3.0]))
    (array([1.5]), array([Fraction(1, 1)], dtype=object))
    """
    product = times_in_doubles(a, b)
    if product is not None:
        return product
    return np.asarray(fractional(a) * fractional(b), dtype=np.object_)


def times_in_doubles(a: Reals, b: Reals) -> Doubles | None:
    """Return the products entry by entry, if all of them are doubles.

    >>> times_in_doubles(np.array([0.5]), np.array([3.0]))
    array([1.5])
    >>> times_in_doubles(np.array([0.1]), np.array([0.1])) is None
    True
    """
    if not a.dtype == b.dtype == np.float64:
        return None
    with np.errstate(all="ignore"):
        product = np.asarray(np.multiply(a, b), dtype=np.float64)
    return product if _is_exact_product(_doubles(a), _doubles(b), product) else None


def plus(a: Reals, b: Reals) -> Reals:
    """Return the sums entry by entry.

    >>> plus(np.array([0.5]), np.array([3.0])), plus(np.array([1e30]), np.array([1.0])).dtype
    (array([3.5]), dtype('O'))
    """
    if a.dtype == b.dtype == np.float64:
        with np.errstate(all="ignore"):
            one, two = _doubles(a), _doubles(b)
            total = np.asarray(one + two, dtype=np.float64)
            second = total - one
            error = (one - (total - second)) + (two - second)
        if not np.any(error):  # also true of NaN, the error of a sum that overflows
            return total
    return np.asarray(fractional(a) + fractional(b), dtype=np.object_)


def quotient(a: Reals, b: Reals) -> Reals:
    """Return the quotients entry by entry; a zero in ``b`` raises ``ZeroDivisionError``.

    >>> quotient(np.array([3.0]), np.array([2.0])), quotient(np.array([1.0]), real(3))
    (array([1.5]), array([Fraction(1, 3)], dtype=object))
    """
    if not np.all(b != 0):
        raise ZeroDivisionError("a divisor is zero")
    if a.dtype == b.dtype == np.float64:
        with np.errstate(all="ignore"):
            near = np.asarray(np.divide(a, b), dtype=np.float64)
        back = times(near, b) if np.all(np.isfinite(near)) else real(0)
        if back.dtype == np.float64 and np.array_equal(back, np.broadcast_to(a, near.shape)):
            return near
    return np.asarray(fractional(a) / fractional(b), dtype=np.object_)


def total(array: Reals, axis: int) -> Reals:
    """Return the sums along an axis.

    >>> total(np.array([[0.5, 1.0], [0.25, 2.0]]), 1)
    array([1.5 , 2.25])
    """
    result = real(0)
    for part in np.moveaxis(array, axis, 0):
        result = plus(result, part)
    return np.broadcast_to(result, np.delete(array.shape, axis))


def nearest_root_quotient(s: Fraction, w: Fraction) -> float:
    r"""Return the double nearest to :math:`s / \sqrt{w}`, for a positive ``w``.

    Algorithm: the integer part of the root of a multiple by a power of four, and whether
    something is left of it, as one more bit, which division then rounds correctly.

    >>> nearest_root_quotient(Fraction(-3), Fraction(4)) == -1.5
    True
    """
    square = s * s / w
    shift = max(0, 2 * _BITS + 20 - square.numerator.bit_length())
    shift += max(0, square.denominator.bit_length())
    scaled, left = divmod(square.numerator << 2 * shift, square.denominator)
    root = math.isqrt(scaled)
    sticky = bool(left) or root * root != scaled
    size = Fraction(2 * root + sticky, 1 << (shift + 1))
    return math.copysign(float(size), s)


def _is_exact_product(a: Doubles, b: Doubles, product: Doubles) -> bool:
    bits = np.asarray(_significant_bits(a) + _significant_bits(b))
    size = np.abs(product)
    fits = (bits <= _BITS) & (size >= _LEAST_NORMAL) & np.isfinite(size)
    return bool(np.all(fits | (a == 0) | (b == 0)))


def _doubles(array: Reals) -> Doubles:
    return np.asarray(array, dtype=np.float64)


def _significant_bits(a: Doubles) -> npt.NDArray[np.int64]:
    """Return how many bits lie between the first and the last one that is set."""
    mantissa, _ = np.frexp(a)
    with np.errstate(all="ignore"):
        whole = (mantissa * 2.0**_BITS).astype(np.int64)
    last = np.frexp((whole & -whole).astype(np.float64))[1]
    return np.asarray(_BITS + 1 - last, dtype=np.int64)


def _box(number: Fraction) -> npt.NDArray[np.object_]:
    return _boxes([number]).reshape(())


def _boxes(values: Sequence[Fraction]) -> npt.NDArray[np.object_]:
    array = np.empty(len(values), dtype=np.object_)
    array[:] = values
    return array
