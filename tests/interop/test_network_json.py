from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given

from polyrelax.arithmetic.rational import Vector, vector
from polyrelax.errors import DimensionError, FormatError
from polyrelax.interop.network_json import Problem, dumps, loads, read, write
from polyrelax.networks.layers import Identity, ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from tests.networks.cases import networks, vectors


def document(layers: str, given: str = "") -> str:
    """A document with these layers and, if there is one, this input."""
    rest = f', "input": {given}' if given else ""
    return f'{{"format": "polyrelax-network/1", "layers": {layers}{rest}}}'


def affine(weight: str, bias: str = "[0]") -> str:
    return f'{{"affine": {{"weight": {weight}, "bias": {bias}}}}}'


def weighing(weight: str, given: str = "") -> str:
    """A document with one affine layer of one output."""
    return document(f"[{affine(weight)}]", given)


def test_the_network_inside_a_report_is_read() -> None:
    inside = document('["relu"]', UNIT)
    report = f'{{"format": "polyrelax-shrink/1", "steps": 0, "network": {inside}}}'
    assert loads(report) == loads(inside)
    assert loads(f'{{"number": 3, "network": {inside}}}') == loads(inside)


@pytest.mark.parametrize("beside", ["layers", "input"])
def test_a_network_beside_layers_or_an_input_is_refused(beside: str) -> None:
    inside = document('["relu"]', UNIT)
    value = UNIT if beside == "input" else '["relu"]'
    with pytest.raises(FormatError, match=f"found '{beside}' beside 'network', expected one"):
        loads(f'{{"format": "polyrelax-network/1", "{beside}": {value}, "network": {inside}}}')


@pytest.mark.parametrize("rest", ['"witnesses": []', '"network": null'])
def test_a_file_without_a_network_is_named_by_its_format(rest: str) -> None:
    kind = "found a file of format 'polyrelax-search/1', expected 'polyrelax-network/1'"
    with pytest.raises(FormatError, match=kind):
        loads(f'{{"format": "polyrelax-search/1", {rest}}}')


UNIT = '{"lower": [0], "upper": [1]}'
TRIANGLE = Polytope.hull([[0, 0], [1, 0], [0, "1/2"]], 2)


@given(networks(2, 3, 2, 1), vectors(2))
def test_what_is_written_is_read_back(network: Network, corner: Vector) -> None:
    boxes = [None, Polytope.hull([corner, (0, 0)], 2), Polytope.box([-1, 0], [1, "1/3"])]
    for domain in boxes:
        again = loads(dumps(Problem(network, domain)))
        assert again.input == domain
        assert dumps(again) == dumps(Problem(network, domain))
        assert again.network(corner) == network(corner)
        assert again.network.widths == network.widths


def test_files_are_written_and_read(tmp_path: Path) -> None:
    problem = Problem(Network((ReLU(2, (1,)), Identity(2))), Polytope.box([0, 0], [1, "1/2"]))
    write(problem, tmp_path / "net.json")
    assert read(tmp_path / "net.json") == problem


def test_every_kind_of_layer_and_number_is_read() -> None:
    first = affine('[[1, -2], [0, "3/7"]]', '["0.25", "1e1"]')
    network = loads(document(f'[{first}, "relu", "identity"]')).network
    assert network(vector([1, 2])) == vector([0, "76/7"])


def test_neurons_at_the_front_read_the_inputs() -> None:
    # max(x, y) and y behind two inputs; the affine layer behind them reads one value more.
    front = '{"neurons": [{"maximum": [0, 1]}, {"pass": [1]}, {"pass": [0]}]}'
    layers = f"[{front}, {affine('[[1, 2, 0]]')}]"
    found = loads(document(layers, '{"lower": [0, 0], "upper": [1, 1]}')).network
    assert found.widths == (2, 3, 1)
    assert found(vector(["1/2", "1/3"])) == vector(["7/6"])
    with pytest.raises(FormatError, match="no affine layer at the front and no input"):
        loads(document(layers))


def test_widths_of_relus_come_from_their_neighbours() -> None:
    assert loads(document(f'["relu", {affine("[[1, 2]]")}]')).network.widths == (2, 2, 1)
    only = loads(document('["relu"]', '{"lower": [0, 0], "upper": [1, 1]}'))
    assert only.network == Network((ReLU(2),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"lower": ["-1", 0], "upper": [1, "0.5"]}', Polytope.box([-1, 0], [1, "1/2"])),
        (
            '{"inequalities": [[1, 1, 0], [1, -1, 0], [0, 0, 1], [1, 0, -2]]}',
            Polytope.box([-1, 0], [1, "1/2"]),
        ),
        ('{"vertices": [[0, 0], [1, 0], [0, "1/2"]]}', TRIANGLE),
    ],
)
def test_every_form_of_input_is_read(text: str, expected: Polytope) -> None:
    assert loads(weighing("[[1, 2]]", text)).input == expected


BAD_TEXTS = {
    "": "this is not JSON, from line 1, column 1 on",
    "[1,\n2 3]": "this is not JSON, from line 2, column 3 on",
    "[]": "found an array, expected an object",
    '{"format": "polyrelax-network/1"}': "found the key 'format', expected 'format', 'layers'",
    '{"format": 1, "layers": [], "name": 1}': "expected 'format', 'layers', 'input'",
    '{"format": 1, "format": 1}': "found the key 'format' twice",
    '{"format": "polyrelax-network/2", "layers": []}': "format: found 'polyrelax-network/2'",
    "[" * 100_000: "too deep",
    document('["relu"]'): "number of inputs is unknown",
    document('["tanh"]', UNIT): r"layers\[0\]: found 'tanh'",
    document('[{"conv": 1}]', UNIT): r"layers\[0\]: found the key 'conv', expected",
    document('[{"relu": {"neurons": [-1]}}]', UNIT): r"neurons\[0\]: found -1, expected an",
}


@pytest.mark.parametrize(("text", "message"), BAD_TEXTS.items())
def test_bad_documents_are_refused_with_the_place(text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        loads(text)


TOO_LONG = "9" * 100_001

BAD_WEIGHTS = {
    "[[0.1]]": r'^layers\[0\].affine.weight\[0\]\[0\]: found 0.1, .* inexact; write "0.1"$',
    "[[NaN]]": "found NaN",
    "[[1e999]]": "found 1e999",
    "[[true]]": "found true, expected a number",
    "[[null]]": "found null, expected a number",
    '[["one"]]': r"weight\[0\]\[0\]: found 'one'",
    '[["1/0"]]': "denominator is zero",
    f"[[{TOO_LONG}]]": r"weight\[0\]\[0\]: found an integer of 100001 digits, expected at most",
    f'[["{TOO_LONG}"]]': "found an integer of 100001 digits, expected at most 100000",
    "[[1, 2], [3]]": r"weight\[1\]: found 1 number, expected 2",
    "[]": "weight: found no rows",
    "[1]": r"weight\[0\]: found 1, expected an array",
}


def test_weights_longer_than_python_converts_are_read() -> None:
    nines = "9" * 5000
    for weight in (f"[[{nines}]]", f'[["{nines}"]]'):
        assert loads(weighing(weight)).network((Fraction(1),)) == (10**5000 - 1,)


@pytest.mark.parametrize(("weight", "message"), BAD_WEIGHTS.items())
def test_bad_weights_are_refused_with_the_place(weight: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        loads(weighing(weight))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ('{"centre": [0]}', "input: found the key 'centre', expected 'lower', 'upper'"),
        ('{"lower": [0]}', "input: found the key 'lower', expected 'lower', 'upper'"),
        ('{"lower": [0], "upper": []}', "input: found 1 lower and 0 upper"),
        ('{"lower": [1], "upper": [0]}', "input: found 1 > 0 at coordinate 0"),
        ("3", "input: found 3, expected an object"),
    ],
)
def test_bad_inputs_are_refused_with_the_place(given: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        loads(weighing("[[1]]", given))


ONE = affine("[[1]]")


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        (affine("[[1]]", "[0, 0]"), r"layers\[0\].affine.bias: found 2 numbers, expected 1"),
        (f"{ONE}, {affine('[[1, 2]]')}", r"layers\[1\]: found 2 columns, expected 1"),
        (f'{ONE}, {{"relu": {{"neurons": [1]}}}}', r"layers\[1\].relu.neurons: found neurons"),
    ],
)
def test_dimensions_of_layers_are_checked(layers: str, message: str) -> None:
    with pytest.raises(DimensionError, match=message):
        loads(document(f"[{layers}]"))


def test_dimension_of_the_input_is_checked() -> None:
    with pytest.raises(DimensionError, match="input: found dimension 1, the network reads 2"):
        loads(weighing("[[1, 2]]", UNIT))


def test_files_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "net.json").write_bytes(b"\xff\xfa")
    with pytest.raises(FormatError, match="this is not text: byte 0"):
        read(tmp_path / "net.json")


def test_output_is_plain_json_of_texts() -> None:
    data = json.loads(dumps(loads(weighing('[["1/2"]]'))))
    assert data["layers"] == [{"affine": {"weight": [["1/2"]], "bias": ["0"]}}]
