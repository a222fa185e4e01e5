"""ONNX graphs of one or a few operators, with small integers as weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from onnx import NodeProto, helper

from polyrelax.interop.onnx import read
from polyrelax.networks.network import Network
from tests.interop.graphs import Arrays, integers, model

Shape = tuple[int, ...]
Case = tuple[list[NodeProto], Arrays, Shape]


def node(operator: str, inputs: str, output: str = "y", **attributes: object) -> NodeProto:
    made = helper.make_node(operator, inputs.split(), [output], name=f"n_{output}")
    made.attribute.extend(
        helper.make_attribute(key, value) for key, value in attributes.items()
    )
    return made


def axes(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)


CASES: dict[str, Case] = {
    "gemm": ([node("Gemm", "x w b")], {"w": integers(3, 2), "b": integers(2)}, (1, 3)),
    "gemm scaled": (
        [node("Gemm", "x w b", transB=1, alpha=0.5, beta=-2.0)],
        {"w": integers(2, 3), "b": integers(1, 2)},
        (1, 3),
    ),
    "gemm transposed": ([node("Gemm", "x w", transA=1)], {"w": integers(3, 2)}, (3, 1)),
    "gemm on the right": (
        [node("Gemm", "w x b", transB=1)],
        {"w": integers(2, 3), "b": integers(2, 1)},
        (1, 3),
    ),
    "gemm of many rows": ([node("Gemm", "x w")], {"w": integers(3, 2)}, (4, 3)),
    "matmul": ([node("MatMul", "x w")], {"w": integers(3, 2)}, (1, 3)),
    "matmul on the right": ([node("MatMul", "w x")], {"w": integers(2, 3)}, (3, 4)),
    "matmul of a vector": ([node("MatMul", "x w")], {"w": integers(3, 2)}, (3,)),
    "matmul to a number": ([node("MatMul", "x w")], {"w": integers(3)}, (2, 3)),
    "add": ([node("Add", "c x")], {"c": integers(3)}, (2, 3)),
    "sub from": ([node("Sub", "c x")], {"c": integers(2, 1)}, (2, 3)),
    "sub": ([node("Sub", "x c")], {"c": integers(2, 3)}, (2, 3)),
    "mul": ([node("Mul", "x c")], {"c": integers(3)}, (2, 3)),
    "div": ([node("Div", "x c")], {"c": np.array([2, -4, 0.5], dtype=np.float32)}, (2, 3)),
    "neg": ([node("Neg", "x")], {}, (2, 3)),
    "relu": ([node("Relu", "x")], {}, (2, 3)),
    "identity": ([node("Identity", "x")], {}, (1, 3)),
    "dropout": ([node("Dropout", "x")], {}, (1, 3)),
    "flatten": ([node("Flatten", "x")], {}, (1, 2, 3)),
    "flatten from the end": ([node("Flatten", "x", axis=-1)], {}, (1, 2, 3)),
    "transpose": ([node("Transpose", "x", perm=[2, 0, 1])], {}, (2, 3, 4)),
    "transpose reversed": ([node("Transpose", "x")], {}, (2, 3)),
    "reshape": (
        [node("Transpose", "x", "t"), node("Reshape", "t s")],
        {"s": axes(0, -1)},
        (2, 3, 2),
    ),
    "squeeze": ([node("Squeeze", "x a")], {"a": axes(0)}, (1, 3)),
    "unsqueeze": ([node("Unsqueeze", "x a")], {"a": axes(0, 2)}, (2, 3)),
    "concat": ([node("Concat", "x x", axis=0)], {}, (2, 3)),
    "constants": (
        [
            node("Constant", "", "c", value_floats=[1.0, -2.0]),
            node("Add", "c k", "d"),
            node("Relu", "d", "e"),
            node("Sub", "x e"),
        ],
        {"k": integers(2, 2)},
        (2, 2),
    ),
    "residual": (
        [
            node("Gemm", "x w", "h"),
            node("Relu", "h", "r"),
            node("Gemm", "r v", "z"),
            node("Add", "x z", "s"),
            node("Relu", "s"),
        ],
        {"w": integers(2, 3), "v": integers(3, 2, seed=1)},
        (1, 2),
    ),
    "relu of what is needed": (
        [node("Relu", "x", "r"), node("Sub", "r x", "d"), node("Concat", "d x", axis=1)],
        {},
        (1, 3),
    ),
    "branches": (
        [
            node("MatMul", "x w", "a"),
            node("Relu", "a", "b"),
            node("Neg", "a", "c"),
            node("Relu", "c", "d"),
            node("Sub", "b d"),
        ],
        {"w": integers(2, 2)},
        (1, 2),
    ),
    "dead code": ([node("Neg", "x", "unused"), node("Relu", "x")], {}, (1, 2)),
}


def convolution(
    shape: Shape, kernel: Shape, *, bias: bool = False, **attributes: object
) -> Case:
    arrays: Arrays = {"w": integers(*kernel), "b": integers(kernel[0])}
    inputs = "x w b" if bias else "x w"
    return [node("Conv", inputs, "y", **attributes)], arrays, shape


CONVOLUTIONS = {
    "plain": convolution((1, 1, 4, 4), (2, 1, 3, 3)),
    "bias": convolution((1, 2, 4, 3), (3, 2, 2, 2), bias=True),
    "strides and pads": convolution(
        (1, 2, 5, 4), (2, 2, 3, 2), strides=[2, 1], pads=[1, 0, 2, 1]
    ),
    "dilations": convolution((1, 1, 6, 5), (1, 1, 2, 3), dilations=[3, 2]),
    "groups": convolution((1, 4, 3, 3), (6, 2, 2, 2), group=2, bias=True),
    "depthwise": convolution((1, 3, 3, 3), (3, 1, 2, 2), group=3),
    "same upper": convolution(
        (1, 1, 5, 4), (1, 1, 2, 3), auto_pad="SAME_UPPER", strides=[2, 2]
    ),
    "same lower": convolution(
        (1, 1, 5, 4), (1, 1, 2, 3), auto_pad="SAME_LOWER", strides=[2, 2]
    ),
    "valid": convolution((1, 1, 5, 4), (1, 1, 2, 3), auto_pad="VALID"),
    "one axis": convolution((1, 2, 5), (2, 2, 3), pads=[1, 1]),
    "three axes": convolution((1, 1, 3, 3, 3), (2, 1, 2, 2, 2)),
}


def saved(
    folder: Path,
    nodes: list[NodeProto],
    arrays: Arrays,
    shape: tuple[int | str, ...],
    **types: int,
) -> Network:
    path = folder / "net.onnx"
    path.write_bytes(model(nodes, arrays, shape, **types).SerializeToString())
    return read(path)
