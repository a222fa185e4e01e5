"""``polyrelax verify``: verdicts, exit statuses, certificates, one line for no request."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from polyrelax.interop import network_json
from polyrelax.networks.gallery import absolute_value
from polyrelax.networks.layers import Affine, Neurons
from polyrelax.networks.network import Network, network
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.polytopes.polytope import Polytope
from tests.cli.conftest import Program

ABOVE = """(declare-const X_0 Real) (declare-const Y_0 Real)
(assert (>= X_0 -1)) (assert (<= X_0 0.6)) (assert (>= Y_0 {}))"""


@pytest.fixture
def net(tmp_path: Path) -> Path:
    path = tmp_path / "net.json"
    network_json.write(network_json.Problem(absolute_value()), path)
    return path


@pytest.fixture
def plane(tmp_path: Path) -> Path:
    path = tmp_path / "plane.json"
    inputs = Polytope.box([1, 0], [2, "1/2"])
    network_json.write(network_json.Problem(network(([[1, 0], [0, 1]], [0, 0])), inputs), path)
    return path


def above(folder: Path, value: str) -> Path:
    path = folder / "above.vnnlib"
    path.write_text(ABOVE.format(value), encoding="utf-8")
    return path


def test_what_holds_has_status_0_and_a_certificate(
    program: Program, net: Path, tmp_path: Path
) -> None:
    certificate, results = tmp_path / "proof.jsonl", tmp_path / "result"
    options = ("--format", "json", "--certificate", certificate, "--results", results)
    found = program("verify", net, above(tmp_path, "1.001"), *options)
    assert found.status == 0
    assert found.data["format"] == "polyrelax-verdict/1"
    assert found.data["verdict"] == "holds"
    assert results.read_text(encoding="utf-8") == "unsat\n"
    checked = program("check", certificate, "--network", net, "--format", "json")
    assert checked.status == 0
    assert "never -1 v(3, 0) <= -1001/1000" in checked.stdout
    assert program("check", "--long", certificate).status == 0


def test_a_margin_below_the_units_of_boxes_is_decided_with_a_certificate(
    program: Program, net: Path, tmp_path: Path
) -> None:
    path = tmp_path / "proof.jsonl"
    found = program("verify", net, above(tmp_path, "1.000000000001"), "--certificate", path)
    assert (found.status, found.stderr) == (0, "")
    checked = program("check", path, "--network", net)
    assert checked.status == 0
    assert "exact: 1 v(3, 0) <= 1; about the network" in checked.stdout


def test_neurons_of_other_kinds_are_decided_without_a_certificate(
    program: Program, tmp_path: Path
) -> None:
    net, path = tmp_path / "absolute.json", tmp_path / "proof.jsonl"
    layers = Network((Affine.dense([[1]]), Neurons(1, ((Absolute(), (0,)),))))
    network_json.write(network_json.Problem(layers), net)
    found = program("verify", net, above(tmp_path, "1.5"), "--certificate", path)
    assert found.status == 0
    assert "no certificate is written: a case was not decided by boxes" in found.stderr
    assert not path.exists()


def test_what_is_violated_has_status_1_and_a_point(
    program: Program, net: Path, tmp_path: Path
) -> None:
    certificate, results = tmp_path / "proof.jsonl", tmp_path / "result"
    options = ("--certificate", certificate, "--results", results, "--format", "json")
    found = program("verify", net, above(tmp_path, "1"), *options)
    assert found.status == 1
    point = {"case": 1, "kind": "float32", "outputs": ["1"], "point": ["-1"]}
    assert found.data == {"format": "polyrelax-verdict/1", "verdict": "violated", **point}
    assert results.read_text(encoding="utf-8") == "sat\n((X_0 -1)\n(Y_0 1))\n"
    assert "somewhere -1 v(3, 0) <= -1" in program("check", certificate).stdout
    table = program("verify", net, above(tmp_path, "1"))
    assert (table.status, "violated" in table.stdout) == (1, True)


def test_an_output_that_is_to_be_the_greatest(program: Program, plane: Path) -> None:
    assert program("verify", plane, "--label", "0").status == 0
    assert program("verify", plane, "--greater", "Y_0").status == 0
    assert program("verify", plane, "--greater", "Y_1").status == 1
    ball = ("--center", "1,0", "--epsilon")
    assert program("verify", plane, "--label", "0", *ball, "499/1000").status == 0
    assert program("verify", plane, "--label", "0", *ball, "1/2").status == 1


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ((), "expected a property in VNN-LIB, --label or --greater, and one of them"),
        (("--label", "2"), "found --label 2, expected 0 to 1"),
        (("--greater", "1"), "found --greater 1, expected Y_0 to Y_1"),
        (("--greater", "Y_-1"), "found --greater Y_-1, expected Y_0 to Y_1"),
        (("{one}",), "{one}: found 1 input, the network has 2"),
        (("{one}", "--lower", "0"), "found a property and --lower, expected one of them"),
        (("{free}",), "{free}:"),
    ],
)
def test_what_is_no_request_is_one_line(
    program: Program, plane: Path, tmp_path: Path, arguments: tuple[str, ...], line: str
) -> None:
    free = tmp_path / "free.vnnlib"
    free.write_text("(declare-const X_0 Real) (declare-const X_1 Real) (assert (>= X_0 0))")
    names = {"one": above(tmp_path, "1"), "free": free}
    found = program("verify", plane, *(each.format(**names) for each in arguments))
    assert (found.status, found.stdout) == (2, "")
    assert found.stderr.count("\n") == 1
    assert line.format(**names) in found.stderr


def test_the_end_of_the_time_is_not_a_verdict(program: Program, tmp_path: Path) -> None:
    from tests.verification.test_verify import random_network  # noqa: PLC0415

    path, inputs = tmp_path / "deep.json", Polytope.box([-1] * 3, [1] * 3)
    network_json.write(network_json.Problem(random_network(1, 3, 30, 30, 2), inputs), path)
    results = tmp_path / "result"
    options = ("--time", "0.001", "--format", "json", "--results", results)
    found = program("verify", path, "--label", "0", *options)
    assert found.status in {1, 3}
    assert json.loads(found.stdout)["verdict"] in {"violated", "unknown"}
