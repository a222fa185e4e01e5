"""Lists of instances: what a line says, and that one at fault does not hide the others."""

import gzip
from fractions import Fraction
from pathlib import Path

import pytest

from polyrelax.errors import FormatError
from polyrelax.interop.instances import Instance, read

EXPECTED = "expected a network, a property and perhaps seconds"


def test_lines_name_a_network_a_property_and_seconds(tmp_path: Path) -> None:
    path = tmp_path / "instances.csv.gz"
    path.write_bytes(gzip.compress(b'a.onnx, b.vnnlib ,1.5\r\n\n"a,b.onnx",b.vnnlib\n'))
    first = Instance(1, "a.onnx", "b.vnnlib", Fraction(3, 2))
    assert read(path) == (first, Instance(3, "a,b.onnx", "b.vnnlib"))


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("a.onnx", f"found 1 field, {EXPECTED}"),
        ("a,b,1,2", f"found 4 fields, {EXPECTED}"),
        (",b.vnnlib", f"found an empty field, {EXPECTED}"),
        ("a.onnx,b\x07", "found characters that no name of a file has"),
        ("a.onnx,b,0", "found '0', expected seconds above 0"),
        ("a.onnx,b,soon", "found 'soon', expected seconds above 0"),
    ],
)
def test_a_line_at_fault_says_what_it_is_and_the_next_one_is_read(
    tmp_path: Path, line: str, fault: str
) -> None:
    path = tmp_path / "instances.csv"
    path.write_text(f"{line}\na.onnx,b.vnnlib,116\n", encoding="utf-8")
    bad, good = read(path)
    assert (bad.line, bad.fault) == (1, f"line 1: {fault}")
    assert good == Instance(2, "a.onnx", "b.vnnlib", Fraction(116))


def test_a_list_without_lines_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "instances.csv"
    path.write_text("\n \n", encoding="utf-8")
    with pytest.raises(FormatError, match="found no lines"):
        read(path)
