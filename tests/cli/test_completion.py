"""Shells complete verbs and options."""

from __future__ import annotations

import pytest

from polyrelax.cli.app import main


@pytest.mark.parametrize(
    ("words", "place", "completed"),
    [
        ("polyrelax bo", 1, ["bounds"]),
        ("polyrelax re", 1, ["regions", "report", "reproduce"]),
        ("polyrelax search pro", 2, ["propose"]),
        ("polyrelax bounds --cert", 2, ["--certificates"]),
        ("polyrelax bounds --format j", 3, ["json"]),
    ],
)
def test_words_are_completed(
    words: str,
    place: int,
    completed: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("_POLYRELAX_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(place))
    assert main([]) == 0
    assert capsys.readouterr().out.split() == completed


def test_the_script_of_a_shell_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_POLYRELAX_COMPLETE", "source_bash")
    assert main([]) == 0
    assert "complete -o default -F _polyrelax_completion polyrelax" in capsys.readouterr().out
