"""The rows and the trees of cases of a certificate of lines, as integers: `Cases.v`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from typing import TypeAlias

from translator.inputs import Box, Inputs
from translator.limbs import many, number
from translator.reading import (
    Json,
    LeftOutError,
    Object,
    form_of,
    items,
    rational,
    vector_of,
    whole,
)
from translator.stages import Bent, Neuron, Stage, entries_stream
from translator.wording import Form

Phases: TypeAlias = Mapping[tuple[int, int], int]
Vector: TypeAlias = tuple[Fraction, ...]


@dataclass(frozen=True)
class Row:
    """A proved row: its number, and what makes it whole."""

    number: int
    scale: int


@dataclass
class Writer:
    """The rows that are written so far, and what each node proves: mutable."""

    stages: list[Stage]
    inputs: Inputs
    rows: list[list[int]] = field(default_factory=list)
    proved: list[Row | Vector] = field(default_factory=list)

    def write(self, lines: Iterator[Object]) -> list[int]:
        """Write all nodes, and return the numbers of those that prove the claim."""
        for line in lines:
            if "proof" in line:
                return list(map(whole, items(line["proof"])))
            self.proved.append(self.node(line, lines))
        raise LeftOutError("the line of the proof is missing")

    def node(self, given: Object, lines: Iterator[Object]) -> Row | Vector:
        kind = given["kind"]
        if kind == "run":
            return tuple(vector_of(given["input"]))
        if kind not in ("linear", "cases") or "tree" in given:
            raise LeftOutError(
                "nodes other than rows, streamed cases and runs have no rules here"
            )
        if given["relaxation"] != "exact":
            raise LeftOutError("rows of relaxations have no rules here")
        form, limit = form_of(given["form"]), rational(given["at_most"])
        scale = lcm(limit.denominator, *(c.denominator for c, _, _ in form))
        if kind == "linear":
            tree = [self.leaf({"terms": given["terms"]}, scale, {})]
        else:
            tree = list(self.tree(lines, scale))
        self.rows.append([*row_stream(form, limit, scale), *many(tree)])
        return Row(len(self.rows) - 1, scale)

    def tree(self, lines: Iterator[Object], scale: int) -> Iterator[list[int]]:
        """Yield the nodes of a tree, each before those below it."""
        open_cases: list[Phases] = [{}]
        while open_cases:
            phases, line = open_cases.pop(), next(lines)
            if "split" not in line:
                yield self.leaf(line, scale, phases)
                continue
            i, u = map(whole, items(line["split"]))
            yield [0, i, u]
            pieces = reversed(range(self.unit(i, u).pieces))
            open_cases += ({**phases, (i, u): piece} for piece in pieces)

    def unit(self, i: int, u: int) -> Neuron:
        stage = self.stages[i - 1]
        if not isinstance(stage, Bent):
            raise LeftOutError(f"layer {i} has no neurons")
        return stage.neurons[u]

    def leaf(self, line: Object, scale: int, phases: Phases) -> list[int]:
        """Return a case that terms prove, or exclude."""
        ((kind, value),) = line.items()
        terms = [self.term(term, phases) for term in items(value)]
        terms = [(m * (scale if kind == "terms" else 1), reason) for m, reason in terms if m]
        common = lcm(*(m.denominator for m, _ in terms))
        parts = many([[*number(int(m * common)), *reason] for m, reason in terms])
        return [1, *number(common), *parts] if kind == "terms" else [2, *parts]

    def term(self, term: Json, phases: Phases) -> tuple[Fraction, list[int]]:
        """Return a multiplier of a whole row, and which row that is."""
        multiplier, reason = items(term)
        m = rational(multiplier)
        if not isinstance(reason, list):
            row = self.proved[whole(reason)]
            if not isinstance(row, Row):
                raise LeftOutError(f"node {whole(reason)} is no row")
            return m / row.scale, [0, row.number]
        name, *rest = reason
        if name == "region":
            i, u, n = map(whole, rest)
            return m / self.unit(i, u).side_scale(phases[i, u], n), [2, i, u, n]
        if name != "input" or isinstance(self.inputs, Box):
            raise LeftOutError(f"the reason {name} has no rule here")
        place, scale = self.inputs.places[whole(rest[0])]
        return abs(m) / scale, [1, place + (m < 0)]


def row_stream(form: Form, limit: Fraction, scale: int) -> list[int]:
    """Return a row times its scale: its entries for each layer, and its limit."""
    layers: list[list[tuple[int, int]]] = [[] for _ in range(form_depth(form))]
    for c, i, j in form:
        if c:
            layers[i].append((j, int(c * scale)))
    parts = many([entries_stream(sorted(layer)) for layer in layers])
    return [*parts, *number(int(limit * scale))]


def form_depth(form: Form) -> int:
    """Return the number of layers that a form reads, the inputs being the first."""
    return max((1 + i for _, i, _ in form), default=0)
