r"""Exact numbers cut into limbs: integers small enough for floats.

An array of numbers is written as :math:`\sum_k L_k\, 2^{e_k}`, each *limb* :math:`L_k` an array
of integers of one sign per entry, kept as floats.  How wide limbs are decides which products
of them a float holds exactly; see :mod:`polyrelax.arithmetic.integer_matrix`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Doubles: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]

_PRECISION: Final = 53


@dataclass(frozen=True, eq=False)
class Limb:
    """An array of integers, as floats, that count for ``2**exponent`` each."""

    exponent: int
    values: Doubles


def limbs_of_doubles(values: Doubles, most: int) -> Iterator[Limb]:
    """Yield limbs of at most ``most`` bits, as few as the bits of all doubles need.

    >>> [(limb.exponent, limb.values.tolist()) for limb in limbs_of_doubles(np.array([5.5]), 2)]
    [(1, [2.0]), (-1, [3.0])]
    """
    rest, lowest = np.array(values), _lowest(values)
    width = -(-(_top(rest) - lowest) // max(1, -(-(_top(rest) - lowest) // most)))
    while rest.any():
        exponent = max(_top(rest) - width, lowest)
        whole = np.trunc(np.ldexp(rest, -exponent))
        yield Limb(exponent, whole)
        rest = rest - np.ldexp(whole, exponent)  # exact: some of the bits of a double


def _lowest(values: Doubles) -> int:
    """Return the exponent of the lowest bit that is set in a value."""
    parts, exponents = np.frexp(values[values != 0])
    mantissas = np.ldexp(parts, _PRECISION).astype(np.int64)
    zeros = np.frexp((mantissas & -mantissas).astype(np.float64))[1] - 1
    return int((exponents - _PRECISION + zeros).min(initial=0))


def _top(values: Doubles) -> int:
    return int(np.frexp(np.abs(values).max(initial=0))[1])


def limbs_of_integers(values: Sequence[int], width: int, exponent: int = 0) -> Iterator[Limb]:
    """Yield the limbs of at most ``width`` bits of integers that count for ``2**exponent``.

    >>> [(limb.exponent, limb.values.tolist()) for limb in limbs_of_integers([-5], 2)]
    [(0, [-1.0]), (2, [-1.0])]
    """
    signs = np.array([1.0 if value > 0 else -1.0 for value in values])
    rest, mask = [abs(value) for value in values], (1 << width) - 1
    while any(rest):
        low = np.array([value & mask for value in rest], dtype=np.float64)
        if low.any():
            yield Limb(exponent, low * signs)
        rest = [value >> width for value in rest]
        exponent += width


def parts_of(values: Integers, width: int) -> Iterator[tuple[int, Doubles]]:
    """Yield (shift, part) with parts below ``2**width`` that sum to the values when shifted.

    >>> [(shift, part.tolist()) for shift, part in parts_of(np.array([-1, 6]), 2)]
    [(0, [3.0, 2.0]), (2, [-1.0, 1.0])]
    """
    shift, mask = 0, (1 << width) - 1
    while np.abs(values).max(initial=0) > mask:
        low = values & mask
        if low.any():
            yield shift, low.astype(np.float64)
        values = values >> width
        shift += width
    if values.any():
        yield shift, values.astype(np.float64)


def is_dyadic(value: Fraction) -> bool:
    """Whether a fraction is an integer over a power of two.

    >>> is_dyadic(Fraction(3, 4)), is_dyadic(Fraction(1, 3))
    (True, False)
    """
    return value.denominator & (value.denominator - 1) == 0


def floors(values: Sequence[Fraction], bits: int) -> list[int]:
    """Return the greatest integers that are at most the values times ``2**bits``.

    >>> floors([Fraction(-1, 3), Fraction(3, 4)], 2)
    [-2, 3]
    """
    if bits < 0:
        return [value.numerator // (value.denominator << -bits) for value in values]
    return [(value.numerator << bits) // value.denominator for value in values]


def exponent_of(values: Sequence[Fraction]) -> int:
    """Return an exponent ``e`` with all values below ``2**e`` in absolute value.

    >>> exponent_of([Fraction(-4), Fraction(1, 8)])
    3
    """
    sizes = (
        abs(v.numerator).bit_length() - v.denominator.bit_length() + 1 for v in values if v
    )
    return max(sizes, default=0)
