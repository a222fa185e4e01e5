import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from polyrelax.claims import load_claims
from polyrelax.cli.terminal.worker import Done
from tests.cli.conftest import Program, TimeIsUp

CLAIM = """\
title = "Half of it"
reference = "[euclid, v1], Theorem 1"
wording = "v1"
statement = "A half is less than a whole."
status = "{status}"
reason = "{reason}"

[expected]
"""


def write_claim(
    folder: Path,
    name: str,
    derive: str,
    *,
    status: str = "reproduced",
    reason: str = "",
    **expected: str,
) -> None:
    path = folder / "euclid" / name
    path.mkdir(parents=True)
    values = "".join(f'{key} = "{value}"\n' for key, value in expected.items())
    (path / "claim.toml").write_text(CLAIM.format(status=status, reason=reason) + values)
    (path / "derive.py").write_text(f"def derive():\n    {derive}\n")


@pytest.fixture
def proofs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of claims, in the place of the project's own."""
    monkeypatch.setattr(
        "polyrelax.cli.reproduce.rederivation.load_claims", partial(load_claims, tmp_path)
    )
    return tmp_path


def test_claims_that_hold_are_status_0(program: Program, proofs: Path) -> None:
    write_claim(proofs, "b-half", "yield 'half', '1/2'", half="1/2")
    write_claim(proofs, "a-two", "yield 'x', 1; yield 'y', 2", x="1", y="2")
    write_claim(proofs, "c-open", "yield from ()", status="open", reason="nobody knows")
    finished = program("reproduce")
    assert (finished.status, finished.stderr) == (0, "")
    lines = [line.split() for line in finished.stdout.splitlines()]
    assert lines[1] == ["claim", "reference", "expected", "found", "status", "seconds"]
    assert [line[0] for line in lines[3:6]] == ["a-two", "b-half", "c-open"]
    assert lines[3][5:10] == ["2", "values", "all", "equal", "reproduced"]
    assert lines[4][5:8] == ["1/2", "1/2", "reproduced"]
    assert "nobody knows" in finished.stdout
    assert lines[-1] == ["3", "claims:", "2", "reproduced,", "1", "open."]


def test_a_claim_that_fails_is_status_1_and_shows_its_values(
    program: Program, proofs: Path
) -> None:
    write_claim(proofs, "pair", "yield 'good', 1; yield 'bad', 3", good="1", bad="2")
    finished = program("reproduce")
    assert finished.status == 1
    assert "  bad" in finished.stdout
    assert "  good" not in finished.stdout
    assert finished.stdout.endswith("1 claim: 1 not reproduced.\n")
    assert "  good" in program("reproduce", "pair").stdout
    assert "  good" in program("reproduce", "-v", "--format", "markdown").stdout


def test_a_value_that_is_not_found_fails(program: Program, proofs: Path) -> None:
    write_claim(proofs, "lost", "yield from ()", x="1")
    finished = program("reproduce")
    assert finished.status == 1
    assert "nothing" in finished.stdout


def test_json_has_every_value(program: Program, proofs: Path) -> None:
    write_claim(proofs, "half", "yield 'half', '1/2'", half="1/2")
    finished = program("reproduce", "half", "--format", "json", "--jobs", 1)
    assert finished.data["format"] == "polyrelax-reproduce/1"
    (result,) = finished.data["results"]
    assert result["seconds"] >= 0
    assert {
        key: result[key] for key in ("claim", "reference", "status", "holds", "values")
    } == {
        "claim": "half",
        "reference": "[euclid, v1], Theorem 1",
        "status": "reproduced",
        "holds": True,
        "values": [{"key": "half", "expected": "1/2", "found": "1/2"}],
    }


def test_an_unknown_claim_is_named(program: Program, proofs: Path) -> None:
    write_claim(proofs, "half", "yield 'half', '1/2'", half="1/2")
    finished = program("reproduce", "whole")
    assert (finished.status, finished.stdout) == (2, "")
    assert finished.stderr == "polyrelax: found claim 'whole', expected one of half\n"


def test_no_claims_at_all_is_not_success(program: Program, proofs: Path) -> None:
    finished = program("reproduce")
    assert (finished.status, finished.stdout) == (2, "")
    assert finished.stderr.startswith("polyrelax: found no claims in ")


SCRIPT = """\
import sys
from functools import partial
from pathlib import Path
from polyrelax import claims
from polyrelax.cli import main
from polyrelax.cli.reproduce import rederivation
rederivation.load_claims = partial(claims.load_claims, Path(sys.argv[1]))
sys.exit(main(["reproduce", "--jobs", "1"]))
"""


def test_an_interruption_prints_what_was_found(tmp_path: Path) -> None:
    flag = tmp_path / "started"
    write_claim(tmp_path, "fast", "yield 'x', 1", x="1")
    stall = f"import time, pathlib; pathlib.Path({str(flag)!r}).touch(); time.sleep(600)"
    write_claim(tmp_path, "slow", f"{stall}; yield 'x', 1", x="1")
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not flag.exists() and process.poll() is None:
        time.sleep(0.05)
    time.sleep(1)  # for the finished claim to arrive
    os.killpg(process.pid, signal.SIGINT)  # what a terminal does on Ctrl-C
    stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == 130
    assert stderr == "polyrelax: interrupted\n"
    assert "Interrupted after 1 of 2 claims: 1 reproduced." in stdout


def test_a_long_reference_is_cut_to_its_end_unless_all_is_wanted(
    program: Program, proofs: Path
) -> None:
    write_claim(proofs, "half", "yield 'half', '1/2'", half="1/2")
    path = proofs / "euclid" / "half" / "claim.toml"
    long = "Euclid, The Elements, book 1, translated by nobody in particular, Theorem 47"
    path.write_text(path.read_text().replace("[euclid, v1], Theorem 1", long))
    assert (
        "... 1, translated by nobody in particular, Theorem 47 " in program("reproduce").stdout
    )
    assert long in program("reproduce", "-v", "--format", "markdown").stdout


def test_a_claim_that_breaks_off_or_ends_its_worker_leaves_the_others_alone(
    program: Program, proofs: Path
) -> None:
    write_claim(proofs, "a-broken", "yield 1 / 0", x="1")
    write_claim(proofs, "b-dead", "import os; os._exit(1); yield 'x', 1", x="1")
    write_claim(proofs, "c-fine", "yield 'x', 1", x="1")
    finished = program("reproduce", "--jobs", 1, "--format", "json")
    assert finished.status == 1
    found = {r["claim"]: r["values"][0]["found"] for r in finished.data["results"]}
    assert found == {
        "a-broken": "ZeroDivisionError: division by zero",
        "b-dead": "a worker process died, perhaps for lack of memory",
        "c-fine": "1",
    }


def test_the_end_of_the_time_prints_what_was_found(
    program: Program, proofs: Path, time_is_up: TimeIsUp
) -> None:
    time_is_up(1, Done)
    write_claim(proofs, "fast", "yield 'x', 1", x="1")
    write_claim(proofs, "slow", "import time; time.sleep(600); yield 'x', 1", x="1")
    finished = program("reproduce", "--jobs", 1, "--time", 3600, "--format", "json")
    assert (finished.status, finished.stderr) == (
        3,
        "polyrelax: the time is up; not finished: slow\n",
    )
    data = finished.data
    assert [result["claim"] for result in data["results"]] == ["fast"]
    assert (data["stopped"], data["unfinished"]) == ("time", ["slow"])


def test_progress_names_the_claims_under_way_and_counts_their_values(
    program: Program, proofs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[int, str]] = []

    @contextmanager
    def bar(_total: int) -> Iterator[Callable[[int, str], None]]:
        yield lambda done, what: said.append((done, what))

    monkeypatch.setattr("polyrelax.cli.reproduce.rederivation.progress_bar", bar)
    write_claim(proofs, "pair", "yield 'x', 1; yield 'y', 2", x="1", y="2")
    assert program("reproduce", "--jobs", 1).status == 0
    assert said == [(0, f"pair ({values} of 2)") for values in (0, 1, 2)]
