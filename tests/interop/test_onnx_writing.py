from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.outward import Width
from polyrelax.errors import InexactInputError, TooLargeError, UnsupportedOperatorError
from polyrelax.interop.onnx import read, write
from polyrelax.interop.onnx.rounding import rounded
from polyrelax.networks.gallery import maximum_encodings, tent
from polyrelax.networks.layers import Affine, Identity, Neurons, ReLU
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.clip import Clip
from polyrelax.networks.neurons.leaky import LeakyReLU
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.minimum import Minimum
from polyrelax.networks.neurons.neuron import Neuron
from polyrelax.networks.neurons.passing import Pass
from polyrelax.networks.neurons.relu import Rectifier
from polyrelax.networks.neurons.sort import Sort
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


def test_relus_of_some_coordinates_are_written_with_what_passes(tmp_path: Path) -> None:
    network = maximum_encodings()[0]
    write(network, tmp_path / "net.onnx")
    x = np.array([[1.5, -2.0]])
    assert (
        run(tmp_path / "net.onnx", x)
        == network(exact(x))
        == read(tmp_path / "net.onnx")(exact(x))
    )


def test_neurons_of_all_kinds_are_written(tmp_path: Path) -> None:
    half = Fraction(1, 2)
    placed: list[tuple[Neuron, tuple[int, ...]]] = [
        (MaxMin(), (2, 0)),
        (Pass(), (1,)),
        (LeakyReLU(half), (0,)),
        (Clip(-half, half), (1,)),
        (Clip(None, half), (2,)),
        (LeakyReLU(2 * half / 8), (1,)),
        (Maximum(3), (0, 1, 2)),
        (Absolute(), (1,)),
        (Minimum(2), (1, 2)),
        (Rectifier(), (0,)),
        (Maximum(3), (2, 1, 1)),
    ]
    network = Network((Neurons(3, tuple(placed)),))
    path = tmp_path / "net.onnx"
    write(network, path)
    onnx.checker.check_model(onnx.load(path))
    for point in ([1.0, -2.0, 0.25], [-3.0, 0.25, 0.0], [0.0, 4.0, -1.0]):
        x = np.array([point])
        assert run(path, x) == network(exact(x)) == read(path)(exact(x))


def test_neurons_without_an_operator_are_not_written(tmp_path: Path) -> None:
    network = Network((Neurons(3, ((Sort(3), (0, 1, 2)),)),))
    with pytest.raises(
        UnsupportedOperatorError, match=r"^found sort of 3, which is not written"
    ):
        write(network, tmp_path / "net.onnx")
    slope = Network((Neurons(1, ((LeakyReLU(Fraction(1, 3)), (0,)),)),))
    with pytest.raises(InexactInputError, match="found 1/3, which float64 does not represent"):
        write(slope, tmp_path / "net.onnx")


def test_a_network_in_floats_of_32_bits_runs_as_it_was_read(tmp_path: Path) -> None:
    path, half = tmp_path / "net.onnx", Fraction(1, 2)
    placed: list[tuple[Neuron, tuple[int, ...]]] = [
        (LeakyReLU(half), (0,)),
        (Clip(-half, half), (1,)),
    ]
    network = Network((Affine.dense([[3], ["-1/4"]], [0, 1]), Neurons(2, tuple(placed))))
    write(network, path, Width.FLOAT32)
    for x in (np.array([[1.0]], dtype=np.float32), np.array([[-8.0]], dtype=np.float32)):
        assert read(path)(exact(x)) == network(exact(x)) == run(path, x)
    assert read(path).layers[0] == network.layers[0]
    with pytest.raises(InexactInputError, match="which float32 does not represent"):
        write(Network((Affine.dense([[2**24 + 1]]),)), path, Width.FLOAT32)


def test_a_rounded_network_differs_by_half_a_unit_in_the_last_place_at_most(
    tmp_path: Path,
) -> None:
    third = Fraction(1, 3)
    placed: list[tuple[Neuron, tuple[int, ...]]] = [
        (LeakyReLU(third), (0,)),
        (Clip(None, 5 * third), (0,)),
    ]
    network = Network((Affine.dense([[third]], ["1/4"]), Neurons(1, tuple(placed))))
    found = rounded(network, Width.FLOAT32)
    # 5/3 lies in [1, 2], where floats are 2**-23 apart, a third of that from the next.
    assert (found.count, found.changed, found.greatest) == (4, 3, Fraction(1, 3 * 2**23))
    write(found.network, tmp_path / "net.onnx", Width.FLOAT32)
    written = read(tmp_path / "net.onnx")
    assert all(written([x]) == found.network([x]) for x in (-3, 1, 100))
    assert rounded(found.network, Width.FLOAT32).changed == 0


def test_a_network_beyond_the_format_is_refused_before_it_is_made(tmp_path: Path) -> None:
    wide = Affine.select(range(20_000), 20_000)
    with pytest.raises(TooLargeError, match="found 400000000 weights, zeros among them"):
        write(Network((wide,)), tmp_path / "net.onnx")
