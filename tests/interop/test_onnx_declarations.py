"""What an ONNX file declares is honoured: opsets, types of entries, shapes."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from polyrelax.errors import FormatError
from polyrelax.interop.onnx.reading import Reading, load
from tests.interop.onnx_cases import node

Shape = Sequence[int | str | None] | None


def loaded(folder: Path, model: onnx.ModelProto) -> Reading:
    path = folder / "net.onnx"
    path.write_bytes(model.SerializeToString())
    return load(path)


def adding(  # noqa: PLR0913 -- each of them is declared
    *,
    x: int = TensorProto.FLOAT,
    c: type[np.generic] = np.float32,
    y: int = TensorProto.FLOAT,
    takes: Shape = (1, 2),
    gives: Shape = None,
    opsets: tuple[tuple[str, int], ...] = (("", 13),),
) -> onnx.ModelProto:
    """The graph of y = x + c."""
    constant = numpy_helper.from_array(np.array([1, 2]).astype(c), "c")
    graph = helper.make_graph(
        [node("Add", "x c")],
        "sum",
        [helper.make_tensor_value_info("x", x, takes)],
        [helper.make_tensor_value_info("y", y, gives)],
        [constant],
    )
    made = helper.make_model(graph, ir_version=8)
    del made.opset_import[:]
    made.opset_import.extend(helper.make_opsetid(*each) for each in opsets)
    return made


def test_a_file_without_opsets_is_refused_as_one(tmp_path: Path) -> None:
    with pytest.raises(
        FormatError, match=r"^found no opset of ai\.onnx, expected one of 6 to "
    ):
        loaded(tmp_path, adding(opsets=()))
    with pytest.raises(FormatError, match=r"found no opset of ai\.onnx, "):
        loaded(tmp_path, adding(opsets=(("ai.onnx.ml", 2),)))
    assert loaded(tmp_path, adding(opsets=(("ai.onnx", 13),))).network.in_dim == 2
    old = adding(opsets=())
    old.ir_version = 2  # the versions of the format that knew of no opsets
    with pytest.raises(FormatError, match="found opset 1, expected one of 6 to "):
        loaded(tmp_path, old)


def test_operators_of_one_domain_need_no_opset_of_another(tmp_path: Path) -> None:
    ml = "ai.onnx.ml"
    scaled = helper.make_node(
        "Scaler", ["x"], ["y"], domain=ml, offset=[1.0, 2.0], scale=[2.0, 2.0]
    )
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [scaled],
        "scaling",
        [value("x", TensorProto.FLOAT, [None, 2])],
        [value("y", TensorProto.FLOAT, [None, 2])],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid(ml, 2)], ir_version=8)
    assert loaded(tmp_path, made).network((3, 5)) == (4, 6)


@pytest.mark.parametrize(
    ("kinds", "message"),
    [
        ({"c": np.float64}, r"operator 'Add' \(node 'n_y'\) reads float 'x' and double 'c'$"),
        (
            {"x": TensorProto.DOUBLE, "y": TensorProto.DOUBLE},
            "reads double 'x' and float 'c'$",
        ),
        ({"c": np.int64}, "reads float 'x' and int64 'c'$"),
        (
            {"y": TensorProto.DOUBLE},
            r"operator 'Add' \(node 'n_y'\) gives float 'y', which is declared as double$",
        ),
    ],
)
def test_types_that_do_not_fit_are_refused_with_their_node(
    kinds: dict[str, object], message: str, tmp_path: Path
) -> None:
    with pytest.raises(FormatError, match=message):
        loaded(tmp_path, adding(**kinds))  # type: ignore[arg-type]


def test_types_go_through_the_graph(tmp_path: Path) -> None:
    """Both branches are casts of one tensor, to types that a third node adds."""
    for kind, fits in ((TensorProto.FLOAT, True), (TensorProto.DOUBLE, False)):
        graph = helper.make_graph(
            [
                node("Cast", "x", "a", to=TensorProto.FLOAT),
                node("Cast", "x", "b", to=kind),
                node("Relu", "b", "c"),
                node("Add", "a c"),
            ],
            "branches",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, [2])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        )
        opsets = [helper.make_opsetid("", 13)]
        made = helper.make_model(graph, opset_imports=opsets, ir_version=8)
        if fits:
            assert loaded(tmp_path, made).network((-1, 2)) == (-1, 4)
        else:
            with pytest.raises(FormatError, match=r"reads float 'a' and double 'c'$"):
                loaded(tmp_path, made)


@pytest.mark.parametrize("gives", [None, (1, 2), ("batch", 2), (1, "width"), (None, None)])
def test_outputs_of_the_declared_shape_are_read(gives: Shape, tmp_path: Path) -> None:
    assert loaded(tmp_path, adding(gives=gives)).outputs[0].shape == (1, 2)


@pytest.mark.parametrize(
    ("gives", "said"),
    [
        ((1, 3), r"\(1, 3\)"),
        ((2, 1), r"\(2, 1\)"),
        ((2,), r"\(2\)"),
        (("n", 2, 1), r"\(\?, 2, 1\)"),
    ],
)
def test_outputs_of_another_shape_are_refused_with_their_node(
    gives: Shape, said: str, tmp_path: Path
) -> None:
    found = r"operator 'Add' \(node 'n_y'\) gives 'y' of shape \(1, 2\)"
    message = rf"^{found}, which is declared as {said}$"
    with pytest.raises(FormatError, match=message):
        loaded(tmp_path, adding(gives=gives))


def branching(*said: onnx.ValueInfoProto, weight: Sequence[int] = (1, 2)) -> onnx.ModelProto:
    """The graph of y = -relu(x + w), all of whose tensors are declared as is said."""
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [node("Add", "x w", "a"), node("Relu", "a", "b"), node("Neg", "b")],
        "branches",
        [value("x", TensorProto.FLOAT, ["batch", 2])],
        [value("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.ones(weight, dtype=np.float32), "w")],
        value_info=said,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


@pytest.mark.parametrize(
    "shape", [None, (1, 2), ("batch", 2), (None, None), (0, 2), (-1, 2), ("other", "name")]
)
@pytest.mark.parametrize("name", ["a", "b", "w", "x"])
def test_shapes_that_a_file_leaves_open_contradict_nothing(
    name: str, shape: Shape, tmp_path: Path
) -> None:
    said = helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
    assert loaded(tmp_path, branching(said)).network((1, -2)) == (-2, 0)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a", r"operator 'Add' \(node 'n_a'\) gives 'a' of shape"),
        ("b", r"operator 'Relu' \(node 'n_b'\) gives 'b' of shape"),
        ("w", "tensor 'w' has shape"),
        ("x", "tensor 'x' has shape"),
    ],
)
@pytest.mark.parametrize("shape", [(1, 3), (2,), ("n", 2, 1), ()])
def test_another_shape_than_a_tensor_has_is_refused(
    name: str, found: str, shape: Shape, tmp_path: Path
) -> None:
    said = helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
    with pytest.raises(FormatError, match=rf"^{found} \(1, 2\), which is declared as \("):
        loaded(tmp_path, branching(said))


def test_each_of_several_declarations_holds(tmp_path: Path) -> None:
    value = helper.make_tensor_value_info
    said = (value("a", TensorProto.FLOAT, shape) for shape in ((1, 2), (1, 3)))
    with pytest.raises(
        FormatError, match=r"gives 'a' of shape \(1, 2\), which is .* \(1, 3\)$"
    ):
        loaded(tmp_path, branching(*said))
    kinds = (value("a", kind, None) for kind in (TensorProto.FLOAT, TensorProto.INT64))
    with pytest.raises(FormatError, match=r"^tensor 'a' is declared as float and as int64$"):
        loaded(tmp_path, branching(*kinds))


def test_weights_are_of_the_type_that_is_declared(tmp_path: Path) -> None:
    said = helper.make_tensor_value_info("w", TensorProto.DOUBLE, None)
    with pytest.raises(
        FormatError, match=r"^tensor 'w' holds float, which is declared as doub"
    ):
        loaded(tmp_path, branching(said))


def test_a_chosen_output_keeps_to_what_is_declared_too(tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    said = helper.make_tensor_value_info("b", TensorProto.FLOAT, (3,))
    path.write_bytes(branching(said).SerializeToString())
    assert load(path, output="a").network((1, 2)) == (2, 3)  # "b" is not asked for
    with pytest.raises(FormatError, match=r"gives 'b' of shape \(1, 2\)"):
        load(path, output="b")


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int32, np.bool_])
def test_a_type_that_an_operator_does_not_take_is_called_what_it_is(
    kind: type[np.generic], tmp_path: Path
) -> None:
    graph = helper.make_graph(
        [node("Reshape", "x s")],
        "reshaping",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 2])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.array([2, 1]).astype(kind), "s")],
    )
    opsets = [helper.make_opsetid("", 13)]
    made = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    name = {np.float32: "float", np.float64: "double", np.int32: "int32", np.bool_: "bool"}[
        kind
    ]
    found = rf"operator 'Reshape' \(node 'n_y'\) reads {name} 's', expected int64"
    with pytest.raises(FormatError, match=rf"^{found}$"):
        loaded(tmp_path, made)


@pytest.mark.parametrize("takes", [(0, 2), (2, 0), (0,)])
def test_an_input_without_numbers_is_no_batch(takes: tuple[int, ...], tmp_path: Path) -> None:
    shown = r", ".join(map(str, takes))
    with pytest.raises(
        FormatError, match=rf"input 'x' of shape \({shown},?\) holds no numbers"
    ):
        loaded(tmp_path, adding(takes=takes))
