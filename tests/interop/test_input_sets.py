from __future__ import annotations

from pathlib import Path

import pytest

from polyrelax.errors import FormatError
from polyrelax.interop import input_sets
from polyrelax.polytopes.polytope import Polytope

DIGITS = Path(__file__).parents[2] / "examples" / "digits"


def test_json_and_vnnlib_are_told_apart_by_suffix(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"lower": [0], "upper": ["0.1"]}')
    (tmp_path / "b.vnnlib").write_text(
        "(declare-const X_0 Real) (assert (>= X_0 0)) (assert (<= X_0 0.1))"
    )
    assert input_sets.read(tmp_path / "a.json") == Polytope.box([0], ["1/10"])
    assert input_sets.read(tmp_path / "b.vnnlib") == Polytope.box([0], ["1/10"])


def test_box_of_the_digits_is_within_the_pixels() -> None:
    box = input_sets.read(DIGITS / "box.json")
    assert box.dim == 64
    assert box.is_box
    assert all(0 <= lower < upper <= 1 for lower, upper in box.bounds)


def test_empty_rows_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"inequalities": [[]]}')
    with pytest.raises(FormatError, match="inequalities: found an empty row"):
        input_sets.read(tmp_path / "a.json")
