"""Small ONNX graphs, and what onnxruntime computes on them.

With small integers as weights and inputs, no float32 operation rounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import helper, numpy_helper

from polyrelax.arithmetic.rational import Vector, from_float

Arrays = dict[str, npt.NDArray[np.generic]]


def integers(*shape: int, seed: int = 0) -> npt.NDArray[np.float32]:
    """Small integers, as float32."""
    return np.random.default_rng(seed).integers(-3, 4, size=shape).astype(np.float32)


def model(
    nodes: Sequence[onnx.NodeProto],
    arrays: Arrays,
    shape: Sequence[int | str],
    *,
    kind: int = onnx.TensorProto.FLOAT,
    gives: int | None = None,
) -> onnx.ModelProto:
    """A graph from ``x`` to ``y``, by default of the same type; the shape of ``y`` is open."""
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info("x", kind, shape)],
        [helper.make_tensor_value_info("y", gives or kind, None)],
        [numpy_helper.from_array(array, name) for name, array in arrays.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


def run(path: Path, x: npt.NDArray[np.generic]) -> Vector:
    """The output of onnxruntime without any rewriting of the graph, flat."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4  # errors are exceptions already
    session = onnxruntime.InferenceSession(str(path), options)
    output = session.run(None, {session.get_inputs()[0].name: x})[0]
    return exact(output)


def exact(array: npt.NDArray[np.generic]) -> Vector:
    """The entries as the fractions that they are."""
    values: list[float] = array.astype(np.float64).ravel().tolist()
    return tuple(from_float(value) for value in values)
