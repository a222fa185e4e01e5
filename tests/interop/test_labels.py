"""Labels in files, of any of three formats, and what is refused."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from polyrelax.errors import FormatError
from polyrelax.interop import labels
from polyrelax.interop.npy import integers


def saved(array: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        saved(np.array([7, 2, 0])),
        saved(np.array([[7], [2], [0]], dtype=np.uint8)),
        b"[7, 2, 0]",
        b"7\n2\n0\n",
        b"label,pixel\n7,0,255\n2,1,2\n0,3,4\n",
    ],
)
def test_the_same_labels_in_several_formats(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "labels"
    path.write_bytes(content)
    assert labels.read(path) == (7, 2, 0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (saved(np.array([0.5])), "found an array of type <f8, expected integers"),
        (b"7\n-1\n", "line 2: found '-1', expected the number of a class"),
        (b"seven", "line 1: found 'seven', expected the number of a class"),
        (b"[7, 0.5]", "0.5"),
        (b"1" * 30, "expected the number of a class"),
    ],
)
def test_what_is_no_label_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "labels"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=message):
        labels.read(path)


@pytest.mark.parametrize("shape", ["1," * 70, f"0, {10**300}"])
def test_shapes_that_no_array_has_are_refused(shape: str) -> None:
    header = f"{{'descr': '<i8', 'fortran_order': False, 'shape': ({shape}), }}".encode()
    start = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little")
    content = start + header + (bytes(8) if shape.startswith("1") else b"")
    with pytest.raises(FormatError, match="header is damaged"):
        integers(content)
