from concurrent.futures.process import BrokenProcessPool

import pytest

from polyrelax.cli import main
from polyrelax.cli.terminal.failures import FAILURES, LONGEST_LINE, describe
from polyrelax.errors import FormatError
from tests.cli.conftest import Program


@pytest.mark.parametrize(
    ("failure", "line"),
    [
        (FormatError("found 'x',\n  expected 'y'"), "found 'x', expected 'y'"),
        (FormatError("found \x1b[31m\x00"), r"found \x1b[31m\x00"),
        (FileNotFoundError(2, "No such file", "a b"), "a b: no such file"),
        (PermissionError(13, "Permission denied"), "permission denied"),
        (RecursionError("maximum recursion depth"), "the input is nested too deeply"),
        (MemoryError(), "the memory does not suffice"),
        (ImportError("pip install it"), "pip install it"),
        (BrokenProcessPool("x"), "a worker process died, perhaps for lack of memory"),
    ],
)
def test_every_failure_is_one_printable_line(failure: BaseException, line: str) -> None:
    assert isinstance(failure, FAILURES)
    assert describe(failure) == line


def test_long_messages_are_cut() -> None:
    assert len(describe(FormatError("9" * 10_000))) == LONGEST_LINE


def test_a_mistake_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_path: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("polyrelax.cli.reproduce.verb.require_place", fail)
    with pytest.raises(ZeroDivisionError):
        main(["reproduce"])


def test_an_interruption_is_one_line_and_status_130(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_path: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("polyrelax.cli.reproduce.verb.require_place", interrupt)
    finished = program("reproduce")
    assert (finished.status, finished.stdout) == (130, "")
    assert finished.stderr == "polyrelax: interrupted\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["bound"],
        ["bounds"],
        ["bounds", "net.json", "--precise"],
        ["bounds", "net.json", "--format", "xml"],
        ["hull", "--format", "xml", "file"],
        ["reproduce", "--jobs", "0"],
        ["reproduce", "--jobs", "two"],
    ],
)
def test_bad_usage_is_one_line_and_status_2(program: Program, arguments: list[str]) -> None:
    finished = program(*arguments)
    assert (finished.status, finished.stdout) == (2, "")
    assert finished.stderr.startswith("polyrelax: ")
    assert finished.stderr.count("\n") == 1


def test_help_and_version_are_results(program: Program) -> None:
    assert program("--version").stdout.startswith("polyrelax ")
    for verb in ("bounds", "compare", "hull", "reproduce"):
        finished = program(verb, "--help")
        assert finished.status == 0
        assert f"polyrelax {verb}" in finished.stdout
        assert verb in program("--help").stdout
