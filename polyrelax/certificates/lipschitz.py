r"""Certificates of Lipschitz constants, and of what networks of small ones miss.

In each phase of its neurons a network is affine.  On a convex set it satisfies

.. math:: |f(x) - f(y)| \le \max_C \lVert \nabla f_C \rVert^* \, \lVert x - y \rVert

over the cells :math:`C` with interior, and for a box no constant is smaller: two points of a
cell attain it.  The dual of the maximum norm is the 1-norm, and the other way round.

A network whose layers have rows with :math:`\lVert w \rVert_1 \le 1` and 1-Lipschitz neurons
satisfies, for any pairs of inputs with weights :math:`\mu_i \ge 0` of sum 1,

.. math:: \sum_i \mu_i |g(p_i) - g(q_i)| \le F \max_j \sum_i \mu_i |(p_i - q_i)_j| ,

by induction over its layers, where the *fan* :math:`F` is the product of the greatest number of
values that a neuron reads in each.  So at one of these inputs it misses :math:`f` by half of
what :math:`\sum_i \mu_i |f(p_i) - f(q_i)|` is more
(:mod:`polyrelax.expressivity.contractions`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, final

from polyrelax.arithmetic.arguments import exact, exact_vector, exactly, listed, require
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, dot, text
from polyrelax.certificates.certificate import (
    Certificate,
    Form,
    Json,
    LipschitzStatement,
    MissedStatement,
    form_data,
)
from polyrelax.certificates.certify import AT_MOST, REACHES
from polyrelax.certificates.ledger import (
    Coordinate,
    Leaf,
    Ledger,
    Phases,
    Reference,
    affinity,
    depth_of,
    signs,
)
from polyrelax.certificates.value_forms import output_form
from polyrelax.errors import ShapeError
from polyrelax.networks.dimensions import point_of
from polyrelax.networks.input_sets import require_read
from polyrelax.networks.network import Network
from polyrelax.networks.regions import linear_regions
from polyrelax.polytopes.polytope import Polytope

Pair: TypeAlias = tuple[Vector, Vector, Fraction]
"""Two inputs, and the weight of their difference."""


def certify_lipschitz(
    network: Network, domain: Polytope, norm: str = "max", *, output: int = 0
) -> Certificate:
    """Certify the least Lipschitz constant of an output on a box; two inputs attain it.

    ``norm`` measures the inputs: ``max`` or ``1``.  Raises :class:`ShapeError` if the domain is
    no box with an inside.

    >>> from polyrelax.networks.gallery import maximum
    >>> print(certify_lipschitz(maximum(2), Polytope.box([0, 0], [1, 1])).statements[0])
    the Lipschitz constant of 1 v(3, 0) in the max-norm <= 1
    """
    require(domain, Polytope)
    require(norm, str)
    if norm not in ("1", "max"):
        raise ShapeError(f"found the norm {norm!r}, expected 1 or max")
    if not domain.is_box or domain.affine_dim < domain.dim:
        raise ShapeError("expected a box with an inside")
    ledger, form = Ledger(network, domain), output_form(network, output)
    value, pair = _steepest(network, domain, norm, output)
    cases = _Cases(ledger, form, norm, value)
    head = {"kind": "gradients", "form": form_data(form), "norm": norm, "at_most": text(value)}
    bounded = ledger.add({**head, "tree": cases.tree({}, cases.neurons)})
    attained = _add_pairs(ledger, [(*pair, ONE)])
    return ledger.certificate(
        [
            LipschitzStatement(form, norm, AT_MOST, value, bounded),
            LipschitzStatement(form, norm, REACHES, value, attained),
        ]
    )


def certify_missed(
    network: Network, domain: Polytope, pairs: Sequence[Pair], *, output: int = 0, fan: int = 1
) -> Certificate:
    """Certify by how much every network of Lipschitz layers misses an output somewhere.

    The layers' rows have 1-norm at most 1, and the weights of the pairs of inputs sum 1.  With
    the ``fan`` 1 the networks' neurons read one value each.

    >>> from polyrelax.networks.gallery import maximum
    >>> zero, half = (ZERO, ZERO), Fraction(1, 2)
    >>> pairs = [(zero, (ONE, ZERO), half), (zero, (ZERO, ONE), half)]
    >>> str(certify_missed(maximum(2), Polytope.box([0, 0], [1, 1]), pairs).statements[0].value)
    '1/4'
    """
    require_read(network, domain)
    pairs = [_pair(pair, network.in_dim) for pair in listed(pairs, "pairs of inputs")]
    if sum((w for _, _, w in pairs), ZERO) != 1:
        raise ShapeError("found weights of another sum, expected 1")
    ledger, form = Ledger(network, domain), output_form(network, output)
    gain = sum((w * abs(network(p)[output] - network(q)[output]) for p, q, w in pairs), ZERO)
    loads = [sum((w * abs(p[j] - q[j]) for p, q, w in pairs), ZERO) for j in range(domain.dim)]
    value = (gain - fan * max(loads)) / 2
    return ledger.certificate([MissedStatement(form, value, _add_pairs(ledger, pairs), fan)])


def _pair(pair: Pair, dim: int) -> Pair:
    first, second, weight = exactly(pair, 3, "two inputs and a weight")
    return point_of(first, dim), point_of(second, dim), exact(weight)


def _add_pairs(ledger: Ledger, pairs: Sequence[Pair]) -> Reference:
    found: Json = [[text(w), ledger.run(p), ledger.run(q)] for p, q, w in pairs]
    return ledger.add({"kind": "pairs", "pairs": found})


def _steepest(
    network: Network, domain: Polytope, norm: str, output: int
) -> tuple[Fraction, tuple[Vector, Vector]]:
    """Return the greatest dual norm of a gradient, and two inputs that attain it."""
    gradients = [
        (region.linear.weight[output], region.cell)
        for region in linear_regions(network, domain)
    ]
    steepest, cell = max(gradients, key=lambda pair: dual_norm(pair[0], norm))
    return dual_norm(steepest, norm), _ends(cell, _direction(steepest, norm))


def dual_norm(gradient: Vector, norm: str) -> Fraction:
    """Return the norm of a gradient that goes with a norm of inputs.

    >>> [str(dual_norm((ONE, -2 * ONE), norm)) for norm in ("max", "1")]
    ['3', '2']
    """
    gradient = exact_vector(gradient, "gradient")
    sizes = [abs(c) for c in gradient]
    return sum(sizes, ZERO) if norm == "max" else max(sizes, default=ZERO)


def _direction(gradient: Vector, norm: str) -> Vector:
    """Return a direction of norm 1 in which a function of this gradient grows most."""
    if norm == "max":
        return tuple(-ONE if c < 0 else ONE for c in gradient)
    steepest = max(range(len(gradient)), key=lambda j: abs(gradient[j]))
    return tuple(ONE if j == steepest else ZERO for j in range(len(gradient)))


def _ends(cell: Polytope, direction: Vector) -> tuple[Vector, Vector]:
    """Return a point inside a cell, and where one leaves the cell from there."""
    count = len(cell.vertices)
    inside = tuple(sum(column, ZERO) / count for column in zip(*cell.vertices, strict=True))
    speeds = [(c.offset - dot(c.normal, inside), dot(c.normal, direction)) for c in cell.facets]
    step = min(slack / speed for slack, speed in speeds if speed > 0)
    return inside, tuple(x + step * u for x, u in zip(inside, direction, strict=True))


@final
@dataclass(frozen=True)
class _Cases:
    """The cases in which no gradient of a form has a greater norm than a value."""

    ledger: Ledger
    form: Form
    norm: str
    value: Fraction

    @property
    def neurons(self) -> list[Coordinate]:
        depths = range(1, depth_of(self.form) + 1)
        return [(i, j) for i in depths for j in self.ledger.neurons(i)]

    def tree(self, phases: Phases, neurons: Sequence[Coordinate]) -> Json:
        """Return a tree of cases: empty ones, those of small gradients, and thin ones."""
        leaf = self._maximum((), phases)
        if leaf.value is None:
            return {"empty": leaf.terms}
        gradient = self._gradient(self.form, phases)
        if gradient is not None and dual_norm(gradient, self.norm) <= self.value:
            return []
        if not neurons:
            return self._thin(phases)
        first, rest = neurons[0], neurons[1:]
        off, on = (self.tree({**phases, first: sign}, rest) for sign in (False, True))
        return {"split": list(first), "off": off, "on": on}

    def _maximum(self, form: Form, phases: Phases) -> Leaf:
        leaf = self.ledger.maximum(form, [*self.ledger.inputs(), *signs(phases)], phases)
        assert leaf is not None, "a form of the inputs is bounded on a box"
        return leaf

    def _gradient(self, form: Form, phases: Phases) -> Vector | None:
        """Return the gradient of a form, if the known phases determine it."""
        found = dict(affinity(form, self.ledger.coordinates(phases)).coefficients)
        size = self.ledger.network.in_dim
        if any(c and k >= size for k, c in found.items()):
            return None
        return tuple(found.get(k, ZERO) for k in range(size))

    def _thin(self, phases: Phases) -> Json:
        """Return terms that show that a neuron's input is zero in a case."""
        for row in signs(phases):
            opposite = tuple((-c, i, j) for c, i, j in row.form)
            gradient = self._gradient(opposite, phases)
            leaf = self._maximum(opposite, phases)
            if gradient is not None and any(gradient) and leaf.value == 0:
                return [*leaf.terms, ["1", row.name]]
        raise AssertionError  # a case without inside lies in the hyperplane of a sign
