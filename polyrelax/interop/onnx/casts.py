r"""Casts: of constants as the format says, and of computed values from float to float.

A constant is rounded to the nearest number of the float type that it is cast to, to the one
with an even last bit if two are as near; integers wrap, and floats lose their fraction.  The
rounding of a *computed* value is that of a float evaluation, which is not modelled: it stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

import numpy as np

from polyrelax.interop.onnx.call import Call
from polyrelax.interop.onnx.reals import Reals, fractions, real_of, reals
from polyrelax.interop.onnx.tensors import Array, Computed, Constant, Outcome, View, constant


@dataclass(frozen=True)
class FloatType:
    """A binary floating-point type: significant bits, and exponents of its normal numbers."""

    bits: int
    least: int
    greatest: int

    def nearest(self, value: Fraction) -> Fraction | None:
        """Return the nearest number of the type, none if that is infinite.

        >>> FloatType(11, -14, 15).nearest(Fraction(1, 10)) == Fraction(1638, 2**14)
        True
        """
        if not value:
            return value
        size = abs(value)
        exponent = size.numerator.bit_length() - size.denominator.bit_length()
        if size < Fraction(2) ** exponent:
            exponent -= 1
        unit = Fraction(2) ** (max(exponent, self.least) - self.bits + 1)
        found = round(value / unit) * unit
        return found if abs(found) < Fraction(2) ** (self.greatest + 1) else None


_FLOATS: Final[Mapping[int, FloatType]] = MappingProxyType(
    {
        1: FloatType(24, -126, 127),
        10: FloatType(11, -14, 15),
        11: FloatType(53, -1022, 1023),
        16: FloatType(8, -126, 127),
    }
)
"""Float types by their number in the format."""

_OTHERS: Final[Mapping[int, type[np.generic]]] = MappingProxyType(
    {
        2: np.uint8,
        3: np.int8,
        4: np.uint16,
        5: np.int16,
        6: np.int32,
        7: np.int64,
        9: np.bool_,
        12: np.uint32,
        13: np.uint64,
    }
)
"""Integers and truth values by their number in the format."""


def cast(call: Call) -> Outcome:
    """Return the outcome of a Cast node.

    >>> from polyrelax.interop.onnx.graph import Node
    >>> half = Constant(np.array([-2.5]))
    >>> cast(Call(Node("Cast", ("a",), ("y",), {"to": 7}), (half,))).tensors[0].entries
    array([-2])
    """
    kind = call.node.integer("to", 0)
    if kind not in _FLOATS and kind not in _OTHERS:
        raise call.node.unsupported("casts to a type that is not read")
    tensor = call[0]
    if isinstance(tensor, Constant) and kind in _FLOATS:
        return constant(_as_floats(call, tensor.entries, kind))
    if isinstance(tensor, Constant):
        return constant(_as_others(call, tensor.entries, np.dtype(_OTHERS[kind])))
    if kind not in _FLOATS:
        raise call.node.unsupported("casts a computed tensor to integers or truth values")
    return View((Computed(tensor.entries),))


def _as_floats(call: Call, entries: Array, kind: int) -> Array:
    exact = real_of(entries)
    if kind == 11 and exact.dtype == np.float64:
        return exact
    if kind == 1 and exact.dtype == np.float64:
        with np.errstate(all="ignore"):
            return np.asarray(exact.astype(np.float32), dtype=np.float64)
    return _each_nearest(call, exact, _FLOATS[kind]).reshape(entries.shape)


def _each_nearest(call: Call, exact: Reals, kind: FloatType) -> Reals:
    found = [kind.nearest(value) for value in fractions(exact)]
    near = [value for value in found if value is not None]
    if len(near) < len(found):
        raise call.node.malformed("casts numbers out of the range of their new type")
    return reals(near)


def _as_others(call: Call, entries: Array, kind: np.dtype[np.generic]) -> Array:
    if kind.kind == "b":
        return np.asarray(entries != 0)
    if entries.dtype.kind in "iub":
        return entries.astype(kind)
    whole = [int(value) for value in fractions(call.reals(0))]
    bits = 8 * kind.itemsize
    least, end = (-(2 ** (bits - 1)), 2 ** (bits - 1)) if kind.kind == "i" else (0, 2**bits)
    if any(not least <= value < end for value in whole):
        raise call.node.malformed(f"casts numbers out of the range of {kind}")
    return np.array(whole, dtype=kind).reshape(entries.shape)
