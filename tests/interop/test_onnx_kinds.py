"""ONNX files are what their opset, element types and shapes say, or refused by name."""

from __future__ import annotations

import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from polyrelax.arithmetic.rational import vector
from polyrelax.errors import (
    FormatError,
    NotANumberError,
    TooLargeError,
    UnsupportedOperatorError,
)
from polyrelax.interop.onnx import Reading, load
from polyrelax.networks.affine import Affine
from tests.interop.graphs import Arrays, integers, model
from tests.interop.onnx_cases import axes, node

Nodes = list[onnx.NodeProto]


def loaded(
    folder: Path,
    nodes: Nodes,
    arrays: Arrays,
    shape: tuple[int | str, ...],
    **options: int,
) -> Reading:
    """The network of a graph, in ``opset`` 13 and of the element type ``kind``, float."""
    kind = options.get("kind", TensorProto.FLOAT)
    made = model(nodes, arrays, shape, kind=kind, gives=options.get("gives"))
    made.opset_import[0].version = options.get("opset", 13)
    path = folder / "net.onnx"
    path.write_bytes(made.SerializeToString())
    return load(path)


@pytest.mark.parametrize("operator", ["Add", "Sub", "Mul"])
@pytest.mark.parametrize("side", [2, 3])
def test_operators_of_opset_6_broadcast_along_their_axis(
    operator: str, side: int, tmp_path: Path
) -> None:
    per_channel: Arrays = {"b": np.array([10, 20], dtype=np.float32)}
    nodes = [node(operator, "x b", broadcast=1, axis=1)]
    reading = loaded(tmp_path, nodes, per_channel, (1, 2, side, side), opset=6)
    # Each channel is a plane of side * side pixels, here all one.
    first, second = {"Add": (11, 21), "Sub": (-9, -19), "Mul": (10, 20)}[operator]
    area = side * side
    found = reading.network(vector([1] * 2 * area))
    assert found == vector([first] * area + [second] * area)


def test_operators_of_opset_6_broadcast_only_when_told(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="and no broadcast"):
        loaded(tmp_path, [node("Add", "x b")], {"b": integers(2)}, (2, 2), opset=6)


def test_slopes_of_opset_6_are_per_channel(tmp_path: Path) -> None:
    slopes: Arrays = {"s": np.array([2, 3], dtype=np.float32)}
    reading = loaded(tmp_path, [node("PRelu", "x s")], slopes, (1, 2, 1, 2), opset=6)
    assert reading.network(vector([-1, 1, -1, 1])) == (-2, 1, -3, 1)


@pytest.mark.parametrize("opset", [0, 5, 29, 99])
def test_opsets_that_are_not_read_are_named(opset: int, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=rf"found opset {opset}, expected one of 6 to \d+"):
        loaded(tmp_path, [node("Relu", "x")], {}, (1, 2), opset=opset)


@pytest.mark.parametrize(
    ("made", "opset", "message"),
    [
        (node("Dropout", "x"), 6, "training"),
        (node("Add", "x x", axis=1), 13, "attribute 'axis', which opset 13 does not know"),
        (node("Relu", "x", alpha=2.0), 13, "attribute 'alpha'"),
        (node("Flatten", "x", axis=1.5), 13, "attribute 'axis' of another type"),
        (node("LeakyRelu", "x", alpha=np.inf), 13, "has alpha=inf, expected a finite number"),
        (node("Pad", "x", mode="constant"), 13, "has 1 input, which opset 13 does not know"),
        (node("Concat", "x x"), 13, "lacks the attribute 'axis'"),
        (node("Expand", "x x"), 7, "is not in opset 7"),
        (node("Relu", "z"), 13, "reads 'z', which no node before it gives"),
        (node("Relu", "x", "x"), 13, "gives 'x', which is there already"),
        (node("MaxPool", "x", kernel_shape=[2]), 13, r"has an image of shape \(1, 2\)"),
    ],
)
def test_nodes_that_do_not_fit_their_opset_are_refused(
    made: onnx.NodeProto, opset: int, message: str, tmp_path: Path
) -> None:
    with pytest.raises((FormatError, UnsupportedOperatorError), match=message):
        loaded(tmp_path, [made], {}, (1, 2), opset=opset)


def test_integers_divide_as_integers(tmp_path: Path) -> None:
    # 7 / 2 = 3, times 2 is 6.
    nodes = [
        node("Div", "seven two", "half"),
        node("Mul", "half two", "six"),
        node("Concat", "six seven", "shape", axis=0),
        node("Reshape", "x shape"),
    ]
    arrays: Arrays = {"seven": axes(7), "two": axes(2)}
    assert loaded(tmp_path, nodes, arrays, (7, 6)).outputs[0].shape == (6, 7)


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [(np.int8, (127, 2), -2), (np.uint8, (255, 2), 254), (np.int64, (-7, -1), 7)],
)
def test_integers_wrap_as_their_type_does(
    kind: type[np.signedinteger], values: tuple[int, int], expected: int, tmp_path: Path
) -> None:
    one, two = (np.array(value, dtype=kind) for value in values)
    nodes = [
        node("Mul", "one two", "product"),
        node("Cast", "product", "real", to=TensorProto.FLOAT),
        node("Add", "x real"),
    ]
    reading = loaded(tmp_path, nodes, {"one": one, "two": two}, (1,))
    assert reading.network(vector([0])) == (expected,)


@pytest.mark.parametrize(
    ("kind", "nearest"),
    [
        (TensorProto.FLOAT, Fraction(13421773, 2**27)),  # 1/10 by IEEE 754
        (TensorProto.FLOAT16, Fraction(1638, 2**14)),
        (TensorProto.BFLOAT16, Fraction(205, 2**11)),
        (TensorProto.DOUBLE, Fraction(0.1)),
    ],
)
def test_constants_are_rounded_by_a_cast(kind: int, nearest: Fraction, tmp_path: Path) -> None:
    nodes = [
        node("Cast", "tenth", "near", to=kind),
        node("Cast", "near", "again", to=TensorProto.FLOAT),
        node("Add", "x again" if kind != TensorProto.DOUBLE else "x near"),
    ]
    other = kind if kind == TensorProto.DOUBLE else TensorProto.FLOAT
    reading = loaded(tmp_path, nodes, {"tenth": np.array([0.1])}, (1,), kind=other)
    assert reading.network(vector([0])) == (nearest,)


def test_computed_integers_are_only_cast(tmp_path: Path) -> None:
    cast = [node("Cast", "x", "f", to=TensorProto.FLOAT), node("Neg", "f")]
    types = {"kind": TensorProto.INT64, "gives": TensorProto.FLOAT}
    assert loaded(tmp_path, cast, {}, (2,), **types).network.in_dim == 2
    with pytest.raises(UnsupportedOperatorError, match="computes with 'x' in integers"):
        loaded(tmp_path, [node("Div", "x c")], {"c": axes(2)}, (2,), kind=TensorProto.INT64)
    with pytest.raises(FormatError, match="input 'x' holds no floats, but BOOL"):
        loaded(tmp_path, [node("Not", "x")], {}, (2,), kind=TensorProto.BOOL)


@pytest.mark.parametrize("operator", ["Conv", "AveragePool", "MaxPool"])
def test_kernels_larger_than_their_image_are_refused(operator: str, tmp_path: Path) -> None:
    weighted = operator == "Conv"
    options: dict[str, object] = {} if weighted else {"kernel_shape": [3, 3]}
    made = node(operator, "x w" if weighted else "x", "y", **options)
    with pytest.raises(FormatError, match=r"spans \(3, 3\) and an image of \(2, 2\)"):
        loaded(tmp_path, [made], {"w": integers(1, 1, 3, 3)}, (1, 1, 2, 2))


def strided(operator: str, stride: int, mode: str, size: int, folder: Path) -> Reading:
    """Return a network of windows of one pixel."""
    options: dict[str, object] = {"strides": [stride], "auto_pad": mode, "kernel_shape": [1]}
    made = node(operator, "x w" if operator == "Conv" else "x", "y", **options)
    weight: Arrays = {"w": np.ones((1, 1, 1), dtype=np.float32)} if operator == "Conv" else {}
    return loaded(folder, [made], weight, (1, 1, size))


@pytest.mark.parametrize("mode", ["SAME_UPPER", "SAME_LOWER"])
@pytest.mark.parametrize("operator", ["Conv", "AveragePool", "MaxPool"])
def test_where_strides_leave_out_pixels_pads_are_needed(
    operator: str, mode: str, tmp_path: Path
) -> None:
    """Of five pixels onnxruntime reads the first, the second or the third, or refuses."""
    assert strided(operator, 2, mode, 4, tmp_path).network(vector([1, 2, 3, 4])) == (1, 3)
    with pytest.raises(UnsupportedOperatorError, match="leave out pixels at the ends"):
        strided(operator, 5, mode, 5, tmp_path)


def test_all_unsupported_operators_are_named_before_any_work(tmp_path: Path) -> None:
    nodes = [
        node("MatMul", "x w", "h"),
        node("Sigmoid", "h", "a"),
        node("Erf", "a", "b"),
        node("Sigmoid", "b", "c"),
        helper.make_node("Gelu", ["c"], ["y"], domain="com.microsoft"),
    ]
    weights: Arrays = {"w": np.ones((2000, 2500), dtype=np.float32)}
    start = time.process_time()
    with pytest.raises(UnsupportedOperatorError) as caught:
        loaded(tmp_path, nodes, weights, (1, 2000))
    assert time.process_time() - start < 1
    found = (
        "'Erf' (1, node 'n_b'), 'Sigmoid' (2, first node 'n_a'), 'com.microsoft.Gelu' (1, node"
    )
    assert found in str(caught.value)
    assert "the part before them is NET.onnx#h, or load(path, output='h')" in str(caught.value)


def test_a_sum_along_no_axes_leaves_values_as_they_are(tmp_path: Path) -> None:
    nodes = [node("ReduceSum", "x", noop_with_empty_axes=1)]
    assert loaded(tmp_path, nodes, {}, (1, 2)).network(vector([1, 2])) == (1, 2)


def test_what_needs_no_output_is_not_looked_at(tmp_path: Path) -> None:
    nodes = [node("Sigmoid", "x", "unused"), node("Neg", "x")]
    assert loaded(tmp_path, nodes, {}, (1, 2)).network(vector([1, 2])) == (-1, -2)


def test_a_tensor_can_be_named_as_the_output(tmp_path: Path) -> None:
    nodes = [node("Neg", "x", "scores"), node("Softmax", "scores")]
    (tmp_path / "net.onnx").write_bytes(model(nodes, {}, (1, 2)).SerializeToString())
    assert load(tmp_path / "net.onnx", output="scores").network(vector([1, 2])) == (-1, -2)
    with pytest.raises(FormatError, match="'logits' is not computed by any node"):
        load(tmp_path / "net.onnx", output="logits")


def test_a_batch_of_minus_one_is_symbolic(tmp_path: Path) -> None:
    assert loaded(tmp_path, [node("Relu", "x")], {}, (-1, 3)).network.in_dim == 3
    with pytest.raises(FormatError, match=r"shape \(1, \?\) has a symbolic dimension besides"):
        loaded(tmp_path, [node("Relu", "x")], {}, (1, -1))


def test_other_outputs_of_a_node_are_refused_if_they_are_used(tmp_path: Path) -> None:
    pool = helper.make_node("MaxPool", ["x"], ["y", "places"], kernel_shape=[2], name="pool")
    assert loaded(tmp_path, [pool], {}, (1, 1, 2)).network(vector([1, 2])) == (2,)
    used = [pool, node("Cast", "places", "z", to=TensorProto.FLOAT)]
    used[0].output[0], used[1].output[0] = "m", "y"
    with pytest.raises(UnsupportedOperatorError, match=r"'pool'.*gives 'places' by an output"):
        loaded(tmp_path, used, {}, (1, 1, 2))


def test_doubling_again_and_again_is_refused_by_size(tmp_path: Path) -> None:
    nodes = [node("Concat", f"t{k} t{k}", f"t{k + 1}", axis=0) for k in range(24)]
    nodes[0].input[:] = ["x", "x"]
    start = time.process_time()
    with pytest.raises(TooLargeError, match="of more than 2000000 entries"):
        loaded(tmp_path, [*nodes, node("Relu", "t24")], {}, (1,))
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("nodes", "arrays"),
    [
        ([node("Expand", "x s")], {"s": axes(10**6, 10**6)}),
        ([node("Tile", "x r")], {"r": axes(10**9)}),
        ([node("ConstantOfShape", "s", "c"), node("Add", "x c")], {"s": axes(10**12)}),
        ([node("Pad", "x p")], {"p": axes(0, 10**10)}),
        (
            [node("Range", "a b c", "r"), node("Expand", "x r")],
            {"a": np.array(0), "b": np.array(10**12), "c": np.array(1)},
        ),
        (
            [node("Add", "a b", "s"), node("Add", "x s")],
            {"a": integers(5000, 1), "b": integers(1, 5000)},
        ),
    ],
)
def test_what_expands_without_end_is_refused_by_size(
    nodes: Nodes, arrays: Arrays, tmp_path: Path
) -> None:
    with pytest.raises(TooLargeError, match="of more than 2000000 entries"):
        loaded(tmp_path, nodes, arrays, (1,))


def test_many_fractions_are_refused_by_size(tmp_path: Path) -> None:
    nodes = [node("Expand", "x s", "e"), node("AveragePool", "e", kernel_shape=[3])]
    with pytest.raises(TooLargeError, match=r"'AveragePool'.* terms that are no doubles"):
        loaded(tmp_path, nodes, {"s": axes(1, 1000, 1000)}, (1, 1, 1))


def test_a_constant_without_a_value_is_refused(tmp_path: Path) -> None:
    nodes = [helper.make_node("Constant", [], ["c"]), node("Add", "x c")]
    with pytest.raises(FormatError, match=r"'Constant'.* has 0 attributes, expected one"):
        loaded(tmp_path, nodes, {}, (1,))


def test_infinite_weights_are_refused_where_they_are_read(tmp_path: Path) -> None:
    weights: Arrays = {
        "unused": np.array([np.nan]),
        "w": np.array([[np.inf]], dtype=np.float32),
    }
    assert loaded(tmp_path, [node("Neg", "x")], weights, (1, 1)).network.out_dim == 1
    with pytest.raises(NotANumberError, match="tensor 'w' holds inf"):
        loaded(tmp_path, [node("MatMul", "x w")], weights, (1, 1))


def test_normalization_is_defined_by_the_nearest_double(tmp_path: Path) -> None:
    two = np.array([2], dtype=np.float32)
    arrays: Arrays = dict.fromkeys("sbmv", two)
    nodes = [node("BatchNormalization", "x s b m v", epsilon=0.0)]
    reading = loaded(tmp_path, nodes, arrays, (1, 1))
    # 2 / sqrt(2) is sqrt(2), whose nearest double is 6369051672525773 / 2**52 (IEEE 754).
    layer = reading.network.layers[0]
    assert isinstance(layer, Affine)
    assert layer.rows[0][0][1] * 2**52 == 6369051672525773
    assert "1 BatchNormalization" in reading.notes[0]
    assert "nearest float64" in reading.notes[0]


def test_convolutions_of_several_images_stand_one_after_the_other(tmp_path: Path) -> None:
    nodes = [node("Conv", "x w")]
    arrays: Arrays = {"w": np.ones((1, 1, 2, 2), dtype=np.float32)}
    reading = loaded(tmp_path, nodes, arrays, (2, 1, 2, 2))
    assert reading.network(vector([1, 2, 3, 4, 10, 20, 30, 40])) == (10, 100)
