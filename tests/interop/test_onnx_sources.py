"""Where the constants and nodes of an ONNX file come from: initializers, files, functions."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from polyrelax.arithmetic.rational import vector
from polyrelax.errors import FormatError, TooLargeError
from polyrelax.interop.onnx import load
from polyrelax.interop.onnx.weights import Weights
from tests.interop.graphs import exact, integers, model, run
from tests.interop.onnx_cases import node


def test_initializers_that_are_also_inputs_are_constants(tmp_path: Path) -> None:
    made = model([node("Add", "x c")], {"c": integers(2, seed=1)}, (2,))
    made.graph.input.append(helper.make_tensor_value_info("c", TensorProto.FLOAT, (2,)))
    (tmp_path / "net.onnx").write_bytes(made.SerializeToString())
    assert [port.name for port in load(tmp_path / "net.onnx").inputs] == ["x"]


def test_to_know_that_a_constant_is_there_it_is_not_made() -> None:
    weights = Weights({"w": TensorProto(name="w", dims=[-1])}, Path())
    assert "w" in weights
    assert "v" not in weights
    with pytest.raises(FormatError, match=r"tensor 'w' has shape \[-1\]"):
        _ = weights["w"]


def test_sparse_weights_are_read(tmp_path: Path) -> None:
    values = numpy_helper.from_array(np.array([2, 5], dtype=np.float32), "w")
    places = numpy_helper.from_array(np.array([[0, 1], [2, 0]], dtype=np.int64), "places")
    made = model([node("MatMul", "x w")], {}, (1, 3))
    made.graph.sparse_initializer.append(helper.make_sparse_tensor(values, places, [3, 2]))
    (tmp_path / "net.onnx").write_bytes(made.SerializeToString())
    assert load(tmp_path / "net.onnx").network(vector([1, 10, 100])) == (500, 2)


def test_weights_in_another_file_are_read_from_the_same_folder(tmp_path: Path) -> None:
    made = model([node("MatMul", "x w")], {"w": integers(64, 3)}, (1, 64))
    path = tmp_path / "net.onnx"
    onnx.save(made, str(path), save_as_external_data=True, location="weights", size_threshold=0)
    x = integers(1, 64, seed=5)
    assert load(path).network(exact(x)) == run(path, x)
    (tmp_path / "weights").unlink()
    with pytest.raises(
        FormatError, match="tensor 'w' lies in another file, 'weights', which is"
    ):
        load(path)


def test_weights_outside_the_folder_are_refused(tmp_path: Path) -> None:
    made = model([node("MatMul", "x w")], {"w": integers(64, 3)}, (1, 64))
    onnx.external_data_helper.set_external_data(made.graph.initializer[0], "../secret")
    made.graph.initializer[0].data_location = TensorProto.EXTERNAL
    (tmp_path / "secret").write_bytes(bytes(768))
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "net.onnx").write_bytes(made.SerializeToString())
    with pytest.raises(FormatError, match=r"'\.\./secret', which is not read"):
        load(tmp_path / "inner" / "net.onnx")


def functions(depth: int) -> onnx.ModelProto:
    """A model whose function ``f0`` doubles, and each other one calls the one before twice."""
    opsets = [helper.make_opsetid("", 13), helper.make_opsetid("own", 1)]
    made = model([helper.make_node(f"f{depth}", ["x"], ["y"], domain="own")], {}, (1, 2))
    made.opset_import.append(opsets[1])
    bodies = [[node("Add", "a a", "b")]]
    for k in range(depth):
        calls = (("a", "m"), ("m", "b"))
        bodies.append([helper.make_node(f"f{k}", [i], [o], domain="own") for i, o in calls])
    for k, body in enumerate(bodies):
        made.functions.append(helper.make_function("own", f"f{k}", ["a"], ["b"], body, opsets))
    return made


def test_functions_are_written_out(tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_bytes(functions(2).SerializeToString())
    assert load(tmp_path / "net.onnx").network(vector([1, 3])) == (16, 48)


def test_functions_that_expand_without_end_are_refused(tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_bytes(functions(60).SerializeToString())
    with pytest.raises(TooLargeError, match="functions expand to more than"):
        load(tmp_path / "net.onnx")


def test_functions_that_call_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    made = functions(2)
    made.functions[0].node[0].CopyFrom(helper.make_node("f2", ["a"], ["b"], domain="own"))
    (tmp_path / "net.onnx").write_bytes(made.SerializeToString())
    with pytest.raises(FormatError, match="call each other in a circle or too deeply"):
        load(tmp_path / "net.onnx")


def test_a_compressed_file_is_the_file(tmp_path: Path) -> None:
    content = model([node("Neg", "x")], {}, (1, 2)).SerializeToString()
    (tmp_path / "net.onnx.gz").write_bytes(gzip.compress(content))
    assert load(tmp_path / "net.onnx.gz").network(vector([1, 2])) == (-1, -2)
