"""Relaxations that will not end soon are announced, move, and stop at a given time."""

import json
import re
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from polyrelax.cli.runs import run as runs
from polyrelax.cli.runs.meter import Bounded, Busy, Meter, Teller
from polyrelax.cli.runs.run import Run
from polyrelax.relaxations.cost import Cost, Effort
from polyrelax.relaxations.progress import Kind, Piece
from tests.cli.conftest import Program, TimeIsUp

Write = Callable[..., Path]
AFFINE = 6 + 2
"""How many boxes are told of 6-9-9-1: all of ibp's, then the inputs' and a layer's of p:1."""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write networks of random weights from -9 to 9 on [-1, 1]^n."""

    def network(*widths: int) -> Path:
        random = Random(0)
        layers: list[object] = []
        for before, after in pairwise(widths):
            weight = [[str(random.randint(-9, 9)) for _ in range(before)] for _ in range(after)]
            layers += [{"affine": {"weight": weight, "bias": ["1"] * after}}, "relu"]
        box = {"lower": ["-1"] * widths[0], "upper": ["1"] * widths[0]}
        path = tmp_path / "net.json"
        data = {"format": "polyrelax-network/1", "input": box, "layers": layers[:-1]}
        path.write_text(json.dumps(data))
        return path

    return network


@pytest.mark.parametrize(
    ("widths", "name", "reason"),
    [
        ((21, 2, 1), "p:1", "found 21 inputs that vary, expected at most 20"),
        ((21, 2, 1), "p:2", "found 21 inputs that vary, expected at most 20"),
        ((2, 9, 1), "m:1", "found a layer of 9 values, expected at most 8"),
    ],
)
def test_a_refusal_names_the_unstable_neurons_and_what_to_use_before_any_work(
    program: Program, write: Write, widths: tuple[int, ...], name: str, reason: str
) -> None:
    finished = program("bounds", write(*widths), "-r", "ibp", "-r", name)
    assert (finished.status, finished.stdout) == (2, "")
    (line,) = finished.stderr.splitlines()
    assert line.startswith(f"polyrelax: {name}: {reason}; at most ")
    assert f" of {widths[1]} neurons are unstable; " in line
    assert re.search(r"; (exact|krelu:2) takes roughly \d+ s; for any size there are ibp", line)


def test_fixed_inputs_are_no_reason_to_refuse(program: Program, write: Write) -> None:
    path = write(21, 2, 1)
    lower = ",".join(["-1", *["0"] * 20])
    upper = ",".join(["1", *["0"] * 20])
    finished = program("bounds", path, "-r", "exact", f"--lower={lower}", f"--upper={upper}")
    assert finished.status == 0


def test_the_end_of_the_time_prints_what_is_proved(
    program: Program, write: Write, time_is_up: TimeIsUp
) -> None:
    """p:1 of 6-9-9-1 needs hulls in nine dimensions, which take minutes."""
    time_is_up(AFFINE, Bounded)
    path = write(6, 9, 9, 1)
    options = ("-r", "ibp", "-r", "p:1", "--time", 3600, "--format", "json")
    finished = program("bounds", path, *options)
    assert finished.status == 3
    announced, *_, last = finished.stderr.splitlines()
    assert re.match(
        r"polyrelax: p:1 may take long, roughly \d+ \w+ to \d+ \w+: 2 hulls, ", announced
    )
    assert "at most 18 of 18 neurons are unstable; exact takes roughly " in announced
    assert last == "polyrelax: the time is up; not finished: p:1"
    data = finished.data
    assert data["stopped"] == "time"
    assert [result["relaxation"] for result in data["results"]] == ["ibp"]
    (unfinished,) = data["unfinished"]
    assert (unfinished["relaxation"], unfinished["bits"]) == ("p:1", None)
    whole = program("bounds", path, "-r", "ibp", "--format", "json").data["results"][0]
    # The inputs and the first affine layer of a box: p:1 and interval bounds are the same.
    assert unfinished["layers"][:2] == whole["layers"][:2]
    assert 2 <= len(unfinished["layers"]) < len(whole["layers"])


def test_the_tables_name_what_is_not_finished(
    program: Program, write: Write, time_is_up: TimeIsUp
) -> None:
    time_is_up(AFFINE, Bounded)
    path = write(6, 9, 9, 1)
    options = ("-r", "p:2", "-r", "p:1", "-r", "ibp", "--no-neurons", "--time", 3600)
    finished = program("bounds", path, *options)
    assert finished.status == 3
    assert finished.stderr.endswith("the time is up; not finished: p:1, p:2\n")
    lines = [line.split() for line in finished.stdout.splitlines()]
    start = lines.index(["Not", "finished:", "the", "time", "was", "up"])
    assert lines[start + 3][0] == "p:1"
    assert lines[start + 3][2:] == ["of", "5"]
    assert lines[start + 4] == ["p:2", "0", "of", "5"]
    assert ["Proved", "by", "p:1", "before"] in lines
    # The quickest are run first, whichever was named first.
    assert [line[1] for line in lines[: lines.index([])] if line[0] == "0"] == ["ibp"]


def test_a_report_and_a_comparison_end_at_the_time_too(
    program: Program, write: Write, time_is_up: TimeIsUp
) -> None:
    path = write(6, 9, 9, 1)
    place = path.with_name("report.html")
    options = ("-r", "ibp", "-r", "p:1", "--time", 3600)
    time_is_up(AFFINE, Bounded)
    finished = program("report", path, *options, "-o", place)
    assert (finished.status, finished.stdout) == (3, "")
    page = place.read_text(encoding="utf-8")
    assert "<h2>Not finished</h2>" in page
    assert "<td>p:1</td>" in page
    time_is_up(AFFINE, Bounded)
    finished = program("compare", path, *options, "--format", "json")
    assert finished.status == 3
    assert finished.data["stopped"] == "time"
    assert [each["relaxation"] for each in finished.data["unfinished"]] == ["p:1"]


def test_enough_time_changes_nothing_but_the_seconds(program: Program, tent: Path) -> None:
    def outcome(*options: object) -> tuple[int, str, object]:
        finished = program("bounds", tent, "-r", "exact", "--format", "json", *options)
        data = finished.data
        for result in data["results"]:
            del result["seconds"]
        return finished.status, finished.stderr, data

    assert outcome("--time", 300) == outcome()


@pytest.mark.parametrize("seconds", ["0", "-3", "nan", "inf", "a", "", "1e99"])
def test_a_time_that_is_none_is_refused(program: Program, tent: Path, seconds: str) -> None:
    finished = program("bounds", tent, f"--time={seconds}")
    assert (finished.status, finished.stdout) == (2, "")
    assert finished.stderr.count("\n") == 1
    assert "--time" in finished.stderr


def test_quick_relaxations_are_not_announced(program: Program, write: Write) -> None:
    path = write(10, 20, 20, 2)
    assert "may take long" not in program("bounds", path, "-r", "crown").stderr


@pytest.fixture
def shown() -> list[tuple[int, str]]:
    return []


def _meter(shown: list[tuple[int, str]]) -> Meter:
    cost = Cost(((), (), (Effort(Kind.PROGRAM, 200, 1.0),), (Effort(Kind.PROGRAM, 200, 1.0),)))
    return Meter("triangle", 3, cost, lambda done, what: shown.append((done, what)))


def test_a_meter_says_what_is_done_and_how_long_it_may_still_take(
    shown: list[tuple[int, str]],
) -> None:
    meter = _meter(shown)
    for _ in range(2):
        meter.hear(Bounded(()))
    meter.begun = time.monotonic() - 10
    meter.hear(Busy(Piece(Kind.PROGRAM), 101))
    # A quarter of the work took ten seconds.
    assert shown[-1] == (
        1,
        "triangle, layer 2 of 3: linear program 101 of about 200, about 30 s left",
    )
    meter.hear(Busy(Piece(Kind.PROGRAM), 402))
    assert shown[-1][1] == "triangle, layer 2 of 3: linear program 402, more than expected"
    meter.hear(Busy(Piece(Kind.HULL, "in dimension 9"), 1))
    assert "hull 1 in dimension 9" in shown[-1][1]


def test_of_hulls_a_meter_says_a_range_until_some_are_done(
    shown: list[tuple[int, str]],
) -> None:
    cost = Cost(((Effort(Kind.HULL, 10, 6.0),), (Effort(Kind.PROGRAM, 10, 1.0),)))
    assert (cost.rests_on_hulls(), cost.rests_on_hulls(1)) == (True, False)
    meter = Meter("p:1", 1, cost, lambda done, what: shown.append((done, what)))
    # Of 70 seconds 6 or 18 are done, in as many: 64 or 52 are left.
    for number, passed, left in (
        (2, 6, "about 21 s to 11 min left"),
        (4, 18, "about 52 s left"),
    ):
        meter.begun = time.monotonic() - passed
        meter.hear(Busy(Piece(Kind.HULL), number))
        assert shown[-1][1].endswith(left)


def test_a_teller_tells_at_once_of_what_is_new_and_rarely_of_the_rest() -> None:
    told: list[object] = []
    teller = Teller(told.append)
    for kind in (*[Kind.PROGRAM] * 1000, Kind.HULL, Kind.PROGRAM):
        teller.hear(Piece(kind))
    busy = [message for message in told if isinstance(message, Busy)]
    assert busy[0].number == 1
    assert [message.piece.kind for message in busy[-2:]] == [Kind.HULL, Kind.PROGRAM]
    assert busy[-1].number == 1001
    assert len(busy) < 500
    teller.bounded(())
    teller.hear(Piece(Kind.PROGRAM))
    assert told[-1] == Busy(Piece(Kind.PROGRAM), 1)


def test_what_was_found_before_a_worker_died_is_printed(
    program: Program, tent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> Run:
        raise BrokenExecutor

    names = ("-r", "ibp", "-r", "exact")
    whole = runs._run
    monkeypatch.setattr(
        runs,
        "_run",
        lambda task, *rest: (whole if task.method.name == "ibp" else die)(task, *rest),
    )
    finished = program("bounds", tent, *names, "--format", "json")
    assert finished.status == 2
    assert finished.stderr.startswith(
        "polyrelax: exact: a worker process died, perhaps for lack"
    )
    assert "; at most 4 of 4 neurons are unstable; " in finished.stderr
    assert [result["relaxation"] for result in finished.data["results"]] == ["ibp"]
    assert finished.data["stopped"] == "failed"
    alone = program("bounds", tent, *names[2:], "--format", "json")
    assert (alone.status, alone.stdout) == (2, "")
