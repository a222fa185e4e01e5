from __future__ import annotations

from pathlib import Path

from polyrelax.interop import input_sets, network_json, onnx, vnnlib
from polyrelax.interop.network_json import Problem
from polyrelax.networks.layers import ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope

NETWORK = Network((ReLU(1),))


def test_a_path_may_be_a_text(tmp_path: Path) -> None:
    problem = Problem(NETWORK, Polytope.box([0], [1]))
    network_json.write(problem, str(tmp_path / "net.json"))
    onnx.write(NETWORK, str(tmp_path / "net.onnx"))
    assert network_json.read(str(tmp_path / "net.json")) == problem
    assert onnx.read(str(tmp_path / "net.onnx")) == NETWORK


def test_so_may_that_of_an_input_set(tmp_path: Path) -> None:
    box, rows = tmp_path / "box.json", tmp_path / "box.vnnlib"
    box.write_text('{"lower": [0], "upper": [1]}')
    rows.write_text("(declare-const X_0 Real) (assert (<= 0 X_0 0.5))")
    assert input_sets.read(str(box)) == Polytope.box([0], [1])
    assert vnnlib.read(str(rows)) == vnnlib.read(rows)
