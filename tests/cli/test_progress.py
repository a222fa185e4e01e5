"""Progress where there is no terminal: lines from time to time, and none of quick work."""

import re
import time

import pytest

from polyrelax.cli.terminal import progress


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "INTERVAL", 0.01)


@pytest.mark.usefixtures("impatient")
def test_a_line_says_how_far_the_work_is(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.progress_bar(7) as report:
        report(3, "triangle")
        seen = ""
        while "\n" not in seen:
            time.sleep(0.01)
            seen += capsys.readouterr().err
    assert re.fullmatch(r"polyrelax: 3/7 triangle, 0 s", seen.splitlines()[0])


@pytest.mark.usefixtures("impatient")
def test_no_line_follows_the_end_of_the_work(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.progress_bar(None):
        pass
    capsys.readouterr()
    time.sleep(0.05)
    assert capsys.readouterr().err == ""


def test_quick_work_leaves_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.progress_bar(1) as report:
        report(1, "done")
    assert capsys.readouterr().err == ""
