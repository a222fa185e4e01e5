r"""Numbers as sums of two floats: about 106 bits, by operations of floats with proven errors.

Such a number :math:`x = h + l` has :math:`|l| \le 2^{-52} |h|`.  The rounding error of a sum
or of a product of two floats is a float, which :func:`two_sum` (Knuth) and :func:`two_product`
(Dekker, Veltkamp) compute; with :math:`u = 2^{-53}` it is at most :math:`u` times the result.

**Products.**  For :math:`s = h + l` and :math:`w = h' + l'`, the error of the float product
:math:`h h'`, plus :math:`h l' + l h'`, is a sum of three terms below :math:`u`, :math:`2u` and
:math:`2u` times :math:`|h h'|`.  Computed in floats it is wrong by at most
:math:`15 u^2 |hh'|`, and the missing :math:`l l'` is below :math:`4 u^2 |h h'|`.

**Inner products.**  Let :math:`S = \sum_j |r_j| |f_j|` over :math:`d` terms.  Their float
parts are added without error: the errors of these sums, each at most :math:`u S (1 + d u)`, and
those of the products are added in floats.  So the sum of :math:`d` numbers, of sizes that sum
to at most :math:`(d + 6) u S`, each after four operations, is wrong by at most
:math:`(d + 5)(d + 6) u^2 S`; with the missing products, and rows that are rounded to two
floats, the whole is below :math:`(d + 7)^2 u^2 S`.  Twice that is claimed, and leaves room for
terms of third order and for underflow: the sizes here are about one.

**Combinations.**  :math:`s w + t v` is two products, added in the same way: each is wrong by at
most :math:`19 u^2` times its size, the sum of the five low parts by :math:`13 u^2` times the
sum of both sizes.  Together that is :math:`2^{-101}`; :math:`2^{-99}` times that sum
is claimed.
"""

from __future__ import annotations

from polyrelax.polytopes.engines.fast.compiled import compiled
from polyrelax.polytopes.engines.fast.problem import Floats, Shorts

HIGH, LOW = 0, 1

_ROUNDING = 2.0**-105
_ABOVE_ONE = 1.0 + 2.0**-40
_SPLIT = 2.0**27 + 1.0
COMBINED = 2.0**-99


@compiled
def two_sum(a: float, b: float) -> tuple[float, float]:
    """Return the sum as a float and its error."""
    total = a + b
    other = total - a
    return total, (a - (total - other)) + (b - other)


@compiled
def two_product(a: float, b: float) -> tuple[float, float]:
    """Return the product as a float and its error."""
    total = a * b
    first, other = _SPLIT * a, _SPLIT * b
    high, upper = first - (first - a), other - (other - b)
    low, lower = a - high, b - upper
    return total, ((high * upper - total) + high * lower + low * upper) + low * lower


@compiled
def value_error(weight: float, wrong: float, dim: int) -> float:
    """Return a bound of the error of a row's value on a ray whose entries are so wrong."""
    return float(weight * (wrong * _ABOVE_ONE + (dim + 7.0) * (dim + 7.0) * _ROUNDING))


@compiled
def set_value(value: Floats, row: Floats, ray: Floats) -> None:
    """Set ``value`` to the inner product of a row and a ray."""
    total, rest = 0.0, 0.0
    for j in range(row.shape[1]):
        term, error = two_product(row[HIGH, j], ray[HIGH, j])
        error += row[HIGH, j] * ray[LOW, j] + row[LOW, j] * ray[HIGH, j]
        total, lost = two_sum(total, term)
        rest += lost + error
    value[HIGH], value[LOW] = two_sum(total, rest)


@compiled
def combine_entries(floats: Floats, values: Floats, ray: Shorts) -> float:
    """Set a ray to the combination of two that is zero where these have their values.

    The slots are those of the ray below, of the one above and of the new one.  Return the size
    of the greatest entry.
    """
    below, above, slot = ray
    s, s_low, t, t_low = (
        values[above, HIGH],
        values[above, LOW],
        values[below, HIGH],
        values[below, LOW],
    )
    greatest = 0.0
    for j in range(floats.shape[2]):
        a, error = two_product(s, floats[below, HIGH, j])
        error += s * floats[below, LOW, j] + s_low * floats[below, HIGH, j]
        b, wrong = two_product(t, floats[above, HIGH, j])
        wrong += t * floats[above, LOW, j] + t_low * floats[above, HIGH, j]
        total, lost = two_sum(a, -b)
        high, low = two_sum(total, lost + (error - wrong))
        floats[slot, HIGH, j], floats[slot, LOW, j] = high, low
        greatest = max(greatest, abs(high))
    return greatest
