r"""Certificates of relaxations that look at one layer at a time, through one linear program.

The triangle, k-ReLU, M_k and the methods of back-substitution bound a form by rows of
earlier coordinates: multipliers prove such a bound, and an optimal point attains it.  That the
relaxation contains the point is shown neuron by neuron, or group by group: input and output
are a mixture of values that the network's ReLU takes at points that are known to belong to
the relaxation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import final

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, SparseVector, Vector, sparse, text
from polyrelax.certificates.certificate import Form, Json
from polyrelax.certificates.ledger import Coordinate, Ledger, Reason, Reference, at, depth_of
from polyrelax.certificates.phase_tree import phase_tree
from polyrelax.lp import LinearProgram, Row, feasible_point
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.relu_graph import relu_graph_hull
from polyrelax.polytopes.relu_points import breakpoints, relu
from polyrelax.relaxations.deeppoly import BackSubstitution
from polyrelax.relaxations.layerwise import is_unstable
from polyrelax.relaxations.lines import BLOCK, PASS, Line, upper_line
from polyrelax.relaxations.multi_neuron import KReLU
from polyrelax.relaxations.trace import Relaxation
from polyrelax.systems.couplings import Coupling


@dataclass(frozen=True)
class Ends:
    """The bounds of a neuron's input, and the nodes of the rows that state them."""

    range: Interval
    below: Reference
    above: Reference


@final
@dataclass(frozen=True)
class SingleLayer:
    """The rows of a relaxation up to some layer, and its points.

    Mutable inside, like the ledger: rows and memoised points are added.
    """

    ledger: Ledger
    relaxation: Relaxation
    name: str
    rows: list[Reason] = field(default_factory=list)
    ends: dict[Coordinate, Ends] = field(default_factory=dict)
    ranges: dict[Coordinate, Reference] = field(default_factory=dict)
    groups: dict[int, list[Coupling]] = field(default_factory=dict)

    @property
    def method(self) -> BackSubstitution | None:
        """The method of back-substitution that this is, if it is one."""
        return self.relaxation if isinstance(self.relaxation, BackSubstitution) else None

    def upper(self, form: Form) -> tuple[Fraction, Reference]:
        """Add the relaxation's bound of a form; return it with its node."""
        return self.ledger.linear(self.name, form, self.rows)

    def attained(self, form: Form) -> tuple[Fraction, Reference]:
        """Add a point that attains the relaxation's bound of a form; return both."""
        leaf = self.ledger.maximum(form, self.rows, {})
        assert leaf is not None, "the rows bound each coordinate before them"
        assert leaf.value is not None, "the set of inputs has a point"
        assert leaf.point is not None, "the set of inputs has a point"
        return leaf.value, self.point(leaf.point, depth_of(form))

    def add_layer(self, depth: int, couplings: Sequence[Coupling]) -> None:
        """Add the rows of a ReLU layer, some of whose neurons the relaxation couples."""
        neurons = self.ledger.neurons(depth)
        for j in neurons:
            self.ends[depth, j] = self.bounds(depth - 1, j)
            if self.method:
                self.ranges[depth, j] = self.range(depth - 1, j)
        coupled = {j for coupling in couplings for j in coupling.outputs}
        self.groups[depth] = [*couplings, *self._single(depth, coupled)]
        facets = [row for coupling in couplings for row in self._facets(depth, coupling)]
        self.rows.extend(row for j in neurons for row in self._lines(depth, j))
        self.rows.extend(facets)

    def point(self, variables: Vector, depth: int) -> Reference:
        """Add the point of a program's solution, exact behind layer ``depth``."""
        values = self.ledger.coordinates({})
        here = [[form.at(variables) for form in forms] for forms in values]
        loose = [
            (i, j)
            for i in range(1, depth + 1)
            for j in self.ledger.neurons(i)
            if here[i][j] != max(here[i - 1][j], ZERO)
        ]
        x = tuple(here[0])
        if not loose:
            return self.ledger.run(x)
        head: dict[str, Json] = {"relaxation": self.name, "input": [text(v) for v in x]}
        if self.method:
            outputs: Json = [[i, j, text(here[i][j]), self.ranges[i, j]] for i, j in loose]
            return self.ledger.add({"kind": "between", **head, "outputs": outputs})
        groups = [
            group for i in sorted({i for i, _ in loose}) for group in self._mixtures(i, here)
        ]
        return self.ledger.add(
            {"kind": "point", **head, "groups": groups, "stable": self._stable(loose)}
        )

    def through(self, depth: int, seen: tuple[int, ...], values: Vector) -> Reference:
        """Add a point with given values of some coordinates after ``depth`` layers."""
        fixed = [
            Reason("", at(depth, ((j, ONE),)), value, is_equation=True)
            for j, value in zip(seen, values, strict=True)
        ]
        rows = [row for row in self.rows if all(i <= depth for _, i, _ in row.form)]
        point = feasible_point(self.ledger.program([*rows, *fixed], {}))
        assert point is not None, "a point of a projection is the image of a point"
        return self.point(point, depth)

    def bounds(self, depth: int, j: int) -> Ends:
        """Add the bounds of a coordinate."""
        (upper, above) = self.upper(at(depth, ((j, ONE),)))
        (lower, below) = self.upper(at(depth, ((j, -ONE),)))
        return Ends(Interval(-lower, upper), below, above)

    def range(self, depth: int, j: int) -> Reference:
        """Add the bounds of a coordinate and the points that attain them."""
        ends = self.bounds(depth, j)
        return self.ledger.add(
            {
                "kind": "range",
                "relaxation": self.name,
                "coordinate": [depth, j],
                "below": ends.below,
                "above": ends.above,
                "least": self.attained(at(depth, ((j, -ONE),)))[1],
                "greatest": self.attained(at(depth, ((j, ONE),)))[1],
            }
        )

    def _lines(self, depth: int, j: int) -> Iterator[Reason]:
        """Yield the rows around one neuron."""
        ends, y = self.ends[depth, j], (depth, j)
        upper = _upper(ends.range)
        name: Json = ["upper", *y, ends.below, ends.above]
        yield Reason(name, ((ONE, *y), (-upper.slope, depth - 1, j)), upper.intercept)
        if self.method:
            slope = _slope(self.method, y, ends.range)
            form = ((-ONE, *y), (slope, depth - 1, j))
            yield Reason(["lower", *y, self.ranges[y]], form)
        else:
            yield from self.ledger.below(*y)

    def _single(self, depth: int, coupled: Set[int]) -> Iterator[Coupling]:
        """Yield the other unstable neurons, each seen alone over the bounds of its input."""
        if self.method:
            return
        for j in self.ledger.neurons(depth):
            ends = self.ends[depth, j].range
            if is_unstable(ends) and j not in coupled:
                segment = Polytope.box([ends.lower], [ends.upper])
                yield Coupling((j,), (j,), segment, relu_graph_hull(segment))

    def _facets(self, depth: int, coupling: Coupling) -> Iterator[Reason]:
        """Yield the facets of a group's hull that bound outputs, each a node of its own."""
        seen, neurons = coupling.inputs, coupling.outputs
        width, proofs = len(seen), self._unstable(depth, neurons)
        for constraint in coupling.hull.constraints:
            for half in constraint.halves():
                inputs = at(depth - 1, _sparse_at(seen, half.normal[:width]))
                outputs = at(depth, _sparse_at(neurons, half.normal[width:]))
                if outputs:
                    yield self._facet((*inputs, *outputs), half.offset, neurons, proofs)

    def _facet(
        self, form: Form, offset: Fraction, neurons: tuple[int, ...], proofs: dict[int, Json]
    ) -> Reason:
        depth = depth_of(form)
        split = [(depth, j) for j in neurons]
        tree = phase_tree(self.ledger, form, offset, self.rows, split)
        node = {**self.ledger.stated("cases", self.name, form, offset), "tree": tree}
        if isinstance(self.relaxation, KReLU):
            node["unstable"] = [proofs[j] for j in sorted({j for _, _, j in form})]
        return Reason(self.ledger.add(node), form, offset)

    def _unstable(self, depth: int, neurons: tuple[int, ...]) -> dict[int, Json]:
        """Return points that show neurons of a k-ReLU group off and on."""
        if not isinstance(self.relaxation, KReLU):
            return {}
        return {
            j: [self.through(depth - 1, (j,), (end,)) for end in self.ends[depth, j].range]
            for j in neurons
        }

    def _stable(self, loose: Sequence[Coordinate]) -> Json:
        """Return the stable neurons of the layers that have loose ones, with their proofs."""
        ends = [
            (i, j, self.ends[i, j])
            for i in sorted({i for i, _ in loose})
            for j in self.ledger.neurons(i)
        ]
        return [
            [i, j, e.below if e.range.lower >= 0 else e.above]
            for i, j, e in ends
            if not is_unstable(e.range)
        ]

    def _mixtures(self, depth: int, values: Sequence[Sequence[Fraction]]) -> Iterator[Json]:
        """Yield the groups of a layer that have a loose neuron, as mixtures."""
        z, y = values[depth - 1], values[depth]
        for group in self.groups[depth]:
            seen, neurons = group.inputs, group.outputs
            if all(y[j] == max(z[j], ZERO) for j in neurons):
                continue
            positions = [seen.index(j) for j in neurons]
            ends = list(breakpoints(group.domain, positions))
            images = [(*x, *relu(tuple(x[k] for k in positions))) for x in ends]
            target = (*(z[j] for j in seen), *(y[j] for j in neurons))
            mixture: Json = [
                [text(w), self.through(depth - 1, seen, x)]
                for w, x in zip(weights(images, target), ends, strict=True)
                if w
            ]
            yield {"layer": depth, "neurons": list(neurons), "mixture": mixture}


def single_layer(
    ledger: Ledger, relaxation: Relaxation, depth: int, *, name: str | None = None
) -> SingleLayer:
    """Return the rows of a relaxation for the values of the first ``depth`` layers.

    What it couples is that of its trace, but of k-ReLU with exact projections, whose points
    belong to the relaxation.  ``name`` is that in statements, by default the relaxation's.
    """
    found = SingleLayer(ledger, relaxation, name or relaxation.name, list(ledger.inputs()))
    if isinstance(relaxation, KReLU):
        relaxation = replace(relaxation, projections=None)
    sets = relaxation.sets(ledger.network, ledger.domain)
    for index, relaxed in zip(range(depth + 1), sets, strict=False):
        if ledger.neurons(index):
            found.add_layer(index, getattr(relaxed, "couplings", ()))
    return found


def weights(points: Sequence[Vector], target: Vector) -> Vector:
    """Return non-negative weights of sum 1 that mix points to ``target``.

    >>> [str(w) for w in weights([(ZERO,), (ONE,)], (Fraction(1, 3),))]
    ['2/3', '1/3']
    """
    columns = (*zip(*points, strict=True), (ONE,) * len(points))
    rows = tuple(
        Row(sparse(column), value, is_equation=True)
        for column, value in zip(columns, (*target, ONE), strict=True)
    )
    size = len(points)
    found = feasible_point(LinearProgram((ZERO,) * size, (None,) * size, rows))
    assert found is not None, "a point of a hull is a mixture of its vertices (Minkowski)"
    return found


def _sparse_at(coordinates: Sequence[int], values: Vector) -> SparseVector:
    """Return the nonzero values at the given coordinates.

    >>> _sparse_at([5, 2], (ZERO, ONE))
    ((2, Fraction(1, 1)),)
    """
    return tuple((j, c) for j, c in zip(coordinates, values, strict=True) if c)


def _upper(z: Interval) -> Line:
    if z.upper <= 0:
        return BLOCK
    return PASS if z.lower >= 0 else upper_line(z, None)


def _slope(method: BackSubstitution, y: Coordinate, z: Interval) -> Fraction:
    if is_unstable(z):
        return method.slope(*y, z)
    return ONE if z.lower >= 0 else ZERO
