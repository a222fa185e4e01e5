"""Layers that do not expand the maximum norm, read from JSON."""

import json

import pytest

from polyrelax.arithmetic.rational import vector
from polyrelax.errors import DimensionError, FormatError
from polyrelax.interop.network_json import dumps, loads
from polyrelax.networks.network import Network
from polyrelax.verification.lipschitz import lipschitz_constant


def read(*layers: object) -> Network:
    return loads(json.dumps({"format": "polyrelax-network/1", "layers": layers})).network


DISTANCE = {"distance": {"centers": [["1", "0"], ["0", "0"]], "bias": ["0", "1/2"]}}
SORTNET = {"sortnet": {"weight": [["1/2", "-1/2"]], "bias": [["0", "0"]]}}
BOUNDED = {"norm_bounded": {"weight": [["1/2", "1/2"]], "bias": ["1"]}}


def test_they_are_read_as_what_they_are_made_of() -> None:
    x = vector([3, 1])
    assert read(DISTANCE)(x) == vector([2, "7/2"])
    assert read(SORTNET)(x) == vector([1])  # (3 - 1) / 2
    assert read(BOUNDED)(x) == vector([3])
    assert read(DISTANCE, SORTNET)(x) == vector(["3/4"])  # (7/2 - 2) / 2


def test_they_are_written_as_that_and_read_again() -> None:
    problem = loads(
        json.dumps({"format": "polyrelax-network/1", "layers": [DISTANCE, SORTNET]})
    )
    assert loads(dumps(problem)) == problem


def test_their_constant_is_at_most_1() -> None:
    assert lipschitz_constant(read(DISTANCE, SORTNET)).lower == 1
    assert lipschitz_constant(read(DISTANCE, BOUNDED)).lower == 1


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (
            {"norm_bounded": {"weight": [["1", "1/2"]], "bias": ["0"]}},
            r"layers\[0\].norm_bounded: found the 1-norm 3/2 in row 0, expected at most 1",
        ),
        (
            {"sortnet": {"weight": [["1", "-1/2"]], "bias": [["0", "0"]]}},
            r"layers\[0\].sortnet: found the 1-norm 3/2 in row 0, expected at most 1",
        ),
        (
            {"distance": {"centers": [["1", "0"]], "bias": ["0", "0"]}},
            r"layers\[0\].distance: found 1 row and 2 biases",
        ),
        ({"distance": {"centers": [["1", "0"]]}}, "found the key 'centers', expected"),
        ({"distance": 3}, r"layers\[0\].distance: found 3, expected an object"),
        ({"sortnet": {"weight": [], "bias": []}}, "found no rows, expected at least one"),
        ({**DISTANCE, **SORTNET}, "found the keys 'distance', 'sortnet', expected 'distance'"),
    ],
)
def test_what_is_none_is_refused(layer: object, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read(layer)


def test_the_width_before_must_fit() -> None:
    with pytest.raises(DimensionError, match=r"layers\[1\]: found 2 columns, expected 1"):
        read(BOUNDED, SORTNET)
