r"""Certificates about all networks of a finite space.

The claim is how many networks there are, for how many of them a relaxation is looser than
another, and by how much at most.  The file has a part for all networks with the same hidden
layers, which prove the bounds of one network with an output for each of these.  A network for
which the bounds agree needs a row of the looser relaxation and a point of the tighter one;
every other one needs a row and a point of both.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from typing import Final, TypeAlias, final

from polyrelax.arithmetic.arguments import require, whole
from polyrelax.arithmetic.rational import ONE, ZERO, shown, text
from polyrelax.arithmetic.readable import readable
from polyrelax.certificates.certificate import (
    FORMAT,
    Form,
    Json,
    Node,
    Statement,
    input_data,
)
from polyrelax.certificates.certify import AT_MOST, REACHES, Prover, exact_row, prover
from polyrelax.certificates.ledger import Ledger, Reference
from polyrelax.certificates.spaces import Class, FiniteSpace
from polyrelax.errors import FalseBoundError, ShapeError, TooLargeError
from polyrelax.networks.network import network
from polyrelax.networks.regions import Extremes, extremes
from polyrelax.networks.symmetry import Hidden
from polyrelax.relaxations.display import html_table

Pair: TypeAlias = tuple[int, int]
"""A number of networks, and of classes of these."""

Entry: TypeAlias = tuple[Statement, ...]
"""The bounds of an output: one that both relaxations have, or two, each with its proofs."""

SIGNS: Final = {"upper": (ONE,), "lower": (-ONE,), "both": (ONE, -ONE)}


@final
@readable
@dataclass(frozen=True)
class Part:
    """The bounds of the networks with the same hidden layers."""

    hidden: Hidden
    classes: tuple[Class, ...]
    gaps: tuple[Fraction, ...]
    nodes: tuple[Node, ...]
    proof: Json

    def as_data(self) -> Node:
        """Return the part as JSON."""
        return {"hidden": _rows(self.hidden), "nodes": self.nodes, "proof": self.proof}


@final
@readable
@dataclass(frozen=True)
class Enumeration:
    """For how many networks of a space one relaxation is looser than another."""

    space: FiniteSpace
    looser: str
    tighter: str
    side: str
    parts: tuple[Part, ...]

    @cached_property
    def all(self) -> Pair:
        """The number of networks and of classes."""
        sizes = [each.size for part in self.parts for each in part.classes]
        return sum(sizes), len(sizes)

    @cached_property
    def found(self) -> Pair:
        """The number of networks and of classes for which the bounds differ."""
        sizes = [
            each.size
            for part in self.parts
            for each, gap in zip(part.classes, part.gaps, strict=True)
            if gap
        ]
        return sum(sizes), len(sizes)

    @cached_property
    def greatest(self) -> Fraction:
        """The greatest difference of bounds, of the least network of each class."""
        return max((gap for part in self.parts for gap in part.gaps), default=ZERO)

    def dumps(self) -> str:
        """Return the certificate as JSON, a line for each part."""
        claim: dict[str, Json] = {
            "space": _space_data(self.space),
            **{"looser": self.looser, "tighter": self.tighter, "side": self.side},
            "all": _counted(self.all),
            "found": _counted(self.found),
            "greatest": text(self.greatest),
        }
        head = {"format": FORMAT, "claim": claim, "sha256": self._digest()}
        lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
        parts = ",\n  ".join(json.dumps(part.as_data()) for part in self.parts)
        return "{" + ",\n ".join([*lines, f'"parts": [\n  {parts}]']) + "}\n"

    def __str__(self) -> str:
        space, full = self.space, self.space.symmetric
        sets = [
            ", ".join(map(text, each)) for each in (space.weights, space.biases, space.outputs)
        ]
        ends = " x ".join(map(str, space.domain.bounds))
        counts = [f" ({k} up to symmetry)" if full else "" for _, k in (self.all, self.found)]
        least = " in the least of each class" if full else ""
        shape = "-".join(map(str, space.shape))
        bound = {"both": "range"}.get(self.side, f"{self.side} bound")
        return (
            f"of all {self.all[0]} networks {shape} without idle neurons, "
            f"weights in {{{sets[0]}}}, biases in {{{sets[1]}}}, output weights in "
            f"{{{sets[2]}}}, on {ends}{counts[0]}, {self.found[0]}{counts[1]} have a looser "
            f"{bound} by {self.looser} than by {self.tighter}, by {text(self.greatest)} at most"
            f"{least}"
        )

    def _repr_html_(self) -> str:
        rows = (
            (name, str(networks), str(classes))
            for name, (networks, classes) in (("all", self.all), ("looser", self.found))
        )
        heading = (
            f"{self.looser} and {self.tighter}, {self.side}, by {text(self.greatest)} at most"
        )
        return html_table((heading, "networks", "up to symmetry"), rows)

    def _digest(self) -> str:
        """Return the hash of the list of all classes."""
        result = sha256()
        for part in self.parts:
            outputs = [list(map(text, each.outputs)) for each in part.classes]
            lines = json.dumps([_rows(part.hidden), outputs], separators=(",", ":"))
            result.update(lines.encode())
        return result.hexdigest()


def certify_enumeration(
    space: FiniteSpace,
    looser: str,
    tighter: str = "exact",
    *,
    side: str = "upper",
    limit: int = 100_000,
) -> Enumeration:
    """Certify for how many networks of a space a relaxation is looser than another.

    ``side`` says whose bounds count: ``upper``, ``lower``, or ``both`` for either.  A space of
    more than ``limit`` networks raises :class:`TooLargeError`; a class takes some
    hundredths of a second.

    >>> from polyrelax.arithmetic.rational import vector
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> one = vector([1])
    >>> chains = FiniteSpace((1, 1, 1), one, vector([-1, 0]), one, Polytope.box([-1], [1]))
    >>> found = certify_enumeration(chains, "triangle")  # relu(x - 1) and relu(x)
    >>> found.all, found.found, str(found.greatest)
    ((2, 2), (0, 0), '0')
    """
    require(space, FiniteSpace)
    require(side, str)
    limit = whole(limit, "a whole number")
    if side not in SIGNS:
        raise ShapeError(f"found the side {shown(side)}, expected upper, lower or both")
    for number, what in ((space.size, "networks"), (space.most_symmetries, "symmetries")):
        if number > limit:
            raise TooLargeError(f"found {number} {what}, expected at most {limit}")
    parts = [
        _part(space, hidden, classes, names=(looser, tighter), signs=SIGNS[side])
        for hidden, classes in space.classes()
    ]
    return Enumeration(space, looser, tighter, side, tuple(parts))


def _part(
    space: FiniteSpace,
    hidden: Hidden,
    classes: tuple[Class, ...],
    *,
    names: tuple[str, str],
    signs: Sequence[Fraction],
) -> Part:
    layers = [([row[:-1] for row in rows], [row[-1] for row in rows]) for rows in hidden]
    outputs = ([each.outputs for each in classes], [ZERO] * len(classes))
    bounds = _Bounds(Ledger(network(*layers, outputs), space.domain), *names)
    entries = [[bounds.entry(j, sign) for sign in signs] for j in range(len(classes))]
    gaps = tuple(max(entry[0].value - entry[-1].value for entry in pair) for pair in entries)
    flat = [entry for pair in entries for entry in pair]
    certificate = bounds.ledger.certificate([each for entry in flat for each in entry])
    proofs = (statement.proof for statement in certificate.statements)
    proof = [_entry_data(entry, [next(proofs) for _ in entry]) for entry in flat]
    return Part(hidden, classes, gaps, certificate.nodes, proof)


@dataclass(frozen=True)
class _Bounds:
    """The bounds of the outputs of a network by two relaxations."""

    ledger: Ledger
    looser: str
    tighter: str

    def entry(self, output: int, sign: Fraction) -> Entry:
        """Add the proofs for a sign of an output: one bound if both agree, else two."""
        form: Form = ((sign, len(self.ledger.network.layers), output),)
        value, row, point = self._provers[0].maximum(form)
        above = Statement(self.looser, form, AT_MOST, value, row)
        less, attained = self._reached(form)
        if value == less:
            return above, Statement(self.tighter, form, REACHES, value, attained)
        if value < less:
            raise FalseBoundError(
                f"found {shown(value)} by {self.looser}, "
                f"less than {shown(less)} by {self.tighter}"
            )
        return (
            above,
            Statement(self.looser, form, REACHES, value, point),
            Statement(self.tighter, form, AT_MOST, less, self._row(form, less)),
            Statement(self.tighter, form, REACHES, less, attained),
        )

    def _reached(self, form: Form) -> tuple[Fraction, Reference]:
        """Add a point that attains the bound of the tighter relaxation; return both."""
        if self.tighter != "exact":
            value, _, point = self._provers[1].maximum(form)
            return value, point
        [(sign, _, j)] = form
        ends = self._extremes[j]
        best = ends.maximum if sign > 0 else ends.minimum
        return sign * best.value, self.ledger.run(best.point)

    def _row(self, form: Form, value: Fraction) -> Reference:
        if self.tighter != "exact":
            return self._provers[1].maximum(form)[1]
        return exact_row(self.ledger, form, value)

    @cached_property
    def _provers(self) -> tuple[Prover, Prover]:
        return prover(self.ledger, self.looser), prover(self.ledger, self.tighter)

    @cached_property
    def _extremes(self) -> tuple[Extremes, ...]:
        return extremes(self.ledger.network, self.ledger.domain)


def _entry_data(entry: Entry, proofs: Sequence[int]) -> Json:
    """Return each bound as its value, its row and its point."""
    return [
        item
        for k in range(0, len(entry), 2)
        for item in (text(entry[k].value), proofs[k], proofs[k + 1])
    ]


def _space_data(space: FiniteSpace) -> Node:
    lists = {"weights": space.weights, "biases": space.biases, "outputs": space.outputs}
    return {
        "shape": list(space.shape),
        **{name: list(map(text, values)) for name, values in lists.items()},
        "input": input_data(space.domain),
        "symmetry": "full" if space.symmetric else "none",
    }


def _rows(hidden: Hidden) -> Json:
    return [[list(map(text, row)) for row in rows] for rows in hidden]


def _counted(pair: Pair) -> Node:
    return {"networks": pair[0], "classes": pair[1]}
