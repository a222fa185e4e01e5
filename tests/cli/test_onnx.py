"""ONNX networks on the command line."""

from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Program

onnx = pytest.importorskip("onnx")


def save(path: Path, operators: list[str], weight: list[list[float]]) -> Path:
    """Write the network that multiplies by a weight and then applies the operators."""
    value = onnx.helper.make_tensor_value_info
    names = [f"v{index}" for index in range(len(operators) + 2)]
    nodes = [onnx.helper.make_node("MatMul", ["v0", "weight"], ["v1"])]
    nodes += [
        onnx.helper.make_node(operator, [names[index]], [names[index + 1]])
        for index, operator in enumerate(operators, start=1)
    ]
    tensor = onnx.numpy_helper.from_array(np.array(weight, dtype=np.float32), "weight")
    graph = onnx.helper.make_graph(
        nodes,
        "net",
        [value("v0", onnx.TensorProto.FLOAT, [1, len(weight)])],
        [value(names[-1], onnx.TensorProto.FLOAT, [1, len(weight[0])])],
        [tensor],
    )
    model = onnx.helper.make_model(
        graph, opset_imports=[onnx.helper.make_opsetid("", 13)], ir_version=8
    )
    onnx.save(model, str(path))
    return path


def test_weights_are_the_binary_numbers_that_they_are(program: Program, tmp_path: Path) -> None:
    path = save(tmp_path / "net.onnx", ["Relu"], [[0.5, 0.1]])
    data = program(
        "bounds", path, "-r", "ibp", "--lower", "0", "--upper", "1", "--format", "json"
    ).data
    # The float32 next to 1/10 is 13421773/2**27 (IEEE 754).
    assert data["results"][0]["upper"] == ["1/2", f"13421773/{2**27}"]


@pytest.mark.parametrize(
    ("operators", "weight"),
    [
        (["Sigmoid"], [[1.0]]),
        (["Relu"], [[float("nan")]]),
        (["Relu"], [[float("inf")]]),
    ],
)
def test_networks_without_exact_meaning_are_refused(
    program: Program, tmp_path: Path, operators: list[str], weight: list[list[float]]
) -> None:
    path = save(tmp_path / "net.onnx", operators, weight)
    finished = program("bounds", path, "--lower", "0", "--upper", "1")
    assert (finished.status, finished.stdout) == (2, "")
    assert finished.stderr.startswith("polyrelax: ")
    assert finished.stderr.count("\n") == 1
    assert "net.onnx" in finished.stderr


@pytest.mark.parametrize("content", [b"", b"garbage", b"\x08\x01", bytes(range(256))])
def test_files_that_are_no_networks_are_refused(
    program: Program, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(content)
    finished = program("bounds", path, "--lower", "0", "--upper", "1")
    assert (finished.status, finished.stdout) == (2, "")
    assert finished.stderr.startswith("polyrelax: ")
    assert finished.stderr.count("\n") == 1


def test_a_network_of_the_competitions(program: Program, data_dir: Path) -> None:
    folder = data_dir / "acasxu"
    finished = program(
        *("bounds", folder / "ACASXU_run2a_1_1.onnx", "-r", "ibp", "--format", "json"),
        *("--input", folder / "prop_3.vnnlib"),
    )
    (result,) = finished.data["results"]
    assert (len(result["lower"]), result["bits"]) == (5, 32)
    assert result["layers"][0]["lower"][0] == "-75882789/250000000"  # -0.303531156


def test_what_the_reader_decided_is_on_standard_error(program: Program, tmp_path: Path) -> None:
    value = onnx.helper.make_tensor_value_info
    made = onnx.helper.make_node("BatchNormalization", list("xsbmv"), ["y"])
    two = np.array([2], dtype=np.float32)
    graph = onnx.helper.make_graph(
        [made],
        "net",
        [value("x", onnx.TensorProto.FLOAT, [1, 1])],
        [value("y", onnx.TensorProto.FLOAT, [1, 1])],
        [onnx.numpy_helper.from_array(two, name) for name in "sbmv"],
    )
    opsets = [onnx.helper.make_opsetid("", 13)]
    model = onnx.helper.make_model(graph, opset_imports=opsets, ir_version=8)
    onnx.save(model, str(tmp_path / "net.onnx"))
    finished = program("bounds", tmp_path / "net.onnx", "--lower", "0", "--upper", "1")
    assert finished.status == 0
    assert "polyrelax: 1 BatchNormalization: each factor s/sqrt(v + epsilon) is read" in (
        finished.stderr
    )


def test_a_network_can_be_read_up_to_a_tensor(program: Program, tmp_path: Path) -> None:
    path = save(tmp_path / "net.onnx", ["Softmax"], [[0.5, 2.0]])
    refused = program("bounds", path, "--lower", "0", "--upper", "1")
    assert refused.status == 2
    assert "'Softmax'" in refused.stderr
    assert "the part before them is NET.onnx#v1" in refused.stderr
    ends = ("--lower", "0", "--upper", "1", "-r", "ibp", "--format", "json")
    data = program("bounds", f"{path}#v1", *ends).data
    assert data["results"][0]["upper"] == ["1/2", "2"]
    missing = program("bounds", f"{path}#v9", *ends)
    assert missing.status == 2
    assert "'v9' is not computed by any node" in missing.stderr
