import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from polyrelax.interop import network_json
from polyrelax.interop.network_json import Problem
from polyrelax.networks.layers import Affine, Layer, ReLU
from polyrelax.networks.network import Network, network
from polyrelax.polytopes.polytope import Polytope
from tests.cli.conftest import TENT, Program

# P1, section 4 (b) and (c) of the tent network: its range is [1, 2].
TENT_OUTPUTS = {
    "ibp": ("0", "2"),
    "dp0": ("0", "2"),
    "dp1": ("0", "3"),
    "triangle": ("0", "2"),
    "m:1": ("0", "2"),
    "m:2": ("0", "2"),
    "p:1": ("0", "2"),
    "p:2": ("0", "2"),
    "p:3": ("1", "2"),
    "p:5": ("1", "2"),
    "exact": ("1", "2"),
}


def outputs(data: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """The bounds of the only output by relaxation."""
    return {r["relaxation"]: (*r["lower"], *r["upper"]) for r in data["results"]}


def test_the_tent_network_has_the_published_bounds(program: Program, tent: Path) -> None:
    names = [option for name in TENT_OUTPUTS for option in ("-r", name)]
    finished = program("bounds", tent, *names, "--format", "json")
    assert (finished.status, finished.stderr) == (0, "")
    assert outputs(finished.data) == TENT_OUTPUTS
    assert list(outputs(finished.data)) == list(TENT_OUTPUTS)


def test_json_has_the_promised_fields(program: Program, tent: Path) -> None:
    data = program("bounds", tent, "-r", "ibp", "--format", "json").data
    assert data["format"] == "polyrelax-bounds/1"
    (result,) = data["results"]
    assert isinstance(result["seconds"], float)
    assert result["bits"] is None
    assert [layer["kind"] for layer in result["layers"]] == [
        "input",
        "affine",
        "relu",
        "affine",
        "relu",
        "affine",
    ]
    # By hand: x, (x, -x), rectified, 1 - 2y, rectified, the sum.
    assert [(*layer["lower"], *layer["upper"]) for layer in result["layers"]] == [
        ("-1", "1"),
        ("-1", "-1", "1", "1"),
        ("0", "0", "1", "1"),
        ("-1", "-1", "1", "1"),
        ("0", "0", "1", "1"),
        ("0", "2"),
    ]


def test_a_small_network_gets_the_hulls_unasked(program: Program, tent: Path) -> None:
    found = outputs(program("bounds", tent, "--format", "json").data)
    assert list(found) == [
        *("ibp", "dp0", "dp1", "crown", "fastlin", "triangle"),
        *("krelu:2", "m:1", "p:1", "exact"),
    ]


@pytest.mark.parametrize(
    ("shape", "hulls", "missing"),
    [
        ((2, 8, 1), ["p:1", "exact"], "krelu:2, m:1"),
        ((2, 11, 1), [], "krelu:2, m:1, p:1, exact"),
        ((4, 1), [], "krelu:2, m:1, p:1, exact"),
    ],
)
def test_hulls_that_are_not_run_are_named(
    program: Program, tmp_path: Path, shape: tuple[int, ...], hulls: list[str], missing: str
) -> None:
    path = tmp_path / "net.json"
    box = Polytope.box([0] * shape[0], [1] * shape[0])
    network_json.write(Problem(ones(shape), box), path)
    finished = program("bounds", path, "--format", "json")
    assert list(outputs(finished.data))[6:] == hulls
    assert f"not run, as they may take long: {missing}; name all" in finished.stderr
    assert "not run" not in program("bounds", path, "-r", "ibp").stderr


def ones(shape: tuple[int, ...]) -> Network:
    """Return the network of a shape all of whose weights are 1."""
    layers: list[Layer] = []
    for before, after in pairwise(shape):
        layers += [Affine.dense([[1] * before] * after), ReLU(after)]
    return Network(tuple(layers[:-1]))


def test_the_table_shows_relaxations_side_by_side(program: Program, tent: Path) -> None:
    lines = program("bounds", tent, "-r", "p:1", "-r", "exact").stdout.splitlines()
    values = lines.index("Values layer by layer")
    assert lines[values + 1].split() == ["layer", "value", "p:1", "exact"]
    assert ["4", "relu", "1", "[0,", "1]", "[0,", "1]"] in [line.split() for line in lines]
    unstable = lines.index("Unstable neurons")
    assert [line.split() for line in lines[unstable + 3 : unstable + 5]] == [
        ["2", "relu", "2", "2", "2"],
        ["4", "relu", "2", "2", "2"],
    ]
    rows = [line.split()[:4] for line in lines[lines.index("Outputs") + 3 :][:2]]
    assert rows == [["0", "p:1", "0", "2"], ["0", "exact", "1", "2"]]
    assert "exact optima" in lines[-1]


def test_neurons_are_shown_or_hidden_on_demand(program: Program, tent: Path) -> None:
    assert "Values" not in program("bounds", tent, "-r", "ibp", "--no-neurons").stdout
    assert "Values" in program("bounds", tent, "-r", "ibp", "--neurons").stdout


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--lower=-1/4", "--upper=1/4"], ("3/2", "2")),
        (["--lower", "-1/4", "--upper", "0.25"], ("3/2", "2")),
        (["--lower", "0", "--upper", "1"], ("1", "2")),
        (["--lower", "1", "--upper", "1"], ("1", "1")),
    ],
)
def test_the_box_of_the_options_replaces_that_of_the_file(
    program: Program, tent: Path, options: list[str], expected: tuple[str, str]
) -> None:
    # P1: on [-1/4, 1/4] and on either half, P_1 is exact.
    data = program("bounds", tent, "-r", "p:1", "--format", "json", *options).data
    assert outputs(data) == {"p:1": expected}


MAXIMUM = {
    "format": "polyrelax-network/1",
    "layers": [
        {"affine": {"weight": [[1, -1], [0, 1]], "bias": [0, 0]}},
        {"relu": {"neurons": [0]}},
        {"affine": {"weight": [[1, 1]], "bias": [0]}},
    ],
}


def test_one_number_serves_for_all_inputs(program: Program) -> None:
    # P1, section 4 (a): the maximum of two numbers on the unit square.
    finished = program(
        *("bounds", "-", "--lower", "0", "--upper", "1,1", "--format", "json"),
        *("-r", "ibp", "-r", "triangle", "-r", "p:1", "-r", "exact"),
        stdin=json.dumps(MAXIMUM).encode(),
    )
    assert outputs(finished.data) == {
        "ibp": ("0", "2"),
        "triangle": ("0", "3/2"),
        "p:1": ("0", "1"),
        "exact": ("0", "1"),
    }


@pytest.mark.parametrize(
    "content",
    [
        '{"lower": ["0"], "upper": ["1/2"]}',
        '{"vertices": [["0"], ["1/2"], ["1/4"]]}',
        '{"inequalities": [["0", "1"], ["1", "-2"]]}',
    ],
)
def test_the_input_set_may_have_its_own_file(
    program: Program, tent: Path, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "set.json"
    path.write_text(content)
    data = program(
        "bounds", tent, "--input", path, "-r", "exact", "--format", "json", "--neurons"
    ).data
    assert outputs(data) == {"exact": ("1", "2")}


def test_the_input_set_may_be_vnnlib(program: Program, tent: Path, tmp_path: Path) -> None:
    path = tmp_path / "set.vnnlib"
    path.write_text(
        "(declare-const X_0 Real)\n(declare-const Y_0 Real)\n"
        "(assert (>= X_0 -0.25))\n(assert (<= X_0 0.25))\n(assert (<= Y_0 1.0))\n"
    )
    data = program("bounds", tent, "--input", path, "-r", "p:1", "--format", "json").data
    assert outputs(data) == {"p:1": ("3/2", "2")}


def test_rounded_bounds_are_on_the_grid_and_said_to_be(program: Program, tent: Path) -> None:
    options = ["bounds", tent, "-r", "fastlin", "--lower=-1/3", "--upper", "1/3"]
    exact = program(*options, "--format", "json").data["results"][0]
    rounded = program(*options, "--format", "json", "--bits", "4").data["results"][0]
    assert (exact["bits"], rounded["bits"]) == (None, 4)
    # The inputs' ends, 1/3, become 6/16 at the first neuron.
    assert exact["layers"][1]["upper"] == ["1/3", "1/3"]
    assert rounded["layers"][1]["upper"] == ["3/8", "3/8"]
    assert "rounded outward to multiples of 2^-4" in program(*options, "--bits", "4").stdout


def test_large_networks_are_rounded_unless_told_otherwise(
    program: Program, tmp_path: Path
) -> None:
    path = tmp_path / "wide.json"
    layers = [
        {"affine": {"weight": [[1]] * 65, "bias": [0] * 65}},
        "relu",
        {"affine": {"weight": [[1] * 65], "bias": [0]}},
    ]
    network = {**TENT, "layers": layers}
    path.write_text(json.dumps(network))
    options = ["bounds", path, "-r", "fastlin", "--format", "json"]
    assert program(*options).data["results"][0]["bits"] == 32
    assert program(*options, "--bits", "exact").data["results"][0]["bits"] is None


def test_the_report_may_go_to_a_file(program: Program, tent: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    finished = program("bounds", tent, "-r", "ibp", "--format", "json", "-o", path)
    assert (finished.status, finished.stdout, finished.stderr) == (0, "", "")
    assert outputs(json.loads(path.read_text())) == {"ibp": ("0", "2")}


def test_markdown_is_a_format_too(program: Program, tent: Path) -> None:
    assert (
        "| 0 | ibp | 0 | 2 |"
        in program("bounds", tent, "-r", "ibp", "--format", "markdown").stdout
    )


def test_an_interruption_prints_the_relaxations_that_are_done(
    monkeypatch: pytest.MonkeyPatch, program: Program, tent: Path
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("polyrelax.relaxations.exact.trace_vertices", interrupt)
    finished = program("bounds", tent, "-r", "ibp", "-r", "exact", "--format", "json")
    assert (finished.status, finished.stderr) == (130, "polyrelax: interrupted\n")
    assert list(outputs(finished.data)) == ["ibp"]


def test_each_bound_has_a_certificate_of_its_own(
    program: Program, tent: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "proofs"
    names = ("-r", "ibp", "-r", "crown", "-r", "p:3")
    finished = program("bounds", tent, *names, "--certificates", folder, "--format", "json")
    assert finished.status == 0
    assert finished.stderr.strip().endswith(f"polyrelax check {folder}/*")
    files = sorted(folder.iterdir())
    assert len(files) == 6
    checked = program("check", *files, "--network", tent, "--format", "json")
    assert checked.status == 0
    told = {Path(r["file"]).name: r["told"] for r in checked.data["results"]}
    assert told["ibp-output-0-upper.jsonl"] == "exact: 1 v(5, 0) <= 2"
    assert told["p-3-output-0-lower.jsonl"] == "exact: -1 v(5, 0) <= -1"


def test_a_file_is_no_folder_for_certificates(program: Program, tent: Path) -> None:
    finished = program("bounds", tent, "-r", "ibp", "--certificates", tent)
    assert (finished.status, finished.stdout) == (2, "")
    assert "is a file, expected a folder" in finished.stderr


def test_certificates_that_the_checker_would_reject_are_refused_before_work(
    program: Program, tmp_path: Path
) -> None:
    eight = {
        "layers": [{"neurons": [{"sort": [0, 1] * 4}]}],
        "input": {"lower": [0, 0], "upper": [1, 1]},
    }
    net, folder = tmp_path / "net.json", tmp_path / "proofs"
    net.write_text(json.dumps({"format": "polyrelax-network/1", **eight}))
    finished = program("bounds", net, "-r", "ibp", "--certificates", folder)
    assert (finished.status, finished.stdout) == (2, "")
    assert finished.stderr == (
        "polyrelax: found sort of 8, expected neurons of at most 5040 pieces where bounds are "
        "certified\n"
    )
    assert not folder.exists()


def test_exact_bounds_of_many_inputs_are_found_by_branch_and_bound_and_certified(
    program: Program, tmp_path: Path
) -> None:
    path, folder = tmp_path / "sums.json", tmp_path / "proofs"
    sums = network(([[1] * 30, [-1] * 30], [0, 0]), ([[1, 1]], [0]))
    path.write_text(network_json.dumps(Problem(sums, Polytope.box([-1] * 30, [2] * 30))))
    finished = program("bounds", path, "-r", "exact", "--certificates", folder)
    assert finished.status == 0
    assert "exact: by branch and bound on unstable neurons." in finished.stdout
    checked = program("check", *sorted(folder.iterdir()), "--network", path)
    assert checked.status == 0
    assert "exact: 1 v(3, 0) <= 60; exact: 1 v(3, 0) reaches 60" in checked.stdout
    (found,) = program("bounds", path, "-r", "exact", "--format", "json").data["results"]
    assert (found["by"], found["lower"], found["upper"]) == ("branch and bound", ["0"], ["60"])


def test_exact_bounds_say_that_linear_regions_gave_them(program: Program, tent: Path) -> None:
    named = ("bounds", tent, "-r", "ibp", "-r", "exact", "--format", "json")
    first, second = program(*named).data["results"]
    assert second["by"] == "linear regions"
    assert "by" not in first
