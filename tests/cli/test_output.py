import io
import json
import os
import sys
from pathlib import Path

import pytest

from polyrelax.cli.terminal.output import as_json, emit, require_place


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


def test_a_new_file_has_the_mode_of_the_umask_and_an_old_one_keeps_its_own(
    tmp_path: Path,
) -> None:
    before = os.umask(0o027)
    try:
        emit("new", tmp_path / "new")
        (tmp_path / "old").touch(0o600)
        emit("new", tmp_path / "old")
    finally:
        os.umask(before)
    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in ("new", "old")]
    assert modes == [0o640, 0o600]


def test_no_link_is_followed_where_a_file_is_prepared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("polyrelax.cli.terminal.output.token_hex", lambda _: "foreseen")
    victim, partial = tmp_path / "victim", tmp_path / ".foreseen.partial"
    victim.write_text("mine")
    partial.symlink_to(victim)
    with pytest.raises(FileExistsError):
        emit("new", tmp_path / "report")
    assert (victim.read_text(), partial.is_symlink()) == ("mine", True)
    assert not (tmp_path / "report").exists()


def test_no_two_files_are_prepared_under_one_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Path] = []

    def replaced(self: Path, target: Path) -> Path:
        seen.append(self)
        return Path(os.path.realpath(target))

    monkeypatch.setattr(Path, "replace", replaced)
    for _ in range(2):
        emit("new", tmp_path / "report")
    assert len({path.name for path in seen}) == 2
    assert {path.parent for path in seen} == {tmp_path}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes links of other users")
def test_a_strangers_link_in_a_shared_folder_is_refused(tmp_path: Path) -> None:
    victim, shared = tmp_path / "victim", tmp_path / "shared"
    victim.write_text("mine")
    shared.mkdir()
    shared.chmod(0o1777)
    for owner in (0, 12345):
        link = shared / str(owner)
        link.symlink_to(victim)
        os.chown(link, owner, owner, follow_symlinks=False)
    with pytest.raises(PermissionError, match="is a link that another user made"):
        emit("theirs", shared / "12345")
    assert victim.read_text() == "mine"
    emit("own", shared / "0")
    assert victim.read_text() == "own\n"


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
