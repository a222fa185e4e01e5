"""``polyrelax export`` of the tent on [-1, 1/3]: from 1 to 2, where x = -1 and x = 0."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from polyrelax.interop import network_json, onnx, vnnlib
from polyrelax.networks.gallery import tent
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from tests.cli.conftest import Program
from tests.interop.evaluation import is_satisfied
from tests.interop.evaluation import program as read_mps

DOMAIN = Polytope.box([-1], ["1/3"])
HIGH = """(declare-const X_0 Real) (declare-const Y_0 Real)
(assert (<= 0 X_0 0.3)) (assert (>= Y_0 1.4))"""


@pytest.fixture
def net(tmp_path: Path) -> Path:
    path = tmp_path / "tent.json"
    network_json.write(network_json.Problem(tent(), DOMAIN), path)
    return path


@pytest.fixture
def high(tmp_path: Path) -> Path:
    path = tmp_path / "high.vnnlib"
    path.write_text(HIGH)
    return path


def thirds(folder: Path) -> Path:
    path = folder / "thirds.json"
    network = Network((Affine.dense([["1/3", "1/2"]], [1]),))
    network_json.write(network_json.Problem(network), path)
    return path


def test_json_is_the_network_with_the_inputs_that_are_named(
    program: Program, net: Path
) -> None:
    assert program("export", net, "--to", "json").stdout == net.read_text()
    found = program("export", net, "--to", "json", "--lower", "0", "--upper", "1").data
    assert found["input"] == {"lower": ["0"], "upper": ["1"]}


@pytest.mark.parametrize("version", ["vnnlib", "vnnlib2"])
def test_vnn_lib_is_read_as_the_same_inputs_or_property(
    program: Program, net: Path, high: Path, version: str
) -> None:
    found = program("export", net, "--to", version)
    assert (found.status, vnnlib.loads(found.stdout).input_set()) == (0, DOMAIN)
    line = "1 bound of inputs that no finite decimal is: written as bounds of multiples"
    assert found.stderr.startswith(f"polyrelax: {line}")
    found = program("export", net, "--to", version, "--property", high)
    assert (found.status, found.stderr) == (0, "")
    assert vnnlib.loads(found.stdout).cases == vnnlib.read(high).cases


def test_onnx_refuses_what_floats_do_not_hold_or_says_what_rounding_changes(
    program: Program, net: Path, tmp_path: Path
) -> None:
    path = tmp_path / "net.onnx"
    for option in ((), ("--float32",)):
        assert program("export", net, "--to", "onnx", *option, "-o", path).stderr == ""
        assert onnx.read(path) == tent()
    path.unlink()
    found = program("export", thirds(tmp_path), "--to", "onnx", "-o", path)
    line = "found 1/3, which float64 does not represent; --round takes the nearest"
    assert (found.status, found.stderr) == (2, f"polyrelax: {tmp_path}/thirds.json: {line}\n")
    assert not path.exists()
    words = ("--to", "onnx", "--float32", "--round", "-o", path)
    found = program("export", thirds(tmp_path), *words)
    line = "1 of 3 numbers rounded to float32, by at most 9.93411E-9"  # 1 / (3 * 2^25)
    assert found.stderr == f"polyrelax: {line}: another network is written\n"
    assert onnx.read(path).layers[0] == Affine.dense([[Fraction(11184811, 2**25), "1/2"]], [1])


def test_a_program_has_the_points_of_the_relaxation(program: Program, net: Path) -> None:
    found = program("export", net, "--to", "mps", "--maximize", "Y_0")
    written = read_mps(found.stdout)
    assert (found.status, written.is_maximum) == (0, True)
    assert written.entries["Y_0", "objective"] == 1
    script = program("export", net, "--to", "smtlib", "-r", "triangle").stdout
    # Behind the first layer are max(0, 0) and max(-0, 0), behind the second 1 and 1.
    zeros = {"X_0", "v2_0", "v2_1"}
    for y, holds in ((2, True), (3, False)):
        ends = dict.fromkeys(("v5_0", "Y_0"), Fraction(y))
        values = {name: Fraction(name not in zeros) for name in written.bounds} | ends
        assert written.contains(values) == holds
        assert is_satisfied(script, values) == holds


def test_the_script_of_a_property_is_satisfied_by_its_violations(
    program: Program, net: Path, high: Path
) -> None:
    found = program("export", net, "--to", "smtlib", "--property", high)
    for x, violates in (("3/10", True), ("31/100", False), ("-1/10", False)):
        assert is_satisfied(found.stdout, {"X_0": Fraction(x)}) == violates


def test_bounds_in_floats_are_sound_and_nearest(
    program: Program, net: Path, tmp_path: Path
) -> None:
    path = tmp_path / "bounds.npy"
    narrow = ("--lower", "1/10", "--upper", "1/10")  # the value there is 9/5
    words = ("--to", "npy", "--float32", "-r", "exact", "-o", path)
    assert program("export", net, *narrow, *words).status == 0
    ((lower, upper),) = np.load(path)
    assert lower.dtype == np.float32
    assert Fraction(float(lower)) < Fraction(9, 5) < Fraction(float(upper))
    assert np.nextafter(lower, upper) == upper
    found = program("audit", "bounds", net, path, *narrow, "--format", "json").data
    assert [result["verdict"] for result in found["results"]] == ["sound", "sound"]


def test_a_counterexample_is_valid_as_it_is_written(
    program: Program, net: Path, high: Path, tmp_path: Path
) -> None:
    path, at = tmp_path / "point.counterexample", ("--epsilon", "0", "--center")
    words = ("export", net, "--to", "counterexample", "--property", high)
    assert program(*words, *at, "0.3", "-o", path).status == 0
    assert path.read_text() == "sat\n((X_0 0.3)\n(Y_0 1.4))\n"
    replayed = ("audit", "witness", path, "--network", net, "--property", high)
    (result,) = program(*replayed, "--format", "json").data["results"]
    assert (result["verdict"], result["points"][0]["off"]) == ("valid", "0")
    found = program(*words, *at, "1/4096")
    assert (found.status, found.stdout) == (
        0,
        "sat\n((X_0 0.000244140625)\n(Y_0 1.99951171875))\n",
    )
    for point, line in (("0.31", "violates nothing"), ("1/3", "violates nothing")):
        refused = program(*words, *at, point)
        assert (refused.status, refused.stdout) == (2, "")
        assert line in refused.stderr


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (("onnx",), "found --to onnx without -o FILE, expected both"),
        (("onnx", "-r", "ibp"), "found -r with --to onnx, expected no such"),
        (("json", "--round"), "found --round with --to json, expected no such"),
        (("onnx", "--lower", "0"), "found --lower with --to onnx, expected no such"),
        (("mps", "-r", "p:1"), "found the relaxation 'p:1', expected triangle or krelu:K"),
        (("mps", "--minimize", "Y_1"), "found the objective Y_1, expected Y_0 to Y_0"),
        (
            ("mps", "--minimize", "Y_0", "--maximize", "Y_0"),
            "found --maximize and --minimize, expected one of them",
        ),
        (
            ("smtlib", "-r", "triangle", "--property", "P"),
            "found --property and -r, expected one of them",
        ),
        (
            ("vnnlib", "--lower", "0", "--property", "P"),
            "found --property and --lower, expected one of them",
        ),
        (
            ("counterexample",),
            "found a set of inputs, expected one point: --center with --epsilon 0",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(
    program: Program, net: Path, options: tuple[str, ...], line: str
) -> None:
    found = program("export", net, "--to", *options)
    assert (found.status, found.stdout, found.stderr) == (2, "", f"polyrelax: {line}\n")


def test_a_point_without_decimals_is_refused(program: Program, net: Path) -> None:
    words = ("--to", "counterexample", "--center", "1/3", "--epsilon", "0")
    found = program("export", net, *words)
    line = "polyrelax: found 1/3, which no finite decimal is\n"
    assert (found.status, found.stdout, found.stderr) == (2, "", line)
