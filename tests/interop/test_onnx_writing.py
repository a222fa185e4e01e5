from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.errors import InexactInputError, UnsupportedOperatorError
from polyrelax.interop.onnx import read, write
from polyrelax.networks.gallery import maximum_encodings, tent
from polyrelax.networks.layers import Affine, Identity, ReLU
from polyrelax.networks.network import Network
from tests.interop.graphs import exact, run

weights = st.integers(-8, 8)


@given(
    rows=st.lists(st.lists(weights, min_size=3, max_size=3), min_size=2, max_size=2),
    last=st.lists(weights, min_size=2, max_size=2),
)
def test_what_is_written_is_read_back(
    rows: list[list[int]], last: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("onnx") / "net.onnx"
    layers = (Identity(3), Affine.dense(rows), ReLU(2), Affine.dense([last], ["1/4"]))
    network = Network(layers)
    write(network, path)
    x = np.array([[1.0, -2.0, 0.5]])
    assert read(path)(exact(x)) == network(exact(x)) == run(path, x)


def test_the_same_network_gives_the_same_bytes(tmp_path: Path) -> None:
    write(tent(), tmp_path / "a.onnx")
    write(tent(), tmp_path / "b.onnx")
    assert (tmp_path / "a.onnx").read_bytes() == (tmp_path / "b.onnx").read_bytes()
    assert read(tmp_path / "a.onnx") == tent()
    onnx.checker.check_model(onnx.load(tmp_path / "a.onnx"))


@pytest.mark.parametrize("weight", ["1/3", 2**53 + 1, "1e400"])
def test_weights_that_would_round_are_not_written(weight: str | int, tmp_path: Path) -> None:
    with pytest.raises(InexactInputError, match="which float64 does not represent"):
        write(Network((Affine.dense([[weight]]),)), tmp_path / "net.onnx")


def test_relus_of_some_coordinates_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedOperatorError, match="layer 1 lets coordinates pass"):
        write(maximum_encodings()[0], tmp_path / "net.onnx")
