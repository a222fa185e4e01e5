r"""``polyrelax radius``: exact answers for a classifier by hand, files that survive, one line.

The network of most tests is :math:`y = (2 x_0,\ x_0 + 3 x_1)`: at :math:`(1, 0)` the difference
:math:`x_0 - 3 x_1` is 1, and 4 is the 1-norm of its weights, so the radius is 1/4.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from polyrelax.interop import network_json
from polyrelax.networks.network import network
from polyrelax.verification.balls import Labelled
from tests.cli.conftest import Program
from tests.cli.processes import await_end, children
from tests.relaxations.test_array_triangle import random_network

PROGRAM = [sys.executable, "-m", "polyrelax", "radius"]


@pytest.fixture
def net(tmp_path: Path) -> Path:
    path = tmp_path / "net.json"
    plane = network(([[2, 0], [1, 3]], [0, 0]))
    network_json.write(network_json.Problem(plane), path)
    return path


@pytest.fixture
def images(tmp_path: Path) -> Path:
    path = tmp_path / "images.npy"
    np.save(path, np.array([[1.0, 0.0], [0.0, 1.0]]))
    return path


def deep(folder: Path, count: int) -> tuple[Path, Path]:
    """A network of 40 neurons, and images."""
    net, images = folder / "deep.json", folder / "many.npy"
    network_json.write(network_json.Problem(random_network(3, 6, 20, 20, 3)), net)
    np.save(images, np.random.default_rng(0).uniform(size=(count, 6)))
    return net, images


def test_radii_are_exact_and_in_their_bracket(
    program: Program, net: Path, images: Path
) -> None:
    found = program(
        "radius", net, "--images", images, "--method", "lp-greedy", "--format", "json"
    )
    assert found.status == 0
    assert found.data["format"] == "polyrelax-radius/1"
    first, second = found.data["results"]
    assert [first["image"], first["label"], second["label"]] == [0, 0, 1]
    lower, upper = Fraction(first["lower"]), Fraction(first["upper"])
    assert lower < Fraction(1, 4) <= lower * (1 + Fraction(1, 10**6))
    assert Fraction(1, 4) <= upper < Fraction(13, 50)
    x = tuple(map(Fraction, first["counterexample"]))
    point = Labelled.of(network(([[2, 0], [1, 3]], [0, 0])), (Fraction(1), Fraction(0)))
    assert point.is_counterexample(x)
    assert point.distance(x) == upper


def test_the_table_has_a_mean(program: Program, net: Path, images: Path) -> None:
    found = program("radius", net, "--images", images)
    assert found.status == 0
    assert "Certified radii by lp-all (maximum norm)" in found.stdout
    assert "mean" in found.stdout


def test_pixels_of_a_table_are_divided_by_255_and_its_labels_can_be_used(
    program: Program, net: Path, tmp_path: Path
) -> None:
    """At (1/5, 0) the difference is 1/5; the second line is labelled as the other class."""
    table = tmp_path / "images.csv"
    table.write_text("0,51,0\n1,51,0\n")
    arguments = ("radius", net, "--images", table, "--labels", table, "--format", "json")
    right, wrong = program(*arguments).data["results"]
    assert Fraction(right["lower"]) < Fraction(1, 20) <= Fraction(right["upper"])
    assert (wrong["lower"], wrong["upper"]) == ("0", "0")
    assert wrong["counterexample"] == ["1/5", "0"]


def test_clipping_keeps_inputs_in_range(program: Program, images: Path, tmp_path: Path) -> None:
    """The difference x_0 + 3 x_1 is at least 1 - 4 e around (1, 0), 1 - e where x_1 >= 0."""
    net = tmp_path / "other.json"
    network_json.write(network_json.Problem(network(([[2, 0], [1, -3]], [0, 0]))), net)
    arguments = ("radius", net, "--images", images, "--format", "json")
    free = program(*arguments, "--no-clip").data["results"][0]
    clipped = program(*arguments, "--clip", "0,1").data["results"][0]
    assert Fraction(49, 200) < Fraction(free["lower"]) < Fraction(1, 4)
    assert Fraction(49, 50) < Fraction(clipped["lower"]) < 1


def test_fixed_radii_have_verdicts(program: Program, net: Path, images: Path) -> None:
    found = program(
        *("radius", net, "--images", images, "--format", "json"),
        *("--epsilon", "1/5", "--epsilon", "0.3"),
    ).data
    assert found["format"] == "polyrelax-accuracy/1"
    near, far = found["results"]
    assert (near["epsilon"], near["certified"], near["refuted"]) == ("1/5", 2, 0)
    assert (far["epsilon"], far["verdicts"][0]["verdict"]) == ("3/10", "refuted")
    assert Fraction(far["verdicts"][0]["upper"]) <= Fraction(3, 10)
    shown = program("radius", net, "--images", images, "--epsilon", "1/5").stdout
    assert "Images certified by lp-all" in shown


def test_every_radius_has_a_certificate(program: Program, tmp_path: Path) -> None:
    net, images = deep(tmp_path, 2)
    folder = tmp_path / "certificates"
    found = program(
        *("radius", net, "--images", images, "--certificates", folder, "--format", "json")
    )
    files = sorted(folder.glob("*.jsonl"))
    assert [file.name for file in files] == ["image-0-lp-all.jsonl", "image-1-lp-all.jsonl"]
    checked = program("check", *files, "--network", net)
    assert checked.status == 0, checked
    centers = np.load(images)
    for file, result, center in zip(files, found.data["results"], centers, strict=True):
        stated = json.loads(file.read_text().splitlines()[0])["problem"]["input"]
        radius = Fraction(result["lower"])
        assert [Fraction(x) for x in stated["lower"]] == [
            Fraction(float(value)) - radius for value in center
        ]


def test_what_is_finished_is_not_done_again(program: Program, tmp_path: Path) -> None:
    net, images = deep(tmp_path, 2)
    arguments = ("radius", net, "--images", images, "--certificates", tmp_path / "c")
    first = program(*arguments, "--format", "json")
    again = program(*arguments, "--format", "json")
    assert again.stdout == first.stdout
    assert "2 of 2 are finished" in again.stderr
    other = program(*arguments, "--format", "json", "--tolerance", "1/10")
    assert "are finished" not in other.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_kill_in_the_middle_loses_no_finished_image(tmp_path: Path) -> None:
    net, images = deep(tmp_path, 6)
    folder = tmp_path / "c"
    command = [*PROGRAM, str(net), "--images", str(images), "--certificates", str(folder)]
    process = subprocess.Popen([*command, "-j", "2"], stderr=subprocess.DEVNULL)
    while not list(folder.glob("image-*.json")):
        assert process.poll() is None
        time.sleep(0.02)
    workers = children(process)
    process.kill()
    process.wait()
    await_end(workers)
    done = {path: path.stat().st_mtime_ns for path in folder.glob("image-*.json")}
    assert 0 < len(done) < 6
    again = subprocess.run(
        [*command, "--format", "json"], capture_output=True, text=True, check=True
    )
    assert f"{len(done)} of 6 are finished in {folder}" in again.stderr
    assert len(json.loads(again.stdout)["results"]) == 6
    assert all(path.stat().st_mtime_ns == moment for path, moment in done.items())
    assert not list(folder.glob(".*.partial"))


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_an_interruption_prints_what_is_finished(tmp_path: Path) -> None:
    net, images = deep(tmp_path, 40)
    folder = tmp_path / "c"
    command = [*PROGRAM, str(net), "--images", str(images), "--certificates", str(folder)]
    process = subprocess.Popen(
        [*command, "-j", "2", "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not list(folder.glob("image-*.json")):
        assert process.poll() is None
        time.sleep(0.02)
    workers = children(process)
    os.kill(process.pid, signal.SIGTERM)
    stdout, stderr = process.communicate(timeout=60)
    await_end(workers)
    assert process.returncode == 130
    assert stderr.endswith("polyrelax: interrupted\n")
    data = json.loads(stdout)
    assert data["stopped"] == "interrupted"
    assert len(data["results"]) + len(data["unfinished"]) == 40


def test_the_end_of_the_time_prints_what_is_finished(program: Program, tmp_path: Path) -> None:
    net, images = deep(tmp_path, 3)
    found = program("radius", net, "--images", images, "--time", "0.01", "--format", "json")
    assert found.status == 3
    assert found.data["stopped"] == "time"
    assert "the time is up; not finished: image-0-lp-all" in found.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--epsilon", "-1/5"], "found --epsilon -1/5, expected at least 0"),
        (["--epsilon", "x"], "--epsilon: found 'x', expected a number"),
        (["--tolerance", "0"], "found --tolerance 0, expected a number above 0, at most 1"),
        (["--tolerance", "1/9", "--epsilon", "1"], "expected one of them"),
        (["--method", "lp-some"], "found method 'lp-some', expected one of lp-greedy"),
        (["--clip", "0,1", "--no-clip"], "found --clip and --no-clip, expected one of them"),
        (["--clip", "0,1/2"], "found 1 at input 0, expected it within [0, 1/2]"),
        (["--clip", "1,0"], "found --clip 1,0, expected the lower end first"),
        (["--labels", "nowhere.npy"], "nowhere.npy: no such file or directory"),
        (["--time", "-1"], "found --time -1"),
    ],
)
def test_wrong_options_are_one_line(
    program: Program, net: Path, images: Path, options: list[str], message: str
) -> None:
    found = program("radius", net, "--images", images, *options)
    assert (found.status, found.stdout) == (2, "")
    assert message in found.stderr
    assert found.stderr.count("\n") == 1


def test_wrong_files_are_one_line(program: Program, net: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.npy"
    labels = tmp_path / "labels.csv"
    for array, message in (
        (np.zeros((2, 3)), "found 6 numbers in 2, expected 2 for each point"),
        (np.array([[0.5, np.nan]]), "found nan at entry 1, expected finite numbers"),
    ):
        np.save(wrong, array)
        found = program("radius", net, "--images", wrong)
        assert (found.status, found.stdout, found.stderr.count("\n")) == (2, "", 1)
        assert message in found.stderr
    np.save(wrong, np.array([[1.0, 0.0], [0.0, 1.0]]))
    for content, message in (
        ("0\n", "found 1 label, expected one for each of 2"),
        ("0\n2\n", "found the label 2, expected 0 to 1, the network's classes"),
    ):
        labels.write_text(content)
        found = program("radius", net, "--images", wrong, "--labels", labels)
        assert (found.status, found.stdout, found.stderr.count("\n")) == (2, "", 1)
        assert message in found.stderr


def test_a_folder_that_cannot_be_is_refused_before_any_work(
    program: Program, net: Path, images: Path, tmp_path: Path
) -> None:
    for folder, message in (
        (net, "is a file, expected a folder"),
        (tmp_path / "no" / "where", "no such directory"),
    ):
        found = program("radius", net, "--images", images, "--certificates", folder)
        assert (found.status, found.stderr.count("\n")) == (2, 1)
        assert message in found.stderr


RECORD = {"label": 0, "lower": "1/2", "upper": None, "counterexample": None}
DAMAGED = {
    "nothing": ("{}", "found no keys, expected 'question', 'result'"),
    "no result": ({}, "result: found no keys, expected 'label', "),
    "no number": ({**RECORD, "lower": "a"}, "result.lower: found 'a', expected a number"),
    "a float": ({**RECORD, "lower": 0.5}, "result.lower: found 0.5, expected a text"),
    "no label": ({**RECORD, "label": "0"}, "result.label: found '0', expected an index"),
    "no point": ({**RECORD, "upper": "1"}, "result.counterexample: found null, expected"),
    "a verdict": (
        {"label": 0, "upper": None, "counterexample": None, "verdict": "certified"},
        "result: found the keys ",
    ),
    "another label": ({**RECORD, "label": 7}, "result.label: found 7, expected 0"),
    "less than nothing": ({**RECORD, "lower": "-5"}, "result: found the radius -5"),
    "a contradiction": (
        {**RECORD, "upper": "1/8", "counterexample": ["0", "0"]},
        "and a counterexample at 1/8, expected it beyond the radius",
    ),
    "a long point": (
        {**RECORD, "upper": "1", "counterexample": ["0"] * 9},
        "result.counterexample: found 9 numbers, expected ",
    ),
    "a deep one": ("[" * 10**5, "image-0-lp-all.json: "),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_record_is_named(
    program: Program, net: Path, images: Path, tmp_path: Path, damage: str
) -> None:
    record, message = DAMAGED[damage]
    folder = tmp_path / "c"
    asked = ("radius", net, "--images", images, "--certificates", folder)
    assert program(*asked).status == 0
    path = folder / "image-0-lp-all.json"
    written = json.loads(path.read_text())
    path.write_text(
        record if isinstance(record, str) else json.dumps({**written, "result": record})
    )
    found = program(*asked)
    assert (found.status, found.stdout, found.stderr.count("\n")) == (2, "", 1)
    assert f"{path}: " in found.stderr
    assert message in found.stderr


def test_other_neurons_are_refused(program: Program, images: Path, tmp_path: Path) -> None:
    net = tmp_path / "abs.json"
    layers = [{"units": [{"neuron": "abs", "inputs": [0], "outputs": [0]}]}]
    net.write_text(json.dumps({"format": "polyrelax-network/1", "layers": layers}))
    found = program("radius", net, "--images", images)
    assert (found.status, found.stderr.count("\n")) == (2, 1)


def test_weights_beyond_all_floats_are_one_line(
    program: Program, images: Path, tmp_path: Path
) -> None:
    path = tmp_path / "steep.json"
    steep = network(([[10**400, 0], [0, 1]], [0, 0]))
    network_json.write(network_json.Problem(steep), path)
    for options in ([], ["--epsilon", "1/5"]):
        found = program("radius", path, "--images", images, *options)
        assert (found.status, found.stdout) == (2, "")
        assert found.stderr.endswith(
            "polyrelax: found numbers beyond all floats, expected smaller ones\n"
        )
