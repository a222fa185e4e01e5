"""With --time, every verb that may take long prints what is proved by then, marked."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from polyrelax.cli.hull.report import Unfinished, described
from polyrelax.cli.lipschitz.dataset_run import Radii, radii
from polyrelax.cli.terminal.worker import Deadline, Tell, TimeUpError
from polyrelax.expressivity.data_sets import LabelledPoints, star
from polyrelax.interop.data_sets import read
from polyrelax.polytopes.polytope import Polytope
from polyrelax.search.proposals import Trial
from polyrelax.search.question import Finding
from polyrelax.search.store import Store
from tests.cli.conftest import Program, TimeIsUp

AT_ONCE = "0.000001"
ENOUGH = 3600
SPACE = ("--shape", "1-3-1", "--weights=-3..3", "--loose", "krelu:2")


@pytest.fixture
def points(tmp_path: Path) -> Path:
    """Sixty points in dimension ten, whose hull takes more than a minute."""
    random = Random(0)
    rows = [
        " ".join(["1", *(str(random.randint(-99, 99)) for _ in range(10))]) for _ in "x" * 60
    ]
    path = tmp_path / "points.ext"
    path.write_text("\n".join(["V-representation", "begin", "60 11 integer", *rows, "end", ""]))
    return path


@pytest.fixture
def data_set(tmp_path: Path) -> Path:
    """Labelled points in the plane."""
    random = Random(1)
    rows = [[str(random.randint(0, 255)) for _ in range(2)] for _ in range(8)]
    labels = [i % 2 for i in range(8)]
    path = tmp_path / "points.json"
    path.write_text(
        json.dumps({"format": "polyrelax-dataset/1", "points": rows, "labels": labels})
    )
    return path


def _extremes(path: Path) -> tuple[list[str], list[str]]:
    """Return the least and the greatest number of each column of a file of points."""
    rows = [list(map(int, line.split()[1:])) for line in path.read_text().splitlines()[3:63]]
    columns = list(zip(*rows, strict=True))
    return [str(min(c)) for c in columns], [str(max(c)) for c in columns]


def test_a_hull_that_has_no_time_is_the_box_around(
    program: Program, points: Path, time_is_up: TimeIsUp
) -> None:
    time_is_up(1)
    found = program("hull", points, "--time", ENOUGH, "--format", "json")
    assert found.status == 3
    assert found.stderr.endswith("the time is up; not finished: vertices and facets\n")
    lower, upper = _extremes(points)
    assert found.data == {
        "format": "polyrelax-hull/1",
        "dimension": 10,
        "stopped": "time",
        "lower": lower,
        "upper": upper,
    }


def test_the_box_around_a_graph_has_the_rectified_ends(
    points: Path, time_is_up: TimeIsUp
) -> None:
    time_is_up(1)
    polytope = Polytope.hull([[int(x) for x in row] for row in _rows(points)], 10)
    found = described(polytope, graph=True, until=Deadline.after(ENOUGH))
    assert isinstance(found, Unfinished)
    assert found.box is not None
    lower, upper = _extremes(points)
    assert [str(z.lower) for z in found.box] == [*lower, *["0"] * 10]
    assert [str(z.upper) for z in found.box] == [*upper, *upper]


def _rows(path: Path) -> list[list[str]]:
    return [line.split()[1:] for line in path.read_text().splitlines()[3:63]]


@pytest.mark.parametrize("layout", ["ine", "ext"])
def test_the_formats_of_cdd_have_no_place_for_it(
    program: Program, points: Path, layout: str
) -> None:
    place = points.with_suffix(".out")
    found = program("hull", points, "--time", AT_ONCE, "--format", layout, "-o", place)
    assert (found.status, found.stdout, place.exists()) == (3, "", False)


def test_a_hull_in_time_is_the_hull(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "square.json"
    path.write_text('{"lower": ["-1", "-1"], "upper": ["1", "1"]}')
    found, whole = (
        program("hull", path, "--relu", *time, "--format", "json")
        for time in (("--time", ENOUGH), ())
    )
    assert found.status == whole.status == 0
    one, two = found.data, whole.data
    del one["seconds"], two["seconds"]
    assert one == two


def test_the_best_radius_is_printed_before_the_games_end(
    program: Program, data_set: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(_work: object, points: LabelledPoints, *, told: Tell, **_: object) -> None:
        told(points.nearest)
        raise TimeUpError

    monkeypatch.setattr("polyrelax.cli.lipschitz.dataset_run.here_if_quick", stopped)
    found = program("lipschitz", "--dataset", data_set, "--time", ENOUGH, "--format", "json")
    assert found.status == 3
    data = found.data
    known = read(data_set)
    i, j = data["nearest"]
    assert known.labels[i] != known.labels[j]
    assert data == {
        "format": "polyrelax-dataset-radius/1",
        "stopped": "time",
        "best": str(known.best_radius),
        "nearest": [i, j],
        "standard": str(known.best_radius),
    }
    assert found.stderr.endswith("not finished: 1 of 1 pair of classes\n")


def test_radii_without_any_time_are_unknown(program: Program, data_set: Path) -> None:
    found = program("lipschitz", "--dataset", data_set, "--time", AT_ONCE, "--format", "json")
    assert found.status == 3
    assert found.data == {"format": "polyrelax-dataset-radius/1", "stopped": "time"}
    table = program("lipschitz", "--dataset", data_set, "--time", AT_ONCE).stdout
    assert table == "Not finished: the best radius, 1 of 1 pair of classes.\n"


def test_what_is_known_of_radii_grows() -> None:
    """Of the star, no classifier exceeds 1/2, no standard network 1 / 2d."""
    points = star(3)
    found = Radii(points)
    assert (found.standard, found.game) == (None, None)
    found.hear(lambda *_: None, points.nearest)
    assert str(found.standard) == "1/2"
    assert str(radii(points).standard) == "1/6"


def test_a_search_stops_at_the_time_and_its_file_goes_on(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "campaign.sqlite"
    verb = ("search", "incompleteness", *SPACE, "--store", file, "--jobs", 1)
    with monkeypatch.context() as patch:
        patch.setattr(Deadline, "require", _always_up)
        found = program(*verb, "--time", ENOUGH, "--format", "json")
    assert found.status == 3
    assert found.data["stopped"] == "time"
    position = Store.open(file).position
    assert 0 < position == found.data["enumerated"] < found.data["networks"]
    last = f"polyrelax: the time is up; not finished: networks {position} to 1,324,399\n"
    assert found.stderr.endswith(last)
    state = program("search", "status", file, "--format", "json")
    assert (state.status, state.data["enumerated"]) == (0, position)
    assert "stopped" not in state.data
    shown = program("search", "status", file, "--time", ENOUGH)
    assert (shown.status, "The time was up" in shown.stdout) == (0, False)
    resumed = program("search", "resume", file, "--time", AT_ONCE)
    assert (resumed.status, "The time was up" in resumed.stdout) == (3, True)
    assert Store.open(file).position >= position


def _always_up(_: Deadline) -> None:
    raise TimeUpError


def test_a_small_search_in_time_finds_the_same(program: Program) -> None:
    verb = ("search", "incompleteness", "--shape", "1-2-1", "--loose", "triangle")
    found = program(*verb, "--time", ENOUGH, "--format", "json")
    assert (found.status, found.data) == (0, program(*verb, "--format", "json").data)


def test_proposals_stop_at_the_time(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    verb = ("search", "propose", "--shape", "2-3-3-1", "--tries", "100000", "--jobs", 1)
    whole = Trial.findings

    def stopped(trial: Trial, *_: object, timeout: float) -> Iterator[Finding]:
        assert timeout == 0
        yield from whole(trial, range(7))
        raise TimeoutError

    with monkeypatch.context() as patch:
        patch.setattr(Trial, "findings", stopped)
        found = program(*verb, "--time", AT_ONCE, "--format", "json")
    assert (found.status, found.data["stopped"]) == (3, "time")
    assert found.data["enumerated"] == 7
    assert "not finished: proposals 7 to 99999" in found.stderr
    assert "Not finished: the time was up." in program(*verb, "--time", AT_ONCE).stdout


def test_a_survey_stops_at_the_time_and_goes_on(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "survey.json"
    verb = ("search", "inexpressibility", "--store", file, "--format", "json")
    begun = program(*verb, "--limit", 40)
    assert begun.data["enumerated"] == 40
    written = file.read_text()
    found = program(*verb, "--time", AT_ONCE)
    assert (found.status, found.data["stopped"]) == (3, "time")
    assert file.read_text() == written, "what there was no time to certify again is kept"
    more = program(*verb, "--time", ENOUGH, "--limit", 10)
    assert (more.data["enumerated"], more.status) == (50, 1)
    assert "stopped" not in more.data
    whole = program("search", "inexpressibility", "--limit", 50, "--format", "json").data
    assert more.data == whole


def test_a_survey_of_the_plane_stops_at_the_time(
    program: Program, time_is_up: TimeIsUp
) -> None:
    time_is_up(3)
    verb = ("search", "inexpressibility", "--plane", "--weights=-9..9", "--format", "json")
    found = program(*verb, "--time", ENOUGH)
    data = found.data
    forms = 19 * 19 * 2
    functions = 4 * (forms * (forms - 1) * (forms - 2) // 6)
    assert (found.status, data["stopped"], data["functions"]) == (3, "time", functions)
    assert data["examined"] == len(data["answers"]) == 3


def test_a_witness_is_shrunk_as_far_as_there_is_time(
    program: Program, tmp_path: Path, time_is_up: TimeIsUp
) -> None:
    path = tmp_path / "net.json"
    random = Random(3)
    weights = [[str(random.randint(-9999, 9999)) for _ in range(4)] for _ in range(9)]
    layers = [
        {"affine": {"weight": weights, "bias": ["17"] * 9}},
        "relu",
        {"affine": {"weight": [[str(random.randint(1, 999)) for _ in range(9)]], "bias": [1]}},
    ]
    box = {"lower": ["-9"] * 4, "upper": ["9"] * 4}
    path.write_text(
        json.dumps({"format": "polyrelax-network/1", "input": box, "layers": layers})
    )
    verb = ("shrink", path, "--loose", "triangle", "--format", "json")
    unknown = program(*verb, "--time", AT_ONCE)
    assert unknown.status == 3
    assert (unknown.data["stopped"], unknown.data["steps"]) == ("time", 0)
    assert unknown.data.keys().isdisjoint(["gap", "exact", "relaxed"])
    assert unknown.data["network"]["layers"] == _texts(layers)
    time_is_up(3)
    found = program(*verb, "--time", ENOUGH)
    assert (found.status, found.data["stopped"]) == (3, "time")
    assert found.data["steps"] == 2, "the first of three is the given one"


def _texts(layers: object) -> object:
    """Return layers with all numbers as texts."""
    return json.loads(json.dumps(layers).replace("[1]", '["1"]'))


def test_a_shrinking_that_is_interrupted_says_so_and_is_130(tmp_path: Path) -> None:
    script = (
        "import sys, polyrelax.cli.shrink.run as run\n"
        "from polyrelax.cli.app import main\n"
        "def broken(*a, **k): raise KeyboardInterrupt\n"
        "run.shrink = broken\n"
        "sys.exit(main(['shrink', sys.argv[1], '--format', 'json']))"
    )
    path = tmp_path / "net.json"
    tent = {
        "format": "polyrelax-network/1",
        "input": {"lower": [-1], "upper": [1]},
        "layers": [
            {"affine": {"weight": [[1], [1]], "bias": [0, 0]}},
            "relu",
            {"affine": {"weight": [[1, -1]], "bias": [0]}},
        ],
    }
    path.write_text(json.dumps(tent))
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (130, "polyrelax: interrupted\n")
    assert json.loads(done.stdout)["stopped"] == "interrupted"


@pytest.mark.parametrize(
    "verb",
    [
        ("hull", "FILE"),
        ("lipschitz", "FILE"),
        ("radius", "FILE", "--images", "FILE"),
        ("lipschitz", "--dataset", "FILE"),
        ("shrink", "FILE"),
        ("search", "incompleteness", "--shape", "1-2-1"),
        ("search", "inexpressibility"),
        ("search", "propose", "--shape", "1-2-1"),
        ("search", "resume", "FILE"),
        ("search", "status", "FILE"),
        ("search", "export", "FILE"),
    ],
)
def test_no_time_at_all_is_refused(
    program: Program, verb: tuple[str, ...], points: Path
) -> None:
    named = [points if word == "FILE" else word for word in verb]
    found = program(*named, "--time", 0)
    assert (found.status, found.stdout) == (2, "")
    assert found.stderr == (
        "polyrelax: found --time 0, expected seconds above 0, at most 1000000000\n"
    )


def test_waiting_in_vain_is_the_end_of_the_time_only_then() -> None:
    with pytest.raises(TimeUpError), Deadline.after(0).waiting():
        raise TimeoutError
    with pytest.raises(TimeoutError), Deadline.after(100).waiting():
        raise TimeoutError
    Deadline.after(100).require()
