from __future__ import annotations

import codecs
import gzip
import io
import lzma
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest

from polyrelax.errors import FormatError, TooLargeError
from polyrelax.interop import network_json, opening, vnnlib
from polyrelax.interop.network_json import Problem
from polyrelax.interop.opening import decoded, opened, read_bytes, read_text, suffix
from polyrelax.networks.layers import ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope

BOX = "(declare-const X_0 Real) (assert (<= X_0 1)) (assert (>= X_0 0))"
PROBLEM = Problem(Network((ReLU(1),)), Polytope.box([0], [1]))
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 41\n"


def zipped(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return held.getvalue()


FOREIGN = {
    "Git LFS pointer": LFS,
    "web page": b"\n<!DOCTYPE html>\n<html></html>",
    "XML file": b"<?xml version='1.0'?><net/>",
    "PyTorch file": zipped("model/data.pkl", "model/data/0"),
    "Keras file": zipped("metadata.json", "config.json", "model.weights.h5"),
    "NumPy archive": zipped("weight.npy"),
    "zip archive": zipped("readme.txt"),
    "Python pickle": pickle.dumps({"weight": [1.0]}),
    "HDF5 file": b"\x89HDF\r\n\x1a\n\0\0\0",
    "TensorFlow Lite file": b"\x1c\0\0\0TFL3\0\0",
    "TensorFlow model": b"\x08\x01\x12\x80\x02\n\x20",
    "SQLite database": b"SQLite format 3\0\x10\0",
    "bzip2": b"BZh91AY&SY",
    "xz": lzma.compress(b"{}"),
    ".nnet file": b"// from training\n// two comments\n2,1,1,3,\n1,3,1,\n",
    "a .nnet": b"1,1,1,1,\n1,1,\n0,\n-1,\n",
    "network as ERAN's text": b"ReLU\n[[1, 2]]\n[0]\n",
}


@pytest.mark.parametrize(("name", "content"), FOREIGN.items())
def test_formats_that_are_not_read_are_named(name: str, content: bytes) -> None:
    for each in (content, gzip.compress(content)):
        with pytest.raises(FormatError, match=f"{name}.*, expected JSON or ONNX; "):
            opened(each)


@pytest.mark.parametrize(
    "text", ["{}", "[]", "3,0,255,128\n1,2,3,4", "(assert)", "* cdd\nbegin", "1 2 3 4\n1 2 3 4"]
)
def test_formats_that_are_read_pass(text: str) -> None:
    assert opened(text.encode()) == text.encode()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-8"])
def test_byte_order_marks_say_how_a_text_is_read(encoding: str) -> None:
    assert decoded("(é)".encode(encoding)) == "(é)"


def test_marks_do_not_hide_a_format() -> None:
    with pytest.raises(FormatError, match="a web page"):
        opened(codecs.BOM_UTF8 + FOREIGN["web page"])


def test_lines_end_in_a_line_feed() -> None:
    assert decoded(b"1\r\n2\r3\n") == "1\n2\n3\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x93NUMPY\x01\0v\0", "NumPy array"),
        (b"\x08\x07\x12\x07pytorch", "an ONNX file"),
        (b"abc\0", "binary data"),
        (b"a\xe9", "not text: byte 1 is not UTF-8"),
        (codecs.BOM_UTF16_LE + b"a", "not text: byte 0 is not UTF-16-LE"),
    ],
)
def test_bytes_that_are_no_text_are_refused(content: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        decoded(content)


def test_arrays_are_named_as_such() -> None:
    held = io.BytesIO()
    np.save(held, np.zeros(3))
    with pytest.raises(FormatError, match="a NumPy array, expected JSON; --center reads it"):
        decoded(opened(held.getvalue()), expected="JSON")


def test_several_compressed_members_are_one_file() -> None:
    assert opened(gzip.compress(b"ab") + gzip.compress(b"cd")) == b"abcd"


@pytest.mark.parametrize("cut", [3, -1, -9])
def test_compressed_files_that_break_off_are_refused(cut: int) -> None:
    with pytest.raises(FormatError, match="gzip file that is damaged or breaks off"):
        opened(gzip.compress(b"abc" * 100)[:cut])


def test_sizes_are_bounded_after_decompression(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MOST_BYTES", 1000)
    monkeypatch.setattr(opening, "MOST_TEXT_BYTES", 100)
    assert len(opened(gzip.compress(bytes(1000)))) == 1000
    for content in (bytes(1001), gzip.compress(bytes(10**6))):
        with pytest.raises(TooLargeError, match="over 1000 bytes"):
            opened(content)
    with pytest.raises(TooLargeError, match="over 100 bytes"):
        decoded(bytes(101))


def test_suffixes_are_those_below_compression() -> None:
    assert [suffix(name) for name in ("a.onnx.gz", "B.VNNLIB", "c.gz", Path("d"))] == [
        ".onnx",
        ".vnnlib",
        "",
        "",
    ]


def test_compressed_files_are_read_wherever_files_are(tmp_path: Path) -> None:
    net, rows = tmp_path / "net.json.gz", tmp_path / "box.vnnlib.gz"
    net.write_bytes(gzip.compress(network_json.dumps(PROBLEM).encode()))
    rows.write_bytes(gzip.compress(BOX.encode("utf-8-sig")))
    assert network_json.read(net) == PROBLEM
    assert vnnlib.read(rows).input_set() == Polytope.box([0], [1])
    assert read_text(rows) == BOX
    assert read_bytes(rows) == BOX.encode("utf-8-sig")
