"""Arrays of NumPy are read as NumPy reads them, or refused in words of our own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from polyrelax.errors import FormatError
from polyrelax.interop import npy
from tests.interop.damaged_arrays import answered, by_numpy, compared, damaged, saved

ONE = "'descr': '<f8', 'fortran_order': False, 'shape': (1,)"


def with_header(header: str, version: bytes = b"\x01\x00") -> bytes:
    """The number 1 behind a header."""
    length = len(header).to_bytes(2 if version == b"\x01\x00" else 4, "little")
    return b"\x93NUMPY" + version + length + header.encode("latin1") + bytes(6) + b"\xf0?"


@pytest.mark.parametrize("seed", range(8))
def test_damaged_arrays_are_refused_or_read_as_numpy_reads_them(
    seed: int, tmp_path: Path
) -> None:
    answers = set()
    for number in range(150 * seed, 150 * (seed + 1)):
        rng = np.random.default_rng(number)
        content = damaged(saved(rng), rng)
        answers.add(compared(content))
        answered(content, tmp_path / "array.npy")
    assert answers == {"read", "refused"}


def test_whole_arrays_of_numbers_are_read() -> None:
    kinds = set()
    for number in range(300):
        content = saved(np.random.default_rng(number))
        expected = by_numpy(content)
        assert expected is not None
        known = expected.dtype.kind in "iuf" and expected.dtype.itemsize <= 8
        assert compared(content) == ("read" if known else "refused")
        kinds.add(expected.dtype.str)
    assert len(kinds) > 15


@pytest.mark.parametrize(
    "header",
    [
        f"{{{ONE}}}",
        f"{{{ONE}, }}   \n",
        "{'shape':(1,),'descr':'<f8','fortran_order':False}",
        "{'fortran_order' : True , 'shape' : ( 1 , ) , 'descr' : '=f8' , }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': ()}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1 ,1)}",
    ],
)
def test_headers_as_other_programs_write_them(header: str) -> None:
    for version in (b"\x01\x00", b"\x02\x00", b"\x03\x00"):
        content = with_header(header, version)
        assert npy.floats(content).ravel().tolist() == [1.0]
        assert compared(content) == "read"


@pytest.mark.parametrize(
    "header",
    [
        "",
        ONE,
        f"{{{ONE}",
        f"[{ONE}]",
        f"x{{{ONE}}}",
        f"{{{ONE}}}x",
        f"{{{ONE}, 'more': 1}}",
        f"{{{ONE}, 'shape': (2,)}}",
        f"{{'more': \"{ONE}\"}}",
        f"{{{ONE},, }}",
        ONE.replace(", ", " ").join("{}"),
        ONE.replace("(1,)", "(1)").join("{}"),
        ONE.replace("(1,)", "(1 1)").join("{}"),
        ONE.replace("(1,)", "(01,)").join("{}"),
        ONE.replace("(1,)", "(,)").join("{}"),
        ONE.replace("(1,)", "(-1,)").join("{}"),
        ONE.replace("(1,)", "(True,)").join("{}"),
        ONE.replace("'<f8'", "[('a', '<f8')]").join("{}"),
        ONE.replace("False", "0").join("{}"),
    ],
)
def test_headers_that_say_something_else_are_refused(header: str) -> None:
    with pytest.raises(FormatError, match=r"^found an array whose header is damaged"):
        npy.floats(with_header(header))
    assert compared(with_header(header)) == "refused"


@pytest.mark.parametrize("version", [b"\x00\x00", b"\x01\x01", b"\x04\x00", b"\xff\xff"])
def test_versions_that_are_not_known_are_refused(version: bytes) -> None:
    with pytest.raises(FormatError, match="header is damaged"):
        npy.floats(with_header(f"{{{ONE}}}", version))


def test_an_array_that_breaks_off_is_refused() -> None:
    whole = with_header(f"{{{ONE}}}")
    for length in range(len(whole)):
        with pytest.raises(FormatError):
            npy.floats(whole[:length])
