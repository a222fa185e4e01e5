"""Random graphs: onnxruntime's values lie within a bound of exact running errors."""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest

from tests.interop.random_graphs import OPSETS, compared, drawn

OLDEST_NEWEST = 20
"""The newest opset of the oldest onnxruntime that is admitted."""


@pytest.mark.parametrize("opset", [n for n in OPSETS if n <= onnx.defs.onnx_opset_version()])
def test_onnxruntime_computes_the_same_but_for_rounding(opset: int, tmp_path: Path) -> None:
    outcomes = [compared(drawn(seed, opset), tmp_path) for seed in range(12)]
    ran = [outcome for outcome in outcomes if outcome is not None]
    assert set(ran) <= {""}
    assert len(ran) >= 8 or opset > OLDEST_NEWEST  # which older versions do not run
