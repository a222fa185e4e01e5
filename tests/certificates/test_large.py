"""Large networks and numbers: scaled weights, bounds in one pass, and what is too much."""
# ruff: noqa: ANN401 -- documents are JSON

import json
import random
import sys
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from polyrelax.certificates.certificate import LARGE
from polyrelax.certificates.check import RejectedError, check, whole
from polyrelax.certificates.quick import certify_bound
from polyrelax.errors import ShapeError
from polyrelax.networks.gallery import maximum, tent
from polyrelax.networks.layers import Affine, ReLU
from polyrelax.networks.network import Network
from polyrelax.networks.regions import exact_range
from polyrelax.polytopes.polytope import Polytope
from tests.certificates.by_hand import BY_HAND, with_change
from tests.certificates.cases import PROBLEMS, SEGMENT, Document, output, parsed, rehashed


def seeded(widths: tuple[int, ...], seed: int) -> Network:
    generator = random.Random(seed)

    def entries(count: int) -> list[Fraction]:
        return [Fraction(generator.randint(-9, 9), 8) for _ in range(count)]

    layers: list[Affine | ReLU] = []
    for columns, rows in pairwise(widths):
        layers.append(Affine.dense([entries(columns) for _ in range(rows)], entries(rows)))
        layers.append(ReLU(rows))
    return Network(tuple(layers[:-1]))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("sign", [1, -1])
def test_a_bound_in_one_pass_is_accepted_and_valid(seed: int, sign: int) -> None:
    net = seeded((2, 3, 3, 1), seed)
    box = Polytope.box([-1, 0], [1, 1])
    certificate = certify_bound(net, box, output(net, Fraction(sign)))
    assert check(certificate.dumps()) == str(certificate)
    lower, upper = exact_range(net, box)[0]
    assert certificate.values[0] >= (upper if sign > 0 else -lower)


def test_the_bound_of_the_maximum_is_that_of_the_triangle() -> None:
    certificate = certify_bound(maximum(2), Polytope.box([0, 0], [1, 1]), output(maximum(2)))
    assert certificate.values == (Fraction(3, 2),)


def test_a_bound_in_one_pass_needs_a_box() -> None:
    net, slanted = PROBLEMS["on a segment"]
    with pytest.raises(ShapeError, match="expected a box of inputs"):
        certify_bound(net, slanted, output(net))


@cache
def _wide() -> str:
    net = seeded((LARGE // 8, 8, 2), seed=0)
    box = Polytope.box([0] * net.in_dim, [1] * net.in_dim)
    return certify_bound(net, box, output(net)).dumps()


def wide() -> Document:
    document: Document = json.loads(_wide())
    return document


def test_large_layers_are_written_as_whole_numbers() -> None:
    layer = wide()["problem"]["layers"][0]["affine"]
    assert layer["scale"] == "8"
    assert {type(entry) for row in layer["weight"] for entry in row} == {int}
    text = check(json.dumps(wide()))
    assert text.startswith("exact: 1 v(3, 0) <= ")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("scale",), "8/3", "the scale is not a whole number above 1"),
        (("scale",), "1", "the scale is not a whole number above 1"),
        (("scale",), 8, "found 8, expected a number"),
        (("weight", 0, 0), "1", "an entry is no whole number"),
        (("weight", 0, 0), True, "an entry is no whole number"),
        (("bias", 0), None, "an entry is no whole number"),
        (("bias",), [1], "found 1 entry, expected 8"),
        (("weight", 0), [1], "found 1 entry, expected 128"),
    ],
)
def test_scaled_layers_are_whole(path: tuple[Any, ...], value: Any, message: str) -> None:
    document = wide()
    place = document["problem"]["layers"][0]["affine"]
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(RejectedError, match=f"the problem: {message}"):
        check(json.dumps(rehashed(document)))


def test_the_scale_is_the_least_one() -> None:
    document = wide()
    layer = document["problem"]["layers"][0]["affine"]
    layer["scale"] = "16"
    layer["weight"] = [[2 * entry for entry in row] for row in layer["weight"]]
    layer["bias"] = [2 * entry for entry in layer["bias"]]
    with pytest.raises(RejectedError, match="the problem: the scale is not the least one"):
        check(json.dumps(rehashed(document)))


def test_numbers_are_read_whatever_the_limit_for_texts() -> None:
    assert sys.get_int_max_str_digits() < 5000
    with pytest.raises(RejectedError, match="node 0 proves another row"):
        check(with_change("nodes", 0, "at_most", value=f"{'9' * 5000}/2"))
    with pytest.raises(RejectedError, match="the terms do not imply the row"):
        check(with_change("nodes", 0, "at_most", value=f"-{'9' * 5001}"))
    with pytest.raises(RejectedError, match="found 1000001 digits, expected at most 1000000"):
        check(with_change("nodes", 0, "at_most", value="9" * 1000001))


def test_long_numbers_are_read_to_the_last_digit() -> None:
    once, twice = "6" * 5000, "1" + "3" * 4999  # 2 * 66...6 = 133...32, with a carry
    document = json.loads(with_change("nodes", 0, "at_most", value=f"{twice}3/{once}"))
    document["claim"]["statements"][0]["value"] = f"{twice}3/{once}"
    assert check(json.dumps(document)).startswith("exact: 1 v(3, 0) <= 133")
    with pytest.raises(RejectedError, match="node 0: the terms do not imply the row"):
        check(with_change("nodes", 0, "at_most", value=f"{twice[:-1]}31/{once}"))
    assert whole("-1" + "0" * 4999 + "7") == -(10**5000) - 7


def test_long_negative_numbers_are_read_to_the_last_digit() -> None:
    once, twice = "-" + "6" * 5000, "-1" + "3" * 4999 + "2"
    odd = "6" * 4999 + "7"
    stated = {"relaxation": "exact", "form": [["1", 1, 0]], "relation": "reaches"}
    document = {
        **BY_HAND,
        "claim": {"statements": [{**stated, "value": f"{twice}/{odd}"}]},
        "problem": {
            "layers": [{"affine": {"weight": [["2"]], "bias": ["0"]}}],
            "input": {"lower": ["-1"], "upper": ["0"]},
        },
        "nodes": [{"kind": "run", "input": [f"{once}/{odd}"]}],
        "proof": [0],
    }
    assert check(json.dumps(rehashed(document))).startswith("exact: 1 v(1, 0) reaches -133")


@pytest.mark.parametrize("value", ["1e999999999", "0x10", "1.5", "٣", " 1", "1\n", "+1", "-0"])
def test_numbers_have_one_form(value: str) -> None:
    with pytest.raises(RejectedError, match=r"node 0: found .*, expected a number"):
        check(with_change("nodes", 0, "at_most", value=value))


def test_fields_that_a_node_does_not_use_are_refused() -> None:
    ibp = parsed(certify_bound(tent(), SEGMENT, output(tent())))
    ibp["nodes"][0]["inputs"] = []
    with pytest.raises(RejectedError, match="node 0: the box is its own range"):
        check(json.dumps(ibp))
    with pytest.raises(RejectedError, match="node 0: exact has no unstable neurons"):
        check(with_change("nodes", 0, "unstable", value=[[1, 2]]))


def test_a_neuron_is_named_once() -> None:
    layers = [{"relu": {"neurons": [0, 0]}}]
    with pytest.raises(RejectedError, match="the problem: a neuron is named twice"):
        check(with_change("problem", "layers", value=layers))
