from __future__ import annotations

import gzip
import io
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from polyrelax.errors import DimensionError, FormatError, NotANumberError, PolyrelaxError
from polyrelax.interop.points import read


def saved(array: npt.NDArray[np.generic]) -> bytes:
    held = io.BytesIO()
    np.save(held, array)
    return held.getvalue()


def points(folder: Path, content: bytes | str, dim: int) -> list[tuple[Fraction, ...]]:
    path = folder / "points"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = read(path, dim)
    return [found.point(index) for index in range(found.count)]


def test_arrays_of_floats_are_the_exact_numbers_that_they_are(tmp_path: Path) -> None:
    tenth = Fraction(3602879701896397, 2**55)
    array = np.array([[0.1, -0.5], [2.0, 5e-324]])
    expected = [(tenth, Fraction(-1, 2)), (Fraction(2), Fraction(1, 2**1074))]
    assert points(tmp_path, saved(array), 2) == expected
    assert points(tmp_path, gzip.compress(saved(np.asfortranarray(array))), 2) == expected
    single = saved(np.array([0.1], dtype=np.float32))
    assert points(tmp_path, single, 1) == [(Fraction(13421773, 2**27),)]
    half = saved(np.array([0.1], dtype=">f2"))
    assert points(tmp_path, half, 1) == [(Fraction(1638, 2**14),)]


@pytest.mark.parametrize("shape", [(4,), (2, 2), (1, 1, 2, 2), (1, 4)])
def test_as_many_numbers_as_a_point_has_are_one_point(
    tmp_path: Path, shape: tuple[int, ...]
) -> None:
    array = np.arange(4.0).reshape(shape)
    assert points(tmp_path, saved(array), 4) == [(0, 1, 2, 3)]
    texts = json.dumps(np.arange(4).reshape(shape).tolist())
    assert points(tmp_path, texts, 4) == [(0, 1, 2, 3)]


def test_more_are_a_point_for_each_first_index(tmp_path: Path) -> None:
    array = np.arange(8.0).reshape(2, 2, 2)
    assert points(tmp_path, saved(array), 4) == [(0, 1, 2, 3), (4, 5, 6, 7)]
    lists = '[[["1/3", 1], [2, 3]], [[4, 5], [6, "7e-1"]]]'
    third, tenths = Fraction(1, 3), Fraction(7, 10)
    assert points(tmp_path, lists, 4) == [(third, 1, 2, 3), (4, 5, 6, tenths)]
    assert points(tmp_path, saved(np.arange(3.0)), 1) == [(0,), (1,), (2,)]


def test_lines_are_labels_and_levels_of_256(tmp_path: Path) -> None:
    text = "label,1x1,1x2\r\n7,0,255\r\n\r\n2, 51 ,1\r\n"
    assert points(tmp_path, text, 2) == [(0, 1), (Fraction(1, 5), Fraction(1, 255))]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "found no points"),
        ("1,2,3\n4,5\n", "line 2: found 2 entries, expected a label and 2 more"),
        ("1,2,256\n", "line 1: found '256', expected whole numbers from 0 to 255"),
        ("1,2,0.5\n", "line 1: found '0.5', expected whole numbers"),
        ("1,2,-1\n", "line 1: found '-1', expected whole numbers"),
        ("1,2,\u0663\n", "line 1: found '\u0663', expected whole numbers"),
        ("[0.5, 1]", r'\[0\]: found 0.5, which is inexact; write "0.5"'),
        ('["x", 1]', r"\[0\]: found 'x', expected a number"),
        ("[[1, 2], [3]]", r"found lists of lengths \[1, 2\], expected one length"),
        ("[[1, 2], 3]", r"\[1\]: found 3, expected an array"),
        ("[1, 2, 3]", "found 3 numbers in 3, expected 2 for each point"),
        ("[]", "found 0 numbers in 0, expected 2"),
        ('{"points": []}', "found an object, expected an array"),
        (saved(np.arange(4)), "found an array of type <i8, expected floats"),
        (saved(np.array([True])), r"found an array of type \|b1, expected floats"),
        (saved(np.array([1j, 2j])), "found an array of type <c16, expected floats"),
        (saved(np.zeros((0, 2))), "found 0 numbers in 0, expected 2"),
        (saved(np.zeros(())), "found 1 number in 1, expected 2"),
        (saved(np.zeros(3)), "found 3 numbers in 3, expected 2"),
        (saved(np.array([0, np.nan])), "found nan at entry 1, expected finite numbers"),
        (saved(np.array([-np.inf, 0])), "found -inf at entry 0, expected finite numbers"),
        (
            saved(np.zeros(2))[:-1],
            r"found an array of shape \(2,\) with other than its numbers",
        ),
        (saved(np.zeros(2)) + b"0", "with other than its numbers"),
        (
            saved(np.array([{}, 1], dtype=object)),
            r"found an array of type \|O, expected floats",
        ),
        (b"\x93NUMPY\x01\x00\x04\x00{'a}", "found an array whose header is damaged"),
        (b"\x93NUMPY", "found an array whose header is damaged"),
        (
            saved(np.zeros(2)).replace(b"(2,)", b"(99999999999999999,)"),
            r"found an array of shape \(99999999999999999,\) with other",
        ),
        (b"PK\x03\x04weights.npy", "found a NumPy archive, expected an array"),
    ],
)
def test_what_is_no_list_of_points_is_refused(
    tmp_path: Path, content: bytes | str, message: str
) -> None:
    with pytest.raises(PolyrelaxError, match=message) as caught:
        points(tmp_path, content, 2)
    assert type(caught.value) in {DimensionError, FormatError, NotANumberError}
