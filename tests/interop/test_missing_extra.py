from __future__ import annotations

import sys

import pytest


def test_without_onnx_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    monkeypatch.delitem(sys.modules, "polyrelax.interop.onnx", raising=False)
    with pytest.raises(
        ImportError, match=r"polyrelax.interop.onnx needs: pip install polyrelax\[onnx\]"
    ):
        import polyrelax.interop.onnx  # noqa: F401, PLC0415
