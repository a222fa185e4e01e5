r"""The network format ``polyrelax-network/1``, JSON with exact numbers.

::

    {"format": "polyrelax-network/1",
     "input": {"lower": ["-1"], "upper": ["1"]},
     "layers": [{"affine": {"weight": [["1"], ["-1"]], "bias": ["0", "0"]}},
                "relu",
                {"relu": {"neurons": [0]}},
                "identity",
                {"neurons": [{"maximum": [0, 1]}]}]}

Layers that do not expand the maximum norm may be written as in
:mod:`polyrelax.interop.lipschitz_json`.  A weight has one array for each output.  ``"relu"``
applies to all coordinates, with ``neurons`` to those named; the others pass.  Neurons of other
kinds are those of :mod:`polyrelax.interop.neurons_json`.  ``input`` may be left out; its forms
are those of :mod:`polyrelax.interop.input_sets`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from polyrelax.arithmetic.arguments import located, require
from polyrelax.arithmetic.rational import shown, text
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError
from polyrelax.interop import input_sets, lipschitz_json, neurons_json
from polyrelax.interop.documents import Node, parse
from polyrelax.interop.lipschitz_json import KINDS, affine_from_node
from polyrelax.interop.opening import read_text
from polyrelax.networks.layers import Affine, Identity, Layer, Neurons, ReLU
from polyrelax.networks.network import Network
from polyrelax.networks.neuron_data import neurons_data
from polyrelax.polytopes.polytope import Polytope

FORMAT = "polyrelax-network/1"


@dataclass(frozen=True)
class Problem:
    """A network, and the set of its inputs if the file names one."""

    network: Network
    input: Polytope | None = None

    def __post_init__(self) -> None:
        require(self.network, Network)
        if self.input is not None:
            require(self.input, Polytope)


def read(path: str | Path) -> Problem:
    """Return the problem that a JSON file holds.

    Raises :class:`FormatError` for a file of another format.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "net.json"
    ...     write(Problem(Network((ReLU(1),)), Polytope.box([0], [1])), path)
    ...     read(path)
    Problem(network=Network(ReLU(width=1, neurons=None)), input=Polytope.box(['0'], ['1']))
    """
    return loads(read_text(path, expected="JSON"))


def loads(content: str) -> Problem:
    """Return the problem that a JSON text is, or that it holds as its ``"network"``.

    >>> loads('''{"format": "polyrelax-network/1", "layers":
    ... [{"affine": {"weight": [["1/2"]], "bias": [3]}}, "relu"]}''').network.widths
    (1, 1, 1)
    """
    fields = _network(parse(content)).fields(["format", "layers"], ["input"])
    if fields["format"].value != FORMAT:
        raise fields["format"].error(f"found {fields['format'].kind}, expected {FORMAT!r}")
    given = fields.get("input")
    domain = None if given is None else input_sets.from_node(given)
    network = Network(_layers(fields["layers"], domain))
    if domain is not None and domain.dim != network.in_dim:
        raise DimensionError(
            f"input: found dimension {domain.dim}, the network reads "
            f"{amount(network.in_dim, 'value')}"
        )
    return Problem(network, domain)


def _network(document: Node) -> Node:
    """Return the network of a document: itself, or the one in a report or a witness."""
    given = document.value if isinstance(document.value, dict) else {}
    if isinstance(given.get("network"), dict):
        beside = next((key for key in ("layers", "input") if key in given), None)
        if beside is not None:
            raise document.error(
                f"found {shown(beside)} beside 'network', expected one network"
            )
        return Node(given["network"], "network")
    kind = given.get("format", FORMAT)
    if kind != FORMAT and "layers" not in given:
        found = f"found a file of format {Node(kind).kind}"
        raise document.error(f"{found}, expected {FORMAT!r} or a 'network' of it")
    return document


def write(problem: Problem, path: str | Path) -> None:
    """Write a problem to a JSON file.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "net.json"
    ...     write(Problem(Network((ReLU(2),))), path)
    ...     path.read_text() == dumps(Problem(Network((ReLU(2),))))
    True
    """
    located(path).write_text(dumps(problem), encoding="utf-8")


def dumps(problem: Problem) -> str:
    """Return a problem as JSON, a line for each layer; the same problem gives the same text.

    >>> print(dumps(Problem(Network((ReLU(1),)), Polytope.box([0], [1]))), end="")
    {"format": "polyrelax-network/1",
     "input": {"lower": ["0"], "upper": ["1"]},
     "layers": [
      "relu"]}
    """
    require(problem, Problem)
    lines = [json.dumps(_layer_data(layer)) for layer in problem.network.layers]
    domain = problem.input
    given = "" if domain is None else f'\n "input": {json.dumps(input_sets.as_data(domain))},'
    return f'{{"format": "{FORMAT}",{given}\n "layers": [\n  ' + ",\n  ".join(lines) + "]}\n"


def _layer_data(layer: Layer) -> object:
    match layer:
        case Affine():
            weight = [[text(value) for value in row] for row in layer.weight]
            return {"affine": {"weight": weight, "bias": [text(b) for b in layer.bias]}}
        case Identity():
            return "identity"
        case ReLU():
            named = {"relu": {"neurons": list(layer.active)}}
            return "relu" if layer.neurons is None else named
        case Neurons():
            return neurons_data(layer)
        case _:
            assert_never(layer)


def _layers(node: Node, domain: Polytope | None) -> tuple[Layer, ...]:
    """Return the layers; the width of one without weights is that of its neighbours."""
    entries = node.items()
    weighted = {i: _weighted(entry) for i, entry in enumerate(entries) if _has_weights(entry)}
    if weighted and not any(map(_is_of_neurons, entries[: min(weighted)])):
        width = weighted[min(weighted)][0].in_dim
    elif domain is not None:
        width = domain.dim
    else:
        raise node.error(
            "found no affine layer at the front and no input, "
            "so the number of inputs is unknown"
        )
    layers: list[Layer] = []
    for i, entry in enumerate(entries):
        found = weighted[i] if i in weighted else (_unweighted(entry, width),)
        if found[0].in_dim != width:
            raise DimensionError(
                f"{entry.place}: found {amount(found[0].in_dim, 'column')}, expected {width}"
            )
        layers += found
        width = found[-1].out_dim
    return tuple(layers)


def _has_weights(node: Node) -> bool:
    return isinstance(node.value, dict) and bool({"affine", *KINDS} & node.value.keys())


def _weighted(node: Node) -> tuple[Layer, ...]:
    """Return the layers of an entry that says itself how many values it reads."""
    keys = node.value if isinstance(node.value, dict) else {}
    return (_affine(node),) if "affine" in keys else lipschitz_json.from_node(node)


def _is_of_neurons(node: Node) -> bool:
    """Whether a layer may have other widths behind it than in front."""
    return isinstance(node.value, dict) and "neurons" in node.value


def _affine(node: Node) -> Affine:
    return affine_from_node(node.fields(["affine"])["affine"])


def _unweighted(node: Node, width: int) -> Layer:
    if node.value == "relu":
        return ReLU(width)
    if node.value == "identity":
        return Identity(width)
    if not isinstance(node.value, dict):
        raise node.error(f'found {node.kind}, expected "relu", "identity" or an object')
    if "neurons" in node.value:
        return neurons_json.from_node(node, width)
    if "relu" not in node.value:
        raise node.error(f"found {node.keys}, expected 'affine', 'relu' or 'neurons'")
    neurons = node.fields(["relu"])["relu"].fields(["neurons"])["neurons"]
    try:
        return ReLU(width, tuple(entry.index() for entry in neurons.items()))
    except DimensionError as error:
        raise DimensionError(f"{neurons.place}: {error}") from None
