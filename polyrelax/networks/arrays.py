"""Affine maps of arrays and lists of numbers, floats being the exact numbers that they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt

from polyrelax.arithmetic.rational import Vector, from_float, rational, shown
from polyrelax.errors import ArgumentError, DimensionError
from polyrelax.networks.affine import Affine

_MOST_INTEGER: Final = 2**53
_WORDS: Final = {1: "a vector", 2: "a matrix"}


def affine_of(weight: npt.ArrayLike, bias: npt.ArrayLike | None = None) -> Affine:
    """Return the map of a matrix, with a row for each output, and a bias (none: zero).

    >>> affine_of([[1, 2]], [0.5]) == Affine.dense([[1, 2]], ["1/2"])
    True
    """
    matrix, shift = _array(weight, 2), None if bias is None else _array(bias, 1)
    if _are_doubles(matrix) and (shift is None or _are_doubles(shift)):
        return Affine.of_doubles(_doubles(matrix), None if shift is None else _doubles(shift))
    return Affine.dense(map(_exact, matrix), None if shift is None else _exact(shift))


def _array(values: npt.ArrayLike, axes: int) -> npt.NDArray[np.generic]:
    if isinstance(values, np.ma.MaskedArray):
        raise ArgumentError("found an array with a mask, expected one without")
    kind = None if hasattr(values, "__array__") else object  # NumPy would round what is mixed
    try:
        array: npt.NDArray[np.generic] = np.asarray(values, dtype=kind)
        if kind and set(map(type, array.flat)) == {float}:
            array = array.astype(np.float64)
        is_ragged = kind is object and any(
            isinstance(each, (list, tuple)) for each in array.flat
        )
    except (RuntimeError, TypeError, ValueError):  # of arrays, and tensors that are trained
        is_ragged = True
    if is_ragged:
        raise ArgumentError(f"found {shown(values)}, expected {_WORDS[axes]} of numbers")
    if array.ndim != axes:
        raise DimensionError(f"found numbers of shape {array.shape}, expected {_WORDS[axes]}")
    return array


def _are_doubles(array: npt.NDArray[np.generic]) -> bool:
    """Whether doubles hold the numbers, or an error of theirs says what is wrong."""
    if array.dtype.kind in "iu":
        return all(abs(int(end)) <= _MOST_INTEGER for end in _ends(array))
    return array.dtype.kind == "f"


def _ends(array: npt.NDArray[np.generic]) -> Iterable[np.generic]:
    return (np.min(array), np.max(array)) if array.size else ()


def _doubles(array: npt.NDArray[np.generic]) -> npt.NDArray[np.floating]:
    floats: npt.NDArray[np.floating] = (
        array if array.dtype.kind == "f" else array.astype(np.float64)  # type: ignore[assignment]
    )
    return floats


def _exact(row: npt.NDArray[np.generic]) -> Vector:
    return tuple(
        from_float(entry) if isinstance(entry, (float, np.floating)) else rational(entry)
        for entry in row
    )
