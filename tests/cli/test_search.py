"""The verb search, as people and programs use it."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import pytest

from polyrelax.arithmetic.rational import rational, vector
from polyrelax.certificates.check import check
from polyrelax.cli.runs.workers import Workers
from polyrelax.cli.search.request import read_question
from polyrelax.cli.search.run import search
from polyrelax.errors import FormatError
from polyrelax.interop import network_json
from polyrelax.search.evidence import Mixture, value_of
from polyrelax.search.store import Store
from tests.cli.conftest import Program

SMALLEST = ("search", "incompleteness", "--shape", "1-2-2-1", "--weights=-1..1")
SHAPE = ("search", "incompleteness", "--shape", "1-2-1")
INTERVALS = (*SHAPE, "--loose", "ibp")


def test_the_published_count_in_one_run(program: Program) -> None:
    # 1-2-2-1 over {-1, 0, 1}, upper bounds on [-1, 1]: 13,824 networks, 59 hits, 2/3.
    options = ("--loose", "p:1", "--tight", "exact", "--side", "upper", "--outputs=-1,1")
    finished = program(*SMALLEST, *options, "--box=-1..1", "--format", "json")
    data = finished.data
    assert (finished.status, data["format"], data["exhaustive"]) == (
        0,
        "polyrelax-search/1",
        True,
    )
    assert (data["enumerated"], data["imprecise"], data["largest_gap"]) == (13_824, 59, "2/3")
    assert len(data["witnesses"]) == 59
    assert data["distinct"] < data["enumerated"]


def test_each_witness_can_be_checked_by_evaluating_its_network(program: Program) -> None:
    data = program(*SMALLEST, "--side", "both", "--format", "json", "--witnesses", "24").data
    sides = set()
    for witness in data["witnesses"]:
        given = network_json.loads(json.dumps(witness["network"])).network
        proof = witness["mixture"]
        found = Mixture(
            tuple(map(vector, proof["inputs"])), vector(proof["weights"]), Fraction(0)
        )
        assert sum(found.weights) == 1
        value = value_of(given, found)
        assert value == rational(witness["relaxed"][proof["side"]])
        assert abs(value - rational(witness["exact"][proof["side"]])) == rational(
            witness["gap"]
        )
        sides.add(proof["side"])
    assert sides == {"upper", "lower"}


@pytest.mark.parametrize(
    "asked",
    [
        (*SMALLEST, "--side", "both"),
        (*INTERVALS, "--weights=-1..2"),
        (*SHAPE, "--loose", "m:1", "--tight", "m:2", "--weights=-2..2"),
    ],
)
def test_certificates_of_witnesses_are_accepted_and_state_their_gaps(
    program: Program, asked: tuple[str, ...]
) -> None:
    data = program(*asked, "--format", "json", "--witnesses", "7").data
    assert len(data["witnesses"]) == 7
    for witness in data["witnesses"]:
        assert check(json.dumps(witness["certificate"]))
        loose, tight = witness["certificate"]["claim"]["statements"]
        assert (loose["relation"], tight["relation"]) == ("reaches", "at most")
        gap = rational(loose["value"]) - rational(tight["value"])
        assert gap == rational(witness["gap"])
        layers = witness["network"]["layers"]
        assert witness["certificate"]["problem"]["layers"] == layers


def test_an_export_certifies_as_many_as_it_is_asked_to(
    program: Program, tmp_path: Path
) -> None:
    file = tmp_path / "campaign.sqlite"
    program(*SMALLEST, "--store", file)
    exported = program("search", "export", file, "--certified", "2").data["witnesses"]
    assert len(exported) == 59
    assert [witness["certificate"] is not None for witness in exported[:4]] == [
        *(True, True, False, False)
    ]


def test_the_table_says_what_was_covered(program: Program) -> None:
    finished = program(*SMALLEST)
    assert "enumerated                13,824 of 13,824" in finished.stdout
    assert "Every network with these output patterns was examined" in finished.stdout


def test_no_witness_is_a_no(program: Program) -> None:
    # One hidden layer: P_1 is exact.
    finished = program("search", "incompleteness", "--shape", "1-2-1", "--format", "json")
    assert (finished.status, finished.data["imprecise"]) == (1, 0)
    assert (finished.data["exhaustive"], finished.data["largest_gap"]) == (True, "0")


def test_a_limit_ends_the_search_and_says_so(program: Program) -> None:
    data = program(*SMALLEST, "--limit", "3", "--format", "json").data
    assert (data["imprecise"], len(data["witnesses"]), data["exhaustive"]) == (3, 3, False)
    assert data["enumerated"] == 1 + max(w["number"] for w in data["witnesses"])
    assert data["distinct"] is None


def test_a_stored_search_goes_on_where_it_ended(program: Program, tmp_path: Path) -> None:
    whole = program(*INTERVALS, "--format", "json").data
    file = tmp_path / "campaign.sqlite"
    first = program(*INTERVALS, "--store", file, "--limit", "2", "--format", "json").data
    state = program("search", "status", file, "--format", "json")
    assert (state.status, state.data["enumerated"]) == (0, first["enumerated"])
    assert "The search is not complete" in program("search", "status", file).stdout
    resumed = program("search", "resume", file, "--format", "json").data
    assert resumed == whole
    assert program(*INTERVALS, "--store", file, "--format", "json").data == whole
    assert program("search", "export", file).data == whole


def test_an_interrupted_search_reports_and_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "campaign.sqlite"
    process = _start(file)
    _wait(lambda: _position(file) > 0)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert stderr.endswith("polyrelax: interrupted\n")  # behind lines of progress, if slow
    data = json.loads(stdout)
    assert not data["exhaustive"]
    assert data["enumerated"] == _position(file) > 0


def test_a_killed_search_leaves_no_process_behind(tmp_path: Path) -> None:
    file = tmp_path / "campaign.sqlite"
    process = _start(file)
    _wait(lambda: _position(file) > 0)
    workers = [int(pid) for pid in _children(process.pid)]
    assert len(workers) >= 2
    process.kill()
    process.communicate()
    _wait(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
    assert _position(file) > 0


def _start(file: Path) -> subprocess.Popen[str]:
    """Start a search of some minutes on two processes."""
    space = ("--shape", "1-3-1", "--weights=-3..3", "--loose", "krelu:2", "--jobs", "2")
    verb = ("search", "incompleteness", *space, "--store", str(file), "--format", "json")
    return subprocess.Popen(
        [sys.executable, "-m", "polyrelax", *verb],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _position(file: Path) -> int:
    try:
        return Store.open(file).position
    except (FormatError, FileNotFoundError):
        return -1


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _wait(done: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not done():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_two_processes_find_what_one_finds(program: Program) -> None:
    options = ("--side", "both", "--weights=-1..2", "--format", "json")
    alone = program(*INTERVALS, *options, "--jobs", "1")
    both = program(*INTERVALS, *options, "--jobs", "2")
    assert (both.status, both.stdout) == (alone.status, alone.stdout)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--shape", "1-2-2"), "expected a hidden layer"),
        (("--shape", "1-x-1"), "--shape: found 'x'"),
        (("--weights=1..-1",), "--weights: found '1..-1', expected A..B with A <= B"),
        (("--weights=0",), "other than zero"),
        (("--weights=0..1/2",), "expected integers"),
        (("--weights=0..9999",), "expected at most 1000 numbers"),
        (("--side", "left"), "--side: found 'left', expected one of upper, lower, both"),
        (("--box", "1"), "--box: found '1'"),
        (("--box=0..1,0..1",), "found a box of dimension 2, expected 1"),
        (("--min-gap", "-1"), "found the least gap -1"),
        (("--loose", "delta"), "found relaxation 'delta'"),
        (("--outputs", "0"), "other than zero"),
        (("--outputs", "x"), "--outputs: found 'x'"),
        (("--weights=-1..x",), "--weights: found 'x'"),
        (("--jobs", "0"), "--jobs"),
        (("--store", "/missing/file"), "/missing: no such directory"),
    ],
)
def test_bad_options_are_refused_in_one_line(
    program: Program, options: tuple[str, ...], message: str
) -> None:
    given = {option.partition("=")[0] for option in options}
    rest = {"--shape": "--shape=1-2-2-1", "--weights": "--weights=-1..1"}
    asked = [option for name, option in rest.items() if name not in given]
    finished = program(*SMALLEST[:2], *asked, *options)
    assert (finished.status, finished.stdout) == (2, "")
    assert message in finished.stderr
    assert finished.stderr.count("\n") == 1


def test_a_file_of_another_search_is_refused(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "campaign.sqlite"
    assert program(*INTERVALS, "--store", file).status == 0
    finished = program(*SMALLEST, "--store", file)
    assert (finished.status, finished.stdout) == (2, "")
    assert "another search" in finished.stderr
    missing = program("search", "status", tmp_path / "missing")
    assert missing.stderr.endswith("missing: no such file or directory\n")


def test_proposals_are_reported_as_a_search_and_can_be_made_smaller(
    program: Program, tmp_path: Path
) -> None:
    file = tmp_path / "proposals.json"
    asked = ("search", "propose", "--shape", "1-2-2-1", "--tries", "3", "--seed", "0")
    first = program(*asked, "--format", "json", "-o", file)
    data = json.loads(file.read_text())
    assert (first.status, data["exhaustive"], data["enumerated"]) == (0, False, 3)
    assert check(json.dumps(data["witnesses"][0]["certificate"]))
    again = program(*asked, "--format", "json").data
    assert again == data
    gap = rational(data["largest_gap"])
    assert gap == max(rational(witness["gap"]) for witness in data["witnesses"]) > 0
    smaller = program("shrink", file, "--min-gap", data["largest_gap"], "--format", "json")
    assert smaller.status == 0
    assert f"tried         {3}" in program(*asked).stdout


def test_proposals_without_a_gap_are_a_no(program: Program) -> None:
    asked = ("search", "propose", "--shape", "1-2-1", "--method", "random", "--tries", "5")
    finished = program(*asked, "--format", "json")
    assert (finished.status, finished.data["witnesses"]) == (1, [])


def test_a_search_keeps_the_largest_gaps_and_no_more() -> None:
    asked = read_question(
        *("1-2-2-1", "-1..1"),
        loose="p:1",
        tight="exact",
        side="both",
        outputs=None,
        box="-1..1",
        min_gap="0",
    )
    every, few = (
        search(asked, None, limit=None, workers=Workers(1), kept=kept) for kept in (1000, 7)
    )
    assert (every.imprecise, len(every.largest), few.imprecise) == (118, 118, 118)
    assert few.largest == every.largest[:7]
    gaps = [asked.gap(found.tight, found.loose) for found in every.largest]
    assert gaps == sorted(gaps, reverse=True)


@pytest.mark.parametrize("verb", ["status", "resume", "export"])
@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE campaign SET position = 'abc'", "position: found 'abc', expected a number"),
        ("UPDATE witness SET tight_upper = '-1000'", ": found the bounds ["),
        ("UPDATE witness SET number = number - 1", " is no witness"),
        ("DELETE FROM witness", " is missing"),
        ("INSERT INTO witness VALUES (0, '0', '0', '-1', '1')", "network 0 is no witness"),
    ],
)
def test_numbers_of_a_file_that_nothing_supports_are_refused(
    verb: str, statement: str, reason: str, program: Program, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    asked = ("search", "incompleteness", "--shape", "1-2-1", "--loose", "triangle")
    assert program(*asked, "--store", file, "--jobs", "1").status == 0
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)
    found = program("search", verb, file)
    assert (found.status, found.stdout) == (2, "")
    assert found.stderr.startswith(f"polyrelax: {file}: ")
    assert (reason in found.stderr, found.stderr.count("\n")) == (True, 1)


def test_what_is_the_word_of_a_file_is_said(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "file"
    program(*INTERVALS, "--store", file, "--jobs", "1")
    for verb in ("status", "resume", "export"):
        found = program("search", verb, file)
        told = f"below number 48 are none is the word of {file}; its witnesses are proved again"
        assert (found.status, told in found.stderr) == (0, True)
