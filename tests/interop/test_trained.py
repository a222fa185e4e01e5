r"""Trained networks: onnxruntime's values lie within the error that theory allows.

A sum of n products and a bias in floating point, in any order, is off by at most
:math:`\gamma_k (|W||x| + |b|)` with :math:`k = n + 1`, :math:`\gamma_k = k u / (1 - k u)` and
:math:`u = 2^{-53}` (float64), if nothing underflows; an underflow adds at most
:math:`2^{-1074}`.  Errors of the input of a layer are multiplied by :math:`|W|`.  onnxruntime
convolves in float32 only, where these are :math:`2^{-24}` and :math:`2^{-149}`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import pytest
from onnx import numpy_helper

from polyrelax.arithmetic.interval import round_down
from polyrelax.arithmetic.rational import Vector
from polyrelax.interop.onnx import read
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network
from tests.interop.graphs import exact, run

DIGITS = Path(__file__).parents[2] / "examples" / "digits"
# One rounding more than the theorem's, for a constant that was subtracted from the input.
SPARE = 2


@dataclass(frozen=True)
class Floats:
    """A floating-point format: unit roundoff and least positive number."""

    unit: Fraction
    tiny: Fraction


SINGLE = Floats(Fraction(1, 2**24), Fraction(1, 2**149))
DOUBLE = Floats(Fraction(1, 2**53), Fraction(1, 2**1074))


def magnitude(layer: Affine) -> Affine:
    """The layer of absolute values."""
    rows = tuple(tuple((j, abs(value)) for j, value in row) for row in layer.rows)
    return Affine(rows, tuple(map(abs, layer.bias)), layer.in_dim)


def float_errors(network: Network, x: Vector, floats: Floats) -> Vector:
    """What floating-point arithmetic may be off by at most, from an input without error."""
    errors = (Fraction(0),) * len(x)
    for layer, value in zip(network.layers, network.activations(x), strict=False):
        if isinstance(layer, Affine):
            size = magnitude(layer)
            k = max(map(len, layer.rows)) + SPARE
            gamma = k * floats.unit / (1 - k * floats.unit)
            seen = tuple(abs(v) + e for v, e in zip(value, errors, strict=True))
            linear = Affine(size.rows, (Fraction(0),) * size.out_dim, size.in_dim)
            errors = tuple(
                -round_down(-(gamma * total + before + k * floats.tiny), 200)
                for total, before in zip(size(seen), linear(errors), strict=True)
            )
    return errors


def check(network: Network, path: Path, x: npt.NDArray[np.generic], floats: Floats) -> None:
    values = network(exact(x))
    errors = float_errors(network, exact(x), floats)
    for value, found, error in zip(values, run(path, x), errors, strict=True):
        assert abs(value - found) <= error
    # The bound says something: it is small beside the scores.
    assert 8 * max(errors) < max(map(abs, values))


def check_in_double(path: Path, folder: Path, *, seed: int) -> None:
    doubled = as_double(onnx.load(path))
    (folder / "double.onnx").write_bytes(doubled.SerializeToString())
    shape = [each.dim_value or 1 for each in doubled.graph.input[0].type.tensor_type.shape.dim]
    x = np.random.default_rng(seed).random(shape)
    check(read(path), folder / "double.onnx", x, DOUBLE)


def as_double(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with the same weights in float64."""
    for tensor in model.graph.initializer:
        if tensor.data_type == onnx.TensorProto.FLOAT:
            array = numpy_helper.to_array(tensor).astype(np.float64)
            tensor.CopyFrom(numpy_helper.from_array(array, tensor.name))
    for value in (*model.graph.input, *model.graph.output):
        value.type.tensor_type.elem_type = onnx.TensorProto.DOUBLE
    del model.graph.value_info[:]
    return model


def test_digits(tmp_path: Path) -> None:
    assert read(DIGITS / "digits.onnx").widths == (64, 32, 32, 32, 32, 10)
    for seed in range(3):
        check_in_double(DIGITS / "digits.onnx", tmp_path, seed=seed)


@pytest.mark.parametrize(
    "name",
    [
        "acasxu/ACASXU_run2a_1_1.onnx",
        "mnist/mlp_2x100_nor.onnx",
        "vnnlib_tiny/test_small.onnx",
        "vnnlib_tiny/test_tiny.onnx",
        "vnnlib_tiny/test_nano.onnx",
    ],
)
def test_published_networks(name: str, data_dir: Path, tmp_path: Path) -> None:
    check_in_double(data_dir / name, tmp_path, seed=1)


def test_published_convolutions(data_dir: Path) -> None:
    path = data_dir / "mnist" / "cnn_small_lpd.onnx"
    network = read(path)
    assert network.widths == (784, 3136, 3136, 1568, 1568, 100, 100, 10)
    x = np.random.default_rng(1).random((1, 1, 28, 28), dtype=np.float32)
    check(network, path, x, SINGLE)
