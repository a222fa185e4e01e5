"""Certificates as values, and their JSON; the format is in ``docs/certificates.md``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from math import lcm
from typing import TypeAlias, final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import Vector, text
from polyrelax.arithmetic.readable import readable
from polyrelax.arithmetic.words import amount
from polyrelax.networks.layers import Affine, Identity, Layer, Neurons, rectified
from polyrelax.networks.network import Network
from polyrelax.networks.neuron_data import neurons_data
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.display import html_table

FORMAT = "polyrelax-certificate/1"

LARGE = 1024
"""The number of weights from which a layer is written as whole numbers over a scale."""

LONGEST_INTEGER = 640
"""Digits of a JSON integer in a certificate: what every Python reads and writes."""

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json]"
Node: TypeAlias = Mapping[str, Json]

Term: TypeAlias = tuple[Fraction, int, int]
"""A coefficient, and the coordinate that it multiplies: value j after i layers."""

Form: TypeAlias = tuple[Term, ...]


@final
@readable
@dataclass(frozen=True)
class Statement:
    """On a relaxation, a form is at most a value, or reaches it (at the node ``proof``)."""

    relaxation: str
    form: Form
    relation: str
    value: Fraction
    proof: int

    def __str__(self) -> str:
        verb = "<=" if self.relation == "at most" else "reaches"
        return f"{self.relaxation}: {written(self.form)} {verb} {text(self.value)}"

    def as_data(self) -> Node:
        """Return the statement as JSON, without its proof."""
        return {
            "relaxation": self.relaxation,
            "form": form_data(self.form),
            "relation": self.relation,
            "value": text(self.value),
        }


@final
@readable
@dataclass(frozen=True)
class HullStatement:
    """What a relaxation leaves of some coordinates: the facets and the vertices of the set."""

    coordinates: tuple[tuple[int, int], ...]
    facets: tuple[Bound, ...]
    points: tuple[Vector, ...]
    proof: int
    relaxation: str = "exact"

    def __str__(self) -> str:
        named = ", ".join(f"v{place}" for place in self.coordinates)
        sizes = (
            f"{amount(len(self.facets), 'facet')} and "
            f"{amount(len(self.points), 'vertex', 'vertices')}"
        )
        head = "the hull of" if self.relaxation == "exact" else f"{self.relaxation}: the set of"
        return f"{head} ({named}) has {sizes}"

    def as_data(self) -> Node:
        """Return the statement as JSON, without its proof."""
        named = {} if self.relaxation == "exact" else {"relaxation": self.relaxation}
        return {
            **named,
            "hull": [list(place) for place in self.coordinates],
            "facets": [row.as_data() for row in self.facets],
            "points": [_texts(point) for point in self.points],
        }


@final
@readable
@dataclass(frozen=True)
class OutsideStatement:
    """A form of the network's values is no linear combination of others, as functions."""

    form: Form
    span: tuple[Form, ...]
    proof: int

    def __str__(self) -> str:
        return f"{written(self.form)} is no combination of {', '.join(map(written, self.span))}"

    def as_data(self) -> Node:
        """Return the statement as JSON, without its proof."""
        return {"outside": form_data(self.form), "span": [form_data(f) for f in self.span]}


@final
@readable
@dataclass(frozen=True)
class LipschitzStatement:
    """The Lipschitz constant of a form is at most a value, or reaches it.

    The inputs are measured in the 1-norm or the maximum norm, ``1`` or ``max``.
    """

    form: Form
    norm: str
    relation: str
    value: Fraction
    proof: int

    def __str__(self) -> str:
        verb = "<=" if self.relation == "at most" else "reaches"
        constant = f"the Lipschitz constant of {written(self.form)} in the {self.norm}-norm"
        return f"{constant} {verb} {text(self.value)}"

    def as_data(self) -> Node:
        """Return the statement as JSON, without its proof."""
        given = {"norm": self.norm, "relation": self.relation, "value": text(self.value)}
        return {"lipschitz": form_data(self.form), **given}


@final
@readable
@dataclass(frozen=True)
class MissedStatement:
    """Networks that do not expand the maximum norm miss a form somewhere by a value.

    Their ``fan`` is the product over layers of the numbers of values that a neuron reads.
    """

    form: Form
    value: Fraction
    proof: int
    fan: int = 1

    def __str__(self) -> str:
        kind = "activations" if self.fan == 1 else f"neurons of fan at most {self.fan}"
        return (
            f"networks of layers with rows of 1-norm at most 1 and 1-Lipschitz {kind} miss "
            f"{written(self.form)} by {text(self.value)} or more"
        )

    def as_data(self) -> Node:
        """Return the statement as JSON, without its proof."""
        given: Node = {"missed": form_data(self.form), "by": text(self.value)}
        return given if self.fan == 1 else {**given, "fan": self.fan}


AnyStatement: TypeAlias = (
    Statement | HullStatement | OutsideStatement | LipschitzStatement | MissedStatement
)


@final
@readable
@dataclass(frozen=True)
class Bound:
    """The inequality ``form <= at_most`` between values of a network."""

    form: Form
    at_most: Fraction

    def as_data(self) -> Node:
        """Return the inequality as JSON."""
        return {"form": form_data(self.form), "at_most": text(self.at_most)}


@final
@readable
@dataclass(frozen=True)
class Certificate:
    """Statements about a network on a polytope, and the nodes that prove them."""

    network: Network
    domain: Polytope
    statements: tuple[AnyStatement, ...]
    nodes: tuple[Node, ...]
    assuming: tuple[Bound, ...] = ()

    def dumps(self) -> str:
        """Return the certificate as JSON, a line for each node."""
        problem = problem_data(self.network, self.domain)
        claim: dict[str, Json] = {"statements": [s.as_data() for s in self.statements]}
        if self.assuming:
            claim["assuming"] = [row.as_data() for row in self.assuming]
        head = [
            f'"format": {json.dumps(FORMAT)}',
            f'"claim": {json.dumps(claim)}',
            f'"sha256": {json.dumps(digest(problem))}',
            f'"problem": {json.dumps(problem)}',
        ]
        nodes = ",\n  ".join(json.dumps(node) for node in self.nodes)
        proof = json.dumps([statement.proof for statement in self.statements])
        return (
            "{" + ",\n ".join([*head, f'"nodes": [\n  {nodes}]', f'"proof": {proof}']) + "}\n"
        )

    @property
    def values(self) -> Vector:
        """The values that the statements on bounds name, in order."""
        return tuple(s.value for s in self.statements if isinstance(s, Statement))

    def __str__(self) -> str:
        return "; ".join(map(str, self.statements))

    def _repr_html_(self) -> str:
        rows = ((str(s), str(s.proof)) for s in self.statements)
        return html_table(
            ("statement", f"proved by which of {amount(len(self.nodes), 'node')}"), rows
        )


def written(form: Form) -> str:
    """Return a form in words.

    >>> written(((Fraction(1, 2), 3, 0), (Fraction(-1), 0, 1)))
    '1/2 v(3, 0) + -1 v(0, 1)'
    """
    return " + ".join(f"{text(c)} v({i}, {j})" for c, i, j in form) or "0"


def form_data(form: Form) -> Json:
    """Return a form as JSON.

    >>> form_data(((Fraction(1, 2), 3, 0),))
    [['1/2', 3, 0]]
    """
    return [[text(c), i, j] for c, i, j in form]


def digest(problem: Node) -> str:
    """Return the hash of a network and its input set in canonical form."""
    canonical = json.dumps(problem, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()


def problem_data(network: Network, domain: Polytope) -> Node:
    """Return a network and its input set as JSON."""
    require(network, Network)
    require(domain, Polytope)
    return {"input": input_data(domain), "layers": layers_data(network)}


def layers_data(network: Network) -> Sequence[Json]:
    """Return the layers of a network as JSON."""
    require(network, Network)
    return [layer_data(layer) for layer in network.layers]


def input_data(domain: Polytope) -> Node:
    """Return an input set as JSON: the ends of a box, or constraints ``<normal, x> <= offset``.

    >>> input_data(Polytope.box([0], ["1/2"]))
    {'lower': ['0'], 'upper': ['1/2']}
    >>> input_data(Polytope.intersection([], 2))
    {'dim': 2, 'constraints': []}
    """
    require(domain, Polytope)
    is_everything = domain.dim > 0 and not domain.description  # has no bounds to look at
    if not is_everything and domain.is_box:
        lower, upper = ([text(x[side]) for x in domain.bounds] for side in (0, 1))
        return {"lower": lower, "upper": upper}
    described = () if is_everything else domain.constraints
    return {"dim": domain.dim, "constraints": [_constraint_data(c) for c in described]}


def _constraint_data(constraint: Constraint) -> Node:
    data = {"normal": _texts(constraint.normal), "offset": text(constraint.offset)}
    return {**data, "equation": True} if constraint.is_equation else data


def layer_data(layer: Layer) -> Json:
    """Return a layer as JSON.

    >>> layer_data(Affine.dense([[2]]))
    {'affine': {'weight': [['2']], 'bias': ['0']}}
    """
    if isinstance(layer, Affine):
        return {"affine": _affine_data(layer)}
    if isinstance(layer, Identity):
        return "identity"
    if isinstance(layer, Neurons):
        return neurons_data(layer)
    neurons = rectified(layer)
    return "relu" if len(neurons) == layer.in_dim else {"relu": {"neurons": list(neurons)}}


def _affine_data(layer: Affine) -> Node:
    """Return an affine layer: texts, or if it is large, whole numbers over a common scale."""
    weight = layer.weight
    scale = lcm(*(x.denominator for row in (*weight, layer.bias) for x in row))
    if layer.in_dim * layer.out_dim < LARGE or scale == 1:
        return {"weight": [_texts(row) for row in weight], "bias": _texts(layer.bias)}
    rows = [[whole_over(x, scale) for x in row] for row in (*weight, layer.bias)]
    if max(abs(x) for row in rows for x in row) >= 10**LONGEST_INTEGER:
        return {"weight": [_texts(row) for row in weight], "bias": _texts(layer.bias)}
    return {"scale": str(scale), "weight": rows[:-1], "bias": rows[-1]}


def whole_over(value: Fraction, scale: int) -> int:
    """Return what is to be divided by a scale, a multiple of the denominator, to be a value.

    >>> whole_over(Fraction(-1, 2), 6)
    -3
    """
    return value.numerator * (scale // value.denominator)


def _texts(values: Vector) -> list[str]:
    return [text(value) for value in values]
