"""Which file a message is about, whatever the file is called, and where writing failed."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from polyrelax.cli.terminal.naming import naming
from polyrelax.errors import NamedFileError
from tests.cli.conftest import TENT, Program

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="Linux has /dev/full")


@pytest.mark.parametrize("name", ["n", "JSON", "line", "1", "standard input"])
def test_a_file_is_named_whatever_its_name(
    name: str, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text("{")
    told = f"polyrelax: {name}: this is not JSON, from line 1, column 2 on\n"
    assert program("bounds", name).stderr == told
    assert program("lipschitz", "--dataset", name).stderr == told
    Path("tent.json").write_text(json.dumps(TENT))
    assert program("bounds", "tent.json", "-r", "ibp", "--input", name).stderr == told


def test_a_file_is_named_once() -> None:
    with pytest.raises(NamedFileError, match=r"^a: found$"), naming("b"), naming("a"):
        raise NamedFileError("a: found")


@pytest.mark.parametrize("verb", ["status", "resume", "export"])
def test_the_file_of_a_search_is_named_whatever_its_name(
    verb: str, program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = ("search", "incompleteness", "--shape", "1-2-1", "--loose", "triangle")
    assert program(*asked, "--store", "n", "--jobs", "1").status == 0
    with closing(sqlite3.connect("n")) as connection, connection:
        connection.execute("DELETE FROM witness")
    found = program("search", verb, "n")
    assert (found.status, found.stdout) == (2, "")
    assert found.stderr.startswith("polyrelax: n: ")
    assert found.stderr.count("n: ") == 1


@needs_full
@pytest.mark.parametrize(
    "request_",
    [("bounds", "tent.json", "-r", "ibp"), ("hull", "rows"), ("shrink", "tent.json")],
    ids=lambda words: words[0],
)
def test_a_device_that_is_full_is_named(
    request_: tuple[str, ...], program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tent.json").write_text(json.dumps(TENT))
    Path("rows").write_text("1 1\n1 -1\n")
    found = program(*request_, "-o", FULL)
    assert (found.status, found.stderr) == (2, f"polyrelax: {FULL}: no space left on device\n")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="Linux has /proc")
@pytest.mark.parametrize("option", ["-o", "--certificates"])
def test_a_place_where_nothing_can_be_made_is_named_before_any_work(
    option: str, program: Program, tent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(*_: object) -> None:
        raise AssertionError("no work is done")

    monkeypatch.setattr("polyrelax.cli.runs.run.run_until_stopped", work)
    found = program("bounds", tent, "-r", "ibp", option, "/proc/x")
    told = "polyrelax: /proc/x: no such file or directory\n"
    assert (found.status, found.stdout, found.stderr) == (2, "", told)


def test_a_link_that_leads_in_a_circle_is_named(
    program: Program, tent: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(link)
    found = program("bounds", tent, "-r", "ibp", "-o", link)
    told = f"polyrelax: {link}: too many levels of symbolic links\n"
    assert (found.status, found.stdout, found.stderr) == (2, "", told)
    assert link.is_symlink()


def answered(*words: str, stdout: int, stderr: int = subprocess.PIPE) -> tuple[int, bytes]:
    """Run the program as a process, and return its status and what it says on failures."""
    command = [sys.executable, "-m", "polyrelax", *words]
    with subprocess.Popen(command, stdout=stdout, stderr=stderr) as process:
        os.close(stdout)
        return process.wait(), process.stderr.read() if process.stderr else b""


@needs_full
@pytest.mark.parametrize("words", [("--version",), ("bounds", "--help"), ("check", "CERT")])
def test_a_full_standard_output_is_named(words: tuple[str, ...], tmp_path: Path) -> None:
    certificate = tmp_path / "certificate"
    certificate.write_text(json.dumps({"format": "polyrelax-certificate/1"}))
    words = tuple(str(certificate) if word == "CERT" else word for word in words)
    found = answered(*words, stdout=os.open(FULL, os.O_WRONLY))
    assert found == (2, b"polyrelax: standard output: no space left on device\n")


@pytest.mark.parametrize("place", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/2"])
def test_a_report_is_not_lost_where_c_libraries_print(
    place: str, tent: Path, tmp_path: Path
) -> None:
    with (tmp_path / "out").open("w+b") as out:
        found = answered("bounds", str(tent), "-o", place, stdout=os.dup(out.fileno()))
    line = f"polyrelax: found -o {place}, expected - for standard output\n"
    assert found == (2, line.encode())


@pytest.mark.parametrize("words", [("--version",), ("bounds", "TENT", "-r", "ibp")])
def test_a_pipe_that_nobody_reads_is_no_verdict(words: tuple[str, ...], tent: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    words = tuple(str(tent) if word == "TENT" else word for word in words)
    found = answered(*words, stdout=writer)
    assert found == (2, b"")


@needs_full
def test_a_full_standard_error_changes_no_status(tmp_path: Path) -> None:
    with FULL.open("wb") as full:
        writer = os.open(os.devnull, os.O_WRONLY)
        missing = str(tmp_path / "missing")
        assert answered("hull", missing, stdout=writer, stderr=full.fileno()) == (2, b"")


@pytest.mark.parametrize("verb", ["bounds", "hull", "check"])
def test_a_standard_input_that_is_closed_is_empty(verb: str) -> None:
    script = f"exec '{sys.executable}' -m polyrelax {verb} - <&-"
    closed = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    command = [sys.executable, "-m", "polyrelax", verb, "-"]
    with Path(os.devnull).open() as nothing:
        empty = subprocess.run(
            command, stdin=nothing, capture_output=True, text=True, check=False
        )
    assert (closed.returncode, closed.stdout, closed.stderr) == (2, "", empty.stderr)
    assert closed.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes there")
@pytest.mark.parametrize("place", ["page.html", "-"])
def test_a_name_that_is_not_utf_8_is_written_out(
    place: str, program: Program, tent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tent.rename("tent\udcff.json")
    found = program("report", "tent\udcff.json", "-r", "ibp", "-o", place)
    page = found.stdout if place == "-" else Path(place).read_text()
    assert (found.status, found.stderr) == (0, "")
    assert r"tent\udcff.json" in page


@pytest.mark.skipif(sys.platform != "linux", reason="the first page is not there")
def test_a_file_that_cannot_be_read_is_named(program: Program, tent: Path) -> None:
    memory = "/proc/self/mem"
    told = f"polyrelax: {memory}: input/output error\n"
    for request in (("hull", memory), ("bounds", tent, "-r", "ibp", "--input", memory)):
        found = program(*request)
        assert (found.status, found.stdout, found.stderr) == (2, "", told)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("bounds", ""), "NET"),
        (("check", "a", ""), "FILE"),
        (("reproduce", ""), "CLAIM"),
        (("bounds", "NET", "--certificates", ""), "--certificates"),
        (("bounds", "NET", "-o", ""), "-o or --output"),
        (("compare", "NET", "-r", "ibp", "-r", ""), "-r or --relaxation"),
        (("search", "incompleteness", "--shape", "1-2-1", "--store="), "--store"),
    ],
)
def test_an_empty_value_is_refused(words: tuple[str, ...], name: str, program: Program) -> None:
    found = program(*words)
    told = f"polyrelax: found an empty {name}, expected something\n"
    assert (found.status, found.stdout, found.stderr) == (2, "", told)


@pytest.mark.parametrize("verb", ["incompleteness", "inexpressibility"])
def test_a_search_is_not_kept_in_standard_output(verb: str, program: Program) -> None:
    found = program("search", verb, "--shape", "1-2-1", "--store", "-")
    told = "polyrelax: found --store -, expected the name of a file\n"
    assert (found.status, found.stdout, found.stderr) == (2, "", told)
