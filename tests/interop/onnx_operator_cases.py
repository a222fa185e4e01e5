"""ONNX graphs of one operator each, whose values are exact in float32 on small integers."""

from __future__ import annotations

import numpy as np
from onnx import TensorProto, helper

from tests.interop.graphs import Arrays, integers
from tests.interop.onnx_cases import Case, axes, node

LAST = np.iinfo(np.int64).max


def single(
    operator: str, *shape: int, arrays: Arrays | None = None, **attributes: object
) -> Case:
    """The graph of one operator on ``x`` and constants."""
    names = " ".join(["x", *(arrays or {})])
    return [node(operator, names, "y", **attributes)], arrays or {}, shape


def pooled(operator: str, *shape: int, kernel: list[int], **attributes: object) -> Case:
    """A pool, whose means are exact as their windows have 1, 2, or 4 pixels."""
    return [node(operator, "x", "y", kernel_shape=kernel, **attributes)], {}, shape


def transposed(kernel: tuple[int, ...], *shape: int, **attributes: object) -> Case:
    arrays: Arrays = {"w": integers(*kernel)}
    return [node("ConvTranspose", "x w", "y", **attributes)], arrays, shape


def number(value: float) -> np.ndarray[tuple[()], np.dtype[np.float32]]:
    return np.array(value, dtype=np.float32)


REARRANGEMENTS: dict[str, Case] = {
    "slice": single("Slice", 2, 5, arrays={"s": axes(1), "e": axes(LAST), "a": axes(-1)}),
    "slice backwards": single(
        "Slice", 5, arrays={"s": axes(-1), "e": axes(-LAST), "a": axes(0), "t": axes(-2)}
    ),
    "slice backwards from before": single(
        "Slice", 4, arrays={"s": axes(-9), "e": axes(-9), "a": axes(0), "t": axes(-1)}
    ),
    "slice of nothing": single("Slice", 2, 3, arrays={"s": axes(0, 1), "e": axes(2, 9)}),
    "gather": single("Gather", 2, 3, arrays={"i": axes(-1, 0)}, axis=1),
    "gather a row": single("Gather", 2, 3, arrays={"i": np.array(1)}),
    "split": (
        [
            helper.make_node("Split", ["x", "s"], ["a", "b"], axis=1),
            node("Concat", "b a", axis=1),
        ],
        {"s": axes(1, 2)},
        (2, 3),
    ),
    "expand": single("Expand", 2, 1, arrays={"s": axes(3, 1, 4)}),
    "tile": single("Tile", 2, 3, arrays={"r": axes(2, 2)}),
    "pad": single("Pad", 2, 3, arrays={"p": axes(1, 0, 0, 2), "v": number(7)}),
    "pad and crop": single("Pad", 3, 3, arrays={"p": axes(-1, 1, 0, -2)}),
    "pad by reflection": single("Pad", 3, 4, arrays={"p": axes(2, 1, 1, 3)}, mode="reflect"),
    "pad by edges": single("Pad", 2, 2, arrays={"p": axes(2, 0, 1, 3)}, mode="edge"),
    "concat with a constant": single("Concat", 2, 3, arrays={"c": integers(2, 2)}, axis=1),
    "cast": (
        [
            node("Cast", "x", "d", to=TensorProto.DOUBLE),
            node("Cast", "d", to=TensorProto.FLOAT),
        ],
        {},
        (2, 3),
    ),
    "mask of a dropout": (
        [
            helper.make_node("Dropout", ["x"], ["d", "m"]),
            node("Cast", "m", "n", to=TensorProto.FLOAT),
            node("Add", "d n"),
        ],
        {},
        (2, 3),
    ),
    "shape that is computed": (
        [
            node("Shape", "x", "s"),
            node("Gather", "s i", "h"),
            node("Div", "h two", "q"),
            node("Concat", "q m", "t", axis=0),
            node("Transpose", "x", "z"),
            node("Reshape", "z t"),
        ],
        {"i": axes(1), "two": axes(2), "m": axes(-1)},
        (3, 5, 2),
    ),
    "shape that is filled": (
        [node("Shape", "x", "s"), node("ConstantOfShape", "s", "c"), node("Add", "x c")],
        {},
        (2, 3),
    ),
    "shape that is chosen": (
        [
            node("ConstantOfShape", "r", "one", value=helper.make_tensor("v", 7, [1], [1])),
            node("Equal", "s minus", "e"),
            node("Where", "e one s", "t"),
            node("Expand", "x t"),
        ],
        {"r": axes(2), "s": axes(4, -1), "minus": axes(-1, -1)},
        (1, 3),
    ),
}

SUMS: dict[str, Case] = {
    "sum": single("Sum", 2, 3, arrays={"c": integers(3), "d": integers(2, 1)}),
    "mean": single("Mean", 2, 3, arrays={"c": integers(3)}),
    "reduce sum": single("ReduceSum", 2, 3, 2, arrays={"a": axes(-1, 0)}),
    "reduce sum of all": single("ReduceSum", 2, 3, keepdims=0),
    "reduce mean": single("ReduceMean", 2, 3, 4, axes=[2], keepdims=0),
    "reduce max": single("ReduceMax", 2, 3, 2, axes=[1], keepdims=0),
    "reduce min": single("ReduceMin", 2, 3, axes=[0]),
    "matrices": single("MatMul", 2, 3, 2, arrays={"w": integers(2, 2, 4)}),
    "matrices broadcast": single("MatMul", 3, 2, arrays={"w": integers(4, 2, 2)}),
    "batch normalization": single(
        "BatchNormalization",
        *(2, 3, 2),
        arrays={
            "s": integers(3, seed=2),
            "b": integers(3, seed=3),
            "m": integers(3, seed=4),
            "v": np.array([0.75, 3.75, 0], dtype=np.float32),
        },
        epsilon=0.25,
    ),
}

WINDOWS: dict[str, Case] = {
    "average pool": pooled("AveragePool", 1, 2, 4, 4, kernel=[2, 2], strides=[2, 2]),
    "average pool with padding": pooled(
        "AveragePool", 1, 1, 3, 3, kernel=[2, 2], pads=[1, 1, 0, 0]
    ),
    "average pool of padding": pooled(
        "AveragePool", 1, 1, 3, 3, kernel=[2, 2], pads=[1, 0, 1, 0], count_include_pad=1
    ),
    "average pool with ceil": pooled(
        "AveragePool", 1, 1, 5, 5, kernel=[2, 2], strides=[2, 2], ceil_mode=1
    ),
    "average pool same": pooled(
        "AveragePool", 1, 1, 3, 4, kernel=[2, 2], auto_pad="SAME_UPPER"
    ),
    "global average pool": single("GlobalAveragePool", 2, 3, 2, 4),
    "max pool": pooled("MaxPool", 2, 2, 5, 5, kernel=[3, 3], strides=[2, 2]),
    "max pool with padding": pooled("MaxPool", 1, 1, 4, 3, kernel=[2, 3], pads=[1, 1, 0, 2]),
    "max pool dilated": pooled("MaxPool", 1, 1, 6, 5, kernel=[2, 2], dilations=[3, 2]),
    "max pool with ceil": pooled(
        "MaxPool", 1, 1, 6, 6, kernel=[3, 3], strides=[2, 2], ceil_mode=1
    ),
    "max pool same": pooled(
        "MaxPool", 1, 1, 5, 4, kernel=[3, 2], strides=[2, 2], auto_pad="SAME_LOWER"
    ),
    "global max pool": single("GlobalMaxPool", 1, 2, 3, 3),
    "transposed": transposed((2, 3, 2, 2), 1, 2, 3, 3),
    "transposed with strides": transposed(
        (2, 1, 3, 2), 1, 2, 3, 2, strides=[2, 3], pads=[1, 0, 1, 1], output_padding=[1, 2]
    ),
    "transposed with dilations": transposed((1, 2, 2, 2), 1, 1, 3, 3, dilations=[2, 3]),
    "transposed cropped": transposed((1, 1, 2, 2), 1, 1, 4, 4, pads=[2, 1, 2, 3]),
    "transposed groups": transposed((4, 2, 2, 2), 2, 4, 2, 2, group=2),
    "transposed to a shape": transposed(
        (1, 1, 3, 3), 1, 1, 3, 3, strides=[2, 2], output_shape=[6, 8]
    ),
    "transposed same": transposed(
        (1, 1, 3, 3), 1, 1, 3, 3, strides=[2, 2], auto_pad="SAME_UPPER"
    ),
    "convolution of two images": single("Conv", 2, 1, 3, 3, arrays={"w": integers(2, 1, 2, 2)}),
}

PIECEWISE: dict[str, Case] = {
    "leaky": single("LeakyRelu", 2, 3, alpha=0.25),
    "leaky and steep": single("LeakyRelu", 2, 3, alpha=-2.0),
    "parametric": single("PRelu", 2, 3, 2, arrays={"s": integers(3, 1)}),
    "abs": single("Abs", 2, 3),
    "clip": single("Clip", 2, 3, arrays={"l": number(-1), "u": number(2)}),
    "clip below": single("Clip", 2, 3, arrays={"l": number(-1)}),
    "clip at zero": single("Clip", 2, 3, arrays={"l": number(0)}),
    "clip above": (
        [node("Clip", "x", "c"), helper.make_node("Clip", ["c", "", "u"], ["y"])],
        {"u": number(1)},
        (2, 3),
    ),
    "clip with no end": single(
        "Clip", 2, 3, arrays={"l": number(-np.inf), "u": number(np.inf)}
    ),
    "clip with ends exchanged": single("Clip", 2, 3, arrays={"l": number(2), "u": number(-1)}),
    "max": single("Max", 2, 3, arrays={"c": integers(3), "d": integers(2, 1)}),
    "min": single("Min", 2, 3, arrays={"c": integers(3)}),
    "max of computed": ([node("Neg", "x", "n"), node("Max", "x n x")], {}, (2, 3)),
    "values needed after": (
        [
            node("Abs", "x", "a"),
            node("MaxPool", "x", "m", kernel_shape=[2]),
            node("Sum", "a m x"),
        ],
        {},
        (1, 2, 2),
    ),
}
OPERATORS = {**REARRANGEMENTS, **SUMS, **WINDOWS, **PIECEWISE}
