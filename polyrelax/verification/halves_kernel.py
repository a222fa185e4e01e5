"""The integer kernel of :mod:`polyrelax.verification.halves`, which says what it computes.

It is in C, in ``kernels/halves.c``; here are its arrays, and how it is called.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from ctypes import c_int64, c_void_p
from pathlib import Path
from typing import Final, NamedTuple

from polyrelax.arithmetic.libraries import Library
from polyrelax.arithmetic.limbs import Doubles, Integers

KERNEL: Final = Library(Path(__file__).parent / "kernels" / "halves.c")

# The numbers that ``kernels/halves.h`` has under these names, or shorter ones.
ENDS = 26
"""Bounds of values are integers over this power of two."""
HIGH, LOW = 18, 42
"""Weights are sums of two limbs over these powers of two."""
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


class _Weights(ctypes.Structure):
    _fields_ = (
        *((name, c_int64) for name in ("layers", "size", "slack")),
        *((name, c_void_p) for name in Weights._fields if name != "slack"),
    )


class _Bounds(ctypes.Structure):
    _fields_ = tuple((name, c_void_p) for name in Bounds._fields)


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
    functions = KERNEL.functions
    assert functions is not None, "whoever asks knows that there is a compiler"
    layers, size = w.high.shape[:2]
    weights = _Weights(layers, size, w.slack, *_addresses(w[:-1]))
    count = functions.explore(
        ctypes.byref(weights),
        c_void_p(stack.ctypes.data),
        c_int64(len(stack)),
        c_void_p(state.ctypes.data),
        c_void_p(written.ctypes.data),
        c_int64(len(written)),
        ctypes.byref(_Bounds(*_addresses(b))),
    )
    return int(count)


def _addresses(arrays: tuple[Doubles | Integers, ...]) -> Iterator[int]:
    """Yield where the numbers of arrays begin, which follow each other."""
    for array in arrays:
        assert array.flags.c_contiguous, "arrays are made whole"
        yield array.ctypes.data
