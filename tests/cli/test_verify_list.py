"""``polyrelax verify --list``: each line has its verdict or fault, and no kill loses one."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from polyrelax.cli.runs.instances import Decision, Task
from polyrelax.cli.terminal.worker import Deadline
from polyrelax.cli.verify.records import Records
from polyrelax.errors import NamedFileError
from polyrelax.interop import network_json
from polyrelax.interop.instances import Instance
from polyrelax.networks.gallery import absolute_value
from tests.cli.conftest import Program
from tests.cli.test_verify import ABOVE

HERE = ("--jobs", "1", "--format", "json")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """|x| on [-1, 3/5], which reaches 1 and nothing above."""
    network_json.write(network_json.Problem(absolute_value()), tmp_path / "net.json")
    for name, value in (("near", "1"), ("far", "1.5")):
        (tmp_path / f"{name}.vnnlib").write_text(ABOVE.format(value), encoding="utf-8")
    return tmp_path


def listed(folder: Path, *lines: str) -> Path:
    path = folder / "instances.csv"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


BOTH = ("net.json,near.vnnlib,60", "net.json,far.vnnlib")


def verdicts(data: dict[str, list[dict[str, str]]]) -> list[str | None]:
    return [each.get("verdict") for each in data["results"]]


def test_every_line_is_decided_and_has_a_certificate(program: Program, folder: Path) -> None:
    proofs = folder / "proofs"
    found = program("verify", "--list", listed(folder, *BOTH), "--certificates", proofs, *HERE)
    assert found.status == 1
    assert found.data["format"] == "polyrelax-verdicts/1"
    assert verdicts(found.data) == ["violated", "holds"]
    names = [each["certificate"] for each in found.data["results"]]
    assert names == ["1-net-near.jsonl", "2-net-far.jsonl"]
    for name in names:
        assert program("check", proofs / name, "--network", folder / "net.json").status == 0


def test_a_line_at_fault_is_said_in_the_end_and_stops_nothing(
    program: Program, folder: Path
) -> None:
    path = listed(folder, "net.json", "net.json,missing.vnnlib", BOTH[1])
    found = program("verify", "--list", path, *HERE)
    assert found.status == 2
    assert found.stderr == "polyrelax: 2 of 3 instances could not be tried\n"
    short, missing, holds = found.data["results"]
    assert short["fault"].startswith("line 1: found 1 field")
    assert missing["fault"] == f"{folder / 'missing.vnnlib'}: no such file or directory"
    assert holds["verdict"] == "holds"
    assert program("verify", "--list", listed(folder, BOTH[1]), "--jobs", "1").status == 0


def test_files_are_found_compressed_beside_their_names(program: Program, folder: Path) -> None:
    import gzip  # noqa: PLC0415

    plain = folder / "far.vnnlib"
    (folder / "far.vnnlib.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    found = program("verify", "--list", listed(folder, BOTH[1]), *HERE)
    assert verdicts(found.data) == ["holds"]


def test_what_a_store_holds_is_not_decided_again(
    program: Program, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, store = listed(folder, *BOTH), folder / "store"
    first = program("verify", "--list", path, "--store", store, *HERE)
    monkeypatch.setattr("polyrelax.cli.verify.listed.decided", None)
    again = program("verify", "--list", path, "--store", store, *HERE)
    assert (again.status, again.data) == (first.status, first.data)
    assert again.stderr == f"polyrelax: 2 of 2 are finished in {store}\n"


def test_a_process_that_is_killed_at_any_moment_leaves_a_store_to_go_on_from(
    program: Program, folder: Path
) -> None:
    """What such a process has written is a beginning of the file."""
    path, store = listed(folder, *BOTH), folder / "store"
    first = program("verify", "--list", path, "--store", store, *HERE)
    whole = store.read_bytes()
    lines = [k + 1 for k, byte in enumerate(whole) if byte == ord("\n")]
    for size in range(0, len(whole), 7):
        store.write_bytes(whole[:size])
        assert len(Records.of(store).known) == sum(end <= size for end in lines[1:])
    for size in (lines[0] - 3, lines[1] - 1, lines[1], lines[2] - 1):
        store.write_bytes(whole[:size])
        again = program("verify", "--list", path, "--store", store, *HERE)
        assert (again.status, again.data) == (first.status, first.data)
        assert len(Records.of(store).known) == 2


def test_an_undecided_instance_is_tried_again_only_with_more_time(folder: Path) -> None:
    def task(seconds: int | None) -> Task:
        limit = None if seconds is None else Fraction(seconds)
        return Task(Instance(1, "net.json", "near.vnnlib", limit), folder)

    records = Records.of(folder / "store")
    unknown = Decision({"verdict": "unknown", "share": "1/2"}, None, 5)
    records.add(task(5), unknown)
    records = Records.of(folder / "store")
    assert records.found(task(5)) == unknown
    assert records.found(task(4)) == unknown
    assert records.found(task(6)) is None
    assert records.found(task(None)) is None


def test_a_certificate_that_is_missing_is_made(program: Program, folder: Path) -> None:
    store = ("--store", folder / "store")
    path, proofs = listed(folder, *BOTH), folder / "proofs"
    program("verify", "--list", path, *store, *HERE)
    first = program("verify", "--list", path, *store, "--certificates", proofs, *HERE)
    assert len(list(proofs.iterdir())) == 2
    (proofs / "2-net-far.jsonl").unlink()
    again = program("verify", "--list", path, *store, "--certificates", proofs, *HERE)
    assert again.data == first.data
    assert len(list(proofs.iterdir())) == 2
    plain = program("verify", "--list", path, *store, *HERE)
    assert all("certificate" not in each for each in plain.data["results"])


def test_the_end_of_the_time_leaves_lines_unfinished(
    program: Program, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "polyrelax.cli.verify.listed.time_limit"
    monkeypatch.setattr(name, lambda _seconds: Deadline.after(0))
    found = program("verify", "--list", listed(folder, *BOTH), "--time", "1000", *HERE)
    assert found.status == 3
    assert found.data["results"] == []
    assert "the time is up; not finished: line 1, line 2" in found.stderr


@pytest.mark.parametrize(
    "record",
    [
        '{"verdict": "holds", "leaves": ["1"]}',
        '{"verdict": "sat"}',
        '{"verdict": ["holds"]}',
        '{"verdict": "unknown", "share": 0.5}',
        '{"verdict": "violated", "case": 1, "kind": "float32", "point": [true], "outputs": []}',
        "3",
    ],
)
def test_a_store_that_no_run_has_written_is_refused_and_left_alone(
    folder: Path, record: str
) -> None:
    path = folder / "store"
    Records.of(path)
    others = '"network": "", "property": "", "limit": null, "seconds": "1"'
    with path.open("a", encoding="utf-8") as file:
        file.write(f'{{{others}, "result": {record}}}\n')
    content = path.read_bytes()
    with pytest.raises(NamedFileError, match=f"{path}: "):
        Records.of(path)
    assert path.read_bytes() == content


def test_another_file_is_no_store(program: Program, folder: Path) -> None:
    path = listed(folder, *BOTH)
    found = program("verify", "--list", path, "--store", path, *HERE)
    assert found.status == 2
    expected = "found another file, expected the format polyrelax-verdict-store/1"
    assert found.stderr == f"polyrelax: {path}: {expected}\n"
    assert path.read_text(encoding="utf-8").splitlines() == list(BOTH)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("net.json", "--list", "x"), "found NET, expected no such with --list"),
        (("--list", "x", "--label", "1"), "found --label, expected no such with --list"),
        (("--list", "x", "--epsilon", "1"), "found --epsilon, expected no such with --list"),
        (("--list", "x", "--results", "r"), "found --results, expected no such with --list"),
        (("net.json", "--jobs", "2"), "found --jobs, expected --list FILE with it"),
        (("net.json", "--store", "s"), "found --store, expected --list FILE with it"),
        ((), "found no NET, expected one, or --list FILE"),
        (("--list", "missing.csv"), "missing.csv: no such file or directory"),
    ],
)
def test_options_of_one_question_and_of_many_do_not_mix(
    program: Program,
    arguments: tuple[str, ...],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    listed(tmp_path, *BOTH).rename("x")
    found = program("verify", *arguments)
    assert (found.status, found.stdout) == (2, "")
    assert found.stderr == f"polyrelax: {message}\n"


def test_a_record_is_one_line_of_json(program: Program, folder: Path) -> None:
    store = folder / "store"
    program("verify", "--list", listed(folder, *BOTH), "--store", store, *HERE)
    head, *records = map(json.loads, store.read_text(encoding="utf-8").splitlines())
    assert head == {"format": "polyrelax-verdict-store/1"}
    assert [each["limit"] for each in records] == ["60", None]
