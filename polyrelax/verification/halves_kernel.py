"""The integer kernel of :mod:`polyrelax.verification.halves`, which says what it computes.

Numbers are integers over powers of two.  Sums of products are those of floats that hold
integers below 2**53, so that no order of summation matters.  Long integers are multiplied in
parts, and refused where a sum of parts might pass 2**62: then nothing is proved.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, ParamSpec, TypeVar, cast

import numpy as np
from numba import njit

from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.polytopes.engines.fast.compiled import compiled, keeping

_FILES = (Path(__file__),)
_P = ParamSpec("_P")
_T = TypeVar("_T")

ENDS = 26
"""Bounds of values are integers over this power of two."""
VALUES = 30
"""Bounds of forms are integers over this power of two."""
SLOPES = 20
HIGH, LOW = 18, 42
"""Weights are sums of two limbs over these powers of two."""
FORM_BITS, INPUT_BITS = 22, 33
_CUT = 13
"""Numbers that limbs are multiplied by are cut in two parts there."""
_PART = 20
"""Bounds that multipliers are multiplied by are cut in two parts there."""
_FINE = 6
_UNIT = 21
_COMBINED = 16
ROUNDS = 24
SIXTEENTHS = 16
_NEARLY = 1e-9
_WIDTHS = 0.3
_APART = 32.0
"""Inputs that were halved five times more often than another one are not halved."""
NOTHING = -(1 << 62)
"""The bound that is none."""
_SAFE = 4.0e18
_LARGEST = 1 << 52
"""What a bound's parts may be, over the power of two of ``VALUES``."""
_FAR = 1 << 52
"""What bounds of values may be, over the power of two of ``ENDS``."""
_LEAST_BITS = 4
_WORD = 63
"""The longest shift of a word."""
ROWS_AT_ONCE = 4
"""Rows that are added at once: so sums are read and written less often."""


class Weights(NamedTuple):
    """The layers of a network in limbs, with zeros where a layer has fewer values.

    ``sums`` are the greatest sums of absolute values of a row of either limb in each layer;
    ``slack`` is 1 if numbers were rounded down to the units of the lower limbs, else 0.
    """

    high: Doubles
    low: Doubles
    bias_high: Doubles
    bias_low: Doubles
    doubles: Doubles
    biases: Doubles
    widths: Integers
    sums: Doubles
    slack: int


class Bounds(NamedTuple):
    """What is known of the values before each rectifier of a box, and places to compute in."""

    lower: Integers
    upper: Integers
    slopes: Integers
    products: Doubles
    whole: Integers
    form: Doubles
    gradient: Doubles
    centers: Integers
    rows: Integers
    factors: Doubles


def _entry(kernel: Callable[_P, _T]) -> Callable[_P, _T]:
    """Return ``kernel`` as machine code, compiled when first called and kept on disk."""
    with keeping(_FILES) as kept:
        return cast(Callable[_P, _T], njit(cache=kept, nogil=True)(kernel))


@compiled
def _floor(value: int, bits: int) -> int:
    """Return ``value`` over ``2**bits``, rounded down; a word has no shift by 64 or more."""
    return value >> min(bits, _WORD) if bits >= 0 else value << -bits


@compiled
def _constant(high: float, low: float, bits: int) -> int:
    """Return the floor of a sum of limbs whose lower one is over ``2**bits``."""
    if bits >= LOW - HIGH:
        return (int(high) + (int(low) >> (LOW - HIGH))) >> min(bits - (LOW - HIGH), _WORD)
    return (int(high) << (LOW - HIGH - bits)) + _floor(int(low), bits)


@compiled
def _gathered(w: Weights, layer: int, b: Bounds) -> tuple[float, float, float, int]:
    """Gather the numbers of a form that are not 0, and zeros up to a multiple of rows at once.

    Return the sums of their products with both limbs of biases, of their sizes, and how many.
    """
    first, second, size, count = 0.0, 0.0, 0.0, 0
    for r in range(w.widths[layer + 1]):
        c = b.form[r]
        if c != 0.0:
            size += abs(c)
            first += c * w.bias_high[layer, r]
            second += c * w.bias_low[layer, r]
            b.rows[count], b.factors[count] = r, c
            count += 1
    b.rows[count : count + ROWS_AT_ONCE] = 0
    b.factors[count : count + ROWS_AT_ONCE] = 0.0
    return first, second, size, count


@compiled
def _add_up(limbs: Doubles, sizes: tuple[int, int], total: Doubles, bounds: Bounds) -> None:
    """Return in ``total`` the sum of the gathered rows of a layer, times their numbers."""
    rows, factors, (count, many) = bounds.rows, bounds.factors, sizes
    total[:] = 0.0
    for k in range(0, count, ROWS_AT_ONCE):
        a, b, c, d = factors[k], factors[k + 1], factors[k + 2], factors[k + 3]
        first, second = limbs[rows[k]], limbs[rows[k + 1]]
        third, fourth = limbs[rows[k + 2]], limbs[rows[k + 3]]
        for j in range(many):
            total[j] += (a * first[j] + b * second[j]) + (c * third[j] + d * fourth[j])


@compiled
def _through(w: Weights, layer: int, k: int, b: Bounds) -> tuple[int, int, int]:
    """Carry the form of a layer's outputs, over ``2**k``, to its inputs, rounded down.

    Return its constant, the greatest absolute value of its numbers, and what numbers of the
    inputs may be more.
    """
    many = w.widths[layer]
    first, second, size, count = _gathered(w, layer, b)
    high, low = b.products[0], b.products[1]
    _add_up(w.high[layer], (count, many), high, b)
    _add_up(w.low[layer], (count, many), low, b)
    top, spare = 0, int(size) * w.slack
    for j in range(many):
        b.whole[j] = (int(high[j]) << 8) + ((int(low[j]) - spare) >> 16)
        top = max(top, abs(b.whole[j]))
    more = ((2 * spare) >> 16) + w.slack
    return _constant(first, second - spare, k + LOW - VALUES), top, more


@compiled
def _bits_over(top: int, bits: int) -> int:
    """Return how many bits a number has beyond so many."""
    over = 0
    while (top >> over) >= (1 << bits):
        over += 1
    return over


@compiled
def _relaxed(layer: int, j: int, scale: tuple[int, int, int], b: Bounds) -> int:
    """Choose the multiplier of a rectifier's input, and return what its corners give at most.

    ``scale`` are the exponent of the form, the bits it loses, and which slopes are wanted.
    """
    exponent, over, mode = scale
    p, low, up = b.whole[j], b.lower[layer, j], b.upper[layer, j]
    q = p >> over
    if up <= 0:
        b.form[j] = 0.0
    elif low >= 0:
        b.form[j] = q
    elif p >= 0:
        b.form[j] = (q * b.slopes[layer, j]) >> SLOPES if mode else (q if up > -low else 0)
    else:
        m = (q * b.slopes[layer, j]) >> SLOPES
        b.form[j] = m
        fine = max(over - _FINE, 0)
        d = (p >> fine) - (m << (over - fine))
        left = _lost(-m, low, exponent - over + ENDS - VALUES)
        return min(left, _lost(d, up, exponent - fine + ENDS - VALUES))
    return 0


@compiled
def _lost(factor: int, bound: int, bits: int) -> int:
    """Return a product over ``2**bits``, rounded down, if it is negative, else 0.

    A factor has 30 bits; products far below all that bounds may be are :data:`NOTHING`.
    """
    product = float(factor) * float(bound)
    if product >= 0:
        return 0
    if product * 2.0**-bits <= NOTHING >> 2:
        return NOTHING
    upper, lower = factor * (bound >> _PART), factor * (bound & ((1 << _PART) - 1))
    if bits >= _PART:
        return (upper + (lower >> _PART)) >> min(bits - _PART, _WORD)
    return (upper << (_PART - bits)) + (lower >> bits)


@compiled
def _over_box(box: Integers, sizes: tuple[int, int], exponent: int, b: Bounds) -> int:
    """Return the least value of a form of the inputs, rounded down.

    ``sizes`` are the greatest absolute value of its numbers, and what they may be more.
    """
    top, more = sizes
    over = _bits_over(top, INPUT_BITS)
    if exponent - over < VALUES - ENDS:
        return NOTHING
    total = 0
    for j in range(box.shape[1]):
        p, q = b.whole[j] >> over, ((b.whole[j] + more) >> over) + 1
        low, up = box[0, j], box[1, j]
        least = min(p * low, p * up, q * low, q * up)
        least = least >> min(exponent - over + ENDS - VALUES, _WORD)
        if abs(least) >= _LARGEST:
            return NOTHING
        total += least
        b.gradient[j] = b.whole[j] * 2.0**-exponent
    return total


@compiled
def _least(w: Weights, layer: int, start: tuple[int, int], box: Integers, b: Bounds) -> int:
    """Return a lower bound of the form in ``b.form`` of a layer's outputs, over a box.

    ``start`` are the exponent of the form and which slopes are wanted.
    """
    k, mode = start
    total = 0
    for i in range(layer, -1, -1):
        constant, top, more = _through(w, i, k, b)
        total += constant
        if top >= 1 << 60 or abs(constant) >= _LARGEST:
            return NOTHING
        exponent = k + ENDS
        if i == 0:
            found = _over_box(box, (top, more), exponent, b)
            return NOTHING if found == NOTHING else total + found
        over = _bits_over(top, FORM_BITS)
        if exponent - over < _LEAST_BITS:
            return NOTHING
        for j in range(w.widths[i]):
            corner = _relaxed(i - 1, j, (exponent, over, mode), b)
            if corner <= -_LARGEST:
                return NOTHING
            total += corner
        if total <= NOTHING >> 1:
            return NOTHING
        k = exponent - over
    return total


@compiled
def _interval(
    w: Weights, place: tuple[int, int], before: tuple[Integers, Integers, Integers]
) -> tuple[int, int, int]:
    """Return the ends of a value by those before it, rounded outward, and that at a point."""
    layer, r = place
    low, up, center = before
    spare = 1 << ENDS
    for j in range(w.widths[layer]):
        spare += max(abs(low[j]), abs(up[j]))
    spare *= w.slack
    one, two = w.high[layer, r], w.low[layer, r]
    first = int(w.bias_high[layer, r]) << (ENDS - _CUT)
    second = int(w.bias_low[layer, r]) << (ENDS - _CUT)
    # Sums of either limb times upper and lower parts of the numbers: of the least, the greatest
    # and the value at the centre.
    s, t, m = (first, 0, second, 0), (first, 0, second, 0), (first, 0, second, 0)
    for j in range(w.widths[layer]):
        limbs = int(one[j]), int(two[j])
        positive = w.doubles[layer, r, j] > 0
        s = _added(s, limbs, low[j] if positive else up[j])
        t = _added(t, limbs, up[j] if positive else low[j])
        m = _added(m, limbs, center[j])
    above = -t[0], -t[1], -t[2], -t[3]
    return _floored(s, spare), -_floored(above, spare), _floored(m, 0)


@compiled
def _added(
    total: tuple[int, int, int, int], limbs: tuple[int, int], x: int
) -> tuple[int, int, int, int]:
    """Add the product of a weight and a number to a sum in four parts."""
    high, low = limbs
    upper, lower = x >> _CUT, x & ((1 << _CUT) - 1)
    return (
        total[0] + high * upper,
        total[1] + high * lower,
        total[2] + low * upper,
        total[3] + low * lower,
    )


@compiled
def _floored(total: tuple[int, int, int, int], spare: int) -> int:
    """Return a sum in four parts, less what was rounded off weights, rounded down."""
    low = (total[2] + ((total[3] - spare) >> _CUT)) >> (LOW - HIGH - _CUT)
    return (total[0] + ((total[1] + low) >> _CUT)) >> (HIGH - _CUT)


@compiled
def _tightened(
    w: Weights, place: tuple[int, int], ends: tuple[int, int, int], box: Integers, b: Bounds
) -> tuple[int, int]:
    """Return the ends of a value by back-substitution, of the less likely sign last."""
    layer, r = place
    low, up, middle = ends
    for turn in range(2):
        sign = 1 if (middle > 0) == (turn == 0) else -1
        b.form[:] = 0.0
        b.form[r] = sign * (1 << _UNIT)
        bound = _least(w, layer, (_UNIT, 0), box, b) >> (VALUES - ENDS)
        if sign > 0:
            low = max(low, bound)
        else:
            up = min(up, -bound)
        if low >= 0 or up <= 0:
            break
    return low, up


@compiled
def _slope(up: int, width: int) -> int:
    """Return a share over ``2**SLOPES``, rounded down, in two steps of half of the bits."""
    half = SLOPES >> 1
    whole = (up << half) // width
    rest = (up << half) - whole * width
    return (whole << half) + (rest << half) // width


@compiled
def _fill(w: Weights, box: Integers, b: Bounds) -> bool:
    """Bound the values before all rectifiers; whether no number was too large."""
    count = box.shape[1]
    low, up, center = np.empty_like(b.lower[0]), np.empty_like(b.lower[0]), b.centers
    low[:count], up[:count] = box[0], box[1]
    center[:count] = (box[0] + box[1]) >> 1
    after = np.zeros_like(center)
    for layer in range(len(w.widths) - 2):
        many = w.widths[layer]
        largest = max(1 << ENDS, np.abs(low[:many]).max(), np.abs(up[:many]).max())
        parts = float((largest >> _CUT) + (1 << _CUT))
        if max(w.sums[0, layer], w.sums[1, layer]) * parts >= _SAFE:
            return False
        for r in range(w.widths[layer + 1]):
            ends = _interval(w, (layer, r), (low, up, center))
            after[r] = max(ends[2], 0)
            least, most = ends[0], ends[1]
            if layer > 0 and least < 0 < most:
                least, most = _tightened(w, (layer, r), ends, box, b)
            if max(abs(least), abs(most)) >= _FAR:
                return False
            b.lower[layer, r], b.upper[layer, r] = least, most
            if least < 0 < most:
                b.slopes[layer, r] = _slope(most, most - least)
        for r in range(w.widths[layer + 1]):
            low[r], up[r] = max(b.lower[layer, r], 0), max(b.upper[layer, r], 0)
            center[r] = after[r]
    return True


@compiled
def _combined(w: Weights, weights: Integers, box: Integers, b: Bounds) -> int:
    """Return a lower bound of a sum of the outputs times weights, by the better slopes."""
    last = len(w.widths) - 2
    best = NOTHING
    for mode in range(2):
        b.form[:] = 0.0
        for r in range(len(weights)):
            b.form[r] = weights[r] << _COMBINED
        best = max(best, _least(w, last, (_COMBINED, 1 - mode), box, b))
    return best


@compiled
def _at_corner(gradient: Doubles, toward: Doubles, box: Integers) -> float:
    """Return a form of inputs where another one is least."""
    total = 0.0
    for j in range(box.shape[1]):
        total += gradient[j] * (box[0, j] if toward[j] > 0 else box[1, j])
    return total * 2.0**-ENDS


@compiled
def _next_weights(
    w: Weights, rows: tuple[Doubles, Doubles, Doubles], step: float, box: Integers, b: Bounds
) -> None:
    """Move a convex combination of rows towards those that are small where it is least."""
    constants, gradients, shares = rows
    many = len(shares)
    values = np.empty(many)
    for i in range(many):
        values[i] = constants[i] + _at_corner(gradients[i], b.gradient, box)
    largest = np.abs(values).max() + 1e-300
    for i in range(many):
        shares[i] *= np.exp(step * values[i] / largest)
    shares /= shares.sum()


@compiled
def _proved(
    w: Weights, box: Integers, least: int, chosen: tuple[Integers, Doubles], b: Bounds
) -> bool:
    """Whether a combination of the outputs is at least ``least`` on a box; write which one.

    Otherwise write the gradients of all outputs' bounds, which floats choose splits by.
    """
    weights, gradients = chosen
    many = len(weights)
    if not _fill(w, box, b):
        b.lower[0, 0], b.upper[0, 0] = 1, -1  # no bounds
        gradients[:] = 1.0
        return False
    constants, shares = np.empty(many), np.full(many, 1.0 / many)
    for i in range(many):
        weights[:] = 0
        weights[i] = 1
        bound = _combined(w, weights, box, b)
        if bound >= least:
            return True
        gradients[i] = b.gradient[: box.shape[1]]
        constants[i] = bound * 2.0**-VALUES - _at_corner(gradients[i], gradients[i], box)
    for turn in range(ROUNDS if many > 1 else 0):
        for i in range(many):
            weights[i] = int(np.rint(SIXTEENTHS * shares[i]))
        if weights.sum() == 0:
            return False
        if _combined(w, weights, box, b) >= least:
            return True
        rows = (constants, gradients, shares)
        _next_weights(w, rows, 1 / (1 + 0.15 * turn), box, b)
    return False


@compiled
def _violates(w: Weights, point: Integers) -> bool:
    """Whether all outputs look at most 0 at a point, to floats."""
    values = np.zeros(w.doubles.shape[1])
    for j in range(len(point)):
        values[j] = point[j] * 2.0**-ENDS
    last = len(w.widths) - 2
    for layer in range(last + 1):
        after = w.biases[layer] + (w.doubles[layer] * values).sum(axis=1)
        values = after if layer == last else np.maximum(after, 0.0)
    return bool(values[: w.widths[last + 1]].max() <= _NEARLY)


@compiled
def _longest(box: Integers, root: Integers, gradients: Doubles) -> int:
    """Return which input to halve, -1 if none has points between its ends."""
    count = box.shape[1]
    smear, wide = np.zeros(count), np.zeros(count)
    for j in range(count):
        if box[1, j] - box[0, j] > 1:
            width = float(box[1, j] - box[0, j])
            smear[j] = np.abs(gradients[:, j]).sum() * width
            wide[j] = width / (root[1, j] - root[0, j])
    widest = wide.max()
    if widest == 0:
        return -1
    score = smear / (smear.max() + 1e-300) + _WIDTHS * wide / widest
    score[wide * _APART < widest] = -1.0
    return int(np.argmax(score))


@_entry
def explore(w: Weights, stack: Integers, state: Integers, written: Integers, b: Bounds) -> int:
    """Go on with the boxes of a stack, depth first; return how many nodes were written.

    ``stack`` has the root first.  ``state`` are how many boxes are open, the least bound that
    proves, and whether a point was found: then it is in the last row of the stack.  A written
    node is an input that is halved, -1 before the weights of a leaf, or -2 before nothing
    where a box is left open.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> from polyrelax.networks.properties import Row
    >>> from polyrelax.verification.halves import Halving
    >>> row = Row((), ((0, 1),), -1)
    >>> [step.nodes for step in Halving.of(absolute_value(), (row,), [(0, 8)]).steps()]
    [((1,),)]
    """
    count, many = stack.shape[2], w.widths[-1]
    weights, gradients = np.zeros(many, np.int64), np.zeros((many, count))
    nodes = 0
    state[2] = 0
    while state[0] > 0 and nodes < len(written) and state[2] == 0:
        state[0] -= 1
        box = stack[1 + state[0]].copy()
        if _proved(w, box, state[1], (weights, gradients), b):
            written[nodes, 0] = -1
            written[nodes, 1:] = weights
            nodes += 1
            continue
        for turn in range(2):
            point = stack[-1, 0]
            for j in range(count):
                corner = box[0, j] if gradients[:, j].sum() > 0 else box[1, j]
                point[j] = corner if turn else (box[0, j] + box[1, j]) >> 1
            if state[2] == 0 and _violates(w, point):
                state[2] = 1
                break
        split = _longest(box, stack[0], gradients)
        written[nodes, 0] = split if split >= 0 else -2
        nodes += 1
        if split >= 0:
            middle = (box[0, split] + box[1, split]) >> 1
            for side in range(2):
                stack[1 + state[0]] = box
                stack[1 + state[0], side, split] = middle
                state[0] += 1
    return nodes
