"""Compiled kernels are kept in the user's cache folder, and only there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from polyrelax.polytopes.engines.fast.kept import engine_files, folder

PACKAGE = Path(__file__).parents[2] / "polyrelax"

# An entry in a file of its own, and how often its code was found and not found.
_CALL = """
import double
from polyrelax.polytopes.engines.fast.compiled import entry
kernel = entry(double.double)
assert kernel(21) == 42
print(sum(kernel.stats.cache_hits.values()), sum(kernel.stats.cache_misses.values()))
"""


def _run(program: str, place: Path, **variables: str) -> str:
    (place / "double.py").write_text("def double(x):\n    return 2 * x\n")
    kept = {
        k: v for k, v in os.environ.items() if k not in {"XDG_CACHE_HOME", "NUMBA_CACHE_DIR"}
    }
    paths = os.pathsep.join([str(place), str(PACKAGE.parent)])
    found = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        env={**kept, "PYTHONPATH": paths, **variables},
        text=True,
    )
    return found.stdout.strip()


def _kept(place: Path) -> list[str]:
    return sorted(path.suffix for path in place.rglob("*.nb*"))


def test_a_kernel_is_compiled_once_and_kept_in_the_cache_folder(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert _run(_CALL, tmp_path, XDG_CACHE_HOME=str(cache)) == "0 1"
    assert _kept(cache / "polyrelax") == [".nbc", ".nbi"]
    assert _run(_CALL, tmp_path, XDG_CACHE_HOME=str(cache)) == "1 0"
    assert _kept(tmp_path) == [".nbc", ".nbi"]  # none beside the source


def test_the_folder_that_numba_is_told_goes_first(tmp_path: Path) -> None:
    places = {
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "NUMBA_CACHE_DIR": str(tmp_path / "mine"),
    }
    assert _run(_CALL, tmp_path, **places) == "0 1"
    assert _kept(tmp_path / "mine") == [".nbc", ".nbi"]
    assert _kept(tmp_path / "cache") == []


@pytest.mark.skipif(sys.platform == "win32", reason="folders are named otherwise")
def test_where_nothing_can_be_kept_kernels_are_compiled_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert _run(_CALL, tmp_path, XDG_CACHE_HOME=str(file)) == "0 1"
    assert _kept(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="others have no such variable")
def test_a_relative_cache_folder_is_none(tmp_path: Path) -> None:
    program = (
        "from polyrelax.polytopes.engines.fast.kept import *; print(folder('', ()).parent)"
    )
    home = {"HOME": str(tmp_path)}
    assert _run(program, tmp_path, XDG_CACHE_HOME="cache", **home) == str(
        tmp_path / ".cache/polyrelax"
    )


@pytest.mark.parametrize("module", ["search.kernel"])
def test_no_kernel_of_the_package_is_kept_in_it(module: str, tmp_path: Path) -> None:
    program = f"""
import polyrelax.{module} as kernels
caches = [getattr(kernel, "_cache", None) for kernel in vars(kernels).values()]
print({{cache.cache_path for cache in caches if hasattr(cache, "cache_path")}})
"""
    found = _run(program, tmp_path, XDG_CACHE_HOME=str(tmp_path))
    assert found.count("'") == 2
    assert str(tmp_path) in found


def test_other_kernels_have_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = folder(str(tmp_path), engine_files())
    other = tmp_path / "other.py"
    other.write_text("# a kernel")
    assert folder(str(tmp_path), (*engine_files(), other)) != before
    folder.cache_clear()
    monkeypatch.setattr("importlib.metadata.version", lambda name: f"{name} 99")
    assert folder(str(tmp_path), engine_files()) != before
    folder.cache_clear()
