"""Files as scikit-learn's exporter writes them: linear models, scalings, classifiers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from polyrelax.arithmetic.rational import vector
from polyrelax.errors import FormatError, UnsupportedOperatorError
from polyrelax.interop.onnx import load
from tests.interop.graphs import Arrays, exact, integers
from tests.interop.onnx_cases import node

ML = "ai.onnx.ml"
SCALED = {"offset": [1.0, 2.0, -1.0], "scale": [0.5, 2.0, 4.0]}
COEFFICIENTS = [1.0, -2.0, 3.0, 0.5, 0.0, -1.0]


def ml(operator: str, inputs: str, outputs: str, **attributes: object) -> onnx.NodeProto:
    made = helper.make_node(operator, inputs.split(), outputs.split(), name=operator, domain=ML)
    made.attribute.extend(
        helper.make_attribute(key, value) for key, value in attributes.items()
    )
    return made


def saved(
    folder: Path, nodes: list[onnx.NodeProto], outputs: Mapping[str, int], arrays: Arrays
) -> Path:
    """A graph of three inputs with named outputs of these element types."""
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "model",
        [value("X", TensorProto.FLOAT, [None, 3])],
        [value(name, kind, None) for name, kind in outputs.items()],
        [numpy_helper.from_array(array, name) for name, array in arrays.items()],
    )
    imports = [helper.make_opsetid("", 13), helper.make_opsetid(ML, 1)]
    path = folder / "model.onnx"
    made = helper.make_model(graph, opset_imports=imports, ir_version=8)
    path.write_bytes(made.SerializeToString())
    return path


def outputs_of(
    path: Path, x: np.ndarray[tuple[int, ...], np.dtype[np.float32]]
) -> list[object]:
    session = onnxruntime.InferenceSession(str(path))
    return list(session.run(None, {"X": x}))


def test_scaled_regressions_are_affine(tmp_path: Path) -> None:
    nodes = [
        ml("Scaler", "X", "S", **SCALED),
        ml(
            "LinearRegressor",
            "S",
            "y",
            coefficients=COEFFICIENTS,
            intercepts=[1.0, 2.0],
            targets=2,
        ),
    ]
    path = saved(tmp_path, nodes, {"y": TensorProto.FLOAT}, {})
    network = load(path).network
    # At (3, 1, 0) the scaled values are (1, -2, 4): 1 + 4 + 12 + 1 and 1/2 - 4 + 2.
    assert network(vector([3, 1, 0])) == (18, Fraction(-3, 2))
    x = integers(1, 3, seed=4)
    (found,) = outputs_of(path, x)
    assert network(exact(x)) == exact(np.asarray(found))


def test_chosen_features_are_a_selection(tmp_path: Path) -> None:
    nodes = [ml("ArrayFeatureExtractor", "X i", "y")]
    path = saved(tmp_path, nodes, {"y": TensorProto.FLOAT}, {"i": np.array([2, 0])})
    assert load(path).network(vector([1, 2, 3])) == (3, 1)


@pytest.mark.parametrize("transform", ["NONE", "SOFTMAX", "LOGISTIC"])
def test_linear_classifiers_are_read_up_to_their_scores(transform: str, tmp_path: Path) -> None:
    classifier = ml(
        "LinearClassifier",
        "X",
        "label p",
        classlabels_ints=[0, 1],
        coefficients=COEFFICIENTS,
        intercepts=[1.0, 2.0],
        post_transform=transform,
    )
    kinds = {"label": TensorProto.INT64, "p": TensorProto.FLOAT}
    path = saved(tmp_path, [classifier], kinds, {})
    reading = load(path)
    # At (1, 1, 1): 1 - 2 + 3 + 1 and 1/2 - 1 + 2.
    assert reading.network(vector([1, 1, 1])) == (3, Fraction(3, 2))
    assert reading.notes == (
        "this is a classifier, whose 'label' and 'p' follow from the scores 'scores of label': "
        "these are read",
    )
    label, _ = outputs_of(path, np.ones((1, 3), dtype=np.float32))
    assert np.asarray(label).tolist() == [0]  # of the greater score


def classifier(last: list[onnx.NodeProto]) -> list[onnx.NodeProto]:
    """A multilayer perceptron, whose scores are ``scores``, and what follows them."""
    return [
        node("Cast", "X", "c", to=TensorProto.FLOAT),
        node("MatMul", "c w", "m"),
        node("Relu", "m", "r"),
        node("MatMul", "r v", "scores"),
        *last,
    ]


TAILS = {
    "softmax": [
        node("Softmax", "scores", "p"),
        node("ArgMax", "p", "k", axis=1),
        ml("ArrayFeatureExtractor", "classes k", "label"),
    ],
    "logistic": [
        node("Sigmoid", "scores", "q"),
        node("Sub", "one q", "not_q"),
        node("Concat", "not_q q", "p", axis=1),
        node("ArgMax", "p", "label", axis=1),
    ],
    "scores": [node("ArgMax", "scores", "label", axis=1), node("Identity", "scores", "p")],
    "maps": [
        node("ArgMax", "scores", "label", axis=1),
        node("Cast", "scores", "as_floats", to=TensorProto.FLOAT),
        ml("ZipMap", "as_floats", "p", classlabels_int64s=[0, 1]),
    ],
    "maps of doubles, which the definition does not know": [
        node("ArgMax", "scores", "label", axis=1),
        node("Cast", "scores", "as_doubles", to=TensorProto.DOUBLE),
        ml("ZipMap", "as_doubles", "p", classlabels_int64s=[0, 1]),
    ],
}


@pytest.mark.parametrize("tail", TAILS.values(), ids=TAILS)
def test_classifiers_are_read_up_to_their_scores(
    tail: list[onnx.NodeProto], tmp_path: Path
) -> None:
    w, v = integers(3, 4), integers(4, 2)
    one = np.ones(1, dtype=np.float32)
    arrays: Arrays = {"w": w, "v": v, "classes": np.array([0, 1]), "one": one}
    kinds = {"label": TensorProto.INT64, "p": TensorProto.FLOAT}
    reading = load(saved(tmp_path, classifier(tail), kinds, arrays))
    assert [port.name for port in reading.outputs] == ["scores"]
    (note,) = reading.notes
    assert "follow from the scores 'scores'" in note
    x = integers(1, 3, seed=2)
    expected = np.maximum(x @ w, 0) @ v
    assert reading.network(exact(x)) == exact(expected)


def test_a_probability_alone_is_refused_with_a_way_on(tmp_path: Path) -> None:
    path = saved(
        tmp_path,
        classifier([node("Softmax", "scores", "p")]),
        {"p": TensorProto.FLOAT},
        {"w": integers(3, 4), "v": integers(4, 2)},
    )
    with pytest.raises(UnsupportedOperatorError, match=r"'Softmax' .*output='scores'"):
        load(path)
    assert load(path, output="scores").network.out_dim == 2


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (ml("Normalizer", "X", "y", norm="L2"), "not supported: 'ai.onnx.ml.Normalizer'"),
        (ml("Scaler", "X", "y", offset=[0.0, 0.0], scale=[1.0]), "1 factor and 2 offsets"),
        (ml("LinearRegressor", "X", "y", coefficients=[1.0] * 4), "4 coefficients for 3"),
        (
            ml("LinearRegressor", "X", "y", coefficients=[1.0] * 3, post_transform="PROBIT"),
            "post_transform='PROBIT'",
        ),
        (
            ml("Imputer", "X", "y", imputed_value_floats=[1.0], replaced_value_float=0.0),
            "expected it to replace NaN alone",
        ),
    ],
)
def test_what_is_not_affine_is_refused(
    made: onnx.NodeProto, message: str, tmp_path: Path
) -> None:
    path = saved(tmp_path, [made], {"y": TensorProto.FLOAT}, {})
    with pytest.raises((FormatError, UnsupportedOperatorError), match=message):
        load(path)
