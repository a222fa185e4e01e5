"""What ``polyrelax radius --format json`` prints is read as brackets."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from polyrelax.errors import FormatError
from polyrelax.interop import radii
from polyrelax.verification.survey import Bracket

PLANE = {
    "format": "polyrelax-network/1",
    "layers": [{"affine": {"weight": [[1, 0], [0, 1]], "bias": [0, 0]}}],
}


def _text(**changes: object) -> str:
    entry = {"image": 0, "lower": "1/4", "upper": "1/2"}
    data = {"format": radii.FORMAT, "method": "lp-all", "results": [entry]}
    return json.dumps({**data, **changes})


def test_what_the_verb_prints_is_read(tmp_path: Path) -> None:
    # Around (1, 0) the class changes at the distance 1/2, and (0, 1) is as far in the other.
    (tmp_path / "net.json").write_text(json.dumps(PLANE))
    (tmp_path / "images.json").write_text("[[1, 0], [0, 1]]")
    asked = f"{sys.executable} -m polyrelax radius net.json --images images.json --format json"
    subprocess.run([*asked.split(), "-o", "radii.json"], cwd=tmp_path, check=True)
    method, found = radii.read(tmp_path / "radii.json")
    assert (method, sorted(found)) == ("lp-all", [0, 1])
    half = Fraction(1, 2)
    for bracket in found.values():
        assert half * Fraction(99, 100) < bracket.lower < half <= (bracket.upper or 0)


def test_upper_may_be_null_and_other_entries_may_be_there() -> None:
    entry = {"image": 5, "label": 3, "lower": "0.5", "upper": None, "counterexample": None}
    text = _text(results=[entry], stopped="time up", unfinished=["image-6-lp-all"])
    assert radii.loads(text) == ("lp-all", {5: Bracket(Fraction(1, 2))})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": "polyrelax-accuracy/1"}, "format: found 'polyrelax-accuracy/1', expected"),
        ({"results": 3}, "results: found 3, expected an array"),
        ({"results": [{"image": 0}]}, r"results\[0\]: found the key 'image', expected"),
        (
            {"results": [{"image": 0, "lower": 0, "upper": None}] * 2},
            r"results\[1\]: found image 0 twice",
        ),
        (
            {"results": [{"image": 0, "lower": 2, "upper": 1}]},
            r"results\[0\]: found the certified radius 2 and a counterexample at 1",
        ),
        (
            {"results": [{"image": 0, "lower": 0.5, "upper": None}]},
            r"results\[0\].lower: found 0.5, which is inexact",
        ),
        ({"method": 2}, "method: found 2, expected a text"),
    ],
)
def test_other_documents_are_refused_with_the_place(
    changes: dict[str, object], message: str
) -> None:
    with pytest.raises(FormatError, match=message):
        radii.loads(_text(**changes))
