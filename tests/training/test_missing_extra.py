from __future__ import annotations

import sys

import pytest


def test_without_torch_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "polyrelax.training.tensors", raising=False)
    with pytest.raises(
        ImportError, match=r"polyrelax.training needs: pip install polyrelax\[torch\]"
    ):
        import polyrelax.training.tensors  # noqa: F401, PLC0415


def test_what_is_exact_needs_no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "polyrelax.training.exact", raising=False)
    import polyrelax.training.exact  # noqa: F401, PLC0415
