"""Damaged files are read as what they have become, or refused in polyrelax's own words."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from polyrelax.errors import PolyrelaxError
from polyrelax.interop.onnx import load
from tests.interop.graphs import model
from tests.interop.onnx_cases import CASES, CONVOLUTIONS
from tests.interop.onnx_operator_cases import OPERATORS

MODELS = [
    model(*case) for case in (*CASES.values(), *CONVOLUTIONS.values(), *OPERATORS.values())
]


def damaged(content: bytes, rng: np.random.Generator) -> bytes:
    """The bytes with a few of them changed, left out, or put in."""
    changed = bytearray(content)
    for _ in range(int(rng.choice([1, 2, 5, 20]))):
        at = int(rng.integers(len(changed)))
        if rng.random() < 0.6:
            changed[at] = int(rng.integers(256))
        elif rng.random() < 0.5:
            del changed[at : at + int(rng.integers(1, 9))]
        else:
            changed[at:at] = rng.bytes(int(rng.integers(1, 9)))
    return bytes(changed)


@pytest.mark.parametrize("seed", range(8))
def test_damaged_bytes_raise_nothing_but_own_errors(seed: int, tmp_path: Path) -> None:
    rng, path = np.random.default_rng(seed), tmp_path / "net.onnx"
    refused = 0
    for made in MODELS[seed::8]:
        path.write_bytes(damaged(made.SerializeToString(), rng))
        try:
            load(path)
        except PolyrelaxError:
            refused += 1
    assert refused > 0


@pytest.mark.parametrize("field", ["i", "f", "ints"])
@pytest.mark.parametrize("value", [-(2**63), -1, 0, 2**31, 2**63 - 1])
def test_extreme_attributes_raise_nothing_but_own_errors(
    field: str, value: int, tmp_path: Path
) -> None:
    path = tmp_path / "net.onnx"
    for made in MODELS:
        changed = type(made).FromString(made.SerializeToString())
        attributes = [each for node in changed.graph.node for each in node.attribute]
        for each in attributes:
            if field == "i" and each.type == each.INT:
                each.i = value
            elif field == "f" and each.type == each.FLOAT:
                each.f = float(value) * 1e20
            elif field == "ints" and each.type == each.INTS:
                each.ints[:] = [value] * len(each.ints)
        path.write_bytes(changed.SerializeToString())
        with suppress(PolyrelaxError):
            load(path)
