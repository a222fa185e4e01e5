r"""Certificates of bounds, line by line: the format ``polyrelax-certificate/2``.

A certificate states rows about a network of any neurons, and inputs that attain some of them.
What it writes is what the rows hold as their reasons
(:mod:`polyrelax.systems.rows`): each row that a proof names, before what names it, and each
tree of cases from its root on.  Equations of layers, and the ends of a box of inputs, are
carried out by the checker and not written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import lcm
from typing import final

from polyrelax.arithmetic.rational import Vector, text
from polyrelax.arithmetic.readable import readable
from polyrelax.arithmetic.working_form import working_form
from polyrelax.certificates.certificate import (
    LARGE,
    Json,
    Node,
    digest,
    input_data,
    layer_data,
    whole_over,
    written,
)
from polyrelax.networks.layers import Affine, Layer
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.systems.duals import Dual, Ends, Multipliers
from polyrelax.systems.rows import (
    Assumed,
    Excluded,
    Form,
    Input,
    Leaf,
    Proved,
    Row,
    Split,
    TreeNode,
)

FORMAT = "polyrelax-certificate/2"
SPARSE = 2
"""A large layer with fewer weights than one in so many is written by its nonzero entries, and
by lists that rows share if these have so many times fewer numbers."""


@final
@dataclass(frozen=True)
class Problem:
    """A network on a polytope, which is written once for all certificates about it.

    >>> from polyrelax.networks.layers import ReLU
    >>> Problem(Network((ReLU(1),)), Polytope.box([0], [1])).data
    {'input': {'lower': ['0'], 'upper': ['1']}, 'layers': ['relu']}
    """

    network: Network
    domain: Polytope

    @working_form
    def data(self) -> Node:
        """The problem as JSON."""
        layers = [short_layer_data(layer) for layer in self.network.layers]
        return {"input": input_data(self.domain), "layers": layers}

    @working_form
    def sha256(self) -> str:
        """The hash of the problem in canonical form."""
        return digest(self.data)


@final
@readable
@dataclass(frozen=True, eq=False)
class StreamedCertificate:
    """Proved rows about a network on a polytope, and inputs that attain some of them.

    Certificates are equal if they are the same text: rows themselves equal only themselves.
    """

    problem: Problem
    rows: tuple[Row, ...]
    attained: tuple[tuple[Row, Vector], ...] = ()

    def lines(self) -> Iterator[str]:
        """Yield the lines of the file."""
        stated = [_statement(row, "at most") for row in self.rows]
        stated += [_statement(row, "reaches") for row, _ in self.attained]
        claim = {"statements": stated}
        head = {"format": FORMAT, "claim": claim, "sha256": self.problem.sha256}
        yield json.dumps({**head, "problem": self.problem.data})
        writer = _Writer(is_box=self.problem.domain.is_box)
        for row in self.rows:
            yield from writer.row(row)
        proof = [writer.places[row] for row in self.rows]
        for _, x in self.attained:
            proof.append(writer.count)
            yield writer.node({"kind": "run", "input": [text(value) for value in x]})
        yield json.dumps({"proof": proof})

    def dumps(self) -> str:
        """Return the certificate as a text."""
        return "\n".join(self.lines()) + "\n"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StreamedCertificate) and self.dumps() == other.dumps()

    def __hash__(self) -> int:
        return hash((self.problem.domain, self.values))

    @property
    def values(self) -> Vector:
        """The values that the statements name, in order."""
        return tuple(row.offset for row in (*self.rows, *(row for row, _ in self.attained)))

    def __str__(self) -> str:
        bounds = [f"exact: {_told(row.form)} <= {text(row.offset)}" for row in self.rows]
        bounds += [
            f"exact: {_told(row.form)} reaches {text(row.offset)}" for row, _ in self.attained
        ]
        return "; ".join(bounds)


@final
@dataclass
class _Writer:
    """Lines in the making: mutable, it numbers each row that a proof names once."""

    is_box: bool
    places: dict[Row, int] = field(default_factory=dict)
    known: dict[Ends, int] = field(default_factory=dict)
    count: int = 0

    def node(self, data: Node) -> str:
        """Return the line of a new node."""
        self.count += 1
        return json.dumps(data)

    def row(self, row: Row) -> Iterator[str]:
        """Yield the lines that prove a row, those first that its proof names."""
        if row in self.places:
            return
        if isinstance(row.reason, Dual):
            yield from self.dual(row, row.reason)
            return
        assert isinstance(row.reason, Proved), "only proved rows are numbered"
        for node in row.reason.nodes:
            for premise, _ in () if isinstance(node, Split) else node.terms:
                if isinstance(premise.reason, Proved | Dual):
                    yield from self.row(premise)
        self.places[row] = self.count
        stated: dict[str, Json] = {
            "relaxation": "exact",
            "form": _form_data(row.form),
            "at_most": text(row.offset),
        }
        nodes = row.reason.nodes
        if len(nodes) == 1 and isinstance(nodes[0], Leaf):
            yield self.node({"kind": "linear", **stated, "terms": self.terms(nodes[0])})
            return
        yield self.node({"kind": "cases", **stated})
        yield from self.tree(nodes)

    def dual(self, row: Row, reason: Dual) -> Iterator[str]:
        """Yield the lines of a row that multipliers prove."""
        yield from self.ends(reason.ends)
        self.places[row] = self.count
        stated = {"form": _form_data(row.form), "at_most": text(row.offset)}
        head = {"kind": "dual", "ends": self.known[reason.ends], **stated, "bits": reason.bits}
        yield self.node({**head, **_multipliers_data(reason.multipliers)})

    def ends(self, ends: Ends) -> Iterator[str]:
        """Yield the lines of bounds, those of earlier layers first."""
        if ends in self.known:
            return
        data: dict[str, Json] = {"kind": "ends", "after": ends.after, "bits": ends.bits}
        if ends.before is not None:
            yield from self.ends(ends.before)
            data["ends"] = self.known[ends.before]
        self.known[ends] = self.count
        slopes: Json = [
            [depth, [[j, *pair] for j, pair in lines.items()]]
            for depth, lines in ends.slopes.items()
        ]
        batches: Json = [
            {
                "upper": list(batch.upper),
                "lower": list(batch.lower),
                **_multipliers_data(batch.multipliers),
            }
            for batch in ends.batches
        ]
        yield self.node({**data, "slopes": slopes, "batches": batches})

    def tree(self, nodes: Sequence[TreeNode]) -> Iterator[str]:
        """Yield the nodes of a tree, each before those below it."""
        waiting = [0]
        while waiting:
            node = nodes[waiting.pop()]
            if isinstance(node, Split):
                yield json.dumps({"split": list(node.unit.place)})
                waiting += reversed(node.cases)
            else:
                kind = "empty" if isinstance(node, Excluded) else "terms"
                yield json.dumps({kind: self.terms(node)})

    def terms(self, node: Leaf | Excluded) -> Json:
        """Return multipliers with the names of their rows."""
        named = ((weight, self._name(row)) for row, weight in node.terms)
        return [[text(weight), name] for weight, name in named if name is not None]

    def _name(self, row: Row) -> Json | None:
        """Return what names a row, ``None`` for what the checker carries out by itself."""
        match row.reason:
            case Input(index):
                return None if self.is_box else ["input", index]
            case Assumed(unit, piece, index):
                is_side = index < len(unit.piece(piece).where)
                return ["region", *unit.place, index] if is_side else None
            case Proved() | Dual():
                return self.places[row]


def _statement(row: Row, relation: str) -> Node:
    given = {"form": _form_data(row.form), "relation": relation, "value": text(row.offset)}
    return {"relaxation": "exact", **given}


def _multipliers_data(multipliers: Multipliers) -> Node:
    """Return multipliers as a field, none if there are none."""
    data: Json = [
        [depth, [[j, list(lanes)] for j, lanes in layer.items()]]
        for depth, layer in multipliers.items()
    ]
    return {"multipliers": data} if multipliers else {}


def _form_data(form: Form) -> Json:
    return [[text(c), i, j] for (i, j), c in form]


def _told(form: Form) -> str:
    return written(tuple((c, i, j) for (i, j), c in form))


def short_layer_data(layer: Layer) -> Json:
    """Return a layer; if it is large and sparse, by its nonzero entries.

    >>> short_layer_data(Affine.dense([[2]]))
    {'affine': {'weight': [['2']], 'bias': ['0']}}
    """
    if isinstance(layer, Affine):
        size, entries = layer.in_dim * layer.out_dim, sum(map(len, layer.rows))
        if size >= LARGE and entries * SPARSE < size:
            return {"affine": _entries(layer)}
    return layer_data(layer)


def _entries(layer: Affine) -> Node:
    """Return the entries row by row, or lists of them that many rows share, as windows do."""
    scale = lcm(
        *{a.denominator for row in layer.rows for _, a in row},
        *(b.denominator for b in layer.bias),
    )
    parts = [zip(*row, strict=True) if row else ((), ()) for row in layer.rows]
    rows = [(columns, tuple(whole_over(a, scale) for a in row)) for columns, row in parts]
    bias = [whole_over(b, scale) for b in layer.bias]
    head: dict[str, Json] = {"scale": str(scale), "bias": bias}
    columns, entries = (
        {key: k for k, key in enumerate(dict.fromkeys(each))}
        for each in zip(*rows, strict=True)
    )
    shared = sum(map(len, (*columns, *entries))) + 2 * len(rows)
    if shared * SPARSE > 2 * sum(len(row) for row, _ in rows):
        return {**head, "rows": [list(map(list, zip(*row, strict=True))) for row in rows]}
    pairs = [[columns[row], entries[numbers]] for row, numbers in rows]
    lists = {"columns": list(map(list, columns)), "entries": list(map(list, entries))}
    return {**head, **lists, "rows": pairs}
