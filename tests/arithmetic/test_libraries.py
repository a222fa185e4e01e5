"""Kernels are compiled once, and kept in the user's cache folder and only there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from polyrelax.arithmetic import libraries
from polyrelax.arithmetic.libraries import Library, cache_folder, compiler

DIGEST = "0123456789abcdef"  # such as names of kept libraries end with
pytestmark = pytest.mark.skipif(not compiler(), reason="there is no C compiler")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "kernels"
    folder.mkdir()
    (folder / "factor.h").write_text("enum { FACTOR = 2 };\n")
    file = folder / "multiple.c"
    file.write_text('#include "factor.h"\nint multiple(int x) { return FACTOR * x; }\n')
    return file


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POLYRELAX_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def fresh_compiler() -> Iterator[None]:
    yield
    compiler.cache_clear()


def _multiple(source: Path) -> int:
    functions = Library(source).functions
    assert functions is not None
    return int(functions.multiple(21))


def test_a_library_is_compiled_once_and_kept(
    source: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Library(source).is_ready() is False
    assert _multiple(source) == 42
    assert [file.suffix for file in cache.iterdir()] == [".so"]
    assert sorted(file.name for file in source.parent.iterdir()) == ["factor.h", "multiple.c"]
    assert Library(source).is_ready()
    monkeypatch.setattr(libraries, "_compile", None)
    assert _multiple(source) == 42


def test_a_library_that_was_cut_off_is_compiled_anew(source: Path, cache: Path) -> None:
    cache.mkdir()
    kept = Library(source)._kept
    kept.write_bytes(b"ELF")
    assert _multiple(source) == 42
    assert kept.stat().st_size > 1000


def test_a_change_of_what_a_source_includes_compiles_anew(source: Path, cache: Path) -> None:
    assert _multiple(source) == 42
    (source.parent / "factor.h").write_text("enum { FACTOR = 3 };\n")
    assert _multiple(source) == 63
    assert len(list(cache.iterdir())) == 2


def test_libraries_that_nobody_has_used_for_a_month_go(source: Path, cache: Path) -> None:
    cache.mkdir()
    names = (f"a-{DIGEST}", f"b-{DIGEST}", "other")
    old, young, foreign = (cache / f"{name}.so" for name in names)
    for file in (old, young, foreign):
        file.touch()
    for file in (old, foreign):
        os.utime(file, (0, 0))
    assert _multiple(source) == 42
    assert [file.exists() for file in (old, young, foreign)] == [False, True, True]


@pytest.mark.usefixtures("fresh_compiler")
def test_options_of_the_compiler_cannot_reorder_floats(
    source: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.write_text("int multiple(int x) { double a = 1e308; return 10 * a - 10 * a == 0; }")
    monkeypatch.setenv("CC", f"{compiler()[0]} -ffast-math")
    compiler.cache_clear()
    assert compiler()[1:] == ("-ffast-math",)
    assert _multiple(source) == 0  # infinity less infinity is no number


@pytest.mark.usefixtures("fresh_compiler", "cache")
def test_a_command_that_is_none_is_no_compiler(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC", "gcc '")
    compiler.cache_clear()
    assert Library(source).functions is None


def test_where_nothing_can_be_kept_each_process_compiles(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("POLYRELAX_CACHE_DIR", str(file / "cache"))
    assert _multiple(source) == 42
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "kernels"]


@pytest.mark.parametrize("text", ["int multiple(int x) {", "#error no such machine"])
def test_a_source_that_does_not_compile_has_no_functions(
    text: str, source: Path, cache: Path
) -> None:
    source.write_text(text)
    found = Library(source)
    assert (found.functions, found.is_ready()) == (None, None)
    assert list(cache.iterdir()) == []


def test_without_a_compiler_there_are_no_functions(
    source: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libraries, "compiler", tuple)
    assert Library(source).is_ready() is None
    assert Library(source).functions is None
    assert not cache.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="others have no such variable")
def test_a_relative_cache_folder_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POLYRELAX_CACHE_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", "cache")
    assert cache_folder() == tmp_path / ".cache/polyrelax"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine/polyrelax"
