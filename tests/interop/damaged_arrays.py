"""Arrays of NumPy in files, whole and damaged, and what NumPy itself reads of them.

``python -m tests.interop.damaged_arrays --count 100000`` reads as many within four GB.
"""

from __future__ import annotations

import argparse
import io
import resource
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import numpy.typing as npt

from polyrelax.errors import PolyrelaxError
from polyrelax.interop import labels, npy, points

Array = npt.NDArray[np.generic]

TYPES: Final = [
    *[
        "<f2",
        ">f2",
        "<f4",
        ">f4",
        "<f8",
        ">f8",
        "|i1",
        "<i2",
        ">i4",
        "<i8",
        "|u1",
        "<u4",
        ">u8",
    ],
    *["|b1", "<c8", "<f16", "|S3", "<U2", "<M8[s]", "|V2"],
]
WORDS: Final = [
    *[
        b"'descr'",
        b"'shape'",
        b"'fortran_order'",
        b"True",
        b"False",
        b"(",
        b")",
        b"{",
        b"}",
        b",",
    ],
    *[
        b": ",
        b"'<f8'",
        b"'|O'",
        b"[('a', '<f8')]",
        b"9" * 30,
        b"-1",
        b"0",
        b"00",
        b"1.5",
        b"\n",
    ],
    *[b"2", b"'", b"\\x00", b"#", b"__import__('os')", b"(" * 200, b"2," * 70, b"\x93NUMPY"],
]
_MEMORY: Final = 1 << 32


def saved(rng: np.random.Generator) -> bytes:
    """A file of a random array, by one of the versions of the format."""
    shape = tuple(int(size) for size in rng.integers(0, 4, size=int(rng.integers(0, 4))))
    kind = np.dtype(TYPES[int(rng.integers(len(TYPES)))])
    size = int(np.prod(shape)) * kind.itemsize
    array = np.frombuffer(rng.bytes(size), dtype=kind).reshape(shape)
    version = [(1, 0), (2, 0), (3, 0)][int(rng.integers(3))]
    stream = io.BytesIO()
    order = np.asfortranarray(array) if rng.random() < 0.5 and array.ndim else array
    np.lib.format.write_array(stream, order, version=version)
    return stream.getvalue()


def damaged(content: bytes, rng: np.random.Generator) -> bytes:
    """The bytes with a few changed, left out or put in, most of them in the header."""
    changed = bytearray(content)
    for _ in range(int(rng.choice([0, 1, 2, 5, 20]))):
        end = len(changed) if rng.random() < 0.2 else min(len(changed), 80)
        at = int(rng.integers(max(end, 1)))
        match int(rng.integers(5)):
            case 0:
                changed[at : at + 1] = rng.bytes(1)
            case 1:
                del changed[at : at + int(rng.integers(1, 9))]
            case 2:
                changed[at : at + int(rng.integers(3))] = WORDS[int(rng.integers(len(WORDS)))]
            case 3:
                del changed[max(at, 6) :]
            case _:
                other = int(rng.integers(max(end, 1)))
                changed[at:at] = changed[other : other + int(rng.integers(1, 20))]
    return bytes(changed)


def by_numpy(content: bytes) -> Array | None:
    """What NumPy reads, none where it refuses."""
    try:
        return np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    except Exception:  # of many classes
        return None


def compared(content: bytes) -> str:
    """How a file was answered: by the same array as NumPy's, or by an error of our own."""
    for read, kinds in ((npy.floats, "f"), (npy.integers, "iu")):
        try:
            found = read(content)
        except PolyrelaxError:
            continue
        expected = by_numpy(content)
        assert expected is not None, "NumPy refuses it"
        assert expected.dtype.kind in kinds
        assert (found.dtype, found.shape) == (expected.dtype, expected.shape)
        assert found.tobytes() == expected.tobytes()
        return "read"
    return "refused"


def answered(content: bytes, path: Path) -> None:
    """Read a file as points and as labels, which may fail by errors of our own alone."""
    path.write_bytes(content)
    for dim in (1, 2):
        with suppress(PolyrelaxError):
            found = points.read(path, dim)
            for index in range(found.count):
                assert len(found.point(index)) == dim
    with suppress(PolyrelaxError):
        assert all(type(label) is int for label in labels.read(path))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    counts: Counter[str] = Counter()
    longest = 0.0
    with TemporaryDirectory() as folder:
        for seed in range(options.seed, options.seed + options.count):
            rng = np.random.default_rng(seed)
            content = damaged(saved(rng), rng)
            start = time.perf_counter()
            counts[compared(content)] += 1
            answered(content, Path(folder) / "array.npy")
            longest = max(longest, time.perf_counter() - start)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{dict(counts)}, {longest:.2f} s at most for one, {memory} MB at most")


if __name__ == "__main__":
    main()
