"""Files that come compressed, with byte order marks, or as something else."""

import codecs
import gzip
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Program

BOX = "(declare-const X_0 Real) (assert (<= X_0 1)) (assert (>= X_0 0))"


def test_verbs_read_them_too(program: Program, tent: Path, tmp_path: Path) -> None:
    net = tmp_path / "net.json.gz"
    net.write_bytes(gzip.compress(tent.read_bytes()))
    box = tmp_path / "box.vnnlib.gz"
    box.write_bytes(gzip.compress(codecs.BOM_UTF16_BE + BOX.encode("utf-16-be")))
    options = ("-r", "ibp", "--format", "json", "--input", box)
    expected = program("bounds", tent, *options).data["results"][0]["layers"]
    assert program("bounds", net, *options).data["results"][0]["layers"] == expected
    piped = program("bounds", "-", *options, stdin=net.read_bytes())
    assert piped.data["results"][0]["layers"] == expected
    hull = program("hull", "-", "--format", "json", stdin=gzip.compress(b"1 1\n1 -1\n"))
    assert json.loads(hull.stdout)["points"] == [["-1"], ["1"]]


@pytest.mark.parametrize("name", ["net.nnet", "net.pt", "net.json"])
def test_verbs_name_what_they_found(program: Program, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n")
    finished = program("bounds", path, "--lower", "0", "--upper", "1")
    assert (finished.status, finished.stdout) == (2, "")
    expected = "found a Git LFS pointer, expected JSON or ONNX; git lfs pull fetches the file"
    assert finished.stderr == f"polyrelax: {path}: {expected}\n"
