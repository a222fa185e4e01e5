from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from onnx import NodeProto, TensorProto, helper, shape_inference

from polyrelax.arithmetic.rational import vector
from polyrelax.errors import (
    FormatError,
    NotANumberError,
    TooLargeError,
    UnsupportedOperatorError,
)
from polyrelax.interop.onnx import load, read
from polyrelax.networks.layers import Affine, Identity, Layer, Neurons, ReLU
from polyrelax.networks.neurons.clip import Clip
from tests.interop.graphs import Arrays, exact, integers, model, run
from tests.interop.onnx_cases import (
    CASES,
    CONVOLUTIONS,
    Case,
    Shape,
    axes,
    convolution,
    node,
    saved,
)
from tests.interop.onnx_operator_cases import OPERATORS

every_case = pytest.mark.parametrize(
    "case",
    [*CASES.values(), *CONVOLUTIONS.values(), *OPERATORS.values()],
    ids=[*CASES, *CONVOLUTIONS, *OPERATORS],
)


@every_case
def test_types_and_shapes_that_onnx_infers_are_those_found(case: Case, tmp_path: Path) -> None:
    bare = model(*case)
    declared = shape_inference.infer_shapes(bare, strict_mode=True, data_prop=True)
    networks = []
    for number, each in enumerate((bare, declared)):
        path = tmp_path / f"{number}.onnx"
        path.write_bytes(each.SerializeToString())
        networks.append(read(path))
    assert networks[0] == networks[1]


@every_case
def test_onnxruntime_computes_the_same_on_integers(case: Case, tmp_path: Path) -> None:
    nodes, arrays, shape = case
    path = tmp_path / "net.onnx"
    path.write_bytes(model(nodes, arrays, shape).SerializeToString())
    network = read(path)
    for seed in range(5):
        x = integers(*shape, seed=100 + seed)
        assert network(exact(x)) == run(path, x)


def test_convolution_follows_its_definition(tmp_path: Path) -> None:
    nodes, arrays, shape = CONVOLUTIONS["strides and pads"]
    kernel = arrays["w"]
    network = saved(tmp_path, nodes, arrays, shape)
    image = integers(*shape, seed=3)
    expected = []
    for m, p, q in np.ndindex(2, 3, 4):
        total = 0
        for c, i, j in np.ndindex(2, 3, 2):
            row, column = 2 * p + i - 1, q + j
            if 0 <= row < 5 and 0 <= column < 4:
                total += int(kernel[m, c, i, j]) * int(image[0, c, row, column])
        expected.append(total)
    assert network(exact(image)) == tuple(expected)


def test_piecewise_linear_operators_are_neurons(tmp_path: Path) -> None:
    def neurons(operator: str, **given: object) -> set[str]:
        made = node(operator, "x", "y", **given)
        (layer,) = saved(tmp_path, [made], {}, (1, 1, 4)).layers
        assert isinstance(layer, Neurons)
        return {unit.neuron.name for unit in layer.units}

    assert neurons("MaxPool", kernel_shape=[2]) == {"maximum of 2"}
    assert neurons("MaxPool", kernel_shape=[3], pads=[1, 0]) == {"maximum of 2", "maximum of 3"}
    assert neurons("GlobalMaxPool") == {"maximum of 4"}
    assert neurons("Abs") == {"absolute value"}
    assert neurons("LeakyRelu", alpha=0.25) == {"leaky relu 1/4"}
    assert neurons("ReduceMin", axes=[2]) == {"minimum of 4"}


def test_what_constants_bound_is_clipped(tmp_path: Path) -> None:
    def layer(operator: str, *ends: int) -> Layer:
        arrays: Arrays = {
            f"c{k}": np.array([end], dtype=np.float32) for k, end in enumerate(ends)
        }
        made = node(operator, " ".join(["x", *arrays]))
        (found,) = saved(tmp_path, [made], arrays, (1, 2)).layers
        return found

    both = [Clip(Fraction(-1), Fraction(2)), Clip(Fraction(3), None), Clip(None, Fraction(1))]
    expected = [Neurons(2, ((neuron, (0,)), (neuron, (1,)))) for neuron in both]
    assert [layer("Clip", -1, 2), layer("Max", 3), layer("Min", 4, 1)] == expected
    assert layer("Clip", 0) == ReLU(2)


def test_values_pass_neurons_that_others_need(tmp_path: Path) -> None:
    # |x| + x: the absolute value waits for nobody, x passes beside it.
    network = saved(tmp_path, [node("Abs", "x", "a"), node("Add", "a x")], {}, (1, 2))
    first, _ = network.layers
    assert isinstance(first, Neurons)
    assert [unit.neuron.name for unit in first.units] == ["pass"] * 2 + ["absolute value"] * 2
    assert network(vector([-3, 5])) == (0, 10)


def test_additions_of_constants_fold_into_affine_neighbours(tmp_path: Path) -> None:
    nodes = [
        node("Sub", "x c", "s"),
        node("Flatten", "s", "f"),
        node("MatMul", "f w", "m"),
        node("Add", "m b", "a"),
        node("Relu", "a"),
    ]
    arrays: Arrays = {"c": integers(3), "w": integers(6, 2), "b": integers(2)}
    network = saved(tmp_path, nodes, arrays, (1, 2, 3))
    assert network.widths == (6, 2, 2)


def test_two_matrices_stay_two_layers(tmp_path: Path) -> None:
    nodes = [node("MatMul", "x w", "h"), node("MatMul", "h w")]
    assert saved(tmp_path, nodes, {"w": integers(2, 2)}, (1, 2)).widths == (2, 2, 2)


def test_rearrangements_alone_are_one_identity_or_selection(tmp_path: Path) -> None:
    assert saved(tmp_path, [node("Flatten", "x")], {}, (1, 2, 2)).layers == (Identity(4),)
    swapped = saved(tmp_path, [node("Transpose", "x")], {}, (2, 2))
    assert swapped.layers == (Affine.select([0, 2, 1, 3], 4),)


def test_a_skipping_value_passes_the_relu(tmp_path: Path) -> None:
    nodes, arrays, shape = CASES["residual"]
    relus = [
        layer
        for layer in saved(tmp_path, nodes, arrays, shape).layers
        if isinstance(layer, ReLU)
    ]
    assert [(layer.width, len(layer.active)) for layer in relus] == [(5, 3), (2, 2)]


def test_convolutions_stay_sparse(tmp_path: Path) -> None:
    nodes, arrays, shape = convolution((1, 1, 40, 40), (2, 1, 3, 3))
    layer = saved(tmp_path, nodes, arrays, shape).layers[0]
    assert isinstance(layer, Affine)
    assert layer.out_dim == 2 * 38 * 38
    assert max(map(len, layer.rows)) <= 9


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64, np.int8, np.uint64])
def test_weights_are_the_numbers_in_binary(kind: type[np.generic], tmp_path: Path) -> None:
    weight = np.array([[0.1], [3]]).astype(kind)
    is_float = weight.dtype.kind == "f"
    cast = [] if is_float else [node("Cast", "w", "v", to=TensorProto.FLOAT)]
    nodes = [*cast, node("MatMul", "x w" if is_float else "x v")]
    own = helper.np_dtype_to_tensor_dtype(weight.dtype) if is_float else TensorProto.FLOAT
    network = saved(tmp_path, nodes, {"w": weight}, (1, 2), kind=own)
    assert network(vector([1, 0])) == (Fraction(float(weight[0, 0])),)
    assert network(vector([0, 1])) == (3,)


def test_a_symbolic_batch_is_one(tmp_path: Path) -> None:
    assert saved(tmp_path, [node("Relu", "x")], {}, ("batch", 3)).in_dim == 3
    with pytest.raises(FormatError, match="symbolic dimension besides the first"):
        saved(tmp_path, [node("Relu", "x")], {}, (1, "width"))


REFUSED: dict[str, tuple[list[NodeProto], Arrays, Shape, str]] = {
    "sigmoid": (
        [node("Sigmoid", "x")],
        {},
        (1, 2),
        r"not supported: 'Sigmoid' \(1, node 'n_y'\)",
    ),
    "product": ([node("Mul", "x x")], {}, (1, 2), "multiplies two computed tensors"),
    "square": ([node("MatMul", "x x")], {}, (2, 2), "multiplies two computed tensors"),
    "quotient": (
        [node("Div", "c x")],
        {"c": integers(2)},
        (1, 2),
        "divides by a computed tensor",
    ),
    "computed bias": (
        [node("Gemm", "x w x")],
        {"w": integers(2, 2)},
        (1, 2),
        "has a computed bias 'x'",
    ),
    "computed kernel": (
        [node("Conv", "c x")],
        {"c": integers(1, 1, 3, 3)},
        (1, 1, 2, 2),
        "constant",
    ),
}


@pytest.mark.parametrize(("nodes", "arrays", "shape", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_affine_or_relu_is_refused(
    nodes: list[NodeProto], arrays: Arrays, shape: Shape, message: str, tmp_path: Path
) -> None:
    with pytest.raises(UnsupportedOperatorError, match=message):
        saved(tmp_path, nodes, arrays, shape)


MALFORMED: dict[str, tuple[list[NodeProto], Arrays, Shape, str]] = {
    "shapes": (
        [node("Gemm", "x w")],
        {"w": integers(3, 2)},
        (1, 2),
        r"shapes \(1, 2\) and \(3, 2\)",
    ),
    "broadcast": ([node("Add", "x c")], {"c": integers(3)}, (1, 2), "does not fit its inputs"),
    "reshape": (
        [node("Reshape", "x s")],
        {"s": axes(3)},
        (1, 2),
        r"makes shape \[3\] of \(1, 2\)",
    ),
    "zero": (
        [node("Div", "x c")],
        {"c": np.array([0, 1], dtype=np.float32)},
        (1, 2),
        "divides by zero",
    ),
    "groups": (*convolution((1, 3, 3, 3), (2, 1, 2, 2), group=2), "has 2 groups"),
    "constant": (
        [node("Identity", "c")],
        {"c": integers(1)},
        (1, 2),
        "does not depend on the input",
    ),
    "bias": (
        [node("Conv", "x w b")],
        {"w": integers(2, 1, 1), "b": integers(3)},
        (1, 1, 2),
        "bias of shape",
    ),
}


@pytest.mark.parametrize(
    ("nodes", "arrays", "shape", "message"), MALFORMED.values(), ids=MALFORMED
)
def test_graphs_that_do_not_fit_are_refused(
    nodes: list[NodeProto], arrays: Arrays, shape: Shape, message: str, tmp_path: Path
) -> None:
    with pytest.raises(FormatError, match=message):
        saved(tmp_path, nodes, arrays, shape)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_weights_that_are_no_numbers_are_refused(value: float, tmp_path: Path) -> None:
    with pytest.raises(NotANumberError, match=f"tensor 'w' holds {value}"):
        saved(
            tmp_path,
            [node("MatMul", "x w")],
            {"w": np.array([[1], [value]], dtype=np.float32)},
            (1, 2),
        )


def test_files_that_are_no_onnx_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    for content in (b"", b"hello", model([], {}, (1, 2)).SerializeToString()):
        path.write_bytes(content)
        with pytest.raises(FormatError):
            read(path)


def test_several_inputs_and_outputs_stand_one_after_the_other(tmp_path: Path) -> None:
    two = model([node("Sub", "x z", "y"), node("Neg", "z", "w")], {}, (1, 2))
    two.graph.input.append(helper.make_tensor_value_info("z", TensorProto.FLOAT, (2, 1)))
    two.graph.output.append(helper.make_tensor_value_info("w", TensorProto.FLOAT, None))
    (tmp_path / "net.onnx").write_bytes(two.SerializeToString())
    reading = load(tmp_path / "net.onnx")
    assert [(port.name, port.shape) for port in reading.inputs] == [
        ("x", (1, 2)),
        ("z", (2, 1)),
    ]
    assert [(port.name, port.shape) for port in reading.outputs] == [
        ("y", (2, 2)),
        ("w", (2, 1)),
    ]
    # x = (1, 2), z = (10, 20): the differences row by row, then -z.
    assert reading.network(vector([1, 2, 10, 20])) == vector([-9, -8, -19, -18, -10, -20])


def test_tensors_that_do_not_fit_their_shape_are_refused(tmp_path: Path) -> None:
    broken = model([node("MatMul", "x w")], {"w": integers(2, 2)}, (1, 2))
    broken.graph.initializer[0].dims[0] = 3
    (tmp_path / "net.onnx").write_bytes(broken.SerializeToString())
    with pytest.raises(
        FormatError, match=r"net.onnx is no valid ONNX file|tensor 'w' does not fit"
    ):
        read(tmp_path / "net.onnx")


def test_inputs_without_end_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLargeError, match="input 'x' has shape"):
        saved(tmp_path, [node("Relu", "x")], {}, (1, 2**40))
