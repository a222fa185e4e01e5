r"""Certificates of P_r, the hulls of windows of layers.

P_1 keeps for each layer :math:`i` a polytope :math:`D_i`, the hull of the layer's image of
:math:`D_{i-1}`.  A facet of :math:`D_i` is valid in each phase of the layer, by the facets of
:math:`D_{i-1}`; a vertex of :math:`D_i` is the image of a mixture of vertices of phase cells of
:math:`D_{i-1}`.  Both are followed back to the inputs, as far as they are needed.

The bound of P_r is a linear program in weights of window runs.  Its multipliers are, for each
window, a form of the window's values and a bound of it; these rows add up to the bound of
P_r, and each is valid for all runs of its window.  The weights mix the runs of a point that
attains the bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import final

from polyrelax.arithmetic.rational import ONE, ZERO, Vector, dot, sparse, text
from polyrelax.certificates.certificate import Form, Json
from polyrelax.certificates.ledger import Coordinate, Ledger, Reason, Reference, at
from polyrelax.certificates.phase_tree import phase_tree
from polyrelax.certificates.single_layer import weights
from polyrelax.lp import LinearProgram, Optimum, Row, maximize
from polyrelax.networks.network import Network
from polyrelax.networks.regions import trace_vertices
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.relu_points import breakpoints
from polyrelax.relaxations.layer_hull import LayerHull

ONE_LAYER = "p:1"


@final
@dataclass(frozen=True)
class Hulls:
    """The sets of P_1, the proofs of their facets and the points that show their vertices.

    Mutable inside, like the ledger: the facets of a set are added once.
    """

    ledger: Ledger
    known: dict[int, list[Reason]] = field(default_factory=dict)

    @cached_property
    def sets(self) -> tuple[Polytope, ...]:
        """The sets D_0, D_1, ... of P_1."""
        return tuple(LayerHull().sets(self.ledger.network, self.ledger.domain))

    def bounding(self, depth: int) -> list[Reason]:
        """Add rows that leave nothing but a set, and return them.

        Behind an affine layer those before it do, since programs know its definition.
        """
        while depth and not self.ledger.neurons(depth):
            depth -= 1
        return self.facets(depth) if depth else list(self.ledger.inputs())

    def facets(self, depth: int) -> list[Reason]:
        """Add the facets of a set behind a layer, and return them."""
        if depth not in self.known:
            below = self.bounding(depth - 1)
            halves = [h for c in self.sets[depth].constraints for h in c.halves()]
            self.known[depth] = [self._facet(depth, half, below) for half in halves]
        return self.known[depth]

    def _facet(self, depth: int, constraint: Constraint, below: Sequence[Reason]) -> Reason:
        form = at(depth, sparse(constraint.normal))
        split = [(depth, j) for j in self.ledger.neurons(depth)]
        node = self.valid(ONE_LAYER, form, constraint.offset, below, split)
        return Reason(node, form, constraint.offset)

    def valid(
        self,
        name: str,
        form: Form,
        offset: Fraction,
        below: Sequence[Reason],
        split: Sequence[Coordinate],
    ) -> Reference:
        """Add a row that holds in each phase of the neurons ``split``, given rows ``below``."""
        signs = [row for i, j in split for row in self.ledger.below(i, j)]
        tree = phase_tree(self.ledger, form, offset, [*below, *signs], split)
        head = self.ledger.stated("cases", name, form, offset)
        return self.ledger.add({**head, "tree": tree})

    def point(self, depth: int, value: Vector) -> Reference:
        """Add a point of P_1 with the given value after ``depth`` layers."""
        x, groups = self._evidence(depth, value)
        if not groups:
            return self.ledger.run(x)
        node: dict[str, Json] = {"kind": "point", "relaxation": ONE_LAYER}
        return self.ledger.add({**node, "input": [text(v) for v in x], "groups": groups})

    def _evidence(self, depth: int, value: Vector) -> tuple[Vector, list[Json]]:
        """Return an input, and the mixtures that lead from it to a value."""
        if depth == 0:
            return value, []
        layer, below = self.ledger.network.layers[depth - 1], self.sets[depth - 1]
        neurons = self.ledger.neurons(depth)
        ends = list(breakpoints(below, neurons))
        mixture = [
            (w, x)
            for w, x in zip(weights([layer(x) for x in ends], value), ends, strict=True)
            if w
        ]
        columns = zip(*(x for _, x in mixture), strict=True)
        share = tuple(w for w, _ in mixture)
        source = tuple(dot(column, share) for column in columns)
        x, groups = self._evidence(depth - 1, source)
        if layer(source) == value:
            return x, groups
        mixed: Json = [[text(w), self.point(depth - 1, end)] for w, end in mixture]
        group: Json = {"layer": depth, "neurons": list(neurons), "mixture": mixed}
        return x, [*groups, group]


@final
@dataclass(frozen=True)
class Windows:
    """The bounds of P_r of forms of one layer's values."""

    ledger: Ledger
    radius: int
    hulls: Hulls = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "hulls", Hulls(self.ledger))

    @property
    def name(self) -> str:
        """The name of the relaxation."""
        return f"p:{self.radius}"

    @property
    def span(self) -> int:
        """The number of layers in a window."""
        return min(self.radius, len(self.ledger.network.layers))

    @cached_property
    def runs(self) -> tuple[tuple[tuple[Vector, ...], ...], ...]:
        """The vertices of each window, as runs."""
        layers, sets = self.ledger.network.layers, self.hulls.sets
        return tuple(
            tuple(sorted(set(trace_vertices(Network(layers[s : s + self.span]), sets[s]))))
            for s in range(len(layers) - self.span + 1)
        )

    def maximum(self, form: Form) -> tuple[Fraction, Reference, Reference]:
        """Add a row and a point for the bound of a form; return the value and both nodes."""
        depths = {i for _, i, _ in form}
        window = min(*depths, len(self.runs) - 1)
        agreements = [
            (s, depth, j)
            for s in range(1, len(self.runs))
            for depth in range(s, s + self.span)
            for j in range(self.ledger.network.widths[depth])
        ]
        objective = self._costs(window, form)
        outcome = maximize(self._program(agreements), objective)
        assert isinstance(outcome, Optimum), "the weights of runs are a bounded set"
        dual = dict(outcome.multipliers)
        forms = self._window_forms(window, form, agreements, dual)
        return outcome.value, self._row(form, outcome.value, forms), self._point(outcome.point)

    def _starts(self) -> list[int]:
        return [sum(map(len, self.runs[:s])) for s in range(len(self.runs) + 1)]

    def _costs(self, window: int, form: Form) -> tuple[tuple[int, Fraction], ...]:
        start = self._starts()[window]
        values = [
            sum((c * run[i - window][j] for c, i, j in form), ZERO) for run in self.runs[window]
        ]
        return tuple((start + k, value) for k, value in enumerate(values) if value)

    def _program(self, agreements: Sequence[tuple[int, int, int]]) -> LinearProgram:
        starts = self._starts()
        convex = [
            Row(tuple((k, ONE) for k in range(a, b)), ONE, is_equation=True)
            for a, b in pairwise(starts)
        ]
        equal = []
        for s, depth, j in agreements:
            here = self._costs(s, ((ONE, depth, j),))
            before = self._costs(s - 1, ((-ONE, depth, j),))
            equal.append(Row((*before, *here), ZERO, is_equation=True))
        size = starts[-1]
        return LinearProgram((ZERO,) * size, (None,) * size, (*convex, *equal))

    def _window_forms(
        self,
        window: int,
        form: Form,
        agreements: Sequence[tuple[int, int, int]],
        dual: dict[int, Fraction],
    ) -> list[tuple[Form, Fraction]]:
        """Return for each window the form and its bound that the multipliers name."""
        sums: list[dict[Coordinate, Fraction]] = [{} for _ in self.runs]
        for c, i, j in form:
            sums[window][i, j] = c
        for row, (s, depth, j) in enumerate(agreements, start=len(self.runs)):
            y, place = dual.get(row, ZERO), (depth, j)
            sums[s][place] = sums[s].get(place, ZERO) - y
            sums[s - 1][place] = sums[s - 1].get(place, ZERO) + y
        return [
            (tuple((c, *place) for place, c in sorted(total.items()) if c), dual.get(s, ZERO))
            for s, total in enumerate(sums)
        ]

    def _row(
        self, form: Form, value: Fraction, parts: Sequence[tuple[Form, Fraction]]
    ) -> Reference:
        terms: list[Json] = []
        for s, (part, bound) in enumerate(parts):
            if not part:
                continue
            layers = range(s + 1, s + self.span + 1)
            split = [(i, j) for i in layers for j in self.ledger.neurons(i)]
            below = self.hulls.bounding(s)
            terms.append(["1", self.hulls.valid(self.name, part, bound, below, split)])
        head = self.ledger.stated("linear", self.name, form, value)
        return self.ledger.add({**head, "terms": terms})

    def _point(self, solution: Vector) -> Reference:
        windows: list[Json] = []
        for s, start in enumerate(self._starts()[:-1]):
            shares = solution[start : start + len(self.runs[s])]
            windows.append(
                [
                    [text(w), self.hulls.point(s, run[0])]
                    for w, run in zip(shares, self.runs[s], strict=True)
                    if w
                ]
            )
        return self.ledger.add({"kind": "windows", "relaxation": self.name, "windows": windows})
