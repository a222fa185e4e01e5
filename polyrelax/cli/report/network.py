"""What the page of ``polyrelax report`` says of the network and of its inputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, assert_never

from polyrelax.arithmetic.words import amount
from polyrelax.cli.terminal.decimals import ends_text, given_text
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.networks.layers import Affine, Identity, Layer, Neurons, ReLU, bending, kind
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.relu import Rectifier
from polyrelax.polytopes.polytope import Polytope

MOST_WEIGHTS: Final = 200
"""Networks with at most this many weights are written in full."""
MOST_INPUTS: Final = 12


def network_blocks(network: Network, domain: Polytope) -> Iterator[Block]:
    """Yield the layers, their weights if these are few, and the set of inputs."""
    kinds = {unit.neuron for layer in network.layers for unit in bending(layer)}
    named = "ReLU neurons" if kinds <= {Rectifier()} else "neurons"
    yield f"{network.in_dim} → {network.out_dim}, {network.neuron_count} {named}."
    written = sum(map(_size, network.layers)) <= MOST_WEIGHTS
    rows = (
        (str(i), *_facts(layer), _weights(layer) if written else "")
        for i, layer in enumerate(network.layers, start=1)
    )
    header = ("layer", "kind", "width", "nonzero weights", "rows (weights; bias)")
    size = len(header) if written else len(header) - 1
    grid = tuple(row[:size] for row in rows)
    yield Grid("Layers", header[:size], grid, frozenset(("layer", "width", "nonzero weights")))
    yield inputs_block(domain)


def inputs_block(domain: Polytope) -> Block:
    """Return the set of inputs: a box by its ends, another polytope by its constraints.

    >>> inputs_block(Polytope.box([0], ["1/2"])).rows
    (('0', '[0, 1/2]'),)
    """
    if domain.is_box and domain.dim <= MOST_INPUTS:
        rows = tuple(
            (str(j), f"[{', '.join(ends_text(z))}]") for j, z in enumerate(domain.bounds)
        )
        return Grid("Inputs", ("input", "range"), rows, frozenset(("input",)))
    if domain.is_box:
        longest = given_text(max(ends.width for ends in domain.bounds))
        return f"Inputs: a box of dimension {domain.dim}, whose longest side is {longest}."
    if len(domain.constraints) > MOST_INPUTS:
        count = len(domain.constraints)
        return (
            f"Inputs: a polytope of dimension {domain.dim} with {amount(count, 'constraint')}."
        )
    lines = tuple((str(constraint),) for constraint in domain.constraints)
    return Grid("Inputs", ("constraint",), lines)


def _size(layer: Layer) -> int:
    """Return how much there is to write of a layer."""
    if isinstance(layer, Affine):
        return layer.out_dim * (layer.in_dim + 1)
    return len(layer.placed) if isinstance(layer, Neurons) else 0


def _facts(layer: Layer) -> tuple[str, str, str]:
    nonzero = str(layer.stored.entry_count) if isinstance(layer, Affine) else ""
    return kind(layer), str(layer.out_dim), nonzero


def _weights(layer: Layer) -> str:
    """Return the rows of an affine layer; of others the neurons, if these are not all ReLUs."""
    match layer:
        case Affine():
            rows = zip(layer.weight, layer.bias, strict=True)
            return " ".join(
                f"({', '.join(map(given_text, row))}; {given_text(shift)})"
                for row, shift in rows
            )
        case ReLU():
            return "" if layer.neurons is None else f"neurons {_listed(layer.active)}"
        case Identity():
            return ""
        case Neurons():
            told = (f"{neuron.name} of {_listed(read)}" for neuron, read in layer.placed)
            return "; ".join(told)
        case _:
            assert_never(layer)


def _listed(places: Iterable[int]) -> str:
    return ", ".join(map(str, places))
