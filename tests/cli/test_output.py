import io
import json
import os
import sys
from pathlib import Path

import pytest

from polyrelax.cli.output import as_json, emit, require_place


def test_a_file_gets_the_whole_report_and_nothing_remains_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("an older and much longer report")
    emit("[1]", path)
    assert path.read_text() == "[1]\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_is_followed_rather_than_replaced(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    emit("new", link)
    assert link.is_symlink()
    assert target.read_text() == "new\n"


def test_a_pipe_is_written_rather_than_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    emit("through", pipe)
    assert os.read(reader, 100) == b"through\n"
    os.close(reader)
    assert pipe.is_fifo()


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    path = tmp_path / "report"
    path.write_text("old")
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        emit("new", path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_impossible_places_are_refused_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        require_place(tmp_path)
    with pytest.raises(FileNotFoundError):
        require_place(tmp_path / "missing" / "report")
    require_place(tmp_path / "report")
    require_place(None)


def test_a_terminal_without_unicode_gets_plain_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, "ascii"))
    emit("≤ 1/2 ─", None)
    assert raw.getvalue() == b"<= 1/2 -\n"


def test_json_is_ascii_and_sorted() -> None:
    line = as_json({"b": ["≥"], "a": None})
    assert line.isascii()
    assert list(json.loads(line)) == ["a", "b"]
