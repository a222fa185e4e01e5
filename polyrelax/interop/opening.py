r"""Files as they come: compressed by gzip, with a byte order mark, or of another format.

What a file is, its first bytes say, not its name.  gzip is undone, and what is read nowhere is
named, with the way on.  Files of more than :data:`MOST_BYTES`, unpacked, are refused before
they fill the memory, texts of more than :data:`MOST_TEXT_BYTES`.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from polyrelax.arithmetic.arguments import located, require
from polyrelax.arithmetic.rational import cut
from polyrelax.errors import FormatError, TooLargeError

MOST_BYTES: Final = 1 << 30
MOST_TEXT_BYTES: Final = 1 << 28
NETWORKS: Final = "JSON or ONNX"
SETS: Final = "JSON, VNN-LIB, a cdd or lrs file, or rows"

_GZIP: Final = b"\x1f\x8b"
_HEAD: Final = 1000
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True)
class _Format:
    """A format that is known from how a file starts, and what helps its user."""

    start: bytes
    name: str
    way_on: str = "export networks to ONNX"

    def matches(self, head: bytes) -> bool:
        """Whether a file that starts like this is of the format."""
        return re.match(self.start, head, re.DOTALL) is not None


_UNREAD: Final = (
    _Format(rb"version https://git-lfs", "a Git LFS pointer", "git lfs pull fetches the file"),
    _Format(rb"\s*(?i:<!doctype html|<html)", "a web page", "download the file itself"),
    _Format(rb"\s*<", "an XML file"),
    _Format(rb"PK\x03\x04.*data\.pkl", "a PyTorch file", "torch.onnx.export makes ONNX of it"),
    _Format(rb"PK\x03\x04.*(config\.json|\.weights\.h5)", "a Keras file"),
    _Format(rb"PK\x03\x04.*\.npy", "a NumPy archive"),
    _Format(rb"PK[\x03\x05]", "a zip archive", "unpack it"),
    _Format(rb"\x80[\x02-\x05]", "a Python pickle, as of PyTorch"),
    _Format(rb"\x89HDF\r\n", "an HDF5 file, as of Keras"),
    _Format(rb"MATLAB ", "a MATLAB file"),
    _Format(rb".{4}TFL3", "a TensorFlow Lite file"),
    _Format(rb"\x08\x01\x12.{1,5}\n", "a TensorFlow model"),
    _Format(rb"\n.{1,3}\n.{1,99}\x12.(Placeholder|Const)", "a TensorFlow graph"),
    _Format(rb"SQLite format 3\0", "an SQLite database", "a search store is for search status"),
    _Format(rb"BZh\d", "a file that bzip2 has compressed", "decompress it"),
    _Format(rb"\xfd7zXZ\0", "a file that xz has compressed", "decompress it"),
    _Format(rb"\x28\xb5\x2f\xfd", "a file that zstd has compressed", "decompress it"),
    _Format(rb"7z\xbc\xaf|Rar!|.{257}ustar", "an archive", "unpack it"),
    _Format(rb"%PDF|\x89PNG|\xff\xd8\xff|GIF8", "a document or picture", "give its numbers"),
    _Format(rb"(\s*//[^\n]*\n)+\s*\d+ *,", "a .nnet file"),
    _Format(rb"(\d+ *, *){3}\d+ *,?\s*\n(\d+ *,? *)+\s*\n\d+ *,?\s*\n", "a .nnet file"),
    _Format(rb"(ReLU|Affine|Conv2D|Normalize)\b[^\n]*\n\s*\[", "a network as ERAN's text"),
)
_BINARY: Final = (
    _Format(rb"\x93NUMPY", "a NumPy array", "--center reads it"),
    _Format(rb"\x08", "an ONNX file", "name a network NET.onnx"),
    _Format(rb".*\0", "binary data", "check that it is the file meant"),
)


def read_bytes(path: str | Path, *, expected: str = NETWORKS) -> bytes:
    """Return the content of a file, gzip undone.

    Raises :class:`FormatError` for a file that is known to be of a format that is not read,
    and :class:`TooLargeError` for one of more than :data:`MOST_BYTES`.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "net.onnx.gz"
    ...     _ = file.write_bytes(gzip.compress(b"abc"))
    ...     read_bytes(file)
    b'abc'
    """
    with located(path).open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    return opened(content, expected=expected)


def read_text(path: str | Path, *, expected: str = SETS) -> str:
    """Return the content of a text file, gzip undone, its lines ending in a line feed.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "note.txt"
    ...     _ = file.write_bytes(codecs.BOM_UTF8 + b"1/2")
    ...     read_text(file)
    '1/2'
    """
    return decoded(read_bytes(path, expected=expected), expected=expected)


def opened(content: bytes, *, expected: str = NETWORKS) -> bytes:
    """Return the content of a file whose bytes are given, as :func:`read_bytes` does.

    >>> opened(b"version https://git-lfs.github.com/spec/v1 oid", expected="JSON")
    Traceback (most recent call last):
    polyrelax.errors.FormatError: found a Git LFS pointer, expected JSON; \
git lfs pull fetches the file
    """
    require(content, bytes)
    require(expected, str)
    content = _decompressed(content) if content.startswith(_GZIP) else content
    _require_size(content, MOST_BYTES)
    _refuse(_UNREAD, content.removeprefix(codecs.BOM_UTF8)[:_HEAD], expected)
    return content


def decoded(content: bytes, *, expected: str = SETS) -> str:
    """Return the text of opened bytes: UTF-8, or what a byte order mark says.

    >>> decoded(codecs.BOM_UTF16_LE + "1/2".encode("utf-16-le"))
    '1/2'
    """
    require(content, bytes)
    require(expected, str)
    _require_size(content, MOST_TEXT_BYTES)
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _text(content[len(mark) :], name)
    _refuse(_BINARY, content[:_HEAD], expected)
    return _text(content, "utf-8")


def suffix(path: str | Path) -> str:
    """Return the last suffix of a file's name, in small letters, that is not gzip's.

    >>> suffix("Net.ONNX.gz")
    '.onnx'
    """
    path = located(path)
    name = Path(path).name.lower()
    return Path(name.removesuffix(".gz")).suffix


def _decompressed(content: bytes) -> bytes:
    try:
        with gzip.open(io.BytesIO(content)) as file:
            return file.read(MOST_BYTES + 1)
    except (EOFError, OSError, zlib.error):
        raise FormatError("found a gzip file that is damaged or breaks off") from None


def _require_size(content: bytes, most: int) -> None:
    if len(content) > most:
        raise TooLargeError(f"found over {most} bytes (unpacked), expected at most {most}")


def _refuse(formats: Iterable[_Format], head: bytes, expected: str) -> None:
    for each in formats:
        if each.matches(head):
            raise FormatError(f"found {each.name}, expected {cut(expected)}; {each.way_on}")


def _text(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        place = f"byte {error.start} is not {encoding.upper()}"
        raise FormatError(f"this is not text: {place}") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
