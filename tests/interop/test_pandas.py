"""Bounds as data frames, with exact numbers; without pandas the extra is named."""

from __future__ import annotations

import sys
from fractions import Fraction

import pytest

from polyrelax.networks.gallery import tent
from polyrelax.relaxations.trace import propagate


def test_without_pandas_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    monkeypatch.delitem(sys.modules, "polyrelax.interop.pandas", raising=False)
    with pytest.raises(
        ImportError, match=r"polyrelax.interop.pandas needs: pip install polyrelax\[pandas\]"
    ):
        import polyrelax.interop.pandas  # noqa: F401, PLC0415


def test_a_frame_has_the_bounds_as_fractions() -> None:
    pytest.importorskip("pandas", reason="needs polyrelax[pandas]")
    from polyrelax.interop.pandas import to_dataframe  # noqa: PLC0415

    frame = to_dataframe([propagate(tent(), (-1, 1), name) for name in ("ibp", "p:3")])
    last = frame[frame.layer == "5 affine"]
    assert last.lower.tolist() == [Fraction(0), Fraction(1)]
    assert last.gap.astype(float).tolist() == [1.0, 0.0]
