r"""The rows and nodes of a certificate in the making, and the programs that find multipliers.

The *coordinate* :math:`(i, j)` is value :math:`j` after :math:`i` layers.  A program has a
variable for each input and each ReLU output; every other coordinate is an affine form in
these, by the layers that define it.  In a known phase a ReLU output is 0 or its input, so it
is a form too.  These are the substitutions that the checker makes by itself, so that a
certificate lists multipliers of the inequalities alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TypeAlias, final

from polyrelax.arithmetic.rational import ONE, ZERO, SparseVector, Vector, sparse, text
from polyrelax.certificates.certificate import (
    AnyStatement,
    Bound,
    Certificate,
    Form,
    Json,
    Node,
    form_data,
)
from polyrelax.errors import UnsupportedNeuronError
from polyrelax.lp import Infeasible, LinearProgram, Optimum, Row, maximize
from polyrelax.networks.input_sets import require_read
from polyrelax.networks.layers import Affine, rectified
from polyrelax.networks.network import Network
from polyrelax.networks.walk import Bending, states
from polyrelax.polytopes.polytope import Polytope
from polyrelax.systems.programs import FREE, AffineForm, combine, program

Coordinate: TypeAlias = tuple[int, int]
Phases: TypeAlias = Mapping[Coordinate, bool]
Terms: TypeAlias = list[Json]
Coefficients: TypeAlias = dict[int, Fraction]
Here: TypeAlias = Sequence[AffineForm]
Forms: TypeAlias = Sequence[Here]


class Reference(int):
    """The index of a node, told apart from other numbers."""


@dataclass(frozen=True)
class Reason:
    """The inequality ``form <= offset`` (or ``==``), and how a certificate refers to it."""

    name: Json
    form: Form
    offset: Fraction = ZERO
    is_equation: bool = False


@dataclass(frozen=True)
class Leaf:
    """The maximum of a form, or ``None`` for an empty program, and the terms that prove it."""

    value: Fraction | None
    terms: Terms
    point: Vector | None


@final
@dataclass(frozen=True)
class Ledger:
    """The nodes so far of a certificate about a network on a polytope.

    Mutable inside: nodes are added, each once, and forms of coordinates are remembered.
    """

    network: Network
    domain: Polytope
    nodes: list[Node] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    forms: dict[frozenset[tuple[Coordinate, bool]], Forms] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_read(self.network, self.domain)
        try:
            for layer in self.network.layers:
                rectified(layer)  # certificates of format /1 are about rectifiers
        except UnsupportedNeuronError as error:
            others = "for bounds of other kinds see polyrelax bounds --certificates"
            raise UnsupportedNeuronError(f"{error}; {others}") from None

    def add(self, node: Node) -> Reference:
        """Return the index of a node, which is added unless it is there."""
        key = json.dumps(node, sort_keys=True)
        if key not in self.places:
            self.places[key] = len(self.nodes)
            self.nodes.append(node)
        return Reference(self.places[key])

    def certificate(
        self, statements: Sequence[AnyStatement], assuming: Sequence[Bound] = ()
    ) -> Certificate:
        """Return the certificate of statements, with the nodes that they rest on."""
        used = self._closure([statement.proof for statement in statements])
        places = {old: new for new, old in enumerate(used)}
        nodes = [_renumbered(self.nodes[old], places) for old in used]
        stated = [replace(s, proof=places[s.proof]) for s in statements]
        return Certificate(
            self.network, self.domain, tuple(stated), tuple(nodes), tuple(assuming)
        )

    def _closure(self, wanted: Sequence[int]) -> list[int]:
        """Return the nodes that some rest on, in order."""
        used = set(wanted)
        for k in range(max(used, default=-1), -1, -1):
            if k in used:
                used.update(_references(self.nodes[k]))
        return sorted(used)

    def run(self, x: Vector) -> Reference:
        """Add a run of the network."""
        return self.add({"kind": "run", "input": [text(value) for value in x]})

    def neurons(self, depth: int) -> tuple[int, ...]:
        """Return the neurons of layer ``depth``, counted from 1; none if it is no ReLU."""
        return rectified(self.network.layers[depth - 1]) if depth else ()

    def inputs(self) -> tuple[Reason, ...]:
        """Return the constraints of the input set; none for a box, whose ends are implied."""
        if self.domain.is_box:
            return ()
        return tuple(
            Reason(["input", k], at(0, sparse(c.normal)), c.offset, c.is_equation)
            for k, c in enumerate(self.domain.constraints)
        )

    def below(self, depth: int, j: int) -> tuple[Reason, Reason]:
        """Return the two sides below a rectifier, which hold on all intervals."""
        y, z = (-ONE, depth, j), (ONE, depth - 1, j)
        return Reason(["positive", depth, j], (y,)), Reason(["above", depth, j], (y, z))

    def coordinates(self, phases: Phases) -> Forms:
        """Return all coordinates as forms in the program's variables."""
        key = frozenset(phases.items())
        if key not in self.forms:
            self.forms[key] = self._coordinates(phases)
        return self.forms[key]

    def _coordinates(self, phases: Phases) -> Forms:
        def bent(forms: Here, layer: Bending, index: int) -> Here:
            here, start = list(forms), self._columns(index)
            for variable, j in enumerate(rectified(layer), start):
                phase = phases.get((index + 1, j))
                if phase is None:
                    here[j] = AffineForm.variable(variable)
                elif not phase:
                    here[j] = AffineForm()
            return here

        inputs: Here = tuple(map(AffineForm.variable, range(self.network.in_dim)))
        return list(states(self.network, inputs, _image, bent))

    def _columns(self, depth: int) -> int:
        """Return the number of variables for the inputs and the first layers."""
        return self.network.in_dim + sum(len(self.neurons(i)) for i in range(1, depth + 1))

    def program(self, rows: Sequence[Reason], phases: Phases) -> LinearProgram:
        """Return the program of all points that satisfy rows in some phases."""
        values = self.coordinates(phases)
        inputs = self.domain.bounds if self.domain.is_box else [FREE] * self.network.in_dim
        count = self._columns(len(self.network.layers)) - self.network.in_dim
        return program([*inputs, *[FREE] * count], (as_row(row, values) for row in rows))

    def maximum(self, form: Form, rows: Sequence[Reason], phases: Phases) -> Leaf | None:
        """Return the maximum of a form under rows, in some phases; ``None`` if unbounded."""
        objective = affinity(form, self.coordinates(phases))
        outcome = maximize(self.program(rows, phases), objective.coefficients)
        if isinstance(outcome, Optimum):
            value = outcome.value + objective.offset
            return Leaf(value, named(outcome.multipliers, rows), outcome.point)
        if isinstance(outcome, Infeasible):
            return Leaf(None, named(outcome.multipliers, rows), None)
        return None

    def linear(
        self, relaxation: str, form: Form, rows: Sequence[Reason]
    ) -> tuple[Fraction, Reference]:
        """Add the least bound of a form that rows imply, and return it with its node."""
        leaf = self.maximum(form, rows, {})
        assert leaf is not None, "the rows bound each coordinate before them"
        assert leaf.value is not None, "the set of inputs has a point"
        node = self.stated("linear", relaxation, form, leaf.value)
        return leaf.value, self.add({**node, "terms": leaf.terms})

    def stated(self, kind: str, relaxation: str, form: Form, value: Fraction) -> Node:
        """Return the head of a node that derives a row."""
        stated = {"form": form_data(form), "at_most": text(value)}
        return {"kind": kind, "relaxation": relaxation, **stated}


def _image(forms: Here, layer: Affine, _index: int) -> Here:
    pairs = zip(layer.rows, layer.bias, strict=True)
    return [combine(row, forms, shift) for row, shift in pairs]


def depth_of(form: Form) -> int:
    """Return the last layer that a form reads."""
    return max((i for _, i, _ in form), default=0)


def at(depth: int, form: SparseVector) -> Form:
    """Return a linear form of the values after ``depth`` layers."""
    return tuple((c, depth, j) for j, c in form)


def before(layer: Affine, form: Coefficients) -> tuple[Coefficients, Fraction]:
    """Return a form of an affine layer's values as one of its inputs, and a constant.

    >>> before(Affine.dense([[2]], [3]), {0: ONE})
    ({0: Fraction(2, 1)}, Fraction(3, 1))
    """
    result: Coefficients = {}
    for j, c in form.items():
        for k, a in layer.rows[j]:
            result[k] = result.get(k, ZERO) + c * a
    return result, sum((c * layer.bias[j] for j, c in form.items()), ZERO)


def affinity(form: Form, values: Sequence[Sequence[AffineForm]]) -> AffineForm:
    """Return a form of coordinates as a form of the program's variables."""
    terms = tuple((k, c) for k, (c, _, _) in enumerate(form))
    return combine(terms, [values[i][j] for _, i, j in form])


def as_row(reason: Reason, values: Sequence[Sequence[AffineForm]]) -> Row:
    """Return an inequality of coordinates as a row of the program."""
    form = affinity(reason.form, values)
    return form.row(reason.offset, is_equation=reason.is_equation)


def named(multipliers: SparseVector, rows: Sequence[Reason]) -> Terms:
    """Return multipliers as the terms of a certificate."""
    return [[text(m), rows[k].name] for k, m in multipliers if m]


def _references(data: Json) -> set[int]:
    """Return the nodes that a piece of a certificate names."""
    if isinstance(data, Reference):
        return {int(data)}
    if isinstance(data, Mapping):
        return set().union(*map(_references, data.values()))
    return set() if isinstance(data, str | int) else set().union(*map(_references, data))


def _renumbered(data: Node, places: Mapping[int, int]) -> Node:
    """Return a node that names nodes by their new places."""
    return {key: _renumber(value, places) for key, value in data.items()}


def _renumber(data: Json, places: Mapping[int, int]) -> Json:
    if isinstance(data, Reference):
        return places[data]
    if isinstance(data, Mapping):
        return _renumbered(data, places)
    return data if isinstance(data, str | int) else [_renumber(part, places) for part in data]
