from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from polyrelax.certificates.check import RejectedError, check
from polyrelax.cli.lipschitz import run
from polyrelax.interop import network_json
from polyrelax.networks.lipschitz import geometric_weights, sort_neurons
from polyrelax.networks.network import compose
from polyrelax.verification.lipschitz import LipschitzBounds, LipschitzSearch
from tests.cli.conftest import Finished, Program

CONJUNCTION = {
    "format": "polyrelax-dataset/1",
    "points": [["0", "0"], ["0", "1"], ["1", "0"], ["1", "1"]],
    "labels": [0, 0, 0, 1],
}


def written(folder: Path, **changes: object) -> Path:
    path = folder / "data.json"
    path.write_text(json.dumps({**CONJUNCTION, **changes}))
    return path


def test_the_conjunction_in_the_plane(program: Program, tmp_path: Path) -> None:
    found = program("lipschitz", "--dataset", written(tmp_path), "--format", "json")
    assert found.status == 0
    assert found.data == {
        "format": "polyrelax-dataset-radius/1",
        "best": "1/2",
        "nearest": [0, 3],
        "standard": "1/4",
        "classes": [0, 1],
        "coordinates": ["1/2", "1/2"],
        "pairs": [[1, 3, "1/2"], [2, 3, "1/2"]],
    }


def test_the_table_names_points_and_weights(program: Program, tmp_path: Path) -> None:
    found = program("lipschitz", "--dataset", written(tmp_path))
    assert "<= 1/4" in found.stdout
    assert "1 (0, 1)" in found.stdout


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": [0, 0, 0, 0]}, "found points of one class, expected two classes or more"),
        ({"labels": [0, 0, 1]}, "found 4 points and 3 labels, expected a label for each point"),
        ({"labels": [0, 0, 0, -1]}, "labels[3]"),
        ({"points": [["0", "0"]] * 4}, "found (0, 0) with two labels"),
        ({"points": [[0.5, "0"]] * 4}, "points[0][0]: found 0.5, which is inexact"),
        ({"format": "polyrelax-dataset/9"}, "expected 'polyrelax-dataset/1'"),
        ({"points": []}, "found 0 points and 4 labels"),
    ],
)
def test_bad_data_is_one_line(
    program: Program, tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    found = program("lipschitz", "--dataset", written(tmp_path, **changes))
    assert (found.status, found.stdout) == (2, "")
    assert message in found.stderr
    assert found.stderr.count("\n") == 1


def test_a_refusal_names_the_file(program: Program, tmp_path: Path) -> None:
    path = written(tmp_path, labels=[0, 0, 0, -1])
    found = program("lipschitz", "--dataset", path)
    assert found.status == 2
    assert found.stderr.startswith(f"polyrelax: {path}: labels[3]: found ")


# relu(x + y) - relu(-x - y) + relu(x - y) = x + y + relu(x - y): gradients (1, 1) and (2, 0).
TIE = {
    "format": "polyrelax-network/1",
    "layers": [
        {
            "affine": {
                "weight": [["1", "1"], ["-1", "-1"], ["1", "-1"]],
                "bias": ["0", "0", "0"],
            }
        },
        "relu",
        {"affine": {"weight": [["1", "-1", "1"]], "bias": ["0"]}},
    ],
}


@pytest.fixture
def tie(tmp_path: Path) -> Path:
    path = tmp_path / "tie.json"
    path.write_text(json.dumps(TIE))
    return path


def test_a_network_without_a_set_is_taken_everywhere(program: Program, tie: Path) -> None:
    found = program("lipschitz", tie, "--format", "json")
    data = found.data
    assert found.status == 0
    assert data["format"] == "polyrelax-lipschitz/1"
    assert (data["norm"], data["everywhere"], data["constant"]) == ("inf", True, "2")
    assert (data["lower"], data["upper"]) == ("2", "2")
    assert data["steepest"]["outputs"] == [1]
    x, y = ([Fraction(a) for a in end] for end in data["steepest"]["pair"])
    net = network_json.loads(json.dumps(TIE)).network
    assert abs(net(y)[0] - net(x)[0]) == 2 * max(abs(a - b) for a, b in zip(x, y, strict=True))


def test_a_table_has_the_constant_and_the_inputs(program: Program, tie: Path) -> None:
    found = program("lipschitz", tie, "--norm", "1", "--lower", "0,1", "--upper", "1,2")
    # On this box x < y, so the gradient is (1, 1), of greatest entry 1.
    assert "Lipschitz constant on the set of inputs (1-norm)" in found.stdout
    assert found.stdout.splitlines()[3].split() == ["constant", "1", "1"]
    assert "The outputs change so fast from (" in found.stdout


def test_the_set_of_the_file_is_the_default(program: Program, tent: Path) -> None:
    found = program("lipschitz", tent, "--format", "json").data
    assert (found["everywhere"], found["constant"]) == (False, "2")
    found = program("lipschitz", tent, "--everywhere", "--format", "json").data
    assert (found["everywhere"], found["constant"]) == (True, "2")


@pytest.mark.parametrize("options", [[], ["--everywhere"], ["--norm", "1"]])
def test_certificates_are_accepted_of_this_network(
    program: Program, tent: Path, tmp_path: Path, options: list[str]
) -> None:
    folder = tmp_path / "certificates"
    found = program("lipschitz", tent, *options, "--certificates", folder)
    assert found.status == 0
    (path,) = folder.iterdir()
    assert f"the certificate is {path}" in found.stderr
    checked = program("check", path)
    assert checked.status == 0
    assert "<= 2" in checked.stdout
    assert "reaches 2" in checked.stdout


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    """30 random neurons in five dimensions: far more cells than a moment sees."""
    random = Random(0)
    rows = [[str(random.randint(-99, 99)) for _ in range(5)] for _ in range(60)]
    layers = [
        {"affine": {"weight": rows[:30], "bias": [row[0] for row in rows[30:]]}},
        "relu",
        {"affine": {"weight": [[row[1] for row in rows[30:]]], "bias": ["0"]}},
    ]
    path = tmp_path / "net.json"
    path.write_text(json.dumps({"format": "polyrelax-network/1", "layers": layers}))
    return path


def require_bounds(found: Finished, stopped: str) -> None:
    assert (found.data["stopped"], found.data["constant"]) == (stopped, None)
    assert Fraction(found.data["lower"]) < Fraction(found.data["upper"])


def test_the_end_of_the_time_prints_what_is_proved(program: Program, slow: Path) -> None:
    found = program("lipschitz", slow, "--time", "0.01", "--format", "json")
    assert found.status == 3
    require_bounds(found, "time")
    assert "polyrelax: the time is up\n" in found.stderr


def test_an_interruption_prints_what_is_proved(
    program: Program, slow: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = LipschitzSearch.run

    def interrupted(search: LipschitzSearch) -> Iterator[LipschitzBounds]:
        yield from islice(run(search), 5)
        raise KeyboardInterrupt

    monkeypatch.setattr(LipschitzSearch, "run", interrupted)
    folder = tmp_path / "made"
    found = program("lipschitz", slow, "--format", "json", "--certificates", folder)
    assert found.status == 130
    require_bounds(found, "interrupted")
    assert program("check", *folder.iterdir()).status == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "expected a network or --dataset FILE, and not both"),
        (["NET", "--dataset", "data.json"], "expected a network or --dataset FILE"),
        (["NET", "--norm", "2"], "found --norm 2, expected inf or 1"),
        (["NET", "--everywhere", "--lower", "0"], "found --everywhere and --lower"),
        (["NET", "--lower", "0", "--upper", "0"], "found inputs without interior"),
        (["NET", "--lower", "0,0,0", "--upper", "1"], "the network reads 2 values"),
        (["NET", "--certificates", "NET"], "is a file, expected a folder"),
        (["--dataset", "data.json", "--norm", "1"], "found --dataset and --norm, expected one"),
        (["--dataset", "data.json", "--everywhere"], "found --dataset and --everywhere"),
        (["--dataset", "data.json", "--certificates", "made"], "--dataset and --certificates"),
        (["--dataset", "data.json", "--input", "s.json"], "--dataset and --input, expected"),
        (["--dataset", "data.json", "--image", "0"], "found --dataset and --image"),
        (["missing.json"], "missing.json"),
        (["NET", "--time", "0"], "found --time 0"),
    ],
)
def test_bad_requests_are_one_line(
    program: Program, tie: Path, options: list[str], message: str
) -> None:
    found = program("lipschitz", *(str(tie) if o == "NET" else o for o in options))
    assert (found.status, found.stdout) == (2, "")
    assert message in found.stderr
    assert found.stderr.count("\n") == 1


def neurons(folder: Path, neuron: dict[str, object]) -> Path:
    path = folder / "net.json"
    given = {"lower": ["0", "0", "0"], "upper": ["1", "1", "1"]}
    layers = [{"neurons": [neuron]}]
    document = {"format": "polyrelax-network/1", "input": given, "layers": layers}
    path.write_text(json.dumps(document))
    return path


def test_certificates_of_other_neurons_are_lines(program: Program, tmp_path: Path) -> None:
    path = neurons(tmp_path, {"maxmin": [0, 2]})
    found = program("lipschitz", path, "--format", "json", "--certificates", tmp_path / "made")
    assert (found.status, found.data["constant"]) == (0, "1")
    (made,) = (tmp_path / "made").iterdir()
    assert made.suffix == ".jsonl"
    checked = program("check", made, "--network", path)
    assert checked.status == 0
    assert "the Lipschitz constant of 1 v(1, 1) in the max-norm <= 1" in checked.stdout


def test_a_sort_that_needs_no_cases_has_a_certificate(program: Program, tmp_path: Path) -> None:
    path = neurons(tmp_path, {"sort": [0, 1, 2]})
    found = program("lipschitz", path, "--format", "json", "--certificates", tmp_path / "made")
    assert (found.status, found.data["constant"]) == (0, "1")
    assert program("check", *(tmp_path / "made").iterdir()).status == 0


def test_cases_of_sorts_have_certificates(program: Program, tmp_path: Path) -> None:
    # x, x and 0 sorted, with the weights 1, -1 and 1: 0 where x > 0, and where x < 0.
    layers = [
        {"affine": {"weight": [["1"], ["1"], ["0"]], "bias": ["0", "0", "0"]}},
        {"neurons": [{"sort": [0, 1, 2]}]},
        {"affine": {"weight": [["1", "-1", "1"]], "bias": ["0"]}},
    ]
    path = tmp_path / "net.json"
    path.write_text(json.dumps({"format": "polyrelax-network/1", "layers": layers}))
    found = program("lipschitz", path, "--format", "json", "--certificates", tmp_path / "made")
    assert (found.status, found.data["constant"]) == (0, "0")
    assert program("check", *(tmp_path / "made").iterdir()).status == 0


def wide(folder: Path) -> Path:
    """A SortNet of 34 inputs whose two layers have weights of sum 1 - 2^-34 each."""
    weights = [geometric_weights("1/2", 34)]
    layer = sort_neurons(weights * 34, [[k % 3 - 1] * 34 for k in range(34)])
    path = folder / "wide.json"
    net = compose(layer, sort_neurons(weights, [[0] * 34]))
    network_json.write(network_json.Problem(net), path)
    return path


def test_a_wide_sortnet_has_a_constant_without_cases(program: Program, tmp_path: Path) -> None:
    path = wide(tmp_path)
    found = program("lipschitz", path, "--format", "json")
    assert found.status == 0
    assert found.data["constant"] == str((1 - Fraction(1, 2**34)) ** 2)
    assert "product of the layers' norms" in program("lipschitz", path).stdout


def test_where_the_bounds_do_not_meet_nothing_is_decided(
    program: Program, tmp_path: Path
) -> None:
    found = program("lipschitz", wide(tmp_path), "--norm", "1", "--format", "json")
    assert found.status == 3
    assert found.data["constant"] is None
    assert Fraction(found.data["lower"]) < Fraction(found.data["upper"])


@pytest.mark.parametrize("norm", ["inf", "1"])
def test_wide_sorts_have_certificates_of_both_bounds(
    program: Program, tmp_path: Path, norm: str
) -> None:
    path, folder = wide(tmp_path), tmp_path / "made"
    options = ["--norm", norm, "--certificates", folder, "--format", "json"]
    found = program("lipschitz", path, *options)
    checked = program("check", *folder.iterdir(), "--network", path)
    assert checked.status == 0
    assert f"<= {found.data['upper']}" in checked.stdout
    assert f"reaches {found.data['lower']}" in checked.stdout


def test_where_cases_are_too_many_for_the_checker_norms_are_certified(
    program: Program, tie: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The constant is 2, and the product of the layers' norms is 2 * 3."""

    def refuses_cases(content: str) -> str:
        if '"split"' in content:
            raise RejectedError("too many cases")
        return check(content)

    monkeypatch.setattr(run, "check", refuses_cases)
    folder = tmp_path / "made"
    found = program("lipschitz", tie, "--format", "json", "--certificates", folder)
    assert (found.status, found.data["constant"]) == (3, "2")
    assert "too many cases; it says at most 6, by norms" in found.stderr
    checked = program("check", *folder.iterdir())
    assert checked.status == 0
    assert "<= 6" in checked.stdout
    assert "reaches 2" in checked.stdout
