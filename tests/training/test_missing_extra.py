from __future__ import annotations

import subprocess
import sys

import pytest


def test_without_torch_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "polyrelax.training.tensors", raising=False)
    with pytest.raises(
        ImportError, match=r"polyrelax.training needs: pip install polyrelax\[torch\]"
    ):
        import polyrelax.training.tensors  # noqa: F401, PLC0415


def test_what_is_exact_needs_no_torch() -> None:
    program = (
        "import sys; sys.modules['torch'] = None; "
        "import polyrelax.training.exact; print('imported')"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    assert run.stdout == "imported\n"
