"""Train the network of this folder and write it, with an input box, as files.

Needs ``pip install scikit-learn onnx``.  The seed is fixed; the files in the repository are
what the versions named in the README gave.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

FOLDER = Path(__file__).parent
WHITE = 16
RADIUS = Fraction(1, 16)
SEED = 0
IMAGES = 10


def main() -> None:
    """Train, write the network, images of the test set, and a box around the first one."""
    images, labels = load_digits(return_X_y=True)
    train, test, train_labels, test_labels = train_test_split(
        images, labels, test_size=360, random_state=SEED
    )
    classifier = MLPClassifier((32, 32), max_iter=300, random_state=SEED)
    classifier.fit(train / WHITE, train_labels)
    print(f"accuracy on 360 test images: {classifier.score(test / WHITE, test_labels):.3f}")
    print(f"the box is around an image of {test_labels[0]}")
    model = as_onnx(classifier.coefs_, classifier.intercepts_)
    (FOLDER / "digits.onnx").write_bytes(model.SerializeToString(deterministic=True))
    (FOLDER / "box.json").write_text(box_around(test[0]), encoding="utf-8")
    images = ",\n ".join(json.dumps(exact(image)) for image in test[:IMAGES])
    (FOLDER / "images.json").write_text(f"[{images}]\n", encoding="utf-8")
    written = json.dumps(test_labels[:IMAGES].tolist())
    (FOLDER / "labels.json").write_text(f"{written}\n", encoding="utf-8")


def as_onnx(
    weights: list[npt.NDArray[np.float64]], biases: list[npt.NDArray[np.float64]]
) -> onnx.ModelProto:
    """Return the network as a graph of Gemm and Relu, weights rounded to float32."""
    nodes, tensors = [], []
    for i, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
        source = f"hidden{i}" if i else "pixels"
        target = f"sum{i}" if i + 1 < len(weights) else "scores"
        nodes.append(helper.make_node("Gemm", [source, f"W{i}", f"b{i}"], [target], f"gemm{i}"))
        if i + 1 < len(weights):
            nodes.append(helper.make_node("Relu", [target], [f"hidden{i + 1}"], f"relu{i}"))
        tensors += [
            numpy_helper.from_array(weight.astype(np.float32), f"W{i}"),
            numpy_helper.from_array(bias.astype(np.float32), f"b{i}"),
        ]
    ends = [("pixels", weights[0].shape[0]), ("scores", weights[-1].shape[1])]
    inputs, outputs = (
        helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["batch", size])
        for name, size in ends
    )
    graph = helper.make_graph(nodes, "digits", [inputs], [outputs], tensors)
    opsets = [helper.make_opsetid("", 13)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def exact(image: npt.NDArray[np.float64]) -> list[str]:
    """Return the pixels as texts of exact numbers."""
    return [str(Fraction(int(value), WHITE)) for value in image]


def box_around(image: npt.NDArray[np.float64]) -> str:
    """Return the pixels within RADIUS of an image's and within [0, 1], as JSON."""
    pixels = [Fraction(int(value), WHITE) for value in image]
    lower = [str(max(pixel - RADIUS, Fraction(0))) for pixel in pixels]
    upper = [str(min(pixel + RADIUS, Fraction(1))) for pixel in pixels]
    return f'{{"lower": {json.dumps(lower)},\n "upper": {json.dumps(upper)}}}\n'


if __name__ == "__main__":
    main()
