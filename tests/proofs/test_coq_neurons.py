"""Coq knows the pieces of every kind of neuron, in the order of `check.py`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from itertools import count
from math import gcd
from pathlib import Path

import pytest

from polyrelax.certificates.check import (
    Layer,
    Ranks,
    RejectedError,
    Sparse,
    Work,
    layer,
    numbered,
)
from polyrelax.networks.layers import Affine, Neurons
from polyrelax.networks.network import Network
from polyrelax.networks.neuron_data import neurons_data
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
from polyrelax.polytopes.polytope import Polytope
from tests.proofs.coq import compile_text, needs_coq
from tests.proofs.coq_lines import VERDICTS, certified, require_goals, with_value
from translator.stages import neuron_of
from translator.streamed import translated
from translator.wording import listed

pytestmark = pytest.mark.xdist_group("coq")  # one worker compiles

# Neurons that read x and y on [-1, 1] x [-1, 2], and the greatest sum of their outputs.
NEURONS: list[tuple[Neuron, tuple[int, ...], str]] = [
    (Pass(), (1,), "2"),
    (Rectifier(), (1,), "2"),
    (Absolute(), (0,), "1"),
    (LeakyReLU(Fraction(-3, 2)), (0,), "3/2"),
    (Clip(Fraction(-1, 3), Fraction(4, 3)), (1,), "4/3"),
    (Clip(Fraction(1, 2), None), (0,), "1"),
    (Clip(None, Fraction(2, 3)), (1,), "2/3"),
    (MaxMin(), (0, 1), "3"),
    (Maximum(3), (0, 1, 0), "2"),
    (Minimum(2), (0, 1), "1"),
    (Sort(3), (1, 0, 1), "5"),
]
RECTANGLE = Polytope.box([-1, -1], [1, 2])


def alone(neuron: Neuron, reads: tuple[int, ...]) -> Network:
    """Return the network of a neuron, and the sum of its outputs."""
    layer = Neurons(2, ((neuron, reads),))
    return Network((layer, Affine.dense([[1] * layer.out_dim])))


@needs_coq
def test_bounds_of_neurons_of_every_kind_are_proved(compiled: Path) -> None:
    cases = []
    for neuron, reads, greatest in NEURONS:
        _, upper = certified(alone(neuron, reads), RECTANGLE, "exact")
        found = translated(upper)
        assert found.claims[0].value == Fraction(greatest)
        better = with_value(found, Fraction(greatest) - Fraction(1, 9))
        cases += [(found.stream, True), (better.stream, False)]
    require_goals(compiled, "Kinds.v", cases)


REFLEXIVE = "Proof. reflexivity. Qed.\n"


def pieces_text(neuron: Neuron) -> str:
    """Return the pieces of a neuron that reads 0, 1, ..., as `check.py` has them."""
    written = neurons_data(Neurons(neuron.in_dim, ((neuron, tuple(range(neuron.in_dim))),)))
    read = layer(json.loads(json.dumps(written)), neuron.in_dim, Work(10**6))
    return listed([piece_text(read, k) for k in range(read.count(0))])


def piece_text(read: Layer, piece: int) -> str:
    """Return a piece of the neuron of a layer, its map in lowest terms."""
    unit = read.units[0]
    known = Ranks(numbered(piece, len(unit.inputs)), None) if unit.is_sort else piece
    image = [read.row_in(j, lambda _: known) for j in range(len(read.rows))]
    common = gcd(read.scale, *(a for (_, entries), b in image for a in (*entries, b)))
    scale = read.scale // common
    maps = [row_text(row, b, common) for row, b in image]
    sides = [row_text(row, b) for row, b in sides_of(read, known)]
    fields = f"sides := {listed(sides)}; maps := {listed(maps)}; common := {scale}"
    return f"{{| {fields} |}}"


def sides_of(read: Layer, known: int | Ranks) -> Iterator[tuple[Sparse, int]]:
    """Yield the rows that hold in a piece, which `check.py` gives by their numbers."""
    for n in count():
        try:
            row, b, _ = read.side(0, known, n)
        except RejectedError:
            return
        yield row, b


def row_text(row: Sparse, last: int, common: int = 1) -> str:
    terms = [f"({k + 1}%positive, ({a // common})%Z)" for k, a in zip(*row, strict=True)]
    return f"({listed(terms)}, ({last // common})%Z)"


@needs_coq
def test_pieces_are_those_of_the_checker_in_python_in_the_same_order(compiled: Path) -> None:
    texts = []
    for neuron, _, _ in NEURONS:
        layer = Neurons(neuron.in_dim, ((neuron, tuple(range(neuron.in_dim))),))
        placed = neuron_of(json.loads(json.dumps(neurons_data(layer)["neurons"][0])))
        texts.append(f"Goal pieces ({placed.text}) = {pieces_text(neuron)}.\n{REFLEXIVE}")
    result = compile_text(
        compiled, "Pieces.v", f"{VERDICTS}Import ListNotations.\n{''.join(texts)}"
    )
    assert (result.returncode, result.stderr) == (0, "")
