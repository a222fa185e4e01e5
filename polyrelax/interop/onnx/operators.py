"""The operators that are read, by their names in the format.

An operator on computed tensors is affine or piecewise linear here; others, such as those that
compute shapes, are read on constants only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from polyrelax.errors import PolyrelaxError
from polyrelax.interop.onnx import (
    casts,
    convolution,
    elementwise,
    integers,
    linear_models,
    neurons,
    padding,
    pooling,
    products,
    rearrangements,
    shapes,
)
from polyrelax.interop.onnx.call import Call
from polyrelax.interop.onnx.tensors import Outcome

Operator: TypeAlias = Callable[[Call], Outcome]


def is_read(operator: str, *, on_constants: bool) -> bool:
    """Whether an operator is read, on computed tensors or only on constants.

    >>> is_read("Where", on_constants=True), is_read("Where", on_constants=False)
    (True, False)
    """
    return operator in OPERATORS or (on_constants and operator in ON_CONSTANTS)


def apply(call: Call) -> Outcome:
    """Return the outcome of a node on its inputs.

    >>> import numpy as np
    >>> from polyrelax.interop.onnx.graph import Node
    >>> from polyrelax.interop.onnx.tensors import Computed
    >>> apply(Call(Node("Neg", ("x",), ("y",), {}), (Computed(np.arange(1)),))).rows.factors
    array([-1.])
    """
    try:
        return _ALL[call.node.operator](call)
    except PolyrelaxError:
        raise
    except (ValueError, IndexError, ArithmeticError):
        raise call.node.malformed(f"does not fit its inputs of shapes {call.shapes}") from None


OPERATORS: Final[Mapping[str, Operator]] = MappingProxyType(
    {
        "Abs": neurons.magnitude,
        "Add": elementwise.add,
        "AveragePool": pooling.average_pool,
        "BatchNormalization": elementwise.normalize,
        "Cast": casts.cast,
        "Clip": neurons.clip,
        "Concat": rearrangements.concatenate,
        "Conv": convolution.convolve,
        "ConvTranspose": convolution.convolve_transposed,
        "Div": elementwise.divide,
        "Dropout": rearrangements.drop_out,
        "Expand": rearrangements.expand,
        "Flatten": shapes.flatten,
        "Gather": rearrangements.gather,
        "Gemm": products.general_product,
        "GlobalAveragePool": pooling.average_whole,
        "GlobalMaxPool": pooling.max_whole,
        "HardSigmoid": neurons.hard_sigmoid,
        "Identity": rearrangements.identity,
        "LeakyRelu": neurons.leaky,
        "MatMul": products.multiply_matrices,
        "Max": neurons.maximum,
        "MaxPool": pooling.max_pool,
        "Mean": elementwise.average_all,
        "Min": neurons.maximum,
        "Mul": elementwise.multiply,
        "Neg": elementwise.negate,
        "PRelu": neurons.parametric,
        "Pad": padding.pad,
        "ReduceMax": pooling.reduce_max,
        "ReduceMean": pooling.reduce_sum,
        "ReduceMin": pooling.reduce_max,
        "ReduceSum": pooling.reduce_sum,
        "Relu": neurons.rectify,
        "Reshape": shapes.reshape,
        "Shape": integers.shape_of,
        "Size": integers.size_of,
        "Slice": rearrangements.cut,
        "Split": rearrangements.split,
        "Squeeze": shapes.squeeze,
        "Sub": elementwise.subtract,
        "Sum": elementwise.add_all,
        "Tile": rearrangements.tile,
        "Transpose": shapes.transpose,
        "Unsqueeze": shapes.unsqueeze,
        "ai.onnx.ml.ArrayFeatureExtractor": linear_models.extract,
        "ai.onnx.ml.Imputer": linear_models.impute,
        "ai.onnx.ml.LinearRegressor": linear_models.regress,
        "ai.onnx.ml.Scaler": linear_models.scale,
    }
)
"""The operators that are read on computed tensors; constants are read with the graph."""

ON_CONSTANTS: Final[Mapping[str, Operator]] = MappingProxyType(
    {
        "And": integers.compare,
        "Ceil": integers.round_whole,
        "ConstantOfShape": integers.fill,
        "Equal": integers.compare,
        "Floor": integers.round_whole,
        "Greater": integers.compare,
        "GreaterOrEqual": integers.compare,
        "Less": integers.compare,
        "LessOrEqual": integers.compare,
        "Mod": integers.remainder,
        "Not": integers.compare,
        "Or": integers.compare,
        "Range": integers.count_up,
        "Where": integers.choose,
    }
)
"""The operators that are read on constants alone."""

_ALL: Final[Mapping[str, Operator]] = MappingProxyType({**OPERATORS, **ON_CONSTANTS})
